"""Agreement of any number of observers beyond what chance would give, gaps allowed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from measurement.agreement.categories import MINIMUM_TARGETS, Categories, Coded, coded
from measurement.estimates import Estimate, Reason, tail

Weights = Literal[
    "identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"
]
WEIGHTS = ("identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar")


def agreement_weights(values: np.ndarray, weights: Weights = "identity") -> np.ndarray:
    """How nearly each two categories agree: 1 on the diagonal, 0 for those furthest apart.

    w = 1 − d / max d, with d of the categories' values x and y: identity x ≠ y; linear |x − y|;
    quadratic (x − y)²; radical √|x − y|; ratio ((x − y)/(x + y))²; circular sin²(π(x − y)/(range +
    1)), for steps of 1 on a circle; bipolar (x − y)²/((x + y − 2 min)(2 max − x − y)); ordinal,
    by places alone, s(s + 1)/2 for s steps between. Categories × categories, symmetric.
    Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., chapter 3 and appendix B.
    """
    x = np.asarray(values, dtype=float)
    if weights not in WEIGHTS:
        raise ValueError(f"The weights must be one of {', '.join(WEIGHTS)}.")
    if len(x) < 2:
        return np.ones((len(x), len(x)))
    distance = _distance(x, weights)
    return 1 - distance / distance.max()


def _distance(x: np.ndarray, weights: Weights) -> np.ndarray:
    gap, total = np.abs(x[:, None] - x), x[:, None] + x
    if weights == "ratio":
        if (x < 0).any():
            raise ValueError("Ratio weights need categories that are not negative.")
        return (gap / np.where(total == 0, 1, total)) ** 2
    if weights == "ordinal":
        place = stats.rankdata(x)
        steps = np.abs(place[:, None] - place)
        return steps * (steps + 1) / 2
    if weights == "circular":
        return np.sin(np.pi * gap / (np.ptp(x) + 1)) ** 2
    if weights == "bipolar":
        room = (total - 2 * x.min()) * (2 * x.max() - total)
        return gap**2 / np.where(gap == 0, 1, room)
    powers = {"identity": 0.0, "radical": 0.5, "linear": 1.0, "quadratic": 2.0}
    return np.where(gap == 0, 0, gap ** powers[weights])


@dataclass(frozen=True)
class _Table:
    """What the coefficients share. ``codes``: targets × observers, −1 where missing; ``counts``:
    targets × categories, of targets rated once or more; ``given``: its row sums; ``weights``:
    categories × categories, and their name; ``reason``: why there is nothing to say, if so."""

    codes: np.ndarray
    counts: np.ndarray
    given: np.ndarray
    weights: np.ndarray
    weighted: str
    reason: Reason | None

    @property
    def shares(self) -> np.ndarray:
        """Of each target, the share of its observers that chose each category."""
        return self.counts / self.given[:, None]


# The agreement expected by chance, and each target's own part in it (their mean is the first).
Expected = Callable[[_Table], tuple[float, np.ndarray]]


def percent_agreement(
    ratings: pd.DataFrame,
    weights: Weights = "identity",
    categories: Categories = None,
    population: float = np.inf,
    confidence: float = 0.95,
    minimum_targets: int = MINIMUM_TARGETS,
) -> Estimate:
    """Share of the pairs of observers that agree, mean over targets; nothing off for chance.

    p_a = mean over targets rated twice or more of Σ_k r_k((Wr)_k − 1)/(r(r − 1)), r_k of the r
    observers of a target choosing category k. Arguments, interval and source as ``gwet_ac``.
    """
    table = _read(ratings, weights, categories, minimum_targets)
    return _coefficient(table, _none, "percent agreement", population, confidence)


def gwet_ac(
    ratings: pd.DataFrame,
    weights: Weights = "identity",
    categories: Categories = None,
    population: float = np.inf,
    confidence: float = 0.95,
    minimum_targets: int = MINIMUM_TARGETS,
) -> Estimate:
    """Gwet's AC1 (identity weights) or AC2 (any other).

    (p_a − p_e)/(1 − p_e), p_a as ``percent_agreement``, p_e = Σ_kl w_kl · Σ_k π_k(1 − π_k) /
    (q(q − 1)), π_k the mean share of category k over the targets. It stays near p_a where nearly
    all get one value, where kappa falls to 0. ``ratings``: targets × observers, numbers or words,
    NaN or None where missing. ``categories``: all q that could be given, in their order; without
    it those that were given, which changes q. Words have weights other than identity only in an
    order so given, with equal steps. A target rated once counts in π, not in p_a.
    Interval: ± t(n − 1) · SE by linearisation over n targets, for observers taken as fixed;
    ``population``: targets in all, if these are a sizeable part. Never cut off at 1 (R's irrCAC
    cuts). Gwet's SE takes a target rated once as one that agrees 0, so it widens with those.
    Source: Gwet (2008), Br. J. Math. Stat. Psychol. 61, 29–48; Gwet (2014), Handbook of
    Inter-Rater Reliability, 4th ed., chapters 2–6. Checked against R irrCAC 1.0 on its 12 × 4
    example with gaps, all eight weights: value and SE to the 5 decimals printed.
    """
    name = "Gwet AC1" if weights == "identity" else "Gwet AC2"
    table = _read(ratings, weights, categories, minimum_targets)
    return _coefficient(table, _gwet, name, population, confidence)


def fleiss_kappa(
    ratings: pd.DataFrame,
    weights: Weights = "identity",
    categories: Categories = None,
    population: float = np.inf,
    confidence: float = 0.95,
    minimum_targets: int = MINIMUM_TARGETS,
) -> Estimate:
    """Fleiss' kappa for any number of observers: p_e = Σ_kl w_kl π_k π_l.

    With two observers and no gap it is Scott's pi. Arguments, interval and checks: ``gwet_ac``;
    value on complete ratings also against statsmodels 0.15 to 12 digits.
    Source: Fleiss (1971), Psychol. Bull. 76, 378–382; SE and gaps Gwet (2014).
    """
    table = _read(ratings, weights, categories, minimum_targets)
    return _coefficient(table, _fleiss, "Fleiss kappa", population, confidence)


def conger_kappa(
    ratings: pd.DataFrame,
    weights: Weights = "identity",
    categories: Categories = None,
    population: float = np.inf,
    confidence: float = 0.95,
    minimum_targets: int = MINIMUM_TARGETS,
) -> Estimate:
    """Conger's kappa: p_e is the mean over pairs of observers g ≠ h of Σ_kl w_kl p_gk p_hl.

    Each observer keeps the shares that he or she gives; with two and no gap it is Cohen's kappa.
    Arguments, interval and checks: ``gwet_ac``.
    Source: Conger (1980), Psychol. Bull. 88, 322–328; SE and gaps Gwet (2014).
    """
    table = _read(ratings, weights, categories, minimum_targets)
    return _coefficient(table, _conger, "Conger kappa", population, confidence)


def brennan_prediger(
    ratings: pd.DataFrame,
    weights: Weights = "identity",
    categories: Categories = None,
    population: float = np.inf,
    confidence: float = 0.95,
    minimum_targets: int = MINIMUM_TARGETS,
) -> Estimate:
    """Brennan–Prediger: p_e = Σ_kl w_kl / q², as if chance chose among q categories evenly.

    Name all ``categories``: q decides the value. Arguments, interval and checks: ``gwet_ac``.
    Source: Brennan & Prediger (1981), Educ. Psychol. Meas. 41, 687–699; SE and gaps Gwet (2014).
    """
    table = _read(ratings, weights, categories, minimum_targets)
    return _coefficient(table, _uniform, "Brennan-Prediger", population, confidence)


def _none(table: _Table) -> tuple[float, np.ndarray]:
    return 0.0, np.zeros(len(table.counts))


def _uniform(table: _Table) -> tuple[float, np.ndarray]:
    expected = table.weights.mean()
    return expected, np.full(len(table.counts), expected)


def _gwet(table: _Table) -> tuple[float, np.ndarray]:
    q = len(table.weights)
    if q < 2:
        return 1.0, np.ones(len(table.counts))
    pi = table.shares.mean(axis=0)
    scale = table.weights.sum() / (q * (q - 1))
    return scale * (pi * (1 - pi)).sum(), scale * table.shares @ (1 - pi)


def _fleiss(table: _Table) -> tuple[float, np.ndarray]:
    pi = table.shares.mean(axis=0)
    return pi @ table.weights @ pi, table.shares @ table.weights @ pi


def _conger(table: _Table) -> tuple[float, np.ndarray]:
    n, q = table.counts.shape
    codes = table.codes[:, (table.codes >= 0).any(axis=0)]
    r, seen = codes.shape[1], codes >= 0
    own = np.stack([np.bincount(codes[seen[:, g], g], minlength=q) for g in range(r)])
    own = own / seen.sum(axis=0)[:, None]  # observers × categories: shares that each gives
    others = (own.sum(axis=0) - own) @ table.weights
    mean = (own * others).sum(axis=1)
    lean = others[np.arange(r), codes] - mean  # what a rating adds to its observer's mean
    each = mean + np.where(seen, lean, 0) * (n / seen.sum(axis=0))
    return mean.sum() / (r * (r - 1)), each.sum(axis=1) / (r * (r - 1))


def _read(
    ratings: pd.DataFrame, weights: Weights, categories: Categories, minimum_targets: int
) -> _Table:
    data = coded(ratings.to_numpy(), categories)
    counts = data.counts
    given = counts.sum(axis=1)
    rated, reason = given > 0, data.nothing_to_say(minimum_targets)
    matrix = _weights_of(data, weights)
    return _Table(data.codes[rated], counts[rated], given[rated], matrix, weights, reason)


def _weights_of(data: Coded, weights: Weights) -> np.ndarray:
    if weights == "identity":
        return np.eye(len(data.levels))
    if data.values is None:
        raise ValueError("Weights between words need `categories`: the words in their order.")
    return agreement_weights(data.values, weights)


def _coefficient(
    table: _Table, expected: Expected, name: str, population: float, confidence: float
) -> Estimate:
    """(p_a − p_e)/(1 − p_e) and the linearised interval of Gwet (2014)."""
    alpha, n, given = tail(confidence), len(table.counts), table.given
    if population < n:
        raise ValueError("The population cannot be smaller than the targets that were rated.")
    if table.reason:
        return Estimate.insufficient(table.reason, n)
    pairable = given > 1
    agreeing = (table.counts * (table.counts @ table.weights - 1)).sum(axis=1)
    agreeing = np.where(pairable, agreeing / np.maximum(given * (given - 1), 1), 0)
    p_a = agreeing.sum() / pairable.sum()
    p_e, parts = expected(table)
    if 1 - p_e < 1e-12:
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n)
    value = (p_a - p_e) / (1 - p_e)
    method = (
        f"{name}, {table.weighted} weights, t(n-1), {pairable.sum()} of {n} targets rated twice "
        "or more"
    )
    if 1 - p_a < 1e-12:
        return Estimate(value, None, None, n, None, Reason.PERFECT_AGREEMENT, method)
    each = n / pairable.sum() * (agreeing - p_e * pairable) / (1 - p_e)
    each -= 2 * (1 - value) * (parts - p_e) / (1 - p_e)
    variance = (1 - n / population) * ((each - value) ** 2).sum() / (n * (n - 1))
    half = stats.t.isf(alpha, n - 1) * np.sqrt(variance)
    return Estimate(value, value - half, value + half, n, method=method)
