"""Strands compared at equal starting points, with rooms in centres."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.resampling import cluster_sums, cluster_weights

# Residual variance below this share of the whole is rounding, not variation.
NOTHING_LEFT = 1e-12
METHOD = "partial r given first score; cluster bootstrap of Fisher z, t(G-1)"


def adjusted_correlation(
    x: np.ndarray,
    y: np.ndarray,
    baseline: np.ndarray,
    clusters: np.ndarray,
    rng: np.random.Generator,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> Estimate:
    """Pearson correlation of x and y after taking the baseline out of both, by cluster bootstrap.

    r = (r_xy − r_xb r_yb) / √((1 − r_xb²)(1 − r_yb²)): the correlation of the residuals of x and of
    y on the baseline (first score). A room that was low by chance rises by itself (regression to
    the mean), and low rooms often get more mentoring: without this step the two would look
    like an effect. Residualising y alone would understate r whenever the dose follows the baseline.
    Interval: Fisher's z of r ± t(G−1) · SD of Fisher's z over resamples of whole clusters, made
    from the sums of each cluster (weights × sums), so rows are read once.
    Source: Yule (1907), Proc. R. Soc. A 79, 182–193; Field & Welsh (2007). Checked against the
    correlation of least-squares residuals to 12 digits, and coverage by simulation.
    """
    alpha = tail(confidence)
    if not all(np.isfinite(column).all() for column in (x, y, baseline)):
        raise ValueError("A correlation needs finite numbers; leave out rows with a gap first.")
    codes, names = pd.factorize(clusters)
    n, g = len(x), len(names)
    # Centred first: sums of squares of raw scores would lose digits.
    v = np.column_stack([column - column.mean() for column in (x, y, baseline)])
    products = [v[:, i] * v[:, j] for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))]
    sums = cluster_sums(codes, g, np.ones(n), *v.T, *products)
    value = float(_partial(sums.sum(axis=0)[None, :])[0])
    if not np.isfinite(value):
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n, g)
    drawn = _partial(cluster_weights(rng, g, resamples) @ sums)
    z = np.arctanh(np.clip(drawn[np.isfinite(drawn)], -1 + 1e-15, 1 - 1e-15))
    if len(z) < 0.9 * resamples:
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n, g)
    half = stats.t.isf(alpha, g - 1) * z.std(ddof=1)
    middle = np.arctanh(np.clip(value, -1 + 1e-15, 1 - 1e-15))
    return Estimate(value, np.tanh(middle - half), np.tanh(middle + half), n, g, method=METHOD)


def group_means_at_mean_baseline(
    y: np.ndarray,
    baseline: np.ndarray,
    clusters: np.ndarray,
    groups: Mapping[str, np.ndarray],
    confidence: float = 0.95,
) -> dict[str, Estimate]:
    """Mean of y in each group, moved to the mean baseline of all rows along one common slope.

    ``groups``: name → mask of its rows; rows of no group are left out. Analysis of covariance,
    y = Σ m_g·[group g] + b·(baseline − mean), by least squares: the m_g are the answer. Variance
    (X'X)⁻¹ (Σ_c X_c'e_c e_c'X_c) (X'X)⁻¹ · C/(C−1) · (N−1)/(N−K) over the C clusters (CR1, as Stata
    has it), which counts the slope as estimated; interval t with (clusters of the group − 1),
    none where the variance vanishes.
    Source: Cameron & Miller (2015), J. Hum. Resour. 50, 317–372. Checked against the same formula
    written out row by row, and by simulation under selection of the lowest quarter.
    """
    alpha = tail(confidence)
    used = np.any(list(groups.values()), axis=0) if groups else np.zeros(len(y), dtype=bool)
    if not used.any():
        return {}
    masks = [mask[used] for mask in groups.values()]
    y, apart = y[used], baseline[used] - baseline[used].mean()
    columns = [mask.astype(float) for mask in masks]
    if np.any([np.ptp(apart[mask]) > 0 for mask in masks]):
        columns.append(apart)
    x = np.column_stack(columns)
    codes, names = pd.factorize(clusters[used])
    (n, k), c = x.shape, len(names)
    bread = np.linalg.inv(x.T @ x)
    coefficients = bread @ (x.T @ y)
    scores = cluster_sums(codes, c, *(x * (y - x @ coefficients)[:, None]).T)
    variance = bread @ (scores.T @ scores) @ bread * c / (c - 1) * (n - 1) / (n - k)
    found, method = {}, "ANCOVA, CR1, t(G-1)"
    for i, (name, mask) in enumerate(zip(groups, masks, strict=True)):
        g = len(np.unique(codes[mask]))
        n_group, mean, se = int(mask.sum()), coefficients[i], np.sqrt(variance[i, i])
        if se <= 1e-12 * np.abs(y).max():
            found[name] = Estimate(mean, None, None, n_group, g, Reason.CLUSTERS_ALIKE, method)
            continue
        half = stats.t.isf(alpha, g - 1) * se
        found[name] = Estimate(mean, mean - half, mean + half, n_group, g, method=method)
    return found


def _partial(sums: np.ndarray) -> np.ndarray:
    """Partial correlations from rows of n, Σx, Σy, Σb, Σxx, Σyy, Σbb, Σxy, Σxb, Σyb.

    NaN where x or y does not vary once the baseline is out. A baseline that does not vary takes
    nothing out.
    """
    n, x, y, b, xx, yy, bb, xy, xb, yb = sums.T
    sxx, syy, sbb = xx - x * x / n, yy - y * y / n, bb - b * b / n
    sxy, sxb, syb = xy - x * y / n, xb - x * b / n, yb - y * b / n
    per_b = np.divide(1.0, sbb, out=np.zeros_like(sbb), where=sbb > NOTHING_LEFT * bb)
    rxx, ryy, rxy = sxx - sxb**2 * per_b, syy - syb**2 * per_b, sxy - sxb * syb * per_b
    varies = (rxx > NOTHING_LEFT * xx) & (ryy > NOTHING_LEFT * yy)
    r = np.full(len(n), np.nan)
    np.divide(rxy, np.sqrt(np.where(varies, rxx * ryy, 1.0)), out=r, where=varies)
    return r
