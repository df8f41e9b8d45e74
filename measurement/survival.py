"""How long until it is done? Times of which some have not ended yet."""

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import survdiff
from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning

from measurement.estimates import Estimate, Reason, tail
from measurement.evaluation.balance import indicators
from measurement.indicators import share

CURVE_COLUMNS = ["time", "at_risk", "events", "censored", "open", "low", "high"]
HAZARD_COLUMNS = ["name", "ratio", "low", "high", "p"]

Times = Sequence[float] | np.ndarray | pd.Series
Flags = Sequence[bool] | np.ndarray | pd.Series


@dataclass(frozen=True)
class Curve:
    """Kaplan–Meier estimate of the share still open.

    ``table``: CURVE_COLUMNS, one row per time at which something ended or was last seen; NaN ends
    where the share is 1 or 0. ``median``: time by which half are done; NOT_IDENTIFIED while the
    curve stays above one half, AT_BOUNDARY (value without interval) while its upper limit does.
    """

    table: pd.DataFrame
    median: Estimate
    n: int
    events: int
    reason: str = ""

    def open_after(self, time: float) -> float:
        """Share still open after this time; NaN beyond the last time seen while some are open."""
        before = self.table[self.table["time"] <= time]
        if len(before) == 0:
            return 1.0 if len(self.table) else np.nan
        last = before.iloc[-1]
        beyond = time > self.table["time"].max() and last["open"] > 0
        return np.nan if beyond else float(last["open"])


def kaplan_meier(time: Times, done: Flags, confidence: float = 0.95) -> Curve:
    """S(t) = Π (1 − d_i / n_i) with Greenwood's variance on the log(−log) scale.

    ``time``: days to the end, or to today for what is open; ``done``: True where it ended. Limits
    S^exp(±z·se), se² = Σ d/(n(n−d)) / (log S)²: they stay between 0 and 1. Median: first time with
    S ≤ ½ (midway to the next where S is ½ exactly); its interval: where the limits cross ½.
    Source: Kaplan & Meier (1958), J. Am. Stat. Assoc. 53, 457–481; Borgan & Liestøl (1990), Scand.
    J. Stat. 17, 35–41; Brookmeyer & Crowley (1982), Biometrics 38, 29–41. Checked against R
    survival 3.5 (``survfit``, conf.type "log-log") to 10 digits, medians with interval exactly.
    """
    alpha = tail(confidence)
    t, d = _times(time, done)
    if len(t) == 0:
        reason = Reason.ALL_MISSING if len(np.asarray(time)) else Reason.TOO_FEW_ROWS
        return Curve(pd.DataFrame(columns=CURVE_COLUMNS), Estimate.insufficient(reason, 0), 0, 0,
                     str(reason))  # fmt: skip
    at, codes = np.unique(t, return_inverse=True)
    events = np.bincount(codes, d, len(at))
    leaving = np.bincount(codes, minlength=len(at))
    at_risk = len(t) - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    open_ = np.cumprod(1 - events / at_risk)
    left = at_risk - events
    greenwood = np.cumsum(np.divide(events, at_risk * left, out=np.zeros(len(at)), where=left > 0))
    low, high = np.full(len(at), np.nan), np.full(len(at), np.nan)
    inner = (open_ > 0) & (open_ < 1)
    half = stats.norm.isf(alpha) * np.sqrt(greenwood[inner]) / np.abs(np.log(open_[inner]))
    low[inner], high[inner] = open_[inner] ** np.exp(half), open_[inner] ** np.exp(-half)
    table = pd.DataFrame(
        {"time": at, "at_risk": at_risk, "events": events.astype(int),
         "censored": (leaving - events).astype(int), "open": open_, "low": low, "high": high}
    )  # fmt: skip
    return Curve(table, _median(table, len(t), int(d.sum())), len(t), int(d.sum()))


def _median(table: pd.DataFrame, n: int, events: int) -> Estimate:
    method = "Kaplan-Meier, log(-log) limits"
    if events == 0:
        return Estimate.insufficient(Reason.NO_EVENTS, n)
    ends = [_crossing(table["time"], table[name]) for name in ("open", "low", "high")]
    if ends[0] is None:
        return Estimate.insufficient(Reason.NOT_IDENTIFIED, n)
    if ends[1] is None or ends[2] is None:
        return Estimate(ends[0], None, None, n, None, Reason.AT_BOUNDARY, method)
    return Estimate(ends[0], ends[1], ends[2], n, method=method)


