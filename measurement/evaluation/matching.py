"""Comparison centres that resemble the mentored ones, where no lot was drawn."""

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from measurement.estimates import Reason
from measurement.evaluation.balance import BALANCE_COLUMNS, balance, indicators, treated

METHODS = ("propensity", "mahalanobis")
PAIR_COLUMNS = ["pair", "treated", "control", "distance"]


@dataclass(frozen=True)
class Matches:
    """Pairs of centres.

    ``pairs``: PAIR_COLUMNS, the names of the centres and how far apart they are. ``balance``: name,
    before, after (standardised differences in the spread before matching), n_treated and n_control
    before. ``unmatched``: treated centres without a partner within the caliper. ``reason`` where
    there are no pairs at all.
    """

    pairs: pd.DataFrame
    balance: pd.DataFrame
    unmatched: tuple[Hashable, ...]
    method: str
    reason: str = ""


def match(
    centres: pd.DataFrame,
    arm: str,
    covariates: Sequence[str],
    method: str = "propensity",
    caliper: float | None = 0.2,
    treatment: Hashable = None,
) -> Matches:
    """One control for each treated centre, the sum of all distances as small as it can be.

    ``centres``: one row per centre, its name in the index; rows with a gap are left out. Distance:
    "propensity", |difference| of the logit of the propensity score, with ``caliper`` in its
    standard deviations (.2 as Austin 2011, Pharm. Stat. 10, 150–161, found best); "mahalanobis",
    √((a−b)'S⁻¹(a−b)) with S pooled within arms, ``caliper`` in its own unit. Optimal rather than
    greedy, so the order of rows does not count; without replacement. First as many pairs as the
    caliper allows, among these the closest. Match on what was known before: never on outcomes.
    Estimate then with ``experiment.cluster_trial(pairs=...)``.
    Source: Rosenbaum & Rubin (1983), Biometrika 70, 41–55; Rosenbaum (1989), J. Am. Stat. Assoc.
    84, 1024–1032; Rubin (1980), Biometrics 36, 293–298. Checked against every possible pairing of
    small sets counted out.
    """
    _refuse(centres, covariates, method, caliper)
    rows = centres.dropna(subset=[arm, *covariates])
    side = treated(rows[arm], treatment)
    x = indicators(rows[list(covariates)]).to_numpy(dtype=float)
    reason, distance, limit = _distances(x, side, method, caliper)
    if len(centres) and len(rows) == 0:
        reason = Reason.ALL_MISSING
    at = [] if reason else _pairs(distance, limit)
    if not at:
        empty = pd.DataFrame(columns=["name", "before", "after", *BALANCE_COLUMNS[1:3]])
        reason = reason or Reason.NO_OVERLAP
        return Matches(pd.DataFrame(columns=PAIR_COLUMNS), empty, (), method, str(reason))
    names = [rows.index[side == 1], rows.index[side == 0]]
    pairs = pd.DataFrame(
        [(i, names[0][a], names[1][b], distance[a, b]) for i, (a, b) in enumerate(at)],
        columns=PAIR_COLUMNS,
    )
    kept = rows.index.isin(pairs["treated"]) | rows.index.isin(pairs["control"])
    unmatched = tuple(names[0][~names[0].isin(pairs["treated"])])
    return Matches(pairs, _before_after(rows, side, covariates, kept), unmatched, method)


def _refuse(
    centres: pd.DataFrame, covariates: Sequence[str], method: str, caliper: float | None
) -> None:
    if method not in METHODS:
        raise ValueError(f"The matching method must be one of {', '.join(METHODS)}.")
    if caliper is not None and caliper <= 0:
        raise ValueError("The caliper must be above 0, or None for no limit.")
    if not covariates:
        raise ValueError("Matching needs at least one covariate.")
    if centres.index.has_duplicates:
        raise ValueError("Matching needs one row per centre, with its name as index.")


def _distances(
    x: np.ndarray, side: np.ndarray, method: str, caliper: float | None
) -> tuple[Reason | None, np.ndarray, float | None]:
    """Treated × controls, and how far apart a pair may be; or why there is no distance."""
    nothing = np.empty((0, 0))
    x = x[:, np.ptp(x, axis=0) > 0] if len(x) else x
    reason = None
    if len(x) and side.min() == side.max():
        reason = Reason.ONE_GROUP
    elif len(x) and x.shape[1] == 0:
        reason = Reason.ZERO_VARIANCE
    elif len(x) - 2 <= x.shape[1]:
        reason = Reason.TOO_FEW_ROWS
    if reason:
        return reason, nothing, None
    if method == "mahalanobis":
        return None, _mahalanobis(x[side == 1], x[side == 0]), caliper
    logit = propensity_logit(x, side)
    if isinstance(logit, Reason):
        return logit, nothing, None
    distance = np.abs(np.subtract.outer(logit[side == 1], logit[side == 0]))
    return None, distance, None if caliper is None else caliper * float(logit.std(ddof=1))


def propensity_logit(x: np.ndarray, side: np.ndarray) -> np.ndarray | Reason:
    """Log-odds of being treated by logistic regression, or why there are none."""
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    design = np.column_stack([np.ones(len(z)), z])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        design = np.linalg.svd(design, full_matrices=False)[0][:, : np.linalg.matrix_rank(design)]
    if len(design) <= design.shape[1]:
        return Reason.TOO_FEW_ROWS
    with warnings.catch_warnings():
        warnings.simplefilter("error", PerfectSeparationWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            found = Logit(side, design).fit(disp=0, maxiter=100)
        except (PerfectSeparationWarning, np.linalg.LinAlgError):
            return Reason.PERFECT_SEPARATION
    logit = design @ found.params
    # Without an end to its coefficients the fit stops somewhere far out: some score is then 0 or 1.
    if not found.mle_retvals["converged"] or np.abs(logit).max() > 20:
        return Reason.PERFECT_SEPARATION
    return logit


def _mahalanobis(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    apart = [part - part.mean(axis=0) for part in (first, second)]
    pooled = sum(part.T @ part for part in apart) / (len(first) + len(second) - 2)
    inverse = np.linalg.pinv(pooled, hermitian=True)
    gaps = first[:, None, :] - second[None, :, :]
    return np.sqrt(np.maximum(np.einsum("abi,ij,abj->ab", gaps, inverse, gaps), 0.0))


def _pairs(distance: np.ndarray, limit: float | None) -> list[tuple[int, int]]:
    """Closest pairing; a pair beyond the limit costs more than all others could save."""
    far = distance > (np.inf if limit is None else limit)
    cost = np.where(far, (distance.max() + 1) * (min(distance.shape) + 1), distance)
    rows, columns = linear_sum_assignment(cost)
    return [(a, b) for a, b in zip(rows, columns, strict=True) if not far[a, b]]


def _before_after(
    rows: pd.DataFrame, side: np.ndarray, covariates: Sequence[str], kept: np.ndarray
) -> pd.DataFrame:
    data = indicators(rows[list(covariates)])
    spread = np.sqrt((data[side == 1].var() + data[side == 0].var()) / 2)
    before = balance(data, side, list(data.columns), spread)
    after = balance(data[kept], side[kept], list(data.columns), spread)
    found = before[["name", "n_treated", "n_control"]].copy()
    found.insert(1, "before", before["standardised_difference"])
    found.insert(2, "after", after["standardised_difference"])
    return found
