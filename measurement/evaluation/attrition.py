"""Those who were there at the start and not at the end: how much does it matter?"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import brentq

from measurement.estimates import Estimate, Reason, tail
from measurement.evaluation.balance import indicators, treated
from measurement.evaluation.matching import propensity_logit
from measurement.resampling import cluster_weights

# Highest differential attrition (percentage points) that counts as low at overall attrition of 0,
# 1, 2 … percent: What Works Clearinghouse Standards Handbook 4.1 (2020), table II.1.
CAUTIOUS = [
    *(5.7, 5.8, 5.9, 5.9, 6.0, 6.1, 6.2, 6.3, 6.3, 6.3, 6.3, 6.2, 6.2, 6.1, 6.0, 5.9, 5.9, 5.8),
    *(5.7, 5.5, 5.4, 5.3, 5.2, 5.1, 4.9, 4.8, 4.7, 4.5, 4.4, 4.3, 4.1, 4.0, 3.8, 3.6, 3.5, 3.3),
    *(3.2, 3.1, 2.9, 2.8, 2.6, 2.5, 2.3, 2.1, 2.0, 1.8, 1.6, 1.5, 1.3, 1.2, 1.0, 0.9, 0.7, 0.6),
    *(0.4, 0.3, 0.2, 0.0),
]
OPTIMISTIC = [
    *(10.0, 10.1, 10.2, 10.3, 10.4, 10.5, 10.7, 10.8, 10.9, 10.9, 10.9, 10.9, 10.9, 10.8, 10.8),
    *(10.7, 10.6, 10.5, 10.3, 10.2, 10.0, 9.9, 9.7, 9.5, 9.4, 9.2, 9.0, 8.8, 8.6, 8.4, 8.2, 8.0),
    *(7.8, 7.6, 7.4, 7.2, 7.0, 6.7, 6.5, 6.3, 6.0, 5.8, 5.6, 5.3, 5.1, 4.9, 4.6, 4.4, 4.2, 3.9),
    *(3.7, 3.5, 3.2, 3.0, 2.8, 2.6, 2.3, 2.1, 1.9, 1.6, 1.4, 1.1, 0.9, 0.7, 0.5, 0.3),
]


@dataclass(frozen=True)
class Attrition:
    """Shares lost, 0 to 1; ``differential`` = |treated − control|.

    ``boundary``: "low" (also by the cautious boundary), "depends" (only by the optimistic one: low
    if mentoring itself is unlikely to have moved people to leave) or "high". ``arms``: arm, given,
    seen, lost.
    """

    overall: float
    differential: float
    boundary: str
    arms: pd.DataFrame
    reason: str = ""


def attrition(
    arm: pd.Series, seen: Sequence[bool] | np.ndarray, treatment: Hashable = None
) -> Attrition:
    """Overall and differential attrition, set against the boundaries of the WWC.

    ``arm``: of everyone at the start; ``seen``: True where the outcome is there. Call it once for
    centres and once for rooms. Between whole percentages the boundary is interpolated (own).
    Source: What Works Clearinghouse Standards Handbook 4.1 (2020), table II.1; Deke & Chiang
    (2017), Eval. Rev. 41, 130–154. Checked against the table.
    """
    there = np.asarray(seen, dtype=bool)
    if len(there) != len(arm):
        raise ValueError("Arm and outcome must have one entry for each row.")
    side = treated(arm, treatment)
    known = ~np.isnan(side)
    names = (("treated", 1.0), ("control", 0.0))
    rows = [(name, int((side == s).sum()), int(there[side == s].sum())) for name, s in names]
    arms = pd.DataFrame(rows, columns=["arm", "given", "seen"])
    if (arms["given"] == 0).any():
        reason = Reason.ONE_GROUP if known.any() else Reason.TOO_FEW_ROWS
        return Attrition(np.nan, np.nan, "", arms, str(reason))
    arms["lost"] = (arms["given"] - arms["seen"]) / arms["given"]
    overall = float((~there[known]).mean())
    differential = float(abs(arms["lost"].iloc[0] - arms["lost"].iloc[1]))
    return Attrition(overall, differential, _boundary(overall, differential), arms)


def _boundary(overall: float, differential: float) -> str:
    for table, name in ((CAUTIOUS, "low"), (OPTIMISTIC, "depends")):
        highest = np.interp(100 * overall, np.arange(len(table)), table, right=-1.0)
        if 100 * differential <= highest + 1e-9:
            return name
    return "high"


@dataclass(frozen=True)
class LeeBounds:
    """Lowest and highest effect on those who would be seen in either arm.

    ``low`` and ``high``: value with its own interval; ``interval``: covers the effect itself at
    the level asked for (None where a bound has none). ``trimmed``: share cut from the arm of
    which more was seen.
    """

    low: Estimate
    high: Estimate
    interval: tuple[float, float] | None
    trimmed: float


def lee_bounds(
    outcome: Sequence[float] | np.ndarray,
    arm: pd.Series,
    clusters: Sequence[Hashable] | np.ndarray | pd.Series,
    rng: np.random.Generator,
    resamples: int = 1000,
    confidence: float = 0.95,
    treatment: Hashable = None,
) -> LeeBounds:
    """Bounds of the effect when one arm lost more: the best, or the worst, are cut from the other.

    ``outcome``: NaN where lost. Share cut q = (seen_more − seen_less) / seen_more, from the top and
    from the bottom; the row on the border counts in part. Assumes that treatment moves people in
    one direction only (to stay, or to leave). SE: bootstrap of clusters; ``interval`` of Imbens &
    Manski (2004), Econometrica 72, 1845–1857.
    Source: Lee (2009), Rev. Econ. Stud. 76, 1071–1102. Checked by hand; the bounds hold the true
    effect in simulation.
    """
    alpha = tail(confidence)
    y, side = np.asarray(outcome, dtype=float), treated(arm, treatment)
    if not len(y) == len(side) == len(np.asarray(clusters)):
        raise ValueError("Outcome, arm and clusters must have one entry for each row.")
    codes, names = pd.factorize(np.asarray(clusters))
    known = ~np.isnan(side)
    y, side, codes = y[known], side[known], codes[known]
    n, g = int((~np.isnan(y)).sum()), len(names)

    def without(reason: Reason) -> LeeBounds:
        none = Estimate.insufficient(reason, n, g)
        return LeeBounds(none, none, None, np.nan)

    if n == 0:
        return without(Reason.ALL_MISSING if len(y) else Reason.TOO_FEW_ROWS)
    if min((~np.isnan(y[side == s])).sum() for s in (1.0, 0.0)) == 0:
        return without(Reason.ONE_GROUP)
    if g < 3:
        return without(Reason.TOO_FEW_CLUSTERS)
    value = _bounds(y, side, np.ones((1, len(y))))[0]
    # A hundred at a time: all at once would hold a number for each row and resample.
    sizes = np.diff([*range(0, resamples, 100), resamples])
    drawn = np.concatenate(
        [_bounds(y, side, cluster_weights(rng, g, int(k))[:, codes]) for k in sizes]
    )
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    if len(drawn) < 0.9 * resamples:
        return without(Reason.FEW_CLUSTERS)
    se = drawn[:, :2].std(axis=0, ddof=1)
    half, method = stats.t.isf(alpha, g - 1) * se, "Lee bounds, cluster bootstrap, t(G-1)"
    low, high = (
        Estimate(value[i], value[i] - half[i], value[i] + half[i], n, g, method=method)
        for i in (0, 1)
    )
    width = (value[1] - value[0]) / max(se.max(), 1e-300)
    c = brentq(lambda z: stats.norm.cdf(z + width) - stats.norm.cdf(-z) - confidence, 0, 10)
    return LeeBounds(low, high, (value[0] - c * se[0], value[1] + c * se[1]), float(value[2]))


def _bounds(y: np.ndarray, side: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Rows of low, high and share cut, one for each row of weights."""
    seen = ~np.isnan(y)
    share, means = {}, {}
    for arm in (1.0, 0.0):
        w = weights[:, side == arm]
        with np.errstate(invalid="ignore", divide="ignore"):
            share[arm] = (w @ seen[side == arm]) / w.sum(axis=1)
    more_treated = share[1.0] > share[0.0]
    with np.errstate(invalid="ignore", divide="ignore"):
        cut = np.abs(share[1.0] - share[0.0]) / np.maximum(share[1.0], share[0.0])
    for arm in (1.0, 0.0):
        mine = seen & (side == arm)
        own_cut = np.where(more_treated == (arm == 1.0), cut, 0.0)
        means[arm] = _trimmed(y[mine], weights[:, mine], own_cut)
    low = means[1.0][0] - means[0.0][1]
    high = means[1.0][1] - means[0.0][0]
    return np.column_stack([low, high, cut])


