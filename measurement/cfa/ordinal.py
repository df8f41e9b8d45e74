"""Confirmatory factor analysis of ordered categories by weighted least squares."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from measurement.cfa.fit import Fit, indices, srmr, suffixed
from measurement.cfa.model import THRESHOLD, Model
from measurement.cfa.result import CfaFit
from measurement.cfa.sample import MINIMUM_ROWS, chosen, positive_definite
from measurement.cfa.solution import Solution
from measurement.cfa.specification import specify, starting_values
from measurement.cfa.weighted import OrdinalSample, WeightedSquares
from measurement.dimensionality.asymptotic import asymptotic_covariance
from measurement.dimensionality.polychoric import Polychoric, polychoric
from measurement.estimates import Reason

ESTIMATORS = ("WLSMV", "DWLS", "ULSMV")


def cfa_ordinal(
    data: pd.DataFrame, model: Model, estimator: str = "WLSMV", minimum_rows: int = MINIMUM_ROWS
) -> CfaFit:
    """Confirmatory factor analysis of items answered in ordered steps, on complete rows."""
    if estimator not in ESTIMATORS:
        raise ValueError(f"The estimator is one of {', '.join(ESTIMATORS)}.")
    items = chosen(data, model)
    kept = items.dropna()
    found, reason = correlated(kept, items, minimum_rows)
    if reason:
        return CfaFit.insufficient(reason, len(kept), len(items), len(model.items), estimator)
    sample = weighted(kept, found, estimator)
    layout = model.layout(thresholds={item: len(cuts) for item, cuts in sample.cuts.items()})
    start = starting_values(model, layout, found.matrix.to_numpy())
    start[layout.at(THRESHOLD)[0]] = sample.level
    function = WeightedSquares(specify(model, layout, start[None, :]), [sample])
    return reported(Solution.of(function), estimator, len(items))


def correlated(
    kept: pd.DataFrame, items: pd.DataFrame, minimum_rows: int
) -> tuple[Polychoric, str]:
    """Polychoric correlations of the complete rows, or why a model cannot be fitted to them."""
    found = polychoric(kept, minimum_rows=minimum_rows)
    reason = found.reason
    if len(items) and items.isna().all(axis=None):
        reason = Reason.ALL_MISSING
    elif len(items) and len(kept) == 0:
        reason = Reason.NO_OVERLAP
    elif len(kept) < max(2, minimum_rows):
        reason = Reason.TOO_FEW_ROWS
    elif not reason and (found.at_boundary or not positive_definite(found.matrix.to_numpy())):
        reason = Reason.NOT_POSITIVE_DEFINITE
    return found, reason


def weighted(kept: pd.DataFrame, found: Polychoric, estimator: str) -> OrdinalSample:
    """Each squared residual weighs as much as its moment is certain, or (ULSMV) all the same."""
    gamma = asymptotic_covariance(kept, found)
    weight = np.ones(len(gamma)) if estimator == "ULSMV" else 1 / np.diag(gamma)
    return OrdinalSample(len(kept), found.thresholds, found.matrix.to_numpy(), gamma, weight)


def reported(
    solution: Solution[WeightedSquares],
    estimator: str,
    n_total: int,
    groups: Sequence[Hashable] | None = None,
) -> CfaFit:
    """What a solution by weighted least squares says; with ``groups``, of each of them."""
    function, theta, n = solution.function, solution.theta, solution.function.n
    if solution.reason:
        items = len(function.specification.layout.items)
        return CfaFit.insufficient(solution.reason, n, n_total, items, estimator)
    bread = np.linalg.inv(solution.curvature)
    covariance = bread @ function.meat(theta) @ bread / (n - len(function.samples))
    return solution.report(covariance, _fit(function, theta, bread), estimator, n_total, groups)


def _fit(function: WeightedSquares, theta: np.ndarray, bread: np.ndarray) -> Fit:
    specification, samples, n = function.specification, function.samples, function.n
    k, cuts = len(specification.layout.items), len(specification.layout.threshold_item)
    count = n - len(samples)
    residuals = function.residuals(theta)
    chisq = sum(
        (sample.n - 1) * float(sample.weight @ away**2)
        for sample, away in zip(samples, residuals, strict=True)
    )
    df = sum(len(sample.moments) for sample in samples) - specification.size
    baseline_df = len(samples) * k * (k - 1) // 2
    apart = sum(
        (sample.n - 1) * float(sample.weight[cuts:] @ sample.moments[cuts:] ** 2)
        for sample in samples
    )
    found = indices(chisq, df, apart, baseline_df, count, len(samples))
    # The k standardised variances fit exactly, and count among the residuals as in R lavaan.
    alike = [np.concatenate([away[cuts:], np.zeros(k)]) for away in residuals]
    found |= {
        "npar": specification.size,
        "srmr": srmr(alike, [sample.n for sample in samples]),
    }
    if df == 0:
        return found
    factor, shift = shifted(*traces(function, theta, bread), df)
    alone = [_apart(sample, cuts) for sample in samples]
    factor_apart, shift_apart = shifted(
        sum(t for t, _ in alone), sum(t for _, t in alone), baseline_df
    )
    scaled = indices(
        chisq / factor + shift,
        df,
        apart / factor_apart + shift_apart,
        baseline_df,
        count,
        len(samples),
    )
    return found | suffixed(scaled, "scaled") | {"scaling_factor": factor, "shift": shift}


def traces(function: WeightedSquares, theta: np.ndarray, bread: np.ndarray) -> tuple[float, float]:
    """tr(UΓ) and tr(UΓUΓ), U = W − WJ(J'WJ)⁻¹J'W, from each group's part of both."""
    whole = whole_squared = 0.0
    once, twice = np.zeros_like(bread), np.zeros_like(bread)
    for g, sample in enumerate(function.samples):
        product = sample.weight[:, None] * sample.gamma
        whole += np.trace(product)
        whole_squared += np.sum(product * product.T)
        numbers, slopes = function.own_slopes(g, theta)
        leaned = sample.n / function.n * slopes @ product
        at = np.ix_(numbers, numbers)
        once[at] += leaned @ (sample.weight * slopes).T
        twice[at] += leaned @ product @ (sample.weight * slopes).T
    lost = bread @ once
    trace = whole - np.trace(lost)
    squared = whole_squared - 2 * np.sum(bread * twice) + np.sum(lost * lost.T)
    return float(trace), float(squared)


def _apart(sample: OrdinalSample, cuts: int) -> tuple[float, float]:
    """The same traces where all correlations are 0 and thresholds free."""
    product = sample.weight[cuts:, None] * sample.gamma[cuts:, cuts:]
    return float(np.trace(product)), float(np.sum(product * product.T))


def shifted(trace: float, trace_of_square: float, df: int) -> tuple[float, float]:
    """c and b of χ²/c + b, which has the mean and the variance of a chi-square of df."""
    c = np.sqrt(trace_of_square / df)
    return float(c), float(df - trace / c)
