"""What binomial and ordinal mixed models share: the fit, its table, and its guards."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import optimize, stats

from measurement.estimates import Estimate, Reason
from measurement.multilevel.deviance import ZERO, derivatives, minimise
from measurement.multilevel.marginal import Family, OneGrouping, SeveralGroupings
from measurement.multilevel.terms import Term

WALD_COLUMNS = ["est", "se", "low", "high", "p"]
COMPONENT_COLUMNS = ["group", "variance", "sd"]
# A random intercept with this sd on the logit scale tells levels apart with certainty.
HIGHEST_SD = 25.0


@dataclass(frozen=True)
class AnswersFit:
    """A mixed model of answers, or the ``reason`` why there is none (then the frames are empty).

    ``fixed``: index name; est, se, low, high, p (log odds, Wald z). ``thresholds``: the same for
    the cut points of an ordinal model, without p. ``components``: group, variance, sd of random
    intercepts on the logit scale. ``effects``: for each grouping the conditional modes by level.
    ``n`` counts answers, ``patterns`` the different rows that they come down to. ``boundary``:
    groupings with variance zero (sd < 1e-4).
    """

    fixed: pd.DataFrame
    thresholds: pd.DataFrame
    components: pd.DataFrame
    effects: dict[str, pd.Series]
    n: int
    patterns: int
    levels: dict[str, int]
    loglik: float | None = None
    aic: float | None = None
    bic: float | None = None
    boundary: tuple[str, ...] = ()
    converged: bool = False
    reason: str = ""
    method: str = ""

    def effect(self, name: str) -> Estimate:
        """One fixed effect (log odds); ``clusters`` counts the coarsest grouping."""
        clusters = min(self.levels.values(), default=0)
        if self.reason:
            return Estimate.insufficient(self.reason, self.n, clusters)
        est, low, high = self.fixed.loc[[name], ["est", "low", "high"]].to_numpy()[0]
        return Estimate(est, low, high, self.n, clusters, method=self.method)


@dataclass(frozen=True)
class Maximum:
    """Parameters (variances first) at the highest likelihood, with their covariance.

    Parameters of ``known`` zero variances have covariance zero.
    """

    parameters: np.ndarray
    covariance: np.ndarray
    deviance: float


Model = Callable[[np.ndarray], tuple[np.ndarray, Family]]


def maximise(
    integral: OneGrouping | SeveralGroupings,
    model: Model,
    start: np.ndarray,
    natural: Callable[[np.ndarray], np.ndarray] = lambda parameters: parameters,
    free: Callable[[np.ndarray], np.ndarray] = lambda parameters: parameters,
) -> Maximum | Reason:
    """``model``: natural parameters without the sds → (offsets, family). The search runs over
    ``free`` parameters, of which ``natural`` makes those that the covariance is wanted for."""
    d = integral.parameters

    def deviance(parameters: np.ndarray) -> float:
        return integral.deviance(parameters[:d], *model(parameters[d:]))

    def searched(at: np.ndarray) -> float:
        return deviance(np.append(at[:d], natural(at[d:])))

    found = minimise(searched, np.append(np.full(d, 0.5), free(start)))
    at = found.theta.copy()
    at[:d] = np.abs(at[:d])
    if at[:d].max() > HIGHEST_SD:
        return Reason.PERFECT_SEPARATION
    if not found.converged:
        return Reason.NOT_CONVERGED
    at[:d] = np.where(at[:d] < ZERO, 0.0, at[:d])
    full = np.append(at[:d], natural(at[d:]))
    moving = np.flatnonzero(np.append(at[:d] > 0, np.ones(len(full) - d, dtype=bool)))

    def along(part: np.ndarray) -> np.ndarray:
        moved = full.copy()
        moved[moving] = part
        return np.array([deviance(moved)])

    curvature = derivatives(along, full[moving], exact=True)[2][0]
    known = np.linalg.eigvalsh(curvature)
    if known[0] <= 1e-10 * known[-1]:
        return Reason.NOT_IDENTIFIED
    covariance = np.zeros((len(full), len(full)))
    covariance[np.ix_(moving, moving)] = 2 * np.linalg.inv(curvature)
    return Maximum(full, covariance, deviance(full))


def wald(est: np.ndarray, covariance: np.ndarray, names: tuple, alpha: float) -> pd.DataFrame:
    se = np.sqrt(np.diagonal(covariance))
    half = stats.norm.isf(alpha) * se
    table = np.column_stack([est, se, est - half, est + half, 2 * stats.norm.sf(np.abs(est / se))])
    return pd.DataFrame(table, index=pd.Index(names, name="name"), columns=WALD_COLUMNS)


def components(given: list[Term], sds: np.ndarray) -> pd.DataFrame:
    rows = [(term.name, sd**2, sd) for term, sd in zip(given, sds, strict=True)]
    return pd.DataFrame(rows, columns=COMPONENT_COLUMNS)


@dataclass(frozen=True)
class Patterns:
    """Rows that say the same, once: which row stands for each, and the pattern of each row."""

    first: np.ndarray
    codes: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        return len(self.first)

    def total(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.codes, values, len(self.first))


def patterns(*columns: np.ndarray) -> Patterns:
    """Different combinations of the values in ``columns`` (one entry per row each)."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        part = pd.factorize(column)[0].astype(np.int64)
        codes = pd.factorize(codes * (part.max() + 1) + part)[0].astype(np.int64)
    first = np.zeros(codes.max() + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return Patterns(first, codes)


def separated(signed: np.ndarray, level: np.ndarray) -> bool:
    """Whether some direction δ has signed·δ ≥ 0 for every row, not always 0, and level·δ = 0.

    Along it the likelihood rises for ever: a column (or several together) foretells answers
    without fail. Source: Albert & Anderson (1984), Biometrika 71, 1–10, here by linear
    programming.
    """
    if len(signed) == 0:
        return False
    scale = np.abs(np.vstack([signed, level])).max(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    found = optimize.linprog(
        -(signed / scale).sum(axis=0),
        A_ub=-signed / scale,
        b_ub=np.zeros(len(signed)),
        A_eq=level / scale if len(level) else None,
        b_eq=np.zeros(len(level)) if len(level) else None,
        bounds=(-1, 1),
    )
    return bool(found.status == 0 and -found.fun > 1e-7)


def approximation(nodes: int) -> str:
    return "Laplace" if nodes == 1 else f"adaptive Gauss-Hermite, {nodes} nodes"


def nothing(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns, dtype=float)


def without(reason: Reason, n: int, given: list[Term]) -> AnswersFit:
    levels = {term.name: term.levels for term in given}
    empty = nothing(WALD_COLUMNS)
    return AnswersFit(empty, empty, nothing(COMPONENT_COLUMNS), {}, n, 0, levels, reason=reason)
