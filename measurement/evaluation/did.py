"""Differences in differences: did those who were mentored change more than those who were not?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason
from measurement.evaluation.balance import indicators
from measurement.evaluation.panel import positions
from measurement.evaluation.robust import Regression, Wald, fit, wald

EFFECT = "effect"
EVENT_COLUMNS = ["event", "estimate", "se", "df", "low", "high", "p"]
BACON_COLUMNS = ["kind", "treated", "control", "weight", "estimate"]


@dataclass(frozen=True)
class Difference:
    """An effect with its p (NaN without interval) and the regression that it comes from."""

    effect: Estimate
    p: float
    regression: Regression | None = None


@dataclass(frozen=True)
class Events:
    """Effects by time since the start, −1 being 0 by definition.

    ``effects``: EVENT_COLUMNS. ``pre_trend``: joint test that all leads before −1 are zero; None
    without leads. A test that finds nothing is no proof of parallel trends (Roth 2022, Am. Econ.
    Rev. Insights 4, 305–322).
    """

    effects: pd.DataFrame
    pre_trend: Wald | None
    regression: Regression | None
    reason: str = ""


def two_by_two(
    frame: pd.DataFrame,
    outcome: str,
    arm: str,
    after: str,
    cluster: str,
    covariates: Sequence[str] = (),
    confidence: float = 0.95,
) -> Difference:
    """Change of the treated − change of the controls, from rows before and after.

    ``arm`` and ``after``: 0 or 1 in each row. y = a + b·arm + c·after + d·arm·after (+ covariates)
    with CR2 by cluster; d is the effect. Without covariates it is the difference of four means;
    rows before and after need not be the same rooms.
    Source: Angrist & Pischke (2009), Mostly Harmless Econometrics, ch. 5.2. Checked against the
    four means and, for a balanced panel, against the t test of changes.
    """
    used = [outcome, arm, after, cluster, *covariates]
    rows = _complete(frame, used)
    side, late = (_zero_one(rows[name], name) for name in (arm, after))
    reason = _missing(frame, rows)
    if not reason and late.min() == late.max():
        reason = Reason.ONE_PERIOD
    elif not reason and side.min() == side.max():
        reason = Reason.ONE_GROUP
    if reason:
        return _nothing(reason, rows, cluster)
    x = pd.DataFrame({"arm": side, "after": late, EFFECT: side * late})
    x = pd.concat([x, indicators(rows[list(covariates)])], axis=1)
    found = fit(rows[outcome], x, rows[cluster], confidence=confidence)
    return Difference(found.estimate(EFFECT), _p(found, EFFECT), found)


def two_way(  # noqa: PLR0913 — each of the first arguments is the role that one column plays
    frame: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    *,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    confidence: float = 0.95,
) -> Difference:
    """Two-way fixed effects: y = unit + period + effect · treated (+ covariates), CR2 by cluster.

    ``treated``: 0 or 1 (or a dose), for the unit in that period. ``cluster``: the unit itself if
    not given. Where units start at different times and effects grow, this weighs some comparisons
    with units already treated, and may be far from any effect: see ``bacon`` and use
    ``staggered.att``.
    Source: Pustejovsky & Tipton (2018), J. Bus. Econ. Stat. 36, 672–683; Goodman-Bacon (2021), J.
    Econom. 225, 254–277. Checked against R clubSandwich 0.5.8 on its mortality rates to 9 digits.
    """
    group = cluster or unit
    rows = _complete(frame, [outcome, unit, period, treated, group, *covariates])
    reason = _missing(frame, rows)
    if not reason and rows[period].nunique() < 2:
        reason = Reason.ONE_PERIOD
    elif not reason and rows[treated].nunique() < 2:
        reason = Reason.ONE_GROUP
    if reason:
        return _nothing(reason, rows, group)
    x = pd.DataFrame({EFFECT: rows[treated].astype(float)})
    x = pd.concat([x, indicators(rows[list(covariates)])], axis=1)
    effects = rows[[unit, period]]
    found = fit(rows[outcome], x, rows[group], absorb=effects, confidence=confidence)
    return Difference(found.estimate(EFFECT), _p(found, EFFECT), found)


def event_study(
    frame: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    first: str,
    cluster: str | None = None,
) -> Events:
    """Two-way fixed effects with one column per period before and after the start.

    ``first``: the period in which the unit's treatment began (missing: never). Event time counts
    periods as they follow each other in the data; −1 is left out, as is the earliest lead when
    every unit starts sometime. Meant for one common start; with several see ``staggered.att``.
    Checked: with two groups and one start each coefficient is the difference of four means.
    """
    group = cluster or unit
    rows = _complete(frame, [outcome, unit, period, group])
    periods = sorted(rows[period].unique())
    start = positions(rows[first], periods)
    event = np.searchsorted(periods, rows[period]) - start
    reason = _missing(frame, rows)
    if not reason and len(periods) < 2:
        reason = Reason.ONE_PERIOD
    elif not reason and (start.isna().all() or event.nunique() < 2):
        reason = Reason.ONE_GROUP
    if reason:
        return Events(pd.DataFrame(columns=EVENT_COLUMNS), None, None, str(reason))
    times = [int(e) for e in sorted(event.dropna().unique()) if e != -1]
    if start.notna().all() and times[0] < -1:
        times = times[1:]
    x = pd.DataFrame({f"event {e}": event.eq(e).astype(float) for e in times})
    found = fit(rows[outcome], x, rows[group], absorb=rows[[unit, period]])
    if found.reason and found.coefficients.empty:
        return Events(pd.DataFrame(columns=EVENT_COLUMNS), None, found, found.reason)
    table = found.coefficients.set_index("name")
    effects = table.reindex(x.columns).set_axis(pd.Index(times, name="event")).reset_index()
    leads = [f"event {e}" for e in times if e < -1 and f"event {e}" in table.index]
    return Events(effects[EVENT_COLUMNS], wald(found, leads), found)


def bacon(
    frame: pd.DataFrame, outcome: str, unit: str, period: str, first: str
) -> pd.DataFrame | None:
    """What the two-way fixed effects estimate is made of, BACON_COLUMNS.

    One row per comparison of two groups by start: kind "never" (never treated as control),
    "later" (not yet treated) or "earlier" (already treated, the doubtful ones); the estimate is
    the sum of weight × estimate. None unless every unit is seen in every period. Units treated
    from the first period on serve as controls only.
    Source: Goodman-Bacon (2021), J. Econom. 225, 254–277, theorem 1. Checked: weights add to 1
    and the sum equals ``two_way`` to 10 digits.
    """
    wide = frame.pivot(index=unit, columns=period, values=outcome).sort_index(axis=1)
    if wide.isna().any(axis=None) or wide.shape[1] < 2:
        return None
    first_of = frame.groupby(unit)[first].first().reindex(wide.index)
    starts = positions(first_of, wide.columns)
    y, t = wide.to_numpy(dtype=float), wide.shape[1]
    groups = {start: y[starts == start].mean(axis=0) for start in sorted(starts.dropna().unique())}
    share = {start: float((starts == start).mean()) for start in groups}
    if starts.isna().any():
        groups[np.inf], share[np.inf] = y[starts.isna()].mean(axis=0), float(starts.isna().mean())
    names = dict(enumerate(wide.columns))
    found = []
    for own in (start for start in groups if 0 < start < t):
        for other, level in groups.items():
            if own != other:
                window = _window(own, other, t)
                weight = share[own] * share[other] * window.before * window.after
                gap = groups[own] - level
                estimate = gap[window.late].mean() - gap[window.early].mean()
                found.append((window.kind, names[int(own)], names.get(other), weight, estimate))
    table = pd.DataFrame(found, columns=BACON_COLUMNS)
    table = table[table["weight"] > 0].reset_index(drop=True)
    if table.empty:
        return None
    table["weight"] /= table["weight"].sum()
    return table


@dataclass(frozen=True)
class _Window:
    """Periods of one two-by-two comparison, as shares of all and as slices."""

    kind: str
    early: slice
    late: slice
    before: float
    after: float


def _window(own: float, other: float, t: int) -> _Window:
    start = int(own)
    if other == np.inf or other >= t:
        return _Window("never", slice(0, start), slice(start, t), start / t, 1 - start / t)
    end = int(other)
    if other > own:
        return _Window("later", slice(0, start), slice(start, end), start / t, (end - start) / t)
    return _Window("earlier", slice(max(end, 0), start), slice(start, t), (start - end) / t,
                   1 - start / t)  # fmt: skip


def _complete(frame: pd.DataFrame, used: Sequence[str]) -> pd.DataFrame:
    absent = [column for column in used if column not in frame.columns]
    if absent:
        raise ValueError(f"The data lack these columns: {', '.join(absent)}.")
    return frame.dropna(subset=list(dict.fromkeys(used))).reset_index(drop=True)


def _zero_one(column: pd.Series, name: str) -> np.ndarray:
    values = column.to_numpy(dtype=float)
    if not np.isin(values, (0, 1)).all():
        raise ValueError(f"The column {name} must hold 0 or 1.")
    return values


def _missing(frame: pd.DataFrame, rows: pd.DataFrame) -> Reason | None:
    if len(rows):
        return None
    return Reason.ALL_MISSING if len(frame) else Reason.TOO_FEW_ROWS


def _nothing(reason: Reason, rows: pd.DataFrame, cluster: str) -> Difference:
    return Difference(Estimate.insufficient(reason, len(rows), rows[cluster].nunique()), np.nan)


def _p(found: Regression, name: str) -> float:
    row = found.coefficients.loc[found.coefficients["name"] == name, "p"]
    return float(row.iloc[0]) if len(row) else np.nan