def _crossing(times: pd.Series, curve: pd.Series) -> float | None:
    """First time at which the curve is at most ½; midway to its next step where it is ½."""
    values = curve.to_numpy()
    reached = np.flatnonzero(values <= 0.5 + 1e-12)
    if len(reached) == 0:
        return None
    first = reached[0]
    after = np.flatnonzero(values < 0.5 - 1e-12)
    if abs(values[first] - 0.5) <= 1e-12 and len(after):
        return float((times.iloc[first] + times.iloc[after[0]]) / 2)
    return float(times.iloc[first])


@dataclass(frozen=True)
class LogRank:
    """Are the times of several groups alike? χ², degrees of freedom and p (NaN: no test)."""

    statistic: float
    df: int
    p: float
    reason: str = ""


def log_rank(
    time: Times, done: Flags, group: Sequence[Hashable] | np.ndarray | pd.Series
) -> LogRank:
    """Log-rank test of equal curves, by statsmodels' ``survdiff``.

    Source: Mantel (1966), Cancer Chemother. Rep. 50, 163–170; Peto & Peto (1972), J. R. Stat. Soc.
    A 135, 185–207. Checked against R survival 3.5 (``survdiff``) to 8 digits.
    """
    labels = pd.Series(np.asarray(group))
    if len(labels) != len(np.asarray(time)) or labels.isna().any():
        raise ValueError("Every time needs the group that it belongs to.")
    t, d, kept = _kept(time, done)
    codes, names = pd.factorize(labels[kept], sort=True)
    reason = None
    if len(t) == 0:
        reason = Reason.ALL_MISSING if len(labels) else Reason.TOO_FEW_ROWS
    elif len(names) < 2:
        reason = Reason.ONE_GROUP
    elif not d.any():
        reason = Reason.NO_EVENTS
    if reason:
        return LogRank(np.nan, max(len(names) - 1, 0), np.nan, str(reason))
    try:
        statistic, p = survdiff(t, d.astype(int), codes)
    except np.linalg.LinAlgError:
        # A group that had left before anything ended cannot be compared.
        return LogRank(np.nan, len(names) - 1, np.nan, str(Reason.NOT_IDENTIFIED))
    return LogRank(float(statistic), len(names) - 1, float(p))


@dataclass(frozen=True)
class Hazards:
    """``table``: HAZARD_COLUMNS; a ratio above 1 means done sooner. Empty with a ``reason``."""

    table: pd.DataFrame
    n: int
    events: int
    clusters: int | None = None
    reason: str = ""


def cox(
    time: Times,
    done: Flags,
    covariates: pd.DataFrame,
    clusters: Sequence[Hashable] | np.ndarray | pd.Series | None = None,
    confidence: float = 0.95,
) -> Hazards:
    """Hazard ratios by Cox regression, by statsmodels' ``PHReg``.

    Labels become indicators; constant columns are left out. Ties by Efron; with ``clusters`` by
    Breslow, for which alone the library's influences are right: they are summed within clusters
    (Lin & Wei; no small-sample correction, so it wants some forty clusters).
    PERFECT_SEPARATION where a coefficient runs away, as with a group in which nothing ended.
    Source: Cox (1972), J. R. Stat. Soc. B 34, 187–220; Efron (1977), J. Am. Stat. Assoc. 72, 557–
    565; Lin & Wei (1989), J. Am. Stat. Assoc. 84, 1074–1078. Checked against R survival 3.5
    (``coxph``) with ties, plain and with clusters, to 7 digits.
    """
    alpha = tail(confidence)
    t, d, kept = _kept(time, done)
    x = indicators(covariates.reset_index(drop=True))
    kept = kept & x.notna().all(axis=1).to_numpy()
    t, d = (np.asarray(column, dtype=float)[kept] for column in (time, done))
    x = x[kept]
    x = x.loc[:, x.nunique() > 1]
    groups = None if clusters is None else pd.factorize(np.asarray(clusters)[kept])[0]
    n, events = len(t), int(d.sum())
    g = None if groups is None else int(groups.max(initial=-1)) + 1
    reason = None
    if n == 0:
        reason = Reason.ALL_MISSING if len(kept) else Reason.TOO_FEW_ROWS
    elif events == 0:
        reason = Reason.NO_EVENTS
    elif x.shape[1] == 0:
        reason = Reason.ZERO_VARIANCE
    elif events <= x.shape[1]:
        reason = Reason.TOO_FEW_ROWS
    elif np.linalg.matrix_rank(x - x.mean()) < x.shape[1]:
        reason = Reason.NOT_IDENTIFIED
    empty = pd.DataFrame(columns=HAZARD_COLUMNS)
    if reason:
        return Hazards(empty, n, events, g, str(reason))
    scale = x.std(ddof=0).to_numpy()
    found = _fitted(t, d, x.to_numpy() / scale, groups)
    if found is None:
        return Hazards(empty, n, events, g, str(Reason.PERFECT_SEPARATION))
    b, se = found[0] / scale, found[1] / scale
    half = stats.norm.isf(alpha) * se
    table = pd.DataFrame(
        {"name": list(x.columns), "ratio": np.exp(b), "low": np.exp(b - half),
         "high": np.exp(b + half), "p": 2 * stats.norm.sf(np.abs(b / se))}
    )  # fmt: skip
    return Hazards(table, n, events, g)


