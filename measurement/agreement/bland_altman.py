"""By how much do two observers differ, and does it depend on the height of what they rate?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from measurement.agreement.pairs import MINIMUM_PAIRS, Groups, Values, pairs_of
from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS


@dataclass(frozen=True)
class BlandAltman:
    """Differences first − second, in the units of the ratings.

    ``bias``: their mean; ``lower`` and ``upper``: the limits between which ``share`` of them lie,
    each with its own interval; ``slope``: what the difference gains per unit of the pair's mean,
    0 where the bias is the same high and low. ``points``: one row per pair (index 0, 1, …): mean,
    difference, to draw.
    """

    bias: Estimate
    lower: Estimate
    upper: Estimate
    slope: Estimate
    share: float
    points: pd.DataFrame


def bland_altman(
    first: Values,
    second: Values,
    clusters: Groups = None,
    share: float = 0.95,
    confidence: float = 0.95,
    minimum_pairs: int = MINIMUM_PAIRS,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> BlandAltman:
    """Bias and limits of agreement of two observers, over the pairs that both rated.

    Bias d̄; limits d̄ ± z·s, z the normal quantile of ``share`` (1.96) and s the standard
    deviation of the differences; slope of the least-squares line of the differences on the means.
    Intervals: bias d̄ ± t(n−1)·s/√n; each limit exactly, d̄ + t'·s/√n with t' of the non-central
    t(n−1) with non-centrality ±z√n; slope t(n−2). With ``clusters`` (say, the session of each
    pair) all four from influences summed within clusters, t(G−1), the limits then by large-sample
    linearisation. Differences need to be near normal for the limits, not for the bias.
    Source: Bland & Altman (1986), Lancet 327, 307–310; (1999), Stat. Methods Med. Res. 8,
    135–160; exact limits Carkeet (2015), Optom. Vis. Sci. 92, e71–e80. Checked on the peak-flow
    readings of 1986: bias, its interval and the limits against the paper (its one decimal); limits'
    intervals against R's non-central t to 8 digits; slope against R's lm to 12.
    """
    tail(confidence)
    z = stats.norm.isf(tail(share))
    x, y, groups = pairs_of(first, second, clusters)
    n, difference, mean = len(x), x - y, (x + y) / 2
    points = pd.DataFrame({"mean": mean, "difference": difference})
    codes, names = (None, ()) if groups is None else pd.factorize(groups)
    g = None if codes is None else len(names)
    reason = None
    if n == 0:
        reason = Reason.NO_OVERLAP
    elif n < max(3, minimum_pairs):
        reason = Reason.TOO_FEW_ROWS
    elif g is not None and g < max(2, minimum_clusters):
        reason = Reason.TOO_FEW_CLUSTERS
    if reason:
        nothing = Estimate.insufficient(reason, n, g)
        return BlandAltman(nothing, nothing, nothing, nothing, share, points)

    slope = _slope(difference, mean, codes, g, confidence)
    if np.ptp(difference) <= 1e-12 * max(1.0, np.abs(x).max()):
        bias = difference.mean()
        why = Reason.PERFECT_AGREEMENT if bias == 0 else Reason.AT_BOUNDARY
        same = Estimate(bias, None, None, n, g, why, "all differences are the same")
        return BlandAltman(same, same, same, slope, share, points)
    if codes is None:
        three = _exact(difference, z, confidence)
    else:
        three = _clustered(difference, z, codes, confidence)
    return BlandAltman(*three, slope, share, points)


Three = tuple[Estimate, Estimate, Estimate]


def _exact(difference: np.ndarray, z: float, confidence: float) -> Three:
    """Bias and both limits of independent pairs."""
    n, bias, s = len(difference), difference.mean(), difference.std(ddof=1)
    alpha, se = tail(confidence), s / np.sqrt(n)
    half = stats.t.isf(alpha, n - 1) * se
    near, far = stats.nct.ppf([alpha, 1 - alpha], n - 1, z * np.sqrt(n)) * se
    method = "limit of agreement, exact, non-central t(n-1)"
    return (
        Estimate(bias, bias - half, bias + half, n, method="bias, t(n-1)"),
        Estimate(bias - z * s, bias - far, bias - near, n, method=method),
        Estimate(bias + z * s, bias + near, bias + far, n, method=method),
    )


def _clustered(difference: np.ndarray, z: float, codes: np.ndarray, confidence: float) -> Three:
    """Bias and both limits, pairs of a cluster resembling each other."""
    n, bias, s = len(difference), difference.mean(), difference.std(ddof=1)
    off = difference - bias
    widening = z * (off**2 - (off**2).mean()) / (2 * s)  # what each pair adds to z·s
    lower, upper = off - widening, off + widening
    return (
        _robust(bias, off / n, codes, confidence, "bias"),
        _robust(bias - z * s, lower / n, codes, confidence, "limit of agreement"),
        _robust(bias + z * s, upper / n, codes, confidence, "limit of agreement"),
    )


def _slope(
    difference: np.ndarray,
    mean: np.ndarray,
    codes: np.ndarray | None,
    g: int | None,
    confidence: float,
) -> Estimate:
    n, centred = len(mean), mean - mean.mean()
    scatter = (centred**2).sum()
    if scatter <= 1e-24 * n * max(1.0, (mean**2).max()):
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n, g)
    slope = centred @ difference / scatter
    rest = difference - difference.mean() - slope * centred
    if np.abs(rest).max() <= 1e-12 * max(1.0, np.abs(difference).max()):
        return Estimate(slope, None, None, n, g, Reason.AT_BOUNDARY, "slope")
    if codes is not None:
        return _robust(slope, centred * rest / scatter, codes, confidence, "slope")
    half = stats.t.isf(tail(confidence), n - 2) * np.sqrt((rest**2).sum() / (n - 2) / scatter)
    return Estimate(slope, slope - half, slope + half, n, method="slope, t(n-2)")


def _robust(
    value: float, influence: np.ndarray, codes: np.ndarray, confidence: float, name: str
) -> Estimate:
    """value ± t(G − 1) · √(G/(G − 1) Σ_g (Σ_{i∈g} influence_i)²)."""
    sums = np.bincount(codes, influence)
    n, g, method = len(codes), len(sums), f"{name}, cluster-robust, t(G-1)"
    if np.abs(sums).max() <= 1e-12 * np.abs(influence).sum():
        return Estimate(value, None, None, n, g, Reason.CLUSTERS_ALIKE, method)
    half = stats.t.isf(tail(confidence), g - 1) * np.sqrt(g / (g - 1) * (sums**2).sum())
    return Estimate(value, value - half, value + half, n, g, method=method)
