"""The profiled deviance of a linear mixed model, from cross-products made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize

from measurement.multilevel.elimination import DENSE_LIMIT, Relative, Solved, solve, stacked
from measurement.multilevel.terms import Term, elimination_order

ZERO = 1e-4  # of a relative standard deviation, as lme4's isSingular has it


@dataclass(frozen=True)
class Point:
    """What one θ gives: log-determinants, residual sum of squares, coefficients and their
    covariance over σ² (both in the basis of the orthonormal columns)."""

    random_logdet: float
    fixed_logdet: float
    rss: float
    gamma: np.ndarray
    unscaled: np.ndarray
    solved: Solved


class Profiled:
    """−2 log (restricted) likelihood over the relative covariance factor θ.

    ML: log|Λ'Z'ZΛ + I| + n (1 + log(2π r²/n)). REML: + log|R_X|², with n − p for n.
    Source: Bates, Mächler, Bolker & Walker (2015), J. Stat. Softw. 67(1), eqs 34 and 41.
    """

    def __init__(self, y: np.ndarray, x: np.ndarray, given: Sequence[Term], reml: bool) -> None:
        self.terms, links = elimination_order(given)
        self.chain = [(term.levels, term.width) for term in self.terms[:links]]
        dense = sum(term.levels * term.width for term in self.terms[links:])
        if dense > DENSE_LIMIT:
            raise ValueError(
                f"The crossed groupings have {dense} levels beside the largest; "
                f"at most {DENSE_LIMIT} can be fitted."
            )
        self.relative, self.reml = Relative(self.terms), reml
        self.n, self.p = x.shape
        # Orthonormal columns and least-squares residuals keep digits that big means would cost.
        self.basis, self.triangle = np.linalg.qr(x)
        self.shift = self.basis.T @ y
        rest = y - self.basis @ self.shift
        z = stacked(self.terms)
        both = np.column_stack([self.basis, rest])
        self.zz, self.zr, self.rr = (z.T @ z).tocsr(), z.T @ both, both.T @ both
        if self.relative.small:
            self.zz, self.chain = self.zz.toarray(), []
        self.rows = self.n - self.p if reml else self.n

    def at(self, theta: np.ndarray) -> Point:
        factor = self.relative.matrix(theta)
        system = self.relative.sandwich(factor, self.zz)
        solved = solve(system, factor.T @ self.zr, self.chain)
        left = self.rr - solved.gram
        root = linalg.cholesky(left[:-1, :-1], lower=True)
        half = linalg.solve_triangular(root, left[:-1, -1], lower=True)
        inverse = linalg.solve_triangular(root, np.eye(self.p), lower=True)
        return Point(
            solved.logdet,
            2 * float(np.log(np.diagonal(root)).sum()) + self._basis_logdet,
            float(left[-1, -1] - half @ half),
            inverse.T @ half,
            inverse.T @ inverse,
            solved,
        )

    @property
    def _basis_logdet(self) -> float:
        return 2 * float(np.log(np.abs(np.diagonal(self.triangle))).sum())

    def deviance(self, point: Point) -> float:
        fixed = point.fixed_logdet if self.reml else 0.0
        rss = max(point.rss, 1e-300)
        spread = self.rows * (1 + np.log(2 * np.pi * rss / self.rows))
        return float(point.random_logdet + fixed + spread)

    def coefficients(self, point: Point) -> np.ndarray:
        return linalg.solve_triangular(self.triangle, self.shift + point.gamma)

    def covariance(self, point: Point) -> np.ndarray:
        """Of the coefficients, over σ²."""
        inverse = linalg.solve_triangular(self.triangle, np.eye(self.p))
        return inverse @ point.unscaled @ inverse.T

    def effects(self, theta: np.ndarray, point: Point) -> list[np.ndarray]:
        """Best linear unbiased predictions per factor, levels × what varies."""
        spherical = point.solved.back(np.append(-point.gamma, 1.0))
        stacked = self.relative.matrix(theta) @ spherical
        ends = np.cumsum([term.levels * term.width for term in self.terms])[:-1]
        parts = np.split(stacked, ends)
        return [part.reshape(t.levels, t.width) for t, part in zip(self.terms, parts, strict=True)]


@dataclass(frozen=True)
class Minimum:
    """Where the deviance is least; ``converged`` when a Newton step moves θ by less than 1e-4."""

    theta: np.ndarray
    converged: bool


def minimise(function: Callable[[np.ndarray], float], start: np.ndarray) -> Minimum:
    """L-BFGS, then Newton steps on numerical derivatives until they no longer move.

    θ is not bounded: the deviance depends on ΛΛ' only, so a negative diagonal is the mirror image
    of a positive one and a variance of zero is an ordinary minimum. The same symmetry makes zero a
    point without slope even where it is a ridge: downward curvature sends the search on.
    """
    options = {"ftol": 1e-8, "gtol": 1e-5, "maxls": 40}

    def descend(at: np.ndarray) -> np.ndarray:
        return optimize.minimize(function, at, method="L-BFGS-B", options=options).x

    theta, step = descend(start), np.array([np.inf])
    for _ in range(12):
        value, slope, curvature = derivatives(lambda t: np.array([function(t)]), theta)
        roots, axes = np.linalg.eigh(curvature[0])
        if roots[0] < -1e-4 * max(1.0, roots[-1]):
            theta = descend(theta + 0.4 * axes[:, 0])
            continue
        firm = roots > 1e-10 * roots[-1]
        step = -(axes[:, firm] / roots[firm]) @ (axes[:, firm].T @ slope[0])
        if np.abs(step).max() < 1e-7:
            return Minimum(theta, True)
        for _ in range(12):
            if function(theta + step) <= value[0] + 1e-9:
                theta = theta + step
                break
            step = step / 2
        else:
            break
    return Minimum(theta, bool(np.abs(step).max() < 1e-4))


def fitted(model: Profiled) -> np.ndarray | None:
    """θ at the least deviance, or None without convergence.

    Diagonals are positive, and exactly zero where the deviance is no worse for it.
    """

    def deviance(theta: np.ndarray) -> float:
        return model.deviance(model.at(theta))

    tries = [minimise(deviance, start) for start in model.relative.starts()]
    found = min(tries, key=lambda tried: deviance(tried.theta))
    if not found.converged:
        return None
    theta, diagonal = found.theta.copy(), model.relative.diagonal
    for i in np.flatnonzero(diagonal):
        column, term = model.relative.triangles[i][1], model.relative.term_of[i]
        own = [
            k
            for k, (row, other) in enumerate(model.relative.triangles)
            if other == column and model.relative.term_of[k] == term
        ]
        theta[own] *= 1.0 if theta[i] >= 0 else -1.0
    small = diagonal & (np.abs(theta) < ZERO)
    if small.any():
        zeroed = np.where(small, 0.0, theta)
        if deviance(zeroed) <= deviance(theta) + 1e-7:
            return zeroed
    return theta


Derivatives = tuple[np.ndarray, np.ndarray, np.ndarray]


def derivatives(
    function: Callable[[np.ndarray], np.ndarray], at: np.ndarray, exact: bool = False
) -> Derivatives:
    """Value (k), gradient (k, d) and Hessian (k, d, d) by central differences; ``exact``
    extrapolates those of two widths (Richardson)."""
    width = 2e-3 * np.maximum(np.abs(at), 0.1)
    middle = function(at)
    slope, curvature = _differences(function, at, middle, width)
    if len(at):
        slope = (16 * _slope(function, at, width / 4) - slope) / 15
    if exact:
        wide_curvature = _differences(function, at, middle, 2 * width)[1]
        curvature = (4 * curvature - wide_curvature) / 3
    return middle, slope, curvature


def _slope(
    function: Callable[[np.ndarray], np.ndarray], at: np.ndarray, width: np.ndarray
) -> np.ndarray:
    found = [function(at + move) - function(at - move) for move in np.diag(width)]
    return np.reshape(found, (len(at), -1)).T / (2 * width)


def _differences(
    function: Callable[[np.ndarray], np.ndarray],
    at: np.ndarray,
    middle: np.ndarray,
    width: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    d = len(at)
    moves = np.diag(width)
    up = [function(at + move) for move in moves]
    down = [function(at - move) for move in moves]
    slope, curvature = np.empty((len(middle), d)), np.empty((len(middle), d, d))
    for i in range(d):
        slope[:, i] = (up[i] - down[i]) / (2 * width[i])
        curvature[:, i, i] = (up[i] - 2 * middle + down[i]) / width[i] ** 2
        for j in range(i):
            both = function(at + moves[i] + moves[j]) + function(at - moves[i] - moves[j])
            mixed = both - up[i] - down[i] - up[j] - down[j] + 2 * middle
            curvature[:, i, j] = curvature[:, j, i] = mixed / (2 * width[i] * width[j])
    return slope, curvature
