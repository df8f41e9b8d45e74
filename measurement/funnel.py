"""Which places differ from the rest by more than chance, instead of who is first and last."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason

MINIMUM_PLACES = 10
LEVELS = {"95": 0.05, "99.8": 0.002}
LIMITS = ["low_99.8", "low_95", "high_95", "high_99.8"]
POINT_COLUMNS = ["place", "n", "value", "z", *LIMITS, "position"]
WINSORISED = 0.1


@dataclass(frozen=True)
class Funnel:
    """``points``: POINT_COLUMNS in the order given, with the limits at each place's own size.

    ``position``: "inside", "low" or "high" beyond 95 %, "very low" or "very high" beyond 99.8 %.
    About one place in twenty lies beyond 95 % by chance alone. ``curve``: n and LIMITS, to draw.
    ``phi``: overdispersion as seen; ``widened`` when the limits carry √φ, because places differ
    among themselves by more than chance and not only a few of them. ``reason`` where there is no
    funnel.
    """

    target: float
    phi: float
    widened: bool
    points: pd.DataFrame
    curve: pd.DataFrame
    reason: str = ""


def funnel_of_shares(
    yes: Sequence[int] | np.ndarray | pd.Series,
    n: Sequence[int] | np.ndarray | pd.Series,
    places: Sequence[Hashable],
    target: float | None = None,
) -> Funnel:
    """Shares of places against exact binomial limits around the target (own default: all together).

    Limit at probability p: (r − a) / n, r the smallest count with P(R ≤ r) ≥ p and a = (P(R ≤ r) −
    p) / P(R = r), so that limits do not jump. z = (share − θ) / √(θ(1−θ)/n). With overdispersion
    (see ``overdispersion``) limits are θ ± z √(φ θ(1−θ)/n).
    Source: Spiegelhalter (2005), Stat. Med. 24, 1185–1202, appendix A. Checked against the formula
    worked out by hand and the binomial tail; each limit holds its share by simulation.
    """
    x, size, names = _columns(yes, n, places)
    if (x < 0).any() or (x > size).any() or (x % 1).any() or (size % 1).any():
        raise ValueError("Shares need whole numbers with 0 ≤ yes ≤ n.")
    x, size, names = x[size > 0], size[size > 0], [m for m, s in zip(names, size, strict=True) if s]
    if len(x) < MINIMUM_PLACES:
        return _without()
    theta = x.sum() / size.sum() if target is None else target
    if not 0 < theta < 1:
        if target is not None:
            raise ValueError("The target of a share lies between 0 and 1.")
        return _without(Reason.ZERO_VARIANCE)
    se = np.sqrt(theta * (1 - theta))
    z = (x / size - theta) / (se / np.sqrt(size))
    phi, widened = overdispersion(z)

    def limits(at: np.ndarray) -> pd.DataFrame:
        if widened:
            return _normal_limits(at, theta, se * np.sqrt(phi))
        ends = {}
        for name, level in LEVELS.items():
            ends[f"low_{name}"] = binomial_limit(level / 2, at, theta)
            ends[f"high_{name}"] = binomial_limit(1 - level / 2, at, theta)
        return pd.DataFrame(ends)[LIMITS]

    points = pd.DataFrame({"place": names, "n": size.astype(int), "value": x / size, "z": z})
    return _funnel(points, limits, size, (theta, phi, widened))


def funnel_of_means(
    means: Sequence[float] | np.ndarray | pd.Series,
    n: Sequence[int] | np.ndarray | pd.Series,
    places: Sequence[Hashable],
    sd: float,
    target: float | None = None,
) -> Funnel:
    """Means of places against θ ± z · sd / √n, sd of single values within places.

    ``target``: own default the mean weighted by n. Otherwise as ``funnel_of_shares``; same source.
    """
    y, size, names = _columns(means, n, places)
    if not sd > 0:
        raise ValueError("The standard deviation within places must be above 0.")
    if (size < 1).any():
        raise ValueError("A mean needs at least one value behind it.")
    if len(y) < MINIMUM_PLACES:
        return _without()
    theta = float(np.average(y, weights=size)) if target is None else target
    z = (y - theta) * np.sqrt(size) / sd
    phi, widened = overdispersion(z)
    points = pd.DataFrame({"place": names, "n": size.astype(int), "value": y, "z": z})
    scale = sd * (np.sqrt(phi) if widened else 1.0)
    return _funnel(points, lambda at: _normal_limits(at, theta, scale), size, (theta, phi, widened))


def sd_within(
    values: Sequence[float] | np.ndarray | pd.Series,
    places: Sequence[Hashable] | np.ndarray | pd.Series,
    clusters: Sequence[Hashable] | np.ndarray | pd.Series,
) -> Estimate:
    """The sd with which sd / √n is the standard error of a place's mean over n values in clusters.

    sd² = Σ_p (R_p / n_p) Σ_r u²_pr / Σ_p (R_p − 1), u_pr = Σ_i (x_i − x̄_p) over the values of the
    cluster r of place p, R_p clusters, n_p values: the cluster-robust variance of each mean (CR1)
    times its n, pooled. It carries the design effect; with a value in each cluster it is the pooled
    sd within places. Comes without interval; n: values, clusters: Σ_p (R_p − 1), at least
    MINIMUM_PLACES. Source: Liang & Zeger (1986), Biometrika 73, 13–22; Kish (1965), Survey
    Sampling, ch. 5. Checked by hand, and by the share of places that lie outside by chance.
    """
    rows = pd.DataFrame(
        {"x": np.asarray(values, dtype=float), "p": np.asarray(places), "r": np.asarray(clusters)}
    ).dropna()
    rows["u"] = rows["x"] - rows.groupby("p")["x"].transform("mean")
    u = rows.groupby(["p", "r"])["u"].sum()
    r, n = u.groupby("p").size(), rows.groupby("p").size()
    free = int((r - 1).sum())
    if free < MINIMUM_PLACES:
        return Estimate.insufficient(Reason.TOO_FEW_ROWS, len(rows), free)
    variance = float((r / n * (u**2).groupby("p").sum()).sum() / free)
    if variance <= 1e-12 * float((rows["x"] ** 2).mean()):
        return Estimate.insufficient(Reason.ZERO_VARIANCE, len(rows), free)
    return Estimate(np.sqrt(variance), None, None, len(rows), free, method="CR1, pooled")


def overdispersion(z: np.ndarray) -> tuple[float, bool]:
    """φ = mean of z² with the outer tenth at each end drawn in, and whether it is beyond chance.

    Beyond chance: φ > 1 + 2 √(2/k), its mean and two standard deviations if nothing but chance were
    at work. Drawing in (winsorising) keeps the few places that do differ from widening the limits
    that they are judged by. Source: Spiegelhalter (2005), appendix A.3.
    """
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    phi = float((np.clip(z, low, high) ** 2).mean())
    return phi, bool(phi > 1 + 2 * np.sqrt(2 / len(z)))


def binomial_limit(p: float, n: np.ndarray, theta: float) -> np.ndarray:
    """The share below which a binomial share of n falls with probability p, interpolated."""
    r = stats.binom.ppf(p, n, theta)
    below = stats.binom.cdf(r, n, theta)
    return (r - (below - p) / stats.binom.pmf(r, n, theta)) / n


def _normal_limits(at: np.ndarray, theta: float, scale: float) -> pd.DataFrame:
    ends = {}
    for name, level in LEVELS.items():
        half = stats.norm.isf(level / 2) * scale / np.sqrt(at)
        ends[f"low_{name}"], ends[f"high_{name}"] = theta - half, theta + half
    return pd.DataFrame(ends)[LIMITS]


def _funnel(
    points: pd.DataFrame,
    limits: Callable[[np.ndarray], pd.DataFrame],
    size: np.ndarray,
    facts: tuple[float, float, bool],
) -> Funnel:
    own = limits(size)
    points = pd.concat([points, own], axis=1)
    value = points["value"]
    points["position"] = np.select(
        [
            value < own["low_99.8"],
            value > own["high_99.8"],
            value < own["low_95"],
            value > own["high_95"],
        ],
        ["very low", "very high", "low", "high"],
        "inside",
    )
    at = np.unique(np.round(np.geomspace(size.min(), size.max(), 60)))
    curve = pd.concat([pd.DataFrame({"n": at.astype(int)}), limits(at)], axis=1)
    return Funnel(float(facts[0]), facts[1], facts[2], points[POINT_COLUMNS], curve)


def _columns(
    first: Sequence[float] | np.ndarray | pd.Series,
    n: Sequence[int] | np.ndarray | pd.Series,
    places: Sequence[Hashable],
) -> tuple[np.ndarray, np.ndarray, list]:
    x, size, names = np.asarray(first, dtype=float), np.asarray(n, dtype=float), list(places)
    if not len(x) == len(size) == len(names):
        raise ValueError("Values, their numbers and places must have one entry for each place.")
    if np.isinf(x).any() or np.isinf(size).any():
        raise ValueError("Values must be finite numbers, or missing.")
    kept = ~(np.isnan(x) | np.isnan(size))
    return x[kept], size[kept], [m for m, k in zip(names, kept, strict=True) if k]


def _without(reason: Reason = Reason.TOO_FEW_ROWS) -> Funnel:
    empty = pd.DataFrame(columns=POINT_COLUMNS)
    return Funnel(np.nan, np.nan, False, empty, pd.DataFrame(columns=["n", *LIMITS]), str(reason))
