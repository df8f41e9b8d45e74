"""Intervals from what each row adds to a statistic."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from measurement.resampling import cluster_sums

Values = Sequence[float] | np.ndarray | pd.Series
Groups = Sequence[Hashable] | np.ndarray | pd.Series | None
# Variation below this share of the whole is rounding.
NOTHING_LEFT = 1e-12


def half_width(influence: np.ndarray, groups: np.ndarray | None, alpha: float) -> float:
    """t(G−1) · √(G/(G−1) · Σ_g (Σ_{i∈g} ψ_i)²) / n, each row its own cluster without groups.

    ``influence``: ψ_i, how much the statistic would move if row i weighed more; they add to 0.
    Source: Liang & Zeger (1986), Biometrika 73, 13–22.
    """
    sums = influence
    if groups is not None:
        codes, names = pd.factorize(groups)
        sums = cluster_sums(codes, len(names), influence)[:, 0]
    g = len(sums)
    se = np.sqrt(g / (g - 1) * (sums**2).sum()) / len(influence)
    return float(stats.t.isf(alpha, g - 1) * se)


def complete(
    *columns: Values, clusters: Groups = None
) -> tuple[list[np.ndarray], np.ndarray | None, np.ndarray]:
    """The rows that have every column, the cluster of each, and the mask that chose them."""
    arrays = [np.asarray(column, dtype=float) for column in columns]
    if any(a.ndim != 1 or a.shape != arrays[0].shape for a in arrays):
        raise ValueError("Scores that belong together must be lists of the same length.")
    if any(np.isinf(a).any() for a in arrays):
        raise ValueError("Scores must be finite numbers, or missing.")
    kept = ~np.isnan(np.column_stack(arrays)).any(axis=1)
    groups = None
    if clusters is not None:
        groups = pd.Series(clusters).to_numpy()
        if len(groups) != len(kept):
            raise ValueError("Clusters must have one entry for each score.")
        groups = groups[kept]
        if pd.isna(groups).any():
            raise ValueError("Every score needs the cluster that it belongs to.")
    return [a[kept] for a in arrays], groups, kept


def varies(values: np.ndarray) -> bool:
    """False for a constant, also one that floating point blurs in its last digits."""
    return bool(np.ptp(values) > NOTHING_LEFT * max(1.0, np.abs(values).max()))
