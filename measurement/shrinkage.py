"""Figures of many places, each drawn towards the others as far as its own data are thin."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats
from scipy.optimize import brentq, minimize

from measurement.estimates import Estimate, Reason, tail

MINIMUM_PLACES = 5
TABLE_COLUMNS = ["place", "value", "se", "kept", "shrunken", "low", "high"]
SHARE_COLUMNS = ["place", "yes", "n", "value", "kept", "shrunken", "low", "high"]
TAU2_METHODS = ("REML", "PM", "DL")


@dataclass(frozen=True)
class Shrunken:
    """``mean`` of all places and ``table``, one row per place in the order given.

    ``spread``: of true values between places (tau², or for shares ρ = 1/(a+b+1)); 0 where places
    differ no more than chance would have them, and then all of them have the mean. ``kept``: share
    of a place's own figure in its shrunken one.
    """

    mean: Estimate
    spread: float
    table: pd.DataFrame
    method: str


def shrink_means(
    values: Sequence[float] | np.ndarray | pd.Series,
    se: Sequence[float] | np.ndarray | pd.Series,
    places: Sequence[Hashable],
    method: str = "REML",
    morris: bool = True,
    confidence: float = 0.95,
) -> Shrunken:
    """Empirical-Bayes means of places with known standard errors.

    θ̂_i = (1 − B_i) y_i + B_i μ̂, B_i = c·v_i / (v_i + τ²), μ̂ the mean with weights 1/(v_i + τ²).
    ``method``: of τ², "REML", "PM" (Paule–Mandel) or "DL" (DerSimonian–Laird), never below 0.
    ``morris``: c = (k−3)/(k−1) and intervals that count τ² as estimated, s²_i = v_i (1 − (1 − w_i)
    B_i) + 2/(k−3) B²_i (v̄ + τ²)/(v_i + τ²) (y_i − μ̂)², w_i the weight's share; otherwise c = 1 and
    s² = (1−B) v + B² Var(μ̂), too narrow with few places. Rows with a gap are left out.
    Source: Morris (1983), J. Am. Stat. Assoc. 78, 47–55; DerSimonian & Laird (1986), Control. Clin.
    Trials 7, 177–188; Paule & Mandel (1982), J. Res. Natl. Bur. Stand. 87, 377–385; Viechtbauer
    (2005), J. Educ. Behav. Stat. 30, 261–293. Checked against R metafor 3.8 (``rma``, ``blup``):
    τ² by REML and DL, means and SE without ``morris`` to 10 digits; PM to 4, where metafor stops
    earlier; with ``morris`` coverage by simulation.
    """
    alpha = tail(confidence)
    if method not in TAU2_METHODS:
        raise ValueError(f"The method must be one of {', '.join(TAU2_METHODS)}.")
    y, v, names = _given(values, np.asarray(se, dtype=float) ** 2, places)
    if (v <= 0).any():
        raise ValueError("Each standard error must be above 0.")
    k = len(y)
    if k < MINIMUM_PLACES:
        reason = Reason.TOO_FEW_ROWS if k or not len(places) else Reason.ALL_MISSING
        empty = pd.DataFrame(columns=TABLE_COLUMNS)
        return Shrunken(Estimate.insufficient(reason, k), 0.0, empty, method)
    tau2 = {"REML": _reml, "PM": _paule_mandel, "DL": _dersimonian_laird}[method](y, v)
    w = 1 / (v + tau2)
    mu, var_mu = (w @ y) / w.sum(), 1 / w.sum()
    b = (k - 3) / (k - 1) * v * w if morris else v * w
    theta = (1 - b) * y + b * mu
    if morris:
        own = 1 - w / w.sum()
        mean_v = (w @ v) / w.sum()
        s2 = v * (1 - own * b) + 2 / (k - 3) * b**2 * (mean_v + tau2) * w * (y - mu) ** 2
    else:
        s2 = (1 - b) * v + b**2 * var_mu
    z = stats.norm.isf(alpha)
    half, half_mu = z * np.sqrt(s2), z * np.sqrt(var_mu)
    table = pd.DataFrame(
        {"place": names, "value": y, "se": np.sqrt(v), "kept": 1 - b, "shrunken": theta}
    )
    table["low"], table["high"] = theta - half, theta + half
    mean = Estimate(mu, mu - half_mu, mu + half_mu, k, method=f"random effects, {method}")
    return Shrunken(mean, float(tau2), table[TABLE_COLUMNS], method)


def shrink_shares(
    yes: Sequence[int] | np.ndarray | pd.Series,
    n: Sequence[int] | np.ndarray | pd.Series,
    places: Sequence[Hashable],
    confidence: float = 0.95,
) -> Shrunken:
    """Empirical-Bayes shares: beta-binomial, a and b by maximum likelihood.

    Place i: (a + yes_i) / (a + b + n_i), interval from Beta(a + yes, b + n − yes); μ = a/(a+b).
    Counts a and b as known, so intervals are somewhat narrow with few places. Where the likelihood
    rises without end towards ρ = 0, shares differ no more than the binomial: spread 0, every place
    has the common share, without intervals of their own. Places with n = 0 are left out.
    Source: Skellam (1948), J. R. Stat. Soc. B 10, 257–261; Carlin & Louis (2000), Bayes and
    Empirical Bayes Methods, ch. 3. Checked against direct maximisation in R to 6 digits.
    """
    alpha = tail(confidence)
    x, size, names = _given(yes, np.asarray(n, dtype=float), places)
    if (x < 0).any() or (x > size).any() or (x != np.floor(x)).any() or (size % 1).any():
        raise ValueError("Shares need whole numbers with 0 ≤ yes ≤ n.")
    kept = size > 0
    x, size, names = x[kept], size[kept], [name for name, k in zip(names, kept, strict=True) if k]
    k = len(x)
    reason = None
    if k < MINIMUM_PLACES:
        reason = Reason.TOO_FEW_ROWS if k or not len(places) else Reason.ALL_MISSING
    elif x.sum() in (0, size.sum()):
        reason = Reason.ZERO_VARIANCE
    elif (size == 1).all():
        # One answer per place: any spread looks the same.
        reason = Reason.NOT_IDENTIFIED
    if reason:
        empty = pd.DataFrame(columns=SHARE_COLUMNS)
        return Shrunken(Estimate.insufficient(reason, k), 0.0, empty, "beta-binomial")
    mu, rho, se_logit = _beta_binomial(x, size)
    z = stats.norm.isf(alpha)
    middle = special.logit(mu)
    low, high = special.expit(middle - z * se_logit), special.expit(middle + z * se_logit)
    mean = Estimate(mu, low, high, k, method="beta-binomial, ML, Wald on the logit")
    table = pd.DataFrame({"place": names, "yes": x.astype(int), "n": size.astype(int)})
    table["value"] = x / size
    total = np.inf if rho == 0 else 1 / rho - 1
    table["kept"] = 0.0 if rho == 0 else size / (size + total)
    table["shrunken"] = table["kept"] * table["value"] + (1 - table["kept"]) * mu
    if rho > 0:
        a, b = mu * total + x, (1 - mu) * total + size - x
        table["low"], table["high"] = stats.beta.ppf(alpha, a, b), stats.beta.isf(alpha, a, b)
    return Shrunken(mean, rho, table.reindex(columns=SHARE_COLUMNS), "beta-binomial")


def _given(
    values: Sequence[float] | np.ndarray | pd.Series, second: np.ndarray, places: Sequence[Hashable]
) -> tuple[np.ndarray, np.ndarray, list]:
    first, names = np.asarray(values, dtype=float), list(places)
    if not len(first) == len(second) == len(names):
        raise ValueError("Values, their precision and places must have one entry for each place.")
    if len(set(names)) < len(names):
        raise ValueError("Each place can stand in the list once.")
    if np.isinf(first).any() or np.isinf(second).any():
        raise ValueError("Values must be finite numbers, or missing.")
    kept = ~(np.isnan(first) | np.isnan(second))
    return first[kept], second[kept], [n for n, k in zip(names, kept, strict=True) if k]


def _q(y: np.ndarray, v: np.ndarray, tau2: float) -> float:
    w = 1 / (v + tau2)
    return float(w @ (y - (w @ y) / w.sum()) ** 2)


def _dersimonian_laird(y: np.ndarray, v: np.ndarray) -> float:
    w = 1 / v
    return max(0.0, (_q(y, v, 0.0) - (len(y) - 1)) / (w.sum() - (w @ w) / w.sum()))


def _paule_mandel(y: np.ndarray, v: np.ndarray) -> float:
    """τ² at which the generalised Q is its degrees of freedom."""
    k = len(y)
    if _q(y, v, 0.0) <= k - 1:
        return 0.0
    top = max(float(y.var(ddof=1)), 1e-12)
    while _q(y, v, top) > k - 1:
        top *= 2
    return float(brentq(lambda t: _q(y, v, t) - (k - 1), 0.0, top, xtol=1e-14, rtol=1e-12))


def _reml(y: np.ndarray, v: np.ndarray) -> float:
    def slope(tau2: float) -> float:
        """Derivative of the restricted log-likelihood (times 2)."""
        w = 1 / (v + tau2)
        residual = y - (w @ y) / w.sum()
        return float((w**2) @ residual**2 - w.sum() + (w @ w) / w.sum())

    # The likelihood can have several maxima: compare those between sign changes and the end at 0.
    top = 10 * max(float(y.var(ddof=1)), 1e-12)
    grid = np.concatenate([[0.0], np.geomspace(top * 1e-8, top, 200)])
    slopes = np.array([slope(t) for t in grid])
    roots = [
        float(brentq(slope, grid[i], grid[i + 1], xtol=1e-16, rtol=1e-13))
        for i in np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    ]

    def likelihood(tau2: float) -> float:
        w = 1 / (v + tau2)
        return float(np.log(w).sum() - np.log(w.sum()) - _q(y, v, tau2))

    return max([0.0, *roots], key=likelihood)


def _beta_binomial(x: np.ndarray, n: np.ndarray) -> tuple[float, float, float]:
    """μ, ρ and the SE of logit μ, free parameters being logit μ and log(a + b)."""

    def parts(free: np.ndarray) -> tuple[float, float, float]:
        mu, total = special.expit(free[0]), np.exp(free[1])
        return mu * total, (1 - mu) * total, total * mu * (1 - mu)

    def loss(free: np.ndarray) -> float:
        a, b, _ = parts(free)
        return -float((special.betaln(a + x, b + (n - x)) - special.betaln(a, b)).sum())

    def slope(free: np.ndarray) -> np.ndarray:
        a, b, turn = parts(free)
        psi, both = special.psi, (special.psi(a + b + n) - special.psi(a + b)).sum()
        by_a = (psi(a + x) - psi(a)).sum() - both
        by_b = (psi(b + n - x) - psi(b)).sum() - both
        return -np.array([turn * (by_a - by_b), a * by_a + b * by_b])

    share = x.sum() / n.sum()
    binomial = -float((special.xlogy(x, share) + special.xlogy(n - x, 1 - share)).sum())
    bounds = [(-15, 15), (-6, 12)]
    starts = [np.array([special.logit(share), start]) for start in (0.0, 2.0, 5.0)]
    best = min(
        (minimize(loss, start, jac=slope, method="L-BFGS-B", bounds=bounds) for start in starts),
        key=lambda found: found.fun,
    )
    if best.fun > binomial - 1e-6 or best.x[1] > 11.9:
        return float(share), 0.0, float(1 / np.sqrt(n.sum() * share * (1 - share)))
    at = best.x
    for _ in range(5):
        curvature = _curvature(slope, at)
        at = at - np.linalg.solve(curvature, slope(at))
    se = float(np.sqrt(np.linalg.inv(_curvature(slope, at))[0, 0]))
    return float(special.expit(at[0])), float(1 / (np.exp(at[1]) + 1)), se


def _curvature(slope: Callable[[np.ndarray], np.ndarray], at: np.ndarray) -> np.ndarray:
    """Matrix of second derivatives, by differences of the first."""
    step = 1e-5
    rows = [(slope(at + step * e) - slope(at - step * e)) / (2 * step) for e in np.eye(2)]
    return np.array(rows)
