"""How far a score of a few visits can be trusted, from what repeated visits to rooms show."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.funnel import sd_within

METHOD = "mean, pooled sd within rooms, t"


def spread(
    scores: Sequence[float] | np.ndarray | pd.Series,
    rooms: Sequence[Hashable] | np.ndarray | pd.Series,
) -> Estimate:
    """The sd of single visits to the same room, pooled over rooms.

    s² = Σ_r Σ_v (x_rv − x̄_r)² / Σ_r (n_r − 1). It holds all that differs from visit to visit: the
    observer, the day, the cycles seen and what changed in the room; so it errs on the safe side.
    ``clusters`` counts the degrees of freedom, Σ_r (n_r − 1): fewer than ten are insufficient.
    This is ``funnel.sd_within`` with every visit on its own.
    """
    return sd_within(scores, rooms, np.arange(len(scores)))


def mean_of_visits(
    scores: Sequence[float] | np.ndarray | pd.Series, sd: Estimate, confidence: float = 0.95
) -> Estimate:
    """Mean of the visits to one place with the interval that other visits to it would leave.

    x̄ ± t(df) · s / √n, s and df from ``spread``; the mean alone where that is insufficient.
    ``n`` counts visits; missing scores are left out. The rooms visited are taken as they are: it
    says nothing of rooms that nobody visited. Source: the standard error of measurement of
    classical test theory with occasions as parallel measures (Lord & Novick 1968, ch. 7), s pooled
    as the error of a one-way analysis of variance. Checked against that analysis worked by hand
    and by simulated coverage.
    """
    alpha = tail(confidence)
    x = np.asarray(scores, dtype=float)
    x = x[~np.isnan(x)]
    if not len(x):
        return Estimate.insufficient(Reason.ALL_MISSING if len(scores) else Reason.TOO_FEW_ROWS, 0)
    mean = float(x.mean())
    if sd.value is None or not sd.clusters:
        return Estimate(mean, None, None, len(x), reason=sd.reason, method="mean")
    half = stats.t.isf(alpha, sd.clusters) * sd.value / np.sqrt(len(x))
    return Estimate(mean, mean - half, mean + half, len(x), method=f"{METHOD}({sd.clusters})")