@dataclass(frozen=True)
class Overdue:
    """Counts at a day: ``open``, of these ``overdue``, ``done`` and of these ``done_late``.

    ``in_time``: share done by the due date among all whose due date has passed (Wilson; findings
    of one visit resemble each other, so it describes these). ``late``: Kaplan–Meier curve of days
    beyond the due date of those not done by then.
    """

    open: int
    overdue: int
    done: int
    done_late: int
    in_time: Estimate
    late: Curve


def overdue(due: Times, finished: Times, today: float, confidence: float = 0.95) -> Overdue:
    """What is late on the day ``today``. ``due`` and ``finished``: ordinal days, finished NaN or
    after today where it is still open. Due today is not late yet."""
    last, end = np.asarray(due, dtype=float), np.asarray(finished, dtype=float)
    if last.shape != end.shape or np.isnan(last).any():
        raise ValueError("Each action needs the day on which it is due.")
    done = end <= today
    late = np.where(done, end > last, today > last)
    passed = (last < today) | (done & (end <= last))
    in_time = share(int((passed & ~late).sum()), int(passed.sum()), confidence)
    beyond = kaplan_meier((np.where(done, end, today) - last)[late], done[late], confidence)
    open_ = int((~done).sum())
    return Overdue(
        open_, int((late & ~done).sum()), int(done.sum()), int((late & done).sum()), in_time, beyond
    )


def _fitted(
    t: np.ndarray, d: np.ndarray, x: np.ndarray, groups: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray] | None:
    """Coefficients of standardised columns and their SE; None where they run away."""
    with warnings.catch_warnings():
        for category in (ConvergenceWarning, HessianInversionWarning, RuntimeWarning):
            warnings.simplefilter("ignore", category)
        model = PHReg(t, x, status=d, ties="efron" if groups is None else "breslow")
        try:
            found = model.fit(groups=groups, disp=0)
            b, se = np.asarray(found.params), np.asarray(found.bse)
            plain = np.sqrt(np.diag(np.linalg.inv(-model.hessian(b))))
        except np.linalg.LinAlgError:
            return None
    good = np.isfinite(b).all() and np.isfinite(se).all() and np.abs(b).max() < 10
    return (b, se) if good and (plain < 20).all() else None


def _times(time: Times, done: Flags) -> tuple[np.ndarray, np.ndarray]:
    t, d, _ = _kept(time, done)
    return t, d


def _kept(time: Times, done: Flags) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times and flags of the rows that have a time, and which rows these are."""
    t, d = np.asarray(time, dtype=float), np.asarray(done, dtype=float)
    if t.shape != d.shape or t.ndim != 1:
        raise ValueError("Each time needs to say whether it has ended.")
    kept = ~np.isnan(t)
    if (t[kept] < 0).any() or np.isinf(t).any():
        raise ValueError("Times are numbers of days that are not negative.")
    if not np.isin(d[kept], (0, 1)).all():
        raise ValueError("Whether a time has ended is True or False.")
    return t[kept], d[kept], kept
