"""Means, totals, ratios and shares of a population, from a sample of it."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason
from measurement.sampling.estimation.design import NOTHING_LEFT, Labels, SurveyDesign, Values


@dataclass(frozen=True)
class SurveyEstimate:
    """An estimate with its standard error and degrees of freedom.

    ``deff``: variance over that of a simple random sample of as many rows without return;
    ``deff_replace``: with return. None where not asked for, or where the weights add to less than
    the rows (deff) or nothing varies.
    """

    estimate: Estimate
    se: float | None = None
    df: int | None = None
    deff: float | None = None
    deff_replace: float | None = None


@dataclass(frozen=True)
class SurveyDifference(SurveyEstimate):
    """Difference of two groups, named second − first, with its t-test."""

    groups: tuple[Hashable, ...] = ()
    t: float | None = None
    p: float | None = None


def survey_mean(y: Values, design: SurveyDesign, confidence: float = 0.95) -> SurveyEstimate:
    """Weighted mean Σ w·y / Σ w with linearised SE, interval t, and both design effects.

    SE from the scores w (y − ȳ) / Σ w (see ``SurveyDesign.variance``). Rows without a value or
    with weight 0 are no part of the mean, but their clusters count in the SE: they are a domain.
    deff = V / [s²·(N−n)/(N n)] and deff_replace = V / [s²/n], N = Σ w, s² the weighted variance
    with n/(n−1).
    Source: Kish (1965), Survey Sampling, chapter 8; Särndal et al. (1992), chapters 5 and 7.
    Checked against R survey 4.1-1: apistrat, apiclus1 and apiclus2 (two stages), each to 10 digits.
    """
    x = design.numbers(y)
    used = design.used(x)
    refused = design.refusal(used)
    if refused:
        return SurveyEstimate(refused)
    return _ratio(x, np.ones_like(x), used, design, confidence, "weighted mean")


def survey_total(y: Values, design: SurveyDesign, confidence: float = 0.95) -> SurveyEstimate:
    """Weighted total Σ w·y, SE from the scores w·y; see ``survey_mean`` for the rest.

    Rows without a value count as nothing: a total of what is known. Checked against R survey 4.1-1
    as the mean is, to 10 digits.
    """
    x = design.numbers(y)
    used = design.used(x)
    refused = design.refusal(used)
    if refused:
        return SurveyEstimate(refused)
    scores = np.where(used, design.weights * x, 0.0)
    se = _se(design.variance(scores[:, None])[0, 0], scores)
    estimate = design.interval(scores.sum(), se, used, confidence, "weighted total")
    whole = design.weights[used].sum()
    deff, replace = _design_effects(se / whole, x[used], design.weights[used])
    return SurveyEstimate(estimate, se, design.counts(used)[2], deff, replace)


def survey_ratio(
    numerator: Values, denominator: Values, design: SurveyDesign, confidence: float = 0.95
) -> SurveyEstimate:
    """Ratio of two totals, R = Σ w·y / Σ w·x, SE from the scores w (y − R x) / Σ w·x.

    Rows need both. ``zero_variance`` where the denominators add to 0. Checked against R survey
    4.1-1 (apistrat: api.stu over enroll) to 12 digits.
    """
    y, x = design.numbers(numerator, "Numerators"), design.numbers(denominator, "Denominators")
    used = design.used(y, x)
    refused = design.refusal(used)
    if refused:
        return SurveyEstimate(refused)
    if (design.weights[used] * x[used]).sum() == 0:
        n, clusters, _ = design.counts(used)
        return SurveyEstimate(Estimate.insufficient(Reason.ZERO_VARIANCE, n, clusters))
    return _ratio(y, x, used, design, confidence, "ratio of totals", deff=False)


def survey_proportions(
    labels: Labels, design: SurveyDesign, confidence: float = 0.95
) -> dict[Hashable, SurveyEstimate]:
    """Share of each category in the population, keys sorted: means of 0 and 1 (``survey_mean``).

    Intervals are symmetric and not clamped. Shares that the design fixes (its own strata) do not
    vary from sample to sample: SE 0 and no interval.
    """
    column = _labels(labels, design)
    used = design.used(column)
    refused = design.refusal(used)
    found = {}
    for name in _names(column[used]):
        member = (column == name).astype(float)
        found[name] = (
            SurveyEstimate(refused)
            if refused
            else _ratio(member, np.ones_like(member), used, design, confidence, "weighted share")
        )
    return found


def survey_domain_means(
    y: Values, domains: Labels, design: SurveyDesign, confidence: float = 0.95
) -> dict[Hashable, SurveyEstimate]:
    """``survey_mean`` of each domain (region, age group), keys sorted.

    How many rows fall into a domain is itself a matter of chance, so all clusters count in each
    SE; degrees of freedom are of those with a row in the domain. Checked against R survey 4.1-1's
    svyby to 12 digits.
    """
    x, column = design.numbers(y), _labels(domains, design)
    found = {}
    for name in _names(column[~pd.isna(column)]):
        used = design.used(x) & (column == name)
        refused = design.refusal(used)
        found[name] = (
            SurveyEstimate(refused)
            if refused
            else _ratio(x, np.ones_like(x), used, design, confidence, "weighted domain mean")
        )
    return found


def survey_difference(
    y: Values, groups: Labels, design: SurveyDesign, confidence: float = 0.95
) -> SurveyDifference:
    """Mean of the second group − mean of the first (sorted), and a t-test of no difference.

    Scores w (y − ȳ_g) / Σ_g w with the sign of the group, so groups in the same clusters may
    covary; df = units − strata − 1, as for the slope of a regression on the group.
    Source: as ``survey_mean``. Checked against R survey 4.1-1's svyttest to 11 digits.
    """
    x, column = design.numbers(y), _labels(groups, design)
    used = design.used(x, column)
    names = tuple(_names(column[used]))
    if len(names) > 2:
        raise ValueError("A difference is between two groups; there are more.")
    refused = design.refusal(used)
    if refused is None and len(names) < 2:
        n, clusters, _ = design.counts(used)
        refused = Estimate.insufficient(Reason.ONE_GROUP, n, clusters)
    if refused:
        return SurveyDifference(refused, groups=names)
    value, scores = 0.0, np.zeros(len(x))
    for name, sign in zip(names, (-1, 1), strict=True):
        inside = used & (column == name)
        w = np.where(inside, design.weights, 0.0) / design.weights[inside].sum()
        mean = (w[inside] * x[inside]).sum()
        value += sign * mean
        scores[inside] = sign * w[inside] * (x[inside] - mean)
    se = _se(design.variance(scores[:, None])[0, 0], np.abs(x[used]) / used.sum())
    n, clusters, df = design.counts(used)
    df, method = df - 1, "weighted difference, Taylor-linearised, t(units-strata-1)"
    if df < 1 or se == 0:
        reason = Reason.FEW_CLUSTERS if df < 1 else Reason.CLUSTERS_ALIKE
        estimate = Estimate(value, None, None, n, clusters, reason, method)
        return SurveyDifference(estimate, se, df, groups=names)
    half = stats.t.isf((1 - confidence) / 2, df) * se
    estimate = Estimate(value, value - half, value + half, n, clusters, method=method)
    t = float(value / se)
    p = float(2 * stats.t.sf(abs(t), df))
    return SurveyDifference(estimate, se, df, groups=names, t=t, p=p)


def _ratio(
    y: np.ndarray,
    x: np.ndarray,
    used: np.ndarray,
    design: SurveyDesign,
    confidence: float,
    method: str,
    deff: bool = True,
) -> SurveyEstimate:
    w = design.weights[used]
    below = (w * x[used]).sum()
    value = (w * y[used]).sum() / below
    scores = np.zeros(len(y))
    scores[used] = w * (y[used] - value * x[used]) / below
    se = _se(design.variance(scores[:, None])[0, 0], w * y[used] / below)
    estimate = design.interval(value, se, used, confidence, method)
    effects = _design_effects(se, y[used], w) if deff else (None, None)
    return SurveyEstimate(estimate, se, design.counts(used)[2], *effects)


def _se(variance: float, scores: np.ndarray) -> float:
    """0 where the variance is what rounding leaves of scores of this size."""
    se = float(np.sqrt(max(variance, 0.0)))
    return se if se > NOTHING_LEFT * np.abs(scores).sum() else 0.0


def _design_effects(
    se: float, y: np.ndarray, weights: np.ndarray
) -> tuple[float | None, float | None]:
    n, whole = len(y), weights.sum()
    mean = (weights * y).sum() / whole
    spread = n / (n - 1) * (weights * (y - mean) ** 2).sum() / whole
    if spread <= NOTHING_LEFT * (y**2).mean():
        return None, None
    replace = float(se**2 * n / spread)
    return (replace * float(whole / (whole - n)) if whole > n else None), replace


def _labels(labels: Labels, design: SurveyDesign) -> np.ndarray:
    column = pd.Series(labels).to_numpy(dtype=object)
    if len(column) != len(design.weights):
        raise ValueError("Labels must have one entry for each weight of the design.")
    return column


def _names(column: np.ndarray) -> list[Hashable]:
    names = list(pd.unique(pd.Series(column, dtype=object)))
    try:
        return sorted(names)
    except TypeError as error:
        raise ValueError("Labels must be all text or all numbers.") from error
