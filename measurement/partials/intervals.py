"""The interval of a statistic from its values in resamples of whole centres."""

import numpy as np
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS

# Variance below this share of the mean square is rounding, not variation.
NOTHING_LEFT = 1e-12
# With fewer resamples than this that give a value, an interval would rest on a selection.
RESAMPLES_USED = 0.9


def logs(values: np.ndarray) -> np.ndarray:
    """Natural logarithms; NaN of what has none."""
    return np.log(np.where(values > 0, values, np.nan))


def half_width(
    values: np.ndarray, plain: Estimate, resamples: int, confidence: float, method: str
) -> float | Estimate:
    """t(G−1) · SD of the resamples that have a value; the estimate without interval where none."""
    g, used = plain.clusters or 0, values[np.isfinite(values)]
    reason = None
    if g < MINIMUM_CLUSTERS:
        reason = Reason.FEW_CLUSTERS
    elif len(used) < RESAMPLES_USED * resamples:
        reason = Reason.AT_BOUNDARY
    elif used.std(ddof=1) < NOTHING_LEFT:
        reason = Reason.CLUSTERS_ALIKE
    if reason:
        return Estimate(plain.value, None, None, plain.n, g, reason, method)
    return float(stats.t.isf(tail(confidence), g - 1) * used.std(ddof=1))
