"""How strong would something unseen have to be to explain a finding away?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import brentq

from measurement.estimates import Reason, tail

GAMMAS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)


@dataclass(frozen=True)
class Bounds:
    """Rosenbaum bounds: ``table`` (gamma, p_upper) and the bias ``gamma`` at which p reaches alpha.

    ``gamma`` is None where even no bias at all leaves p above alpha, or where the differences say
    nothing (``reason``).
    """

    table: pd.DataFrame
    gamma: float | None
    n: int
    reason: str = ""


def rosenbaum_bounds(
    differences: Sequence[float] | np.ndarray,
    test: str = "wilcoxon",
    alpha: float = 0.05,
    gammas: Sequence[float] = GAMMAS,
) -> Bounds:
    """Upper bound of the one-sided p of matched pairs if odds of treatment differed Γ-fold.

    ``differences``: treated − control of each pair; gaps are left out. With Γ each pair has chance
    at most Γ/(1+Γ) of a positive sign. "wilcoxon": signed ranks q (mean ranks for ties; pairs
    without difference take their ranks but count nothing), T on N(p Σq, p(1−p) Σq²); "sign": the
    binomial tail, exact. For losses give −differences.
    Source: Rosenbaum (2002), Observational Studies, 2nd ed., ch. 4.3. Checked against the bounds
    printed there for lead in the blood of children to 4 digits.
    """
    d = np.asarray(differences, dtype=float)
    d = d[np.isfinite(d)]
    if test not in ("wilcoxon", "sign"):
        raise ValueError("The test must be wilcoxon or sign.")
    if not 0 < alpha < 0.5:
        raise ValueError("The level must lie between 0 and 0.5, for example 0.05.")
    if any(gamma < 1 for gamma in gammas):
        raise ValueError("Gamma counts from 1, which means no hidden bias.")
    ranks = stats.rankdata(np.abs(d)) if test == "wilcoxon" else np.ones(len(d))
    ranks = np.where(d == 0, 0.0, ranks)
    if (ranks > 0).sum() < 2:
        empty = pd.DataFrame(columns=["gamma", "p_upper"])
        reason = Reason.TOO_FEW_ROWS if len(d) < 2 else Reason.TIES
        return Bounds(empty, None, len(d), str(reason))
    positive = float(ranks[d > 0].sum())

    def p_upper(gamma: float) -> float:
        chance = gamma / (1 + gamma)
        if test == "sign":
            return float(stats.binom.sf(positive - 1, (ranks > 0).sum(), chance))
        spread = np.sqrt(chance * (1 - chance) * (ranks**2).sum())
        return float(stats.norm.sf((positive - chance * ranks.sum()) / spread))

    table = pd.DataFrame({"gamma": list(gammas), "p_upper": [p_upper(gamma) for gamma in gammas]})
    critical = None
    if p_upper(1.0) < alpha:
        top = 2.0
        while p_upper(top) < alpha and top < 1e6:
            top *= 2
        critical = brentq(lambda g: p_upper(g) - alpha, 1.0, top) if top < 1e6 else top
    return Bounds(table, critical, len(d))


@dataclass(frozen=True)
class Robustness:
    """How much of what is left of treatment and outcome an unseen cause would have to explain.

    ``partial_r2``: share of the outcome's remaining variance that treatment explains;
    ``value``: robustness value for the estimate to vanish; ``value_alpha``: for it to lose
    significance. All from 0 to 1.
    """

    partial_r2: float
    value: float
    value_alpha: float


def robustness_value(t: float, df: float, q: float = 1.0, alpha: float = 0.05) -> Robustness:
    """RV = ½ (√(f⁴ + 4f²) − f²), f = q|t|/√df; for significance f less f* = t*(df−1)/√(df−1), or
    (f² − f*²) / (1 + f²) where f > 1/f*.

    ``t`` and ``df`` of ordinary least squares (from a robust t it is a rough guide). ``q``: share
    of the estimate that is to be explained away.
    Source: Cinelli & Hazlett (2020), J. R. Stat. Soc. B 82, 39–67. Checked against PySensemakr
    0.0.8 (PyPI) and the paper's Darfur example (13.9 %, 7.6 %).
    """
    if df <= 1:
        raise ValueError("A robustness value needs more than one degree of freedom.")
    if not 0 < q <= 1 or not 0 < alpha < 1:
        raise ValueError("The share q and the level alpha must lie between 0 and 1.")
    f = q * abs(t) / np.sqrt(df)
    critical = stats.t.isf(alpha / 2, df - 1) / np.sqrt(df - 1)
    significant = _rv(max(f - critical, 0.0))
    if f > critical and f * critical > 1:
        significant = float((f**2 - critical**2) / (1 + f**2))
    return Robustness(float(t * t / (t * t + df)), _rv(f), significant)


def _rv(f: float) -> float:
    return float((np.sqrt(f**4 + 4 * f**2) - f**2) / 2)


@dataclass(frozen=True)
class EValue:
    """E-value of the estimate and of the end of its interval that is nearer to nothing."""

    point: float
    interval: float


def e_value(ratio: float, low: float | None = None, high: float | None = None) -> EValue:
    """E = RR + √(RR (RR − 1)): how strongly (as a risk ratio) an unseen cause would have to go with
    both treatment and outcome; ratios below 1 are turned over. 1 where the interval holds 1.

    Source: VanderWeele & Ding (2017), Ann. Intern. Med. 167, 268–274. Checked against its examples
    (RR 3.9 (1.8–8.7): 7.26 and 3.0).
    """
    if not ratio > 0 or (low is not None and low <= 0) or (high is not None and high <= 0):
        raise ValueError("A ratio and the ends of its interval must be above 0.")
    near = low if ratio > 1 else high
    held = near is None or (near <= 1 if ratio > 1 else near >= 1)
    return EValue(_e(ratio), 1.0 if held or near is None else _e(near))


def e_value_of_difference(d: float, se: float, confidence: float = 0.95) -> EValue:
    """E-value of a standardised difference, by RR ≈ exp(.91 d) (same source; half-width 1.78 SE
    at 95 %, that is .91 z SE)."""
    if se < 0:
        raise ValueError("A standard error cannot be negative.")
    half = 0.91 * stats.norm.isf(tail(confidence)) * se
    middle = 0.91 * d
    return e_value(*(float(np.exp(x)) for x in (middle, middle - half, middle + half)))


def _e(ratio: float) -> float:
    r = max(ratio, 1 / ratio)
    return float(r + np.sqrt(r * (r - 1)))


def oster_delta(
    y: Sequence[float] | np.ndarray,
    treatment: Sequence[float] | np.ndarray,
    controls: pd.DataFrame,
    r_max: float | None = None,
    target: float = 0.0,
) -> float | Reason:
    """How strong selection on the unseen must be, relative to that on the controls, for the effect
    to be ``target``.

    ``r_max``: R² if everything were seen; own default min(1, 1.3 R²) as in the source. δ above 1
    (or below 0) counts as robust by its rule of thumb. A Reason where it cannot be computed.
    Source: Oster (2019), J. Bus. Econ. Stat. 37, 187–204, proposition 3. Checked: on data whose
    unseen part is known it gives back the true δ to 10 digits.
    """
    data = controls.reset_index(drop=True).astype(float)
    data.insert(0, "_x", np.asarray(treatment, dtype=float))
    data.insert(0, "_y", np.asarray(y, dtype=float))
    z = data.dropna().to_numpy()
    if len(z) <= z.shape[1]:
        return Reason.TOO_FEW_ROWS
    z = z - z.mean(axis=0)
    yy, xx, w = z[:, 0], z[:, 1], z[:, 2:]
    if (z[:, :2] ** 2).mean(axis=0).min() <= 0 or not (w**2).any():
        return Reason.ZERO_VARIANCE
    s_yy, s_xx = yy.var(), xx.var()
    rest = xx - w @ np.linalg.lstsq(w, xx)[0]
    tau = rest.var()
    if tau <= 1e-12 * s_xx:
        return Reason.NOT_IDENTIFIED
    alone = (xx @ yy) / (xx @ xx)
    both = np.column_stack([xx, w])
    solution = np.linalg.lstsq(both, yy)[0]
    r_alone = 1 - (yy - alone * xx).var() / s_yy
    r_both = 1 - (yy - both @ solution).var() / s_yy
    top = min(1.0, 1.3 * r_both) if r_max is None else r_max
    if not r_both < top <= 1:
        return Reason.NOT_IDENTIFIED
    gap, moved = solution[0] - target, alone - solution[0]
    cubic = gap**3 * (tau * s_xx - tau**2)
    above = gap * (r_both - r_alone) * s_yy * tau + gap * s_xx * tau * moved**2
    above += 2 * gap**2 * tau * moved * s_xx + cubic
    below = (top - r_both) * s_yy * moved * s_xx + gap * (top - r_both) * s_yy * (s_xx - tau)
    below += gap**2 * tau * moved * s_xx + cubic
    return float(above / below) if abs(below) > 1e-14 * s_xx**2 * s_yy else Reason.NOT_IDENTIFIED
