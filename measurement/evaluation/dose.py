"""Does more mentoring go with more change?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason
from measurement.evaluation.balance import indicators
from measurement.evaluation.baseline import true_scores
from measurement.evaluation.robust import Regression, fit, wald
from measurement.linking import DOSE_GROUPS

SLOPE = "dose"
BASELINE = "baseline"
GROUP_COLUMNS = [
    *("group", "n", "clusters", "mean", "low", "high"),
    *("difference", "difference_low", "difference_high", "p"),
]


@dataclass(frozen=True)
class DoseResponse:
    """``slope``: outcome per unit of dose at equal baseline, with ``p``.

    ``groups``: GROUP_COLUMNS, mean at the mean baseline and difference from the first group; NaN
    where a group has too few rows or centres. ``curvature_p``: does a bend (dose²) add to the line?
    NaN when the dose has fewer than three values. ``reliability``: what the baseline was
    corrected with (None: taken as it is).
    """

    slope: Estimate
    p: float
    groups: pd.DataFrame
    curvature_p: float
    reliability: float | None = None
    regression: Regression | None = None


def dose_response(  # noqa: PLR0913 — each of the first arguments is the role of one column
    frame: pd.DataFrame,
    outcome: str,
    dose: str,
    cluster: str,
    *,
    baseline: str | None = None,
    covariates: Sequence[str] = (),
    reliability: float | None = None,
    groups: Mapping[str, tuple[float, float | None]] = DOSE_GROUPS,
    confidence: float = 0.95,
) -> DoseResponse:
    """Outcome on dose, baseline and covariates by least squares, CR2 by ``cluster``.

    A room that was low by chance comes back by itself, and low rooms often get more mentoring; so
    compare at equal baseline. As recorded, where the dose was given by that very score; with a
    ``reliability`` its true-score estimate, where the dose followed what lies behind the score
    (see ``baseline.true_scores``). An association: nobody was given a dose by lot.
    ``groups``: name → lowest and highest dose (None: no end).
    Source: Porter & Raudenbush (1987), J. Couns. Psychol. 34, 383–392; Barnett et al. (2005), Int.
    J. Epidemiol. 34, 215–220. Checked: R clubSandwich through ``robust.fit``; without any effect
    the slope is 0 in simulation under both ways of choosing, each with its baseline.
    """
    used = [c for c in (outcome, dose, cluster, baseline, *covariates) if c]
    absent = [column for column in used if column not in frame.columns]
    if absent:
        raise ValueError(f"The data lack these columns: {', '.join(absent)}.")
    rows = frame.dropna(subset=used).reset_index(drop=True)
    n, g = len(rows), rows[cluster].nunique()
    nothing = pd.DataFrame(columns=GROUP_COLUMNS)

    def without(reason: Reason) -> DoseResponse:
        return DoseResponse(
            Estimate.insufficient(reason, n, g), np.nan, nothing, np.nan, reliability
        )

    if n == 0:
        return without(Reason.ALL_MISSING if len(frame) else Reason.TOO_FEW_ROWS)
    amount = rows[dose].to_numpy(dtype=float)
    if np.ptp(amount) == 0:
        return without(Reason.ONE_GROUP)
    y, centres = rows[outcome], rows[cluster]
    rest = indicators(rows[list(covariates)])
    first = rows[baseline] if baseline else None
    x = _with_baseline(pd.DataFrame({SLOPE: amount}), rest, first, reliability)
    if isinstance(x, Reason):
        return without(x)
    found = fit(y, x, centres, confidence=confidence)
    slope = found.estimate(SLOPE)
    if slope.value is None:
        return without(Reason(slope.reason))
    bend = np.nan
    if len(np.unique(amount)) > 2:
        squared = fit(y, x.assign(bend=(amount - amount.mean()) ** 2), centres)
        joint = wald(squared, ["bend"])
        bend = joint.p if joint else np.nan
    p = float(found.coefficients.set_index("name")["p"][SLOPE])
    masks = {name: _in_group(amount, *ends) for name, ends in groups.items()}
    kept = np.any(list(masks.values()), axis=0)
    which = pd.DataFrame({name: mask.astype(float) for name, mask in masks.items()})
    which = which.loc[kept, which.any()]
    table = _with_baseline(which, rest[kept], None if first is None else first[kept], reliability)
    grouped = nothing
    if not isinstance(table, Reason):
        grouped = _groups(y[kept], table, which, centres[kept], confidence)
    return DoseResponse(slope, p, grouped, bend, reliability, found)


def _with_baseline(
    own: pd.DataFrame, rest: pd.DataFrame, first: pd.Series | None, reliability: float | None
) -> pd.DataFrame | Reason:
    """The columns of the model; the baseline corrected given all the others."""
    x = pd.concat([own, rest], axis=1)
    if first is None:
        return x
    plain = first.to_numpy(dtype=float)
    corrected = plain if reliability is None else true_scores(plain, x, reliability)
    return corrected if isinstance(corrected, Reason) else x.assign(**{BASELINE: corrected})


def _groups(
    y: pd.Series, x: pd.DataFrame, which: pd.DataFrame, centres: pd.Series, confidence: float
) -> pd.DataFrame:
    """Means at the mean of the other columns, and differences from the first group."""
    names = list(which.columns)
    table = pd.DataFrame({"group": names})
    table["n"] = [int(which[name].sum()) for name in names]
    table["clusters"] = [centres[which[name] == 1].nunique() for name in names]
    others = x.drop(columns=names)
    level = pd.concat([which, others - others.mean()], axis=1)
    means = fit(y, level, centres, confidence=confidence)
    differences = fit(y, x.drop(columns=names[0]), centres, confidence=confidence)
    for found, columns in (
        (means, {"estimate": "mean", "low": "low", "high": "high"}),
        (
            differences,
            {
                "estimate": "difference",
                "low": "difference_low",
                "high": "difference_high",
                "p": "p",
            },
        ),
    ):
        values = found.coefficients.set_index("name").reindex(names)
        for source, target in columns.items():
            table[target] = values[source].to_numpy(dtype=float)
    return table.reindex(columns=GROUP_COLUMNS)


def _in_group(amount: np.ndarray, least: float, most: float | None) -> np.ndarray:
    return (amount >= least) & (amount <= (np.inf if most is None else most))
