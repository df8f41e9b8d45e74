"""Correlation of a score with a criterion, also freed from the noise of both."""

import numpy as np
import pandas as pd
from scipy import stats

from measurement.criterion.influence import Groups, Values, complete, half_width, varies
from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS

MINIMUM_ROWS = 4


def correlation(
    x: Values,
    y: Values,
    clusters: Groups = None,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Estimate:
    """Pearson's r over the rows that have both, its interval made on Fisher's z = artanh r.

    Independent rows: z ± z_α/√(n−3), exact enough for normal scores. With ``clusters`` the
    influences of the rows on z, [uv − r(u²+v²)/2] / (1−r²) with u, v standardised, are summed
    within clusters, and t(G−1) takes the place of z_α: no assumption of normal scores.
    ``perfect_agreement`` beside r = ±1, which leaves nothing to make an interval from. For the same
    at equal first scores see ``association.adjusted_correlation``.
    Source: Fisher (1921), Metron 1, 3–32; for clusters Liang & Zeger (1986). Checked against
    scipy's pearsonr (value and interval) to 12 digits; cluster-robust by simulated coverage.
    """
    alpha = tail(confidence)
    (a, b), groups, kept = complete(x, y, clusters=clusters)
    n, g = len(a), None if groups is None else len(pd.unique(groups))
    reason = None
    if len(kept) and n == 0:
        reason = Reason.NO_OVERLAP
    elif n < MINIMUM_ROWS:
        reason = Reason.TOO_FEW_ROWS
    elif g is not None and g < max(2, minimum_clusters):
        reason = Reason.TOO_FEW_CLUSTERS
    elif not varies(a) or not varies(b):
        reason = Reason.ZERO_VARIANCE
    if reason:
        return Estimate.insufficient(reason, n, g)
    u, v = ((column - column.mean()) / column.std() for column in (a, b))
    r = (u * v).mean()
    method = "Pearson r, Fisher z" if groups is None else "Pearson r, Fisher z, CR1, t(G-1)"
    if 1 - abs(r) < 1e-12:
        return Estimate(np.sign(r), None, None, n, g, Reason.PERFECT_AGREEMENT, method)
    if groups is None:
        half = stats.norm.isf(alpha) / np.sqrt(n - 3)
    else:
        half = half_width((u * v - r * (u**2 + v**2) / 2) / (1 - r**2), groups, alpha)
    z = np.arctanh(r)
    return Estimate(r, np.tanh(z - half), np.tanh(z + half), n, g, method=method)


def disattenuated_correlation(
    x: Values,
    y: Values,
    reliability_x: float | Estimate,
    reliability_y: float | Estimate = 1.0,
    clusters: Groups = None,
    confidence: float = 0.95,
) -> Estimate:
    """Correlation of what x and y measure without their noise: r / √(rel_x · rel_y).

    The interval is that of ``correlation`` divided by the same root: it takes the reliabilities as
    known, so it is too narrow where they come from few rows. Not clamped: a value beyond 1 says
    that a reliability is too low or the two share their errors. A reliability that is not positive
    (alpha can be) gives ``negative_variance``; one that is an estimate without value its reason.
    Source: Spearman (1904), Am. J. Psychol. 15, 72–101; interval Charles (2005), Psychol. Methods
    10, 206–226.
    """
    found = correlation(x, y, clusters, confidence)
    product = 1.0
    for given in (reliability_x, reliability_y):
        value = given.value if isinstance(given, Estimate) else given
        if value is None:
            reason = given.reason if isinstance(given, Estimate) else ""
            return Estimate.insufficient(reason, found.n, found.clusters)
        if not value <= 1:
            raise ValueError("A reliability is a number of at most 1.")
        if value <= 0:
            return Estimate.insufficient(Reason.NEGATIVE_VARIANCE, found.n, found.clusters)
        product *= value
    if found.value is None:
        return found
    root, method = np.sqrt(product), f"{found.method}, corrected for unreliability"
    ends = [None if end is None else end / root for end in (found.low, found.high)]
    return Estimate(
        found.value / root, ends[0], ends[1], found.n, found.clusters, found.reason, method
    )
