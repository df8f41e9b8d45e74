"""How far has the toolkit spread, tier by tier, and where might it end?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import curve_fit

from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import share

CURVE_COLUMNS = ["tier", "period", "adopted", "n", "share", "low", "high"]
MODELS = ("logistic", "bass")
MINIMUM_PERIODS = 8
# A ceiling whose SE is more than this part of it says nothing yet.
VAGUE = 0.2


@dataclass(frozen=True)
class Diffusion:
    """A fitted curve: ``ceiling`` (number who will ever adopt), ``parameters`` name → value,
    ``peak`` (period of fastest spread) and ``r_squared`` of the numbers per period. Where the data
    cannot tell it yet, the ceiling says why and the rest is empty."""

    model: str
    ceiling: Estimate
    parameters: dict[str, float]
    peak: float
    r_squared: float


def adoption_curve(
    units: pd.DataFrame, periods: list | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Share of each tier that has adopted by the end of each period: CURVE_COLUMNS.

    ``units``: tier, adopted (the period, missing for not yet), one row per person or place that
    could adopt; those who could are counted in ``n`` from the first period on. ``periods``: which
    to show, in order (own default: all that occur). Adopted before the first of them counts in it.
    Tiers in order of appearance; interval Wilson. Cumulative points of one tier share people:
    compare tiers at one period, not the points of a curve with each other.
    Source: Rogers (2003), Diffusion of Innovations, 5th ed., ch. 7; Wilson (1927), J. Am. Stat.
    Assoc. 22, 209–212. Checked by hand.
    """
    absent = [column for column in ("tier", "adopted") if column not in units.columns]
    if absent:
        raise ValueError(f"The units lack these columns: {', '.join(absent)}.")
    if units["tier"].isna().any():
        raise ValueError("Every unit needs its tier.")
    shown = sorted(units["adopted"].dropna().unique()) if periods is None else list(periods)
    rows = []
    for tier, group in units.groupby("tier", sort=False):
        when = group["adopted"].dropna()
        for period in shown:
            adopted = int((when <= period).sum())
            found = share(adopted, len(group), confidence)
            rows.append((tier, period, adopted, len(group), found.value, found.low, found.high))
    return pd.DataFrame(rows, columns=CURVE_COLUMNS)


def diffusion(
    adopters: list[int] | np.ndarray | pd.Series,
    eligible: int,
    model: str = "logistic",
    confidence: float = 0.95,
) -> Diffusion:
    """Fits numbers per period (1, 2, …) with m (F(t) − F(t−1)) by least squares.

    "logistic": F = 1 / (1 + e^(−r (t − t₀))); "bass": F = (1 − e^(−(p+q)t)) / (1 + (q/p)
    e^(−(p+q)t)), p for those who start by themselves, q for those who follow (the same curve, cut
    off at 0). Refused (NOT_IDENTIFIED) while it is a guess: before the fastest period is behind the
    last one, with a ceiling known to no better than 20 % (SE), or with one beyond all who are
    eligible; TOO_FEW_ROWS below MINIMUM_PERIODS. Early curves of all ceilings look alike.
    Source: Bass (1969), Manage. Sci. 15, 215–227; Srinivasan & Mason (1986), Mark. Sci. 5, 169–178.
    Checked against R's ``nls`` to 6 digits
    """
    alpha = tail(confidence)
    y = np.asarray(adopters, dtype=float)
    if model not in MODELS:
        raise ValueError(f"The model must be one of {', '.join(MODELS)}.")
    if np.isnan(y).any() or (y < 0).any() or (y % 1).any():
        raise ValueError("Numbers of adopters must be whole, none negative or missing.")
    if y.sum() > eligible:
        raise ValueError("More have adopted than could: count the eligible again.")
    n = int(y.sum())

    def without(reason: Reason) -> Diffusion:
        return Diffusion(model, Estimate.insufficient(reason, n), {}, np.nan, np.nan)

    if n == 0:
        return without(Reason.NO_EVENTS)
    if len(y) < MINIMUM_PERIODS:
        return without(Reason.TOO_FEW_ROWS)
    t = np.arange(1, len(y) + 1, dtype=float)
    found = _fitted(_STEPS[model], t, y, model)
    if found is None:
        return without(Reason.NOT_CONVERGED)
    values, covariance = found
    names = ("m", "r", "t0") if model == "logistic" else ("m", "p", "q")
    parameters = dict(zip(names, (float(v) for v in values), strict=True))
    peak = parameters.get("t0", 0.0)
    if model == "bass":
        p, q = parameters["p"], parameters["q"]
        peak = float(np.log(q / p) / (p + q)) if p > 0 and q > 0 else np.nan
    se = float(np.sqrt(covariance[0, 0]))
    known = np.isfinite(peak) and 0 < peak < len(y) - 1 and np.isfinite(se)
    if not known or se > VAGUE * values[0] or values[0] - 2 * se > eligible:
        return without(Reason.NOT_IDENTIFIED)
    fitted = _STEPS[model](t, *values)
    spread = ((y - y.mean()) ** 2).sum()
    r_squared = float(1 - ((y - fitted) ** 2).sum() / spread) if spread > 0 else np.nan
    from_t = float(stats.t.isf(alpha, len(y) - 3)) * se
    ceiling = Estimate(values[0], values[0] - from_t, values[0] + from_t, n,
                       method=f"{model}, least squares of numbers per period")  # fmt: skip
    return Diffusion(model, ceiling, parameters, peak, r_squared)


def _logistic(t: np.ndarray, m: float, r: float, t0: float) -> np.ndarray:
    def share_by(at: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(np.clip(-r * (at - t0), -500, 500)))

    return m * (share_by(t) - share_by(t - 1))


def _bass(t: np.ndarray, m: float, p: float, q: float) -> np.ndarray:
    def share_by(at: np.ndarray) -> np.ndarray:
        left = np.exp(np.clip(-(p + q) * at, -500, 500))
        return (1 - left) / (1 + q / p * left)

    return m * (share_by(t) - share_by(t - 1))


_STEPS: dict[str, Callable[..., np.ndarray]] = {"logistic": _logistic, "bass": _bass}


def _fitted(
    step: Callable[..., np.ndarray], t: np.ndarray, y: np.ndarray, model: str
) -> tuple[np.ndarray, np.ndarray] | None:
    middle = float(t[y.argmax()])
    total = 1.2 * y.sum()
    start = [total, 0.5, middle] if model == "logistic" else [total, 0.02, 0.4]
    low, high = ([1e-9, 1e-6, -1e3], [np.inf, 50, 1e4])
    if model == "bass":
        low, high = [1e-9, 1e-9, 1e-9], [np.inf, 5, 20]
    try:
        return curve_fit(step, t, y, p0=start, bounds=(low, high), maxfev=20000)
    except (RuntimeError, ValueError):
        return None
