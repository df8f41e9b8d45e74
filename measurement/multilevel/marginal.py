"""Likelihood of answers with the random intercepts integrated out: Laplace, or by quadrature."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.polynomial import hermite_e
from scipy import sparse, special

from measurement.multilevel.elimination import DENSE_LIMIT, Relative, Solved, solve, stacked
from measurement.multilevel.terms import Term, elimination_order

STEPS = 50


class Family(Protocol):
    """Log-likelihood of each row as a concave function of its linear predictor."""

    def value(self, eta: np.ndarray) -> np.ndarray: ...

    def slopes(self, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First derivative, and the second with its sign turned (so not negative)."""
        ...


class OneGrouping:
    """−2 log-likelihood with one random intercept: adaptive Gauss–Hermite quadrature around each
    level's mode; one node is Laplace's approximation.

    Source: Pinheiro & Bates (1995), J. Comput. Graph. Stat. 4, 12–35.
    """

    def __init__(self, term: Term, nodes: int) -> None:
        self.terms, self.parameters = [term], 1
        self.codes, self.levels = term.codes, term.levels
        self.nodes, weights = hermite_e.hermegauss(nodes)
        self.log_weights = np.log(weights) + self.nodes**2 / 2 - np.log(2 * np.pi) / 2
        self.modes = np.zeros(self.levels)

    def _joint(self, u: np.ndarray, sd: float, offset: np.ndarray, family: Family) -> np.ndarray:
        value = family.value(offset + sd * u[self.codes])
        return np.bincount(self.codes, value, self.levels) - u**2 / 2

    def _climb(self, sd: float, offset: np.ndarray, family: Family) -> np.ndarray:
        """Curvature of each level at its mode, which is left in ``modes``."""
        u = self.modes
        height = self._joint(u, sd, offset, family)
        for _ in range(STEPS):
            first, second = family.slopes(offset + sd * u[self.codes])
            slope = sd * np.bincount(self.codes, first, self.levels) - u
            curvature = sd**2 * np.bincount(self.codes, second, self.levels) + 1
            step = slope / curvature
            if (slope * step).max() < 1e-20:
                break
            for _ in range(STEPS):
                tried = self._joint(u + step, sd, offset, family)
                worse = tried < height - 1e-12 * (1 + np.abs(height))
                if not worse.any():
                    break
                step = np.where(worse, step / 2, step)
            u, height = u + step, tried
        self.modes = u
        return curvature

    def deviance(self, theta: np.ndarray, offset: np.ndarray, family: Family) -> float:
        curvature = self._climb(theta[0], offset, family)
        width = 1 / np.sqrt(curvature)
        terms = [
            weight + self._joint(self.modes + width * node, theta[0], offset, family)
            for node, weight in zip(self.nodes, self.log_weights, strict=True)
        ]
        return -2 * float((special.logsumexp(terms, axis=0) + np.log(width)).sum())

    def effects(self, theta: np.ndarray) -> list[np.ndarray]:
        return [theta[0] * self.modes]


class SeveralGroupings:
    """−2 log-likelihood with nested or crossed random intercepts by Laplace's approximation:
    −2 (ℓ(û) − û'û/2) + log|Λ'Z'WZΛ + I| at the mode û.

    Source: Bates, Mächler, Bolker & Walker (2015), J. Stat. Softw. 67(1); Breslow & Clayton (1993),
    J. Am. Stat. Assoc. 88, 9–25.
    """

    def __init__(self, given: Sequence[Term]) -> None:
        self.terms, links = elimination_order(given)
        if sum(term.levels for term in self.terms[links:]) > DENSE_LIMIT:
            raise ValueError(
                f"The crossed groupings have more than {DENSE_LIMIT} levels beside the largest."
            )
        self.relative, self.parameters = Relative(self.terms), len(self.terms)
        self.chain = [(term.levels, 1) for term in self.terms[:links]]
        self.z = stacked(self.terms)
        self.zt = self.z.T.tocsr()
        if self.relative.small:
            self.z, self.zt, self.chain = self.z.toarray(), self.zt.toarray(), []
        self.modes = np.zeros(self.relative.size)

    def _system(self, factor: sparse.csr_matrix, weights: np.ndarray, rhs: np.ndarray) -> Solved:
        if self.relative.small:
            inner = (self.zt * weights) @ self.z
        else:
            scaled = self.z.copy()
            scaled.data *= np.repeat(weights, len(self.terms))
            inner = self.zt @ scaled
        return solve(self.relative.sandwich(factor, inner), rhs[:, None], self.chain)

    def deviance(self, theta: np.ndarray, offset: np.ndarray, family: Family) -> float:
        factor, u = self.relative.matrix(theta), self.modes

        def height(at: np.ndarray) -> tuple[float, np.ndarray]:
            eta = offset + self.z @ (factor @ at)
            return float(family.value(eta).sum() - at @ at / 2), eta

        now, eta = height(u)
        for _ in range(STEPS):
            first, second = family.slopes(eta)
            rhs = factor.T @ (self.zt @ first) - u
            solved = self._system(factor, second, rhs)
            if solved.gram[0, 0] < 1e-20:
                break
            step = solved.back(np.ones(1))
            for _ in range(STEPS):
                tried, eta = height(u + step)
                if tried >= now - 1e-12 * (1 + abs(now)):
                    break
                step = step / 2
            u, now = u + step, tried
        self.modes = u
        return -2 * now + solved.logdet

    def effects(self, theta: np.ndarray) -> list[np.ndarray]:
        stackedup = self.relative.matrix(theta) @ self.modes
        return np.split(stackedup, np.cumsum([term.levels for term in self.terms])[:-1])


def marginal(given: Sequence[Term], nodes: int) -> OneGrouping | SeveralGroupings:
    """Quadrature with ``nodes`` for one grouping; several know Laplace (one node) only."""
    if nodes < 1 or nodes != int(nodes):
        raise ValueError("The number of quadrature nodes must be a whole number from 1.")
    if len(given) == 1:
        return OneGrouping(given[0], int(nodes))
    if nodes > 1:
        raise ValueError("Quadrature is for one grouping; several are fitted by Laplace (1 node).")
    return SeveralGroupings(given)
