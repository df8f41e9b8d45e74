"""Which parameters are free, in which group, and which of them must be equal."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from measurement.cfa.model import (
    FACTOR,
    INTERCEPT,
    LOADING,
    MEAN,
    RESIDUAL,
    SCALE,
    THRESHOLD,
    Layout,
    Model,
)

FIXED = -1


@dataclass(frozen=True)
class Specification:
    """One layout for all groups. ``start``: starting or fixed values, shape (groups, R).
    ``free``: which of the q free parameters each one is, −1 where fixed; equal numbers are one
    and the same parameter."""

    layout: Layout
    start: np.ndarray
    free: np.ndarray

    @cached_property
    def size(self) -> int:
        return int(self.free.max()) + 1

    def initial(self) -> np.ndarray:
        """The starting value of each free parameter, shape (q,)."""
        theta = np.zeros(self.size)
        theta[self.free[self.free >= 0]] = self.start[self.free >= 0]
        return theta

    def values(self, theta: np.ndarray) -> np.ndarray:
        """All parameters of all groups at theta, shape (groups, R)."""
        found = self.start.astype(theta.dtype)
        found[self.free >= 0] = theta[self.free[self.free >= 0]]
        return found

    @cached_property
    def _own(self) -> list[tuple[np.ndarray, np.ndarray]]:
        found = []
        for free in self.free:
            numbers = np.unique(free[free >= 0])
            found.append((numbers, (free[:, None] == numbers[None, :]).astype(float)))
        return found

    def own(self, group: int) -> tuple[np.ndarray, np.ndarray]:
        """The free parameters of a group: their numbers (q_g,), and the 0/1 matrix (R, q_g) that
        says which rows of the table they are."""
        return self._own[group]


@dataclass(frozen=True)
class Step:
    """Blocks whose parameters are ``equal`` in all groups (or on all occasions), and blocks that
    are then ``freed`` in every group but the first. For residuals and factors only variances."""

    equal: frozenset[str] = frozenset()
    freed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Occasions:
    """For items met several times in one row: of each parameter, on which occasion (0 the first)
    and its twin on the first, both of shape (R,)."""

    number: np.ndarray
    twin: np.ndarray

    @classmethod
    def single(cls, parameters: int) -> "Occasions":
        return cls(np.zeros(parameters, int), np.arange(parameters))


def specify(
    model: Model,
    layout: Layout,
    start: np.ndarray,
    step: Step | None = None,
    occasions: Occasions | None = None,
) -> Specification:
    """The free parameters of ``model``; ``start``: starting or fixed values, (groups, R).

    Factor means are fixed (0), and of ordinal items intercepts (0) and scales (1), until a step
    frees them.
    """
    groups, size = start.shape
    step, occasions = step or Step(), occasions or Occasions.single(size)
    fixed = np.zeros(size, bool)
    for block in (MEAN, INTERCEPT, SCALE) if layout.ordinal else (MEAN,):
        fixed[layout.at(block)[0]] = True
    r, _, j = layout.at(LOADING)
    if model.identification == "marker":
        fixed[r[np.unique(j, return_index=True)[1]]] = True
    else:
        fixed[layout.variances(FACTOR)] = True
    if model.orthogonal:
        r, i, j = layout.at(FACTOR)
        fixed[r[i != j]] = True

    later = np.arange(groups)[:, None] + occasions.number > 0
    open_ = np.tile(~fixed, (groups, 1)) | (later & layout.within(step.freed))
    keys = np.arange(groups * size).reshape(groups, size)
    keys = np.where(layout.within(step.equal), occasions.twin, keys)
    free = np.full((groups, size), FIXED)
    free[open_] = np.unique(keys[open_], return_inverse=True)[1]
    return Specification(layout, start, free)


def starting_values(model: Model, layout: Layout, covariance: np.ndarray) -> np.ndarray:
    """Loadings from the first principal axis of each factor's items; the rest half and half."""
    found = np.zeros(len(layout.rows))
    spread = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(spread, spread)
    marker = model.identification == "marker"
    rows, items, factors = layout.at(LOADING)
    r, i, j = layout.at(FACTOR)
    found[r[i == j]] = 1.0
    for factor in range(len(layout.factors)):
        own = items[factors == factor]
        _, axes = np.linalg.eigh(correlation[np.ix_(own, own)])
        axis = axes[:, -1] * (np.sign(axes[0, -1]) or 1.0)
        loading = 0.7 * np.sqrt(len(own)) * axis * spread[own]
        if marker:
            unit = max(loading[0], 0.2 * spread[own[0]])
            loading = loading / unit
            loading[0] = 1.0
            found[r[(i == j) & (i == factor)]] = unit**2
        found[rows[factors == factor]] = loading
    r, i, j = layout.at(RESIDUAL)
    found[r[i == j]] = spread[i[i == j]] ** 2 / 2
    found[layout.at(SCALE)[0]] = 1.0
    return found


def identified(slopes: np.ndarray) -> bool:
    """Whether the moments move differently with each free parameter: full column rank.

    ``slopes``: moments × free parameters, at values where nothing is zero by chance.
    """
    if slopes.shape[1] > slopes.shape[0]:
        return False
    norms = np.linalg.norm(slopes, axis=0)
    if (norms == 0).any():
        return False
    unit = slopes / norms
    values = np.linalg.eigvalsh(unit.T @ unit)
    return bool(values[0] > 1e-10 * values[-1])


def anywhere(specification: Specification) -> np.ndarray:
    """Values of the free parameters where none is zero or equal to another by chance: a model
    that is not identified here is identified nowhere."""
    steps = np.modf(np.sqrt(np.arange(2, specification.size + 2)))[0]
    start = specification.values(0.5 + 0.4 * steps)
    layout = specification.layout
    r, i, j = layout.at(FACTOR)
    start[:, r] = np.where(i == j, 1 + start[:, r], start[:, r] / 4)
    r, _, _ = layout.at(THRESHOLD)
    start[:, r] += np.arange(len(r))
    theta = np.zeros(specification.size)
    theta[specification.free[specification.free >= 0]] = start[specification.free >= 0]
    return theta
