"""How well does a score tell apart those with an outcome from those without?"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from measurement.criterion.influence import NOTHING_LEFT, Groups, Values, complete
from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS, share
from measurement.resampling import cluster_sums, cluster_weights

# Resamples are made this many rows × resamples at a time.
CHUNK = 4_000_000


@dataclass(frozen=True)
class YoudenPoint:
    """The cut "score ≥ threshold" with the highest J = sensitivity + specificity − 1.

    ``tied``: how many thresholds reach the same J (of those the one where sensitivity and
    specificity are nearest to each other, then the lowest, is given). Sensitivity and specificity
    have Wilson's interval and their own n; chosen on the same data they flatter.
    """

    threshold: float
    index: float
    sensitivity: Estimate
    specificity: Estimate
    n: int
    tied: int


@dataclass(frozen=True)
class Roc:
    """Area under the curve, the curve, and its Youden point (None without an area).

    ``points``: one row per threshold, falling: threshold (score ≥ it counts as positive),
    sensitivity, specificity, true_positives, false_positives. The first, at infinity, calls nobody
    positive. ``events`` with the outcome, ``others`` without; ``tied_pairs``: share of their pairs
    with the same score, each of which counts one half.
    """

    auc: Estimate
    points: pd.DataFrame = field(default_factory=pd.DataFrame)
    youden: YoudenPoint | None = None
    events: int = 0
    others: int = 0
    tied_pairs: float = 0.0


def roc(
    score: Values,
    outcome: Values,
    clusters: Groups = None,
    rng: np.random.Generator | None = None,
    resamples: int = 1000,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Roc:
    """Area under the ROC curve (see ``auc``), the curve, and Youden's point.

    Source: Youden (1950), Cancer 3, 32–35. The curve was checked against scikit-learn's roc_curve.
    """
    area = auc(score, outcome, clusters, rng, resamples, confidence, minimum_clusters)
    (s, y), _, _ = complete(score, outcome)
    events, others = int((y == 1).sum()), int((y == 0).sum())
    if not area.sufficient:
        return Roc(area, events=events, others=others)
    points = _points(s, y == 1)
    youden = _youden(points, events, others, confidence)
    return Roc(area, points, youden, events, others, placements(s, y == 1)[1])


def auc(
    score: Values,
    outcome: Values,
    clusters: Groups = None,
    rng: np.random.Generator | None = None,
    resamples: int = 1000,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Estimate:
    """Share of pairs (one with the outcome, one without) in which the first scores higher.

    Ties count one half: Mann–Whitney's U / (m·n). Below .5 it stays: higher scores then go with
    fewer outcomes. ``outcome``: 1 or 0 (true or false). Interval AUC ± z·SE, not clamped, SE from
    the placements of each row (DeLong); with ``clusters`` their placements are summed within
    clusters and t(G−1) takes the place of z (Obuchowski); with ``rng`` too: SE from resamples of
    whole clusters. ``no_events`` and ``one_group`` where none or all have the outcome,
    ``small_cells`` where one row has, or lacks, it, ``zero_variance`` where the score is constant;
    ``perfect_separation`` beside an AUC of 1 or 0, which leaves no spread to make an interval from.
    Source: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837–845; Obuchowski (1997),
    Biometrics 53, 567–578. Checked: area against scikit-learn and scipy's mannwhitneyu to 12
    digits, SE against the double sum of 1988 written out to 12, both on the ovarian cancer data of
    1988. In 20,000 simulated samples (n = 240, AUC .76) the 95 % interval held the truth in 94.4 %.
    """
    alpha = tail(confidence)
    (s, y), groups, _ = complete(score, outcome, clusters=clusters)
    reason, n, g = _guard(s, y, groups, minimum_clusters)
    if reason:
        return Estimate.insufficient(reason, n, g)
    positive = y == 1
    placed = placements(s, positive)[0]
    value = float(placed[positive].mean())
    return _estimate(value, placed, s, positive, groups, rng, resamples, alpha)


def auc_difference(
    first: Values, second: Values, outcome: Values, confidence: float = 0.95
) -> Estimate:
    """AUC of the second score − AUC of the first on the same rows, DeLong's paired interval.

    The variance is that of the differences of each row's placements, so it knows that the two
    scores are correlated. Rows need both scores. Source: DeLong et al. (1988), as ``roc``, whose
    ovarian cancer data (43 complete rows) were used to check.
    """
    alpha = tail(confidence)
    (a, b, y), _, _ = complete(first, second, outcome)
    for s in (a, b):
        reason, n, _ = _guard(s, y, None, 0)
        if reason:
            return Estimate.insufficient(reason, n)
    positive = y == 1
    apart = placements(b, positive)[0] - placements(a, positive)[0]
    value, n, method = apart[positive].mean(), len(y), "difference of AUC, DeLong"
    se = _delong(apart, positive)
    if se <= NOTHING_LEFT:
        return Estimate(value, None, None, n, None, Reason.ZERO_VARIANCE, method)
    half = stats.norm.isf(alpha) * se
    return Estimate(value, value - half, value + half, n, method=method)


def placements(score: np.ndarray, positive: np.ndarray) -> tuple[np.ndarray, float]:
    """Of each row the share of the other group on its right side (ties one half); tied pairs.

    For a row with the outcome the share of rows without it that score lower, for a row without it
    the share of rows with it that score higher: both average to the AUC.
    """
    events, others = np.sort(score[positive]), np.sort(score[~positive])
    below = np.searchsorted(others, score, "left"), np.searchsorted(others, score, "right")
    above = np.searchsorted(events, score, "left"), np.searchsorted(events, score, "right")
    of_events = (below[0] + below[1]) / (2 * len(others))
    of_others = 1 - (above[0] + above[1]) / (2 * len(events))
    tied = (below[1] - below[0])[positive].sum() / (len(events) * len(others))
    return np.where(positive, of_events, of_others), float(tied)


def _guard(
    score: np.ndarray, outcome: np.ndarray, groups: np.ndarray | None, minimum_clusters: int
) -> tuple[Reason | None, int, int | None]:
    if not np.isin(outcome, (0, 1)).all():
        raise ValueError("An outcome must be 1 (there) or 0 (not there), or missing.")
    n, g = len(score), None if groups is None else len(pd.unique(groups))
    reason = None
    if n < 2:
        reason = Reason.TOO_FEW_ROWS
    elif not outcome.any():
        reason = Reason.NO_EVENTS
    elif outcome.all():
        reason = Reason.ONE_GROUP
    elif outcome.sum() < 2 or (1 - outcome).sum() < 2:
        reason = Reason.SMALL_CELLS
    elif np.ptp(score) == 0:
        reason = Reason.ZERO_VARIANCE
    elif g is not None and g < max(2, minimum_clusters):
        reason = Reason.TOO_FEW_CLUSTERS
    return reason, n, g


def _estimate(  # noqa: PLR0913, PLR0917 — what three kinds of interval need
    value: float,
    placed: np.ndarray,
    score: np.ndarray,
    positive: np.ndarray,
    groups: np.ndarray | None,
    rng: np.random.Generator | None,
    resamples: int,
    alpha: float,
) -> Estimate:
    n, g = len(score), None
    if groups is None:
        method, se, critical = "AUC, DeLong", _delong(placed, positive), stats.norm.isf(alpha)
    else:
        codes, names = pd.factorize(groups)
        g = len(names)
        critical = stats.t.isf(alpha, g - 1)
        if rng is None:
            method, se = "AUC, Obuchowski, t(G-1)", _obuchowski(placed, positive, codes, g)
        else:
            method = f"AUC, {resamples} resamples of clusters, t(G-1)"
            drawn = _resampled(score, positive, codes, cluster_weights(rng, g, resamples))
            se = drawn[np.isfinite(drawn)].std(ddof=1)
    if value in (0, 1):
        return Estimate(value, None, None, n, g, Reason.PERFECT_SEPARATION, method)
    if se <= NOTHING_LEFT:
        return Estimate(value, None, None, n, g, Reason.ZERO_VARIANCE, method)
    return Estimate(value, value - critical * se, value + critical * se, n, g, method=method)


def _delong(placed: np.ndarray, positive: np.ndarray) -> float:
    """√(s²_events / m + s²_others / n), s² of the placements."""
    groups = (placed[positive], placed[~positive])
    return float(np.sqrt(sum(values.var(ddof=1) / len(values) for values in groups)))


def _obuchowski(placed: np.ndarray, positive: np.ndarray, codes: np.ndarray, g: int) -> float:
    """√(G/(G−1) · Σ_g (Σ events (V−A)/m + Σ others (V−A)/n)²): DeLong's, summed in clusters."""
    size = np.where(positive, positive.sum(), (~positive).sum())
    sums = cluster_sums(codes, g, (placed - placed[positive].mean()) / size)[:, 0]
    return float(np.sqrt(g / (g - 1) * (sums**2).sum()))


