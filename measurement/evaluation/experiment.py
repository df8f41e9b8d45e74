"""Centres drawn by lot into two arms: how far apart are their outcomes?"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.evaluation.balance import balance, indicators, treated
from measurement.evaluation.permutation import differences, draws, p_value
from measurement.evaluation.robust import Regression, fit
from measurement.resampling import cluster_sums

ARM = "treated"


@dataclass(frozen=True)
class Trial:
    """What a cluster trial found.

    ``difference``: treated − control in the outcome's unit, adjusted, with ``p`` (NaN without
    interval). ``effect_size``: Hedges' g. ``randomisation_p``: two-sided, None when not asked for
    or not possible; ``exact`` when every possible lot was counted. ``icc``: of the outcome within
    arms, never clamped (NaN without). ``balance``: see ``balance.balance``. ``flow``: step, rows,
    clusters.
    """

    difference: Estimate
    p: float
    effect_size: Estimate
    randomisation_p: float | None
    exact: bool
    icc: float
    balance: pd.DataFrame
    flow: pd.DataFrame
    regression: Regression | None = None


def cluster_trial(  # noqa: PLR0913 — each argument is the role that one column plays
    frame: pd.DataFrame,
    outcome: str,
    arm: str,
    cluster: str,
    *,
    baseline: str | None = None,
    covariates: Sequence[str] = (),
    strata: str | None = None,
    pairs: str | None = None,
    treatment: Hashable = None,
    rng: np.random.Generator | None = None,
    resamples: int = 2000,
    confidence: float = 0.95,
) -> Trial:
    """Difference of two arms of clusters, adjusted for baseline and covariates (ANCOVA, CR2).

    ``frame``: one row per unit; arms must not mix within a cluster. ``strata``: clusters were drawn
    within them (fixed effects; draws stay within them). ``pairs``: one cluster of each pair was
    drawn (fixed effects, errors by pair: with equal clusters this is the paired t test; errors by
    cluster would be too small, de Chaisemartin & Ramirez-Cuellar 2024, Am. Econ. J. Appl. Econ. 16,
    193–212). Rows with a gap in any column used are left out and ``flow`` counts them.
    Randomisation test (with ``rng``): mean difference of the residuals of a regression without
    the arm, over lots drawn again; it holds whatever the distribution.
    g = ω · difference / s · √(1 − 2(n̄−1)ρ / (N−2)), s pooled within arms, ω = 1 − 3/(4h−1), h the
    effective degrees of freedom; SE² = (ω SE / s)² + g² / 2h.
    Source: Hedges (2007), J. Educ. Behav. Stat. 32, 341–370; Raudenbush (1997), Psychol. Methods
    2, 173–185; Rosenbaum (2002), Stat. Sci. 17, 286–327. Checked: paired t test of scipy to 10
    digits; the exact test against all draws counted by hand; p uniform under the null.
    """
    alpha = tail(confidence)
    if strata and pairs:
        raise ValueError("Give either strata or pairs: each pair is a stratum of its own.")
    block = strata or pairs
    used = [c for c in (outcome, arm, cluster, baseline, block, *covariates) if c]
    _need(frame, used)
    steps = {
        "given": frame,
        "with outcome, arm and cluster": frame.dropna(subset=[outcome, arm, cluster]),
        "with every column of the plan": frame.dropna(subset=used),
    }
    flow = pd.DataFrame(
        [(step, len(part), part[cluster].nunique()) for step, part in steps.items()],
        columns=["step", "rows", "clusters"],
    )
    before = [c for c in (baseline, *covariates) if c]
    known = frame.dropna(subset=[arm])
    alike = balance(known, treated(known[arm], treatment), before)
    rows = steps["with every column of the plan"].reset_index(drop=True)
    side = treated(rows[arm], treatment)
    side_of, codes = _sides(rows[cluster], side)
    reason = _why_not(frame, rows, outcome, side_of)
    if reason:
        none = Estimate.insufficient(reason, len(rows), len(side_of))
        return Trial(none, np.nan, none, None, False, np.nan, alike, flow)

    x = indicators(rows[before])
    y = rows[outcome].to_numpy(dtype=float)
    found = fit(
        y,
        pd.concat([pd.DataFrame({ARM: side}), x], axis=1),
        rows[pairs or cluster],
        absorb=rows[block] if block else None,
        confidence=confidence,
    )
    difference = found.estimate(ARM)
    row = found.coefficients[found.coefficients["name"] == ARM]
    g, icc = _effect_size(difference, row, y, side, codes, alpha)
    p, exact = None, False
    if rng is not None and difference.sufficient:
        at = pd.Series(codes).drop_duplicates().index
        blocks = rows[block].iloc[at].to_numpy() if block else np.zeros(len(at))
        lots = draws(side_of, blocks, rng, resamples)
        errors = residuals(y, x, rows[block] if block else None)
        sums = cluster_sums(codes, len(side_of), errors, np.ones(len(y)))
        seen = differences(side_of[None, :], sums[:, :1], sums[:, 1:])[0, 0]
        drawn = differences(lots.arms, sums[:, :1], sums[:, 1:])[:, 0]
        p, exact = p_value(seen, drawn, lots.exact), lots.exact
    p_t = float(row["p"].iloc[0]) if len(row) else np.nan
    return Trial(difference, p_t, g, p, exact, icc, alike, flow, found)


def residuals(y: np.ndarray, x: pd.DataFrame, block: pd.Series | None) -> np.ndarray:
    """What baseline, covariates and blocks (or a constant) leave of y, the arm not among them."""
    codes = pd.factorize(block)[0] if block is not None else np.zeros(len(y), dtype=int)
    columns = np.column_stack([y, x.to_numpy(dtype=float)])
    counts = np.bincount(codes)
    means = np.column_stack([np.bincount(codes, c) / counts for c in columns.T])
    within = columns - means[codes]
    if within.shape[1] == 1:
        return within[:, 0]
    return within[:, 0] - within[:, 1:] @ np.linalg.lstsq(within[:, 1:], within[:, 0])[0]


def anova_icc(y: np.ndarray, side: np.ndarray, codes: np.ndarray) -> tuple[float, float]:
    """Intraclass correlation of clusters within arms, and the cluster size n₀ that it goes with.

    (MSB − MSW) / (MSB + (n₀−1) MSW) by analysis of variance; NaN where nothing varies or no
    cluster has two rows.
    Source: Donner & Klar (2000), Design and Analysis of Cluster Randomization Trials, ch. 1.
    """
    counts, g = np.bincount(codes), codes.max() + 1
    n, arms = len(y), len(np.unique(side))
    cluster_means = np.bincount(codes, y) / counts
    arm_of = np.zeros(g)
    arm_of[codes] = side
    grand = np.zeros(len(y))
    size = n / g
    if n > g > arms:
        size = 0.0
        for arm in np.unique(side):
            mine = counts[arm_of == arm]
            grand[side == arm] = y[side == arm].mean()
            size += (mine**2).sum() / mine.sum()
        size = (n - size) / (g - arms)
        between = ((cluster_means[codes] - grand) ** 2).sum() / (g - arms)
        within = ((y - cluster_means[codes]) ** 2).sum() / (n - g)
        total = between + (size - 1) * within
        return (float((between - within) / total) if total > 0 else np.nan), float(size)
    return np.nan, float(size)


def _effect_size(
    difference: Estimate,
    row: pd.DataFrame,
    y: np.ndarray,
    side: np.ndarray,
    codes: np.ndarray,
    alpha: float,
) -> tuple[Estimate, float]:
    icc, size = anova_icc(y, side, codes)
    n, g = difference.n, int(codes.max()) + 1
    if difference.value is None:
        return difference, icc
    groups = [y[side == arm] for arm in (1.0, 0.0)]
    within = sum(((group - group.mean()) ** 2).sum() for group in groups) / (n - 2)
    if within <= 0:
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n, g), icc
    s, rho = np.sqrt(within), 0.0 if np.isnan(icc) else icc
    left = (n - 2) - 2 * (size - 1) * rho
    # Effective degrees of freedom of s² (Hedges 2007, eq. 29): N − 2 for independent rows.
    h = left**2 / (
        (n - 2) * (1 - rho) ** 2
        + size * (n - 2 * size) * rho**2
        + 2 * (n - 2 * size) * rho * (1 - rho)
    )
    scale = (1 - 3 / (4 * h - 1)) / s * np.sqrt(max(left, 0.0) / (n - 2))
    value, method = difference.value * scale, "Hedges g, clusters, total SD within arms"
    if difference.low is None or left <= 0:
        reason = difference.reason or Reason.FEW_CLUSTERS
        return Estimate(value, None, None, n, g, reason, method), icc
    se, df = row["se"].iloc[0] * scale, row["df"].iloc[0]
    half = stats.t.isf(alpha, df) * np.sqrt(se**2 + value**2 / (2 * h))
    return Estimate(value, value - half, value + half, n, g, method=method), icc


def _sides(clusters: pd.Series, side: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Arm of each cluster in order of appearance, and the cluster code of each row."""
    codes, names = pd.factorize(clusters)
    found = np.zeros(len(names))
    found[codes] = side
    mixed = found[codes] != side
    if mixed.any():
        raise ValueError(f"Cluster {names[codes[mixed][0]]} stands in both arms.")
    return found, codes


def _why_not(
    frame: pd.DataFrame, rows: pd.DataFrame, outcome: str, side_of: np.ndarray
) -> Reason | None:
    if len(rows) == 0:
        return Reason.ALL_MISSING if len(frame) else Reason.TOO_FEW_ROWS
    if len(np.unique(side_of)) < 2:
        return Reason.ONE_GROUP
    if min(side_of.sum(), (1 - side_of).sum()) < 2:
        return Reason.LONELY_CLUSTER
    return Reason.ZERO_VARIANCE if np.ptp(rows[outcome].to_numpy(dtype=float)) == 0 else None


def _need(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ValueError(f"The data lack these columns: {', '.join(absent)}.")
