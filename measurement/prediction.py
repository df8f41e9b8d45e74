"""Do mentoring and learning foretell a room's next score better than its first score does?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GroupKFold

from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS
from measurement.linking import MINIMUM_ROOMS
from measurement.resampling import cluster_sums, cluster_weights

BASELINE = ["first"]
STRANDS = ["cycles_between", "modules_per_learner_between"]


@dataclass(frozen=True)
class PredictiveGain:
    """R² of the last score in centres that the model has not seen.

    ``baseline_r2``: from the first score only. ``full_r2``: with the cycles and the modules per
    learner between the two scores.
    ``gain`` = full_r2 − baseline_r2 with its interval. ``better`` is True when the whole interval
    lies above 0, False when none of it does, None when it holds both or data are insufficient.
    """

    baseline_r2: Estimate
    full_r2: Estimate
    gain: Estimate
    folds: int

    @property
    def better(self) -> bool | None:
        if self.gain.low is None or self.gain.high is None:
            return None
        if self.gain.low > 0:
            return True
        return False if self.gain.high <= 0 else None


def predictive_gain(
    table: pd.DataFrame,
    rng: np.random.Generator,
    folds: int = 5,
    resamples: int = 1000,
    confidence: float = 0.95,
    minimum_rooms: int = MINIMUM_ROOMS,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> PredictiveGain:
    """Out-of-centre R² of the last score with and without the strands.

    ``table`` as ``linking.braid`` returns it; rooms with first, last, change and what was completed
    between the two scores are used. Linear regression, GroupKFold by centre: no centre is ever in
    both the fitting and the judging part. R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², ȳ the mean of the
    centres fitted on; negative when worse than that mean, and left so. Interval: value ± t(G−1) ·
    SD over resamples of whole centres; it holds the fitted models fixed.
    Source: Field & Welsh (2007) for the resampling; checked against scikit-learn's cross-validated
    predictions and on simulated strands with and without an effect.
    """
    alpha = tail(confidence)
    if folds < 2:
        raise ValueError("Cross-validation needs at least two folds.")
    rooms = table.dropna(subset=["last", "change", *BASELINE, *STRANDS])
    y = rooms["last"].to_numpy(dtype=float)
    codes, names = pd.factorize(rooms["centre"])
    n, g = len(rooms), len(names)

    def without(reason: Reason) -> PredictiveGain:
        nothing = Estimate.insufficient(reason, n, g)
        return PredictiveGain(nothing, nothing, nothing, folds)

    if n == 0:
        return without(Reason.NO_OVERLAP)
    if n < max(2, minimum_rooms):
        return without(Reason.TOO_FEW_ROWS)
    if g < max(folds, minimum_clusters):
        return without(Reason.TOO_FEW_CLUSTERS)
    if np.ptp(y) == 0 or all(np.ptp(rooms[name].to_numpy(dtype=float)) == 0 for name in STRANDS):
        return without(Reason.ZERO_VARIANCE)

    errors = [
        _squared_errors(rooms, y, codes, folds, f) for f in ([], BASELINE, BASELINE + STRANDS)
    ]
    sums = cluster_sums(codes, g, *errors)
    drawn = _r_squared(cluster_weights(rng, g, resamples) @ sums)
    found = _r_squared(sums.sum(axis=0)[None, :])[0]
    half = stats.t.isf(alpha, g - 1) * drawn.std(axis=0, ddof=1)
    baseline, full, gain = (
        Estimate(v, v - h, v + h, n, g, method=f"GroupKFold({folds}) by centre, cluster bootstrap")
        for v, h in zip(found, half, strict=True)
    )
    return PredictiveGain(baseline, full, gain, folds)


def _squared_errors(
    rooms: pd.DataFrame, y: np.ndarray, codes: np.ndarray, folds: int, features: list[str]
) -> np.ndarray:
    """Squared error of each room, predicted from centres other than its own."""
    x = rooms[features].to_numpy(dtype=float)
    predicted = np.empty(len(y))
    for fit, judge in GroupKFold(folds).split(y[:, None], y, codes):
        if features:
            predicted[judge] = LinearRegression().fit(x[fit], y[fit]).predict(x[judge])
        else:
            predicted[judge] = y[fit].mean()
    return (y - predicted) ** 2


def _r_squared(sums: np.ndarray) -> np.ndarray:
    """Rows of Σ(y − ȳ)², and squared errors of both models → R² of each, and the gain."""
    around_mean, first_only, full = sums.T
    baseline, whole = 1 - first_only / around_mean, 1 - full / around_mean
    return np.column_stack([baseline, whole, whole - baseline])
