"""Confirmatory factor analysis of numbers by maximum likelihood, plain or robust."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from measurement.cfa.fit import ChiSquares, Fit, nothing, rmsea, rmsea_interval, srmr, suffixed
from measurement.cfa.likelihood import Likelihood, halves, information, outer_scores
from measurement.cfa.model import INTERCEPT, RESIDUAL, Layout, Model
from measurement.cfa.result import CfaFit
from measurement.cfa.sample import (
    MINIMUM_ROWS,
    Sample,
    chosen,
    complete,
    numbers,
    positive_definite,
    unfit,
)
from measurement.cfa.solution import Solution
from measurement.cfa.specification import Specification, specify, starting_values
from measurement.estimates import Reason

ESTIMATORS = ("ML", "MLR")


def cfa_ml(
    data: pd.DataFrame, model: Model, estimator: str = "ML", minimum_rows: int = MINIMUM_ROWS
) -> CfaFit:
    """Confirmatory factor analysis of items read as numbers, on the rows that have every item.

    ``data``: rows × items (others are ignored), NaN where missing. Minimises
    F = ln|Σ| + tr(SΣ⁻¹) − ln|S| − p with S of divisor N; χ² = N·F. Standard errors from the
    expected information. "MLR" has the same estimates with standard errors from the sandwich of
    observed and first-order information, and besides chisq also chisq_scaled (Yuan & Bentler, with
    the scaling factor as Mplus makes it), p_value_scaled, scaling_factor, the _scaled indices (from
    the scaled chi-squares) and the _robust ones of Brosseau-Liard & Savalei, which estimate what
    the plain ones would be with normal data: read these (``headline``).
    ``fit``: chisq, df, p_value, cfi, tli, rmsea, rmsea_low, rmsea_high (90 %), p_close, srmr, npar,
    logl, aic, bic, baseline_chisq, baseline_df.
    Source: Jöreskog (1969), Psychometrika 34, 183–202; Yuan & Bentler (2000), Sociol. Methodol. 30,
    165–200; Brosseau-Liard, Savalei & Li (2012), Multivar. Behav. Res. 47, 904–930;
    Brosseau-Liard & Savalei (2014), Multivar. Behav. Res. 49, 460–470.
    Checked against R lavaan 0.6-14 on Holzinger & Swineford's nine tests (three factors, bifactor,
    a cross-loading), PoliticalDemocracy (six residual covariances) and attitude: chi-squares,
    logl, aic and bic to 9 digits (scaled to 6), indices to 1e-8, standardised estimates and
    their standard errors to 2e-6 (where lavaan's search stops).
    """
    if estimator not in ESTIMATORS:
        raise ValueError('The estimator is "ML" or "MLR".')
    rows = numbers(chosen(data, model))
    kept, reason = complete(rows), unfit(rows, minimum_rows)
    if reason:
        return CfaFit.insufficient(reason, len(kept), len(rows), len(model.items), estimator)
    return _single(Sample.of(kept), model, estimator, len(rows))


def cfa_covariance(covariance: pd.DataFrame, n: int, model: Model) -> CfaFit:
    """As ``cfa_ml`` with "ML", from a published covariance (or correlation) matrix of n rows.

    The matrix is taken to have divisor n − 1 and rescaled to n. Items by name, square.
    """
    absent = [item for item in model.items if item not in covariance.index]
    if absent or list(covariance.index) != list(covariance.columns):
        raise ValueError("The matrix needs a row and a column for each item, in the same order.")
    matrix = numbers(chosen(covariance, model).loc[model.items])
    if np.isnan(matrix).any() or not np.allclose(matrix, matrix.T, rtol=1e-6):
        raise ValueError("A covariance matrix is symmetric and has no gaps.")
    reason = None if positive_definite(matrix) else Reason.NOT_POSITIVE_DEFINITE
    if n <= len(matrix):
        reason = Reason.TOO_FEW_ROWS
    if reason:
        return CfaFit.insufficient(reason, n, n, len(matrix), "ML")
    sample = Sample(n, matrix * (n - 1) / n, np.zeros(len(matrix)))
    return _single(sample, model, "ML", n)


def _single(sample: Sample, model: Model, estimator: str, n_total: int) -> CfaFit:
    layout = model.layout()
    start = starting_values(model, layout, sample.covariance)[None, :]
    function = Likelihood(specify(model, layout, start), [sample])
    return reported(Solution.of(function), estimator, n_total)


def reported(
    solution: Solution[Likelihood],
    estimator: str,
    n_total: int,
    groups: Sequence[Hashable] | None = None,
) -> CfaFit:
    """What a solution by maximum likelihood says; with ``groups``, of each of them."""
    function, theta, n = solution.function, solution.theta, solution.function.n
    items = len(function.specification.layout.items)
    if solution.reason:
        return CfaFit.insufficient(solution.reason, n, n_total, items, estimator)
    tests = _tests(function, theta)
    fit = nothing() | tests.indices() | _criteria(function, theta, tests.chisq)
    covariance = np.linalg.inv(solution.curvature) / n
    if estimator == "MLR":
        hessian = function.hessian(theta)
        if not positive_definite(hessian):
            return CfaFit.insufficient(Reason.NOT_CONVERGED, n, n_total, items, estimator)
        bread = np.linalg.inv(hessian)
        covariance = bread @ function.scores(theta) @ bread / n
        if tests.df:
            fit |= _robust(function, theta, bread, tests)
    return solution.report(covariance, fit, estimator, n_total, groups)


def _tests(likelihood: Likelihood, theta: np.ndarray) -> ChiSquares:
    samples, n = likelihood.samples, likelihood.n
    p = len(samples[0].mean)
    moments = sum(sample.moments + p * likelihood.means for sample in samples)
    apart = sum(
        sample.n * (np.log(np.diag(sample.covariance)).sum() - sample.log_determinant)
        for sample in samples
    )
    return ChiSquares(
        # A rounding error below 0 where the fit is perfect.
        max(2 * n * likelihood.value(theta), 0.0),
        moments - likelihood.specification.size,
        float(apart),
        len(samples) * p * (p - 1) // 2,
        n,
        len(samples),
    )


def _criteria(likelihood: Likelihood, theta: np.ndarray, chisq: float) -> Fit:
    samples, npar = likelihood.samples, likelihood.specification.size
    saturated = -sum(
        sample.n / 2 * (len(sample.mean) * (np.log(2 * np.pi) + 1) + sample.log_determinant)
        for sample in samples
    )
    logl = float(saturated - chisq / 2)
    return {
        "srmr": srmr(_residuals(likelihood, theta), [sample.n for sample in samples]),
        "npar": npar,
        "logl": logl,
        "aic": 2 * npar - 2 * logl,
        "bic": float(npar * np.log(likelihood.n) - 2 * logl),
    }


def _residuals(likelihood: Likelihood, theta: np.ndarray) -> list[np.ndarray]:
    found = []
    specification = likelihood.specification
    for sample, values in zip(likelihood.samples, specification.values(theta), strict=True):
        spread = np.sqrt(np.diag(sample.covariance))
        away = sample.covariance - specification.layout.covariance(values)
        own = halves(away / np.outer(spread, spread))
        if likelihood.means:
            mean = (sample.mean - specification.layout.mean(values)) / spread
            own = np.concatenate([own, mean])
        found.append(own)
    return found


def _robust(likelihood: Likelihood, theta: np.ndarray, bread: np.ndarray, tests: ChiSquares) -> Fit:
    """Scaled and robust forms; c is the mean weight of the parts that make up a chi-square. None
    where it is not positive."""
    chisq, df, apart, apart_df = tests.chisq, tests.df, tests.baseline, tests.baseline_df
    baseline, at = _independent(likelihood)
    c = _excess(likelihood, theta, bread) / df
    c_apart = _excess(baseline, at, np.linalg.inv(baseline.hessian(at))) / apart_df
    if min(c, c_apart) <= 0:  # the difference of two traces, which few rows can turn around
        return {}
    scaled = replace(tests, chisq=chisq / c, baseline=apart / c_apart)
    low, high = rmsea_interval(chisq / c, df, tests.n, tests.groups, c)
    away, away_apart = chisq - c * df, apart - c_apart * apart_df
    most = max(away, away_apart, 0.0)
    return suffixed(scaled.indices(), "scaled") | {
        "scaling_factor": c,
        "baseline_scaling_factor": c_apart,
        "cfi_robust": 1 - max(away, 0.0) / most if most else None,
        "tli_robust": 1 - away / df * apart_df / away_apart if away_apart else None,
        "rmsea_robust": rmsea(chisq / c, df, tests.n, tests.groups, c),
        "rmsea_low_robust": low,
        "rmsea_high_robust": high,
    }


def _excess(likelihood: Likelihood, theta: np.ndarray, bread: np.ndarray) -> float:
    """tr(A₁⁻¹B₁) − tr(A₀⁻¹B₀): expected and first-order information (A₁, B₁) of the saturated
    model at the sample's moments, observed and first-order of this one where it was fitted."""
    total = -np.sum(bread * likelihood.scores(theta))
    for sample in likelihood.samples:
        kept = slice(None) if likelihood.means else slice(len(sample.mean), None)
        meat = outer_scores(sample, sample.mean, sample.covariance)[kept, kept] / sample.n
        total += np.trace(np.linalg.solve(information(sample.covariance)[kept, kept], meat))
    return float(total)


def _independent(likelihood: Likelihood) -> tuple[Likelihood, np.ndarray]:
    """The baseline, in which no two items covary, and its parameters at the minimum."""
    items = likelihood.specification.layout.items
    rows = [(name, "~~", name, RESIDUAL, i, i) for i, name in enumerate(items)]
    if likelihood.means:
        rows += [(name, "~1", "", INTERCEPT, i, 0) for i, name in enumerate(items)]
    layout = Layout(items, (), tuple(rows))
    start = np.array(
        [
            np.concatenate([np.diag(s.covariance), s.mean if likelihood.means else []])
            for s in likelihood.samples
        ]
    )
    specification = Specification(layout, start, np.arange(start.size).reshape(start.shape))
    apart = Likelihood(specification, likelihood.samples, likelihood.means)
    return apart, specification.initial()