def _trimmed(y: np.ndarray, weights: np.ndarray, cut: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean without the highest share ``cut``, and without the lowest."""
    order = np.argsort(y, kind="stable")
    found = []
    for at in (order, order[::-1]):
        w = weights[:, at]
        kept = ((1 - cut) * w.sum(axis=1))[:, None]
        part = np.clip(kept - (np.cumsum(w, axis=1) - w), 0.0, w)
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append((part @ y[at]) / part.sum(axis=1))
    return found[0], found[1]


def response_weights(
    frame: pd.DataFrame, seen: str, predictors: Sequence[str]
) -> pd.Series | Reason:
    """1 / chance of being seen, by logistic regression on what was known at the start.

    Put the arm among the predictors. 0 for those not seen, NaN where a predictor is missing;
    scaled so that those seen add to their number. Use as ``weights`` of ``robust.fit``. A Reason
    where chances cannot be estimated (perfect separation) or everyone was seen (ONE_GROUP).
    Source: Wooldridge (2007), J. Econom. 141, 1281–1301. Checked against R's ``glm`` to 6
    digits.
    """
    rows = frame.dropna(subset=[seen, *predictors])
    there = rows[seen].astype(float).to_numpy()
    if len(rows) == 0:
        return Reason.ALL_MISSING if len(frame) else Reason.TOO_FEW_ROWS
    if there.min() == there.max():
        return Reason.ONE_GROUP
    x = indicators(rows[list(predictors)]).to_numpy(dtype=float)
    x = x[:, np.ptp(x, axis=0) > 0]
    logit = propensity_logit(x, there) if x.shape[1] else np.zeros(len(x))
    if isinstance(logit, Reason):
        return logit
    weight = np.where(there == 1, 1 + np.exp(-logit), 0.0)
    weight *= there.sum() / weight.sum()
    return pd.Series(weight, index=rows.index).reindex(frame.index)
