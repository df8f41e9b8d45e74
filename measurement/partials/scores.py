"""Intraclass correlation of rooms and mean of clustered scores from sums per room."""

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS
from measurement.partials.intervals import NOTHING_LEFT, half_width, logs
from measurement.partials.sums import ScoreSums
from measurement.resampling import cluster_weights


def icc_one_way(sums: ScoreSums, confidence: float = 0.95) -> Estimate:
    """ICC of scores within rooms, (B − W) / (B + (n₀ − 1) W), with its F interval.

    B and W are the mean squares between and within rooms, n₀ = (N − Σn²/N) / (R − 1): the ANOVA
    estimator, unbalanced rooms included; the interval is exact for equal rooms only and takes them
    as independent. Negative values stay negative.
    Source: Donner (1986), Int. Stat. Rev. 54, 67–82. Checked against ICC(1,1) of
    ``agreement.icc`` for equal rooms to 12 digits, for unequal ones against R's aov to 12.
    """
    probability = tail(confidence)
    n, g = int(sums.table["n"].sum()), sums.table.index.get_level_values(0).nunique()
    total = _room_sums(sums).sum(axis=0)
    rooms = int(total[0])
    if rooms < 2 or n <= rooms:
        return Estimate.insufficient(Reason.TOO_FEW_ROWS, n, g)
    (between,), (within,), (size,) = _squares(total[None, :])
    if between + (size - 1) * within <= NOTHING_LEFT * total[3] / n:
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n, g)
    method = "ICC of rooms, one-way ANOVA, F"
    value = (between - within) / (between + (size - 1) * within)
    if within <= NOTHING_LEFT * total[3] / n:
        return Estimate(value, None, None, n, g, Reason.PERFECT_AGREEMENT, method)
    critical = stats.f.isf([probability, 1 - probability], rooms - 1, n - rooms)
    low, high = (_icc(between / within / f, size) for f in critical)
    return Estimate(value, low, high, n, g, method=method)


def icc_bootstrap(
    sums: ScoreSums, rng: np.random.Generator, resamples: int = 1000, confidence: float = 0.95
) -> Estimate:
    """``icc_one_way`` with an interval from resamples of whole centres, their rooms with them.

    The interval is made on ln(B/W), t(G−1) · its SD over the resamples, and turned back with n₀.
    Source: Fisher (1925), Statistical Methods, §40, for the scale; Field & Welsh (2007) for the
    resampling. Checked against the mean squares of the drawn rows themselves to 12 digits.
    """
    plain = icc_one_way(sums, confidence)
    if plain.value is None or plain.low is None:
        return plain
    by_room = _room_sums(sums)
    (between,), (within,), (size,) = _squares(by_room.sum(axis=0)[None, :])
    b, w, _sizes = _squares(cluster_weights(rng, len(by_room), resamples) @ by_room)
    method = "ICC of rooms, one-way ANOVA, bootstrap of centres, ln F, t(G-1)"
    half = half_width(logs(b) - logs(w), plain, resamples, confidence, method)
    if isinstance(half, Estimate):
        return half
    low, high = (_icc(between / within * np.exp(sign * half), size) for sign in (-1, 1))
    return Estimate(plain.value, low, high, plain.n, plain.clusters, method=method)


def mean(
    sums: ScoreSums, confidence: float = 0.95, minimum_clusters: int = MINIMUM_CLUSTERS
) -> Estimate:
    """Mean of the scores, cluster-robust by centre: as ``indicators.cluster_mean``, to 12 digits.

    SE² = G/(G−1) · Σ_g (Σ_{i∈g} x_i − n_g x̄)² / N²; interval x̄ ± t(G−1) · SE.
    """
    probability = tail(confidence)
    by_centre = sums.table.groupby(level=0)[["n", "x", "xx"]].sum().to_numpy()
    (n, total, squares), g = by_centre.sum(axis=0), len(by_centre)
    if n == 0:
        return Estimate.insufficient(Reason.TOO_FEW_ROWS, 0, 0)
    if g < max(2, minimum_clusters):
        return Estimate.insufficient(Reason.TOO_FEW_CLUSTERS, n, g)
    apart = by_centre[:, 1] - by_centre[:, 0] * total / n
    variance = g / (g - 1) * (apart**2).sum() / n**2
    method = "cluster-robust, t(G-1)"
    if variance <= NOTHING_LEFT * squares / n**2:
        return Estimate(sums.origin + total / n, None, None, n, g, Reason.CLUSTERS_ALIKE, method)
    half = stats.t.isf(probability, g - 1) * np.sqrt(variance)
    value = sums.origin + total / n
    return Estimate(value, value - half, value + half, n, g, method=method)


def _room_sums(sums: ScoreSums) -> np.ndarray:
    """Per centre: rooms, N, Σx, Σx², Σ (room sum)²/n, Σ n²."""
    table = sums.table[sums.table["n"] > 0]
    n, x, xx = (table[name].to_numpy() for name in ("n", "x", "xx"))
    codes, names = pd.factorize(table.index.get_level_values(0), sort=True)
    columns = (np.ones(len(n)), n, x, xx, x**2 / n, n**2)
    return np.column_stack([np.bincount(codes, column, len(names)) for column in columns])


def _squares(totals: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean squares between and within rooms, and n₀, of each row of sums; NaN where undefined."""
    rooms, n, x, xx, between, squared = totals.T
    some = (rooms > 1) & (n > rooms)
    rooms, n = np.where(some, rooms, np.nan), np.where(some, n, np.nan)
    return (
        (between - x**2 / n) / (rooms - 1),
        (xx - between) / (n - rooms),
        (n - squared / n) / (rooms - 1),
    )


def _icc(ratio: float, size: float) -> float:
    """(F − 1) / (F + n₀ − 1)."""
    return float((ratio - 1) / (ratio + size - 1))
