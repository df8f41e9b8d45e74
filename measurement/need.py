"""Which rooms will need a mentor most? Ranked by a model only where it beats the last score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from measurement.estimates import Estimate, Reason, tail
from measurement.evaluation.robust import INTERCEPT, fit
from measurement.resampling import cluster_sums, cluster_weights

MINIMUM_ROOMS = 100
MINIMUM_CLUSTERS = 20
PENALTIES = np.geomspace(0.1, 10000, 6)
BIN_COLUMNS = ["bin", "n", "clusters", "expected", "seen", "low", "high"]
RANKING_COLUMNS = [
    *("room", "centre", "score", "expected", "low", "high"),
    *("rank", "rank_low", "rank_high"),
]
MODEL, LAST_SCORE = "model", "last score"


@dataclass(frozen=True)
class Calibration:
    """Seen on expected: 1 and 0 where what was foretold comes true on average.

    A ``slope`` below 1: predictions are too far apart (fitted too closely); a Reason where
    predictions do not vary. ``bins``: BIN_COLUMNS, tenths of the predictions, mean foretold and
    mean seen with its interval by centre.
    """

    slope: Estimate
    intercept: Estimate
    bins: pd.DataFrame


@dataclass(frozen=True)
class Need:
    """What the ranking is made with, and the ranking.

    ``used``: MODEL where its gain is above 0 with its whole interval, else LAST_SCORE. ``gain``:
    R² of the model less that of the last score alone, both in centres that neither was fitted on.
    ``calibration`` of the one used. ``ranking``: RANKING_COLUMNS, rank 1 the lowest score expected;
    low and high hold the next score, rank_low and rank_high the rank that it will have, with the
    confidence asked for. Empty with a ``reason``.
    """

    used: str
    gain: Estimate
    r2_model: Estimate
    r2_last_score: Estimate
    calibration: Calibration | None
    ranking: pd.DataFrame
    reason: str = ""

    @property
    def better(self) -> bool:
        """Does the model foretell better than the last score does?"""
        return self.used == MODEL


def rank_need(
    history: pd.DataFrame,
    current: pd.DataFrame,
    features: Sequence[str],
    rng: np.random.Generator,
    folds: int = 5,
    resamples: int = 1000,
    confidence: float = 0.9,
) -> Need:
    """Ranks the rooms of ``current`` by the score expected of them next.

    ``history``: room, centre, score (known then), following (the score that came after) and the
    features, one row per room and stretch; ``current``: room, centre, score and the features, one
    row per room. Model: ridge regression of following on score and features, standardised, gaps
    filled with the median and marked; its penalty chosen within each training part (nested), whole
    centres always on one side (GroupKFold in both loops). Rival: a line on the last score alone,
    fitted the same way: it already carries the return to the mean. Interval of R² and gain: value
    ± t(G−1) · SD over resamples of whole centres, the fitted models held fixed.
    Next scores: expected ± quantiles of errors made in unseen centres; ranks by adding
    such errors to all rooms many times. Neighbours whose rank intervals overlap do not differ.
    Source: Hoerl & Kennard (1970), Technometrics 12, 55–67; Varma & Simon (2006), BMC Bioinform. 7,
    91 (nested); Steyerberg et al. (2010), Epidemiology 21, 128–138 (calibration). Checked by
    simulation: features of chance are not called better, features that matter are; slope 1.
    """
    alpha = tail(confidence)
    columns = ["score", *features]
    _need(history, ["room", "centre", "following", *columns], "Rows of the history")
    _need(current, ["room", "centre", *columns], "Current rooms")
    if not features or "score" in features:
        raise ValueError("Name the features that the model may use beside the last score.")
    if folds < 2:
        raise ValueError("Cross-validation needs at least two folds.")
    rows = history.dropna(subset=["centre", "score", "following"]).reset_index(drop=True)
    now = current.dropna(subset=["score"]).reset_index(drop=True)
    y, (codes, names) = rows["following"].to_numpy(dtype=float), pd.factorize(rows["centre"])
    n, g = len(rows), len(names)
    reason = _why_not(rows, now, g, max(MINIMUM_CLUSTERS, 2 * folds))
    if reason:
        none = Estimate.insufficient(reason, n, g)
        empty = pd.DataFrame(columns=RANKING_COLUMNS)
        return Need(LAST_SCORE, none, none, none, None, empty, str(reason))
    known = [c for c in columns if rows[c].nunique() > 1]
    x, last = (rows[c].to_numpy(dtype=float) for c in (known, ["score"]))
    model, rival = _ridge(), _ridge()
    foretold = {
        MODEL: _unseen(model, x, y, codes, folds),
        LAST_SCORE: _unseen(rival, last, y, codes, folds),
    }
    r2_model, r2_last, gain = _gain(y, foretold, codes, rng, resamples, alpha)
    used = MODEL if gain.low is not None and gain.low > 0 else LAST_SCORE
    chosen, design = (model, known) if used == MODEL else (rival, ["score"])
    fitted = _fitted(chosen, rows[design].to_numpy(dtype=float), y, codes, folds)
    expected = fitted.predict(now[design].to_numpy(dtype=float))
    errors = y - foretold[used]
    ranking = _ranking(now, expected, errors, rng, resamples, alpha)
    calibration = _calibration(y, foretold[used], rows["centre"], confidence)
    return Need(used, gain, r2_model, r2_last, calibration, ranking)


def _why_not(rows: pd.DataFrame, now: pd.DataFrame, g: int, least: int) -> Reason | None:
    if len(rows) == 0 or len(now) == 0:
        return Reason.ALL_MISSING
    if len(rows) < MINIMUM_ROOMS:
        return Reason.TOO_FEW_ROWS
    if g < least:
        return Reason.TOO_FEW_CLUSTERS
    flat = rows["following"].nunique() < 2 or rows["score"].nunique() < 2
    return Reason.ZERO_VARIANCE if flat else None


def _ridge() -> Pipeline:
    # Gaps of a feature say something too (never observed, never mentored).
    filled = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(filled, StandardScaler(), Ridge())


def _fitted(
    model: Pipeline, x: np.ndarray, y: np.ndarray, codes: np.ndarray, folds: int
) -> GridSearchCV:
    """The model with the penalty that does best in centres that it was not fitted on."""
    inner = list(GroupKFold(folds).split(x, y, codes))
    search = GridSearchCV(
        model, {"ridge__alpha": PENALTIES}, scoring="neg_mean_squared_error", cv=inner
    )
    return search.fit(x, y)


def _unseen(
    model: Pipeline, x: np.ndarray, y: np.ndarray, codes: np.ndarray, folds: int
) -> np.ndarray:
    """What is foretold of each row by a model that saw nothing of its centre."""
    foretold = np.empty(len(y))
    for train, judge in GroupKFold(folds).split(x, y, codes):
        fitted = _fitted(model, x[train], y[train], codes[train], folds)
        foretold[judge] = fitted.predict(x[judge])
    return foretold


def _gain(
    y: np.ndarray,
    foretold: dict[str, np.ndarray],
    codes: np.ndarray,
    rng: np.random.Generator,
    resamples: int,
    alpha: float,
) -> tuple[Estimate, Estimate, Estimate]:
    g, n = int(codes.max()) + 1, len(y)
    squares = [(y - foretold[name]) ** 2 for name in (MODEL, LAST_SCORE)]
    sums = cluster_sums(codes, g, np.ones(n), y, y**2, *squares)

    def figures(part: np.ndarray) -> np.ndarray:
        """R² of both and the gain, from Σ1, Σy, Σy² and both sums of squared errors."""
        count, total, square, *lost = part.T
        r2 = [1 - one / (square - total**2 / count) for one in lost]
        return np.column_stack([*r2, r2[0] - r2[1]])

    value = figures(sums.sum(axis=0)[None, :])[0]
    drawn = figures(cluster_weights(rng, g, resamples) @ sums)
    half = stats.t.isf(alpha, g - 1) * drawn.std(axis=0, ddof=1)
    method = "nested GroupKFold by centre, cluster bootstrap"
    found = [
        Estimate(v, v - h, v + h, n, g, method=method) for v, h in zip(value, half, strict=True)
    ]
    return found[0], found[1], found[2]


def _calibration(
    y: np.ndarray, expected: np.ndarray, centres: pd.Series, confidence: float
) -> Calibration:
    line = fit(y, pd.DataFrame({"slope": expected}), centres, confidence=confidence)
    slope, intercept = line.estimate("slope"), line.estimate(INTERCEPT)
    tenth = pd.qcut(expected, 10, labels=False, duplicates="drop")
    rows = []
    for i in sorted(set(tenth)):
        mask = tenth == i
        part = fit(y[mask], pd.DataFrame(index=range(int(mask.sum()))), centres[mask],
                   confidence=confidence).estimate(INTERCEPT)  # fmt: skip
        facts = (i + 1, int(mask.sum()), centres[mask].nunique(), expected[mask].mean())
        rows.append((*facts, y[mask].mean(), part.low, part.high))
    return Calibration(slope, intercept, pd.DataFrame(rows, columns=BIN_COLUMNS))


def _ranking(
    now: pd.DataFrame,
    expected: np.ndarray,
    errors: np.ndarray,
    rng: np.random.Generator,
    resamples: int,
    alpha: float,
) -> pd.DataFrame:
    ends = np.quantile(errors, [alpha, 1 - alpha])
    found = now[["room", "centre", "score"]].copy()
    found["expected"] = expected
    found["low"], found["high"] = expected + ends[0], expected + ends[1]
    ranks = np.empty((resamples, len(now)), dtype=np.int32)
    for i in range(resamples):
        drawn = expected + rng.choice(errors, len(now))
        ranks[i, np.argsort(drawn, kind="stable")] = np.arange(1, len(now) + 1)
    found["rank"] = stats.rankdata(expected, method="min").astype(int)
    low, high = np.quantile(ranks, [alpha, 1 - alpha], axis=0, method="nearest")
    # The first of many is seldom first again; its interval holds its own rank nevertheless.
    found["rank_low"] = np.minimum(low, found["rank"]).astype(int)
    found["rank_high"] = np.maximum(high, found["rank"]).astype(int)
    return found[RANKING_COLUMNS].sort_values(["rank", "room"], ignore_index=True)


def _need(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ValueError(f"{name} lack these columns: {', '.join(absent)}.")
