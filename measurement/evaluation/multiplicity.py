"""Many outcomes, one chance in twenty each: which findings stand when all are counted?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from measurement.evaluation.permutation import Draws, differences
from measurement.resampling import cluster_sums

RULES = ("none", "holm", "bh")


def adjusted(p: Sequence[float] | np.ndarray, rule: str = "holm") -> np.ndarray:
    """Adjusted p-values in the order given; NaN (no test was made) stays NaN and does not count.

    "holm": chance of any false finding; "bh": expected share of false findings among those made;
    "none": as they are. (The ``multipletests`` of statsmodels gives the same, but sweeps
    the whole memory at each call.)
    Source: Holm (1979), Scand. J. Stat. 6, 65–70; Benjamini & Hochberg (1995), J. R. Stat. Soc. B
    57, 289–300. Checked against R's ``p.adjust`` and statsmodels to 12 digits.
    """
    if rule not in RULES:
        raise ValueError(f"The rule for several tests must be one of {', '.join(RULES)}.")
    values = np.asarray(p, dtype=float)
    known = ~np.isnan(values)
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise ValueError("Each p must lie between 0 and 1, or be missing.")
    found = values.copy()
    if rule == "bh" and known.any():
        found[known] = stats.false_discovery_control(values[known], method="bh")
    elif rule == "holm":
        order = np.argsort(values[known], kind="stable")
        counted = values[known][order] * np.arange(len(order), 0, -1)
        found[np.flatnonzero(known)[order]] = np.minimum(np.maximum.accumulate(counted), 1.0)
    return found


def step_down(observed: np.ndarray, drawn: np.ndarray, exact: bool = False) -> np.ndarray:
    """Adjusted p-values of Westfall–Young / Romano–Wolf: step-down of the largest |statistic|.

    ``observed`` (outcomes), ``drawn`` (draws, outcomes) under the null, all on one scale (t). From
    the largest |observed| down, p is the share of draws whose largest |statistic| among it and
    all smaller ones is at least as large; never below the p before it. A sample counts what was
    seen as one of the draws. It uses that outcomes go together, and so loses less than Holm.
    Source: Westfall & Young (1993), Resampling-Based Multiple Testing, algorithm 2.8 (maxT);
    Romano & Wolf (2016), Stat. Probab. Lett. 113, 38–40. Checked by hand on four draws; with one
    outcome it is the permutation p, with identical outcomes nothing is lost.
    """
    size = np.abs(np.asarray(observed, dtype=float))
    if drawn.ndim != 2 or drawn.shape[1] != len(size) or len(drawn) == 0:
        raise ValueError("Draws need one row each and one column for each outcome.")
    order = np.argsort(-size, kind="stable")
    # Largest of each outcome and all after it, in that order.
    largest = np.maximum.accumulate(np.abs(drawn)[:, order[::-1]], axis=1)[:, ::-1]
    as_far = (largest >= size[order] * (1 - 1e-9)).sum(axis=0)
    p = as_far / len(drawn) if exact else (1 + as_far) / (1 + len(drawn))
    found = np.empty(len(size))
    found[order] = np.maximum.accumulate(p)
    return found


def westfall_young(
    residuals: pd.DataFrame, clusters: np.ndarray, side_of: np.ndarray, lots: Draws
) -> pd.Series:
    """Step-down p of several outcomes of one cluster trial, arms drawn again for all at once.

    ``residuals``: rows × outcomes, each free of baseline and blocks (``experiment.residuals``), NaN
    where not recorded; ``clusters``: code of each row (0 …); ``side_of``: arm of each cluster.
    Differences of means are put on one scale by their spread over the draws. NaN for outcomes
    without spread.
    """
    values = residuals.to_numpy(dtype=float)
    known = ~np.isnan(values)
    g = len(side_of)
    sums = cluster_sums(clusters, g, *np.where(known, values, 0.0).T)
    counts = cluster_sums(clusters, g, *known.astype(float).T)
    drawn = differences(lots.arms, sums, counts)
    seen = differences(side_of[None, :].astype(float), sums, counts)[0]
    spread = np.nanstd(np.where(np.isfinite(drawn), drawn, np.nan), axis=0)
    good = np.isfinite(seen) & (spread > 0)
    found = pd.Series(np.nan, index=residuals.columns)
    if good.any():
        scaled = np.nan_to_num(drawn[:, good] / spread[good], posinf=0.0, neginf=0.0)
        found[good] = step_down(seen[good] / spread[good], scaled, lots.exact)
    return found
