"""Covariances and Cronbach's alpha from sums per centre."""

import numpy as np
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.partials.intervals import NOTHING_LEFT, half_width, logs
from measurement.partials.sums import ItemSums
from measurement.resampling import cluster_weights

MINIMUM_ROWS = 3


def covariance(sums: ItemSums) -> np.ndarray:
    """Covariances of the items over all complete rows, k × k, divisor n − 1 (NaN where n < 2)."""
    return _covariances(sums, sums.table.to_numpy().sum(axis=0)[None, :])[0]


def covariance_resamples(
    sums: ItemSums, rng: np.random.Generator, resamples: int = 1000
) -> np.ndarray:
    """Covariances in each resample of whole centres, resamples × k × k: 8·k² bytes each."""
    weights = cluster_weights(rng, len(sums.table), resamples)
    return _covariances(sums, weights @ sums.table.to_numpy())


def alpha(sums: ItemSums, confidence: float = 0.95) -> Estimate:
    """Cronbach's alpha with Feldt's interval, rows counted as independent.

    Value and interval are those of ``reliability.cronbach_alpha``, to 12 digits; that every value
    is missing cannot be told from too few complete rows here.
    """
    probability = tail(confidence)
    n, g, k = _size(sums)
    if reason := _no_alpha(sums):
        return Estimate.insufficient(reason, n, g)
    value = float(_alphas(_alpha_sums(sums).sum(axis=0)[None, :], k)[0])
    if not np.isfinite(value):
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n, g)
    upper_f, lower_f = stats.f.isf([probability, 1 - probability], n - 1, (n - 1) * (k - 1))
    low, high = 1 - (1 - value) * upper_f, 1 - (1 - value) * lower_f
    return Estimate(value, low, high, n, g, method="alpha, Feldt F")


def alpha_bootstrap(
    sums: ItemSums, rng: np.random.Generator, resamples: int = 1000, confidence: float = 0.95
) -> Estimate:
    """Cronbach's alpha with an interval from resamples of whole centres.

    1 − (1 − α)·exp(±t(G−1)·s), s the SD of ln(1 − α) over the resamples: on that scale alpha's
    error hardly depends on alpha. No interval where G is below 10 or all items are one.
    Source: Bonett (2002), J. Educ. Behav. Stat. 27, 335–340, for the scale; Field & Welsh (2007)
    for the resampling. Checked: the resamples' covariances against those of the drawn rows
    themselves to 12 digits.
    """
    plain = alpha(sums, confidence)
    if plain.value is None:
        return plain
    by_centre = _alpha_sums(sums)
    by_centre = by_centre[by_centre[:, 0] > 0]
    drawn = cluster_weights(rng, len(by_centre), resamples) @ by_centre
    left = logs(1 - _alphas(drawn, len(sums.items)))
    method = "alpha, bootstrap of centres, ln(1-alpha), t(G-1)"
    half = half_width(left, plain, resamples, confidence, method)
    if isinstance(half, Estimate):
        return half
    low, high = (1 - (1 - plain.value) * np.exp(sign * half) for sign in (1, -1))
    return Estimate(plain.value, low, high, plain.n, plain.clusters, method=method)


def _size(sums: ItemSums) -> tuple[int, int, int]:
    """Complete rows, centres that have one, items."""
    counts = sums.table.iloc[:, 1].to_numpy()
    return int(counts.sum()), int((counts > 0).sum()), len(sums.items)


def _no_alpha(sums: ItemSums) -> Reason | None:
    n, _g, k = _size(sums)
    if k < 2:
        return Reason.TOO_FEW_ITEMS
    return Reason.TOO_FEW_ROWS if n < MINIMUM_ROWS else None


def _covariances(sums: ItemSums, totals: np.ndarray) -> np.ndarray:
    k = len(sums.items)
    above = np.triu_indices(k)
    n, x = totals[:, 1], totals[:, 2 : 2 + k]
    full = np.empty((len(totals), k, k))
    full[:, above[0], above[1]] = full[:, above[1], above[0]] = totals[:, 2 + k :]
    divisor = np.where(n > 1, n - 1, np.nan)[:, None, None]
    return (full - x[:, :, None] * x[:, None, :] / np.maximum(n, 1)[:, None, None]) / divisor


def _alpha_sums(sums: ItemSums) -> np.ndarray:
    """Per centre: n, Σ of each item, Σ of all squared items, Σ of squared row sums."""
    k, table = len(sums.items), sums.table.to_numpy()
    i, j = np.triu_indices(k)
    own, all_pairs = (i == j).astype(float), np.where(i == j, 1.0, 2.0)
    return np.column_stack([table[:, 1 : 2 + k], table[:, 2 + k :] @ np.stack([own, all_pairs]).T])


def _alphas(totals: np.ndarray, k: int) -> np.ndarray:
    """k/(k−1) · (1 − Σ s²_i / s²_sum) of each row of sums; NaN where the sum does not vary."""
    n, x, items, row_sums = totals[:, 0], totals[:, 1 : 1 + k], totals[:, 1 + k], totals[:, 2 + k]
    n = np.maximum(n, 1)
    of_items = items - (x**2).sum(axis=1) / n
    of_sum = row_sums - x.sum(axis=1) ** 2 / n
    varies = of_sum > NOTHING_LEFT * np.maximum(row_sums, 1e-300)
    return k / (k - 1) * (1 - of_items / np.where(varies, of_sum, np.nan))