def _resampled(
    score: np.ndarray, positive: np.ndarray, codes: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """AUC of each resample, from weights per cluster and one sorting; NaN without a pair."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) > 0])
    events, clusters = positive[order].astype(float), codes[order]
    found, step = [], max(1, CHUNK // len(score))
    for at in range(0, len(weights), step):
        w = weights[at : at + step][:, clusters]
        one = np.add.reduceat(w * events, starts, axis=1)
        other = np.add.reduceat(w * (1 - events), starts, axis=1)
        pairs = one.sum(axis=1) * other.sum(axis=1)
        won = (one * (np.cumsum(other, axis=1) - other / 2)).sum(axis=1)
        found.append(np.divide(won, pairs, out=np.full(len(w), np.nan), where=pairs > 0))
    return np.concatenate(found)


def _points(score: np.ndarray, positive: np.ndarray) -> pd.DataFrame:
    order = np.argsort(-score, kind="stable")
    last = np.r_[np.flatnonzero(np.diff(score[order]) != 0), len(score) - 1]
    hits, alarms = np.cumsum(positive[order])[last], np.cumsum(~positive[order])[last]
    hits, alarms = np.r_[0, hits], np.r_[0, alarms]
    return pd.DataFrame(
        {
            "threshold": np.r_[np.inf, score[order][last]],
            "sensitivity": hits / hits[-1],
            "specificity": 1 - alarms / alarms[-1],
            "true_positives": hits,
            "false_positives": alarms,
        }
    )


def _youden(points: pd.DataFrame, events: int, others: int, confidence: float) -> YoudenPoint:
    # In whole numbers, J·events·others: equal points are equal.
    index = points["true_positives"] * others - points["false_positives"] * events
    best = points[index == index.max()]
    balance = (best["sensitivity"] - best["specificity"]).abs().round(12)
    row = best.loc[balance[balance == balance.min()].index[-1]]
    hits, alarms = int(row["true_positives"]), int(row["false_positives"])
    return YoudenPoint(
        float(row["threshold"]),
        float(index.max() / (events * others)),
        share(hits, events, confidence),
        share(others - alarms, others, confidence),
        events + others,
        len(best),
    )
