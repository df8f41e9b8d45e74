"""Cholesky of Λ'Z'WZΛ + I, grouping by grouping: the finest are block-diagonal, the rest dense."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import linalg, sparse

from measurement.multilevel.terms import Term

DENSE_LIMIT = 5000
# Up to this many columns dense algebra beats the overhead of sparse matrices.
SMALL = 150
# From this share of cells that are not zero the same holds of a product.
FULL = 0.1


@dataclass(frozen=True)
class Solved:
    """Factor of a system: log-determinant, and what forward and back substitution need.

    ``gram`` is C'C for the forward-solved right-hand sides C: RHS' M⁻¹ RHS.
    """

    logdet: float
    gram: np.ndarray
    stages: list[tuple[sparse.csr_matrix, Any, np.ndarray]]
    dense: np.ndarray
    last: np.ndarray

    def back(self, weights: np.ndarray) -> np.ndarray:
        """M⁻¹ (RHS @ weights)."""
        found = self.last @ weights
        if len(found):
            found = linalg.solve_triangular(self.dense, found, lower=True, trans="T")
        for inverse, coupling, forward in reversed(self.stages):
            own = inverse.T @ (forward @ weights - coupling @ found)
            found = np.concatenate([own, found])
        return found


class Relative:
    """Λ(θ): one lower triangle of θ, row by row, repeated over the levels of each factor.

    θ is in units of the columns that vary: their root mean square is taken out, so that a slope in
    minutes is found as well as one in days.
    """

    def __init__(self, ordered: Sequence[Term]) -> None:
        self.triangles: list[tuple[int, int]] = []
        self.term_of: list[int] = []
        scale: list[float] = []
        places, at, filled, offset, first = [], [], [], 0, 0
        for number, term in enumerate(ordered):
            q = term.width
            rows, columns = np.tril_indices(q)
            size = len(rows)
            self.triangles += list(zip(rows.tolist(), columns.tolist(), strict=True))
            self.term_of += [number] * size
            size_of = np.sqrt((term.design**2).mean(axis=0))
            scale += (1 / np.where(size_of > 0, size_of, 1.0))[rows].tolist()
            places.append(np.tile(first + np.arange(size), term.levels))
            base = offset + q * np.arange(term.levels)
            at.append((base[:, None] + columns).ravel())
            filled.append(np.tile(np.arange(1, q + 1), term.levels))
            offset, first = offset + q * term.levels, first + size
        self.size, self.small = offset, offset <= SMALL
        self.eye = np.eye(offset) if self.small else sparse.eye_array(offset, format="csr")
        self._rows = np.repeat(np.arange(offset), np.concatenate(filled))
        self._places, self._at = np.concatenate(places), np.concatenate(at)
        self._starts = np.cumsum(np.concatenate([[0], *filled]))
        self.scale = np.array(scale)
        self.diagonal = np.array([row == column for row, column in self.triangles])

    def starts(self) -> list[np.ndarray]:
        """Where to begin: effects alone, and with slopes that go with the intercept or against it,
        since a correlation of ±1 can lie behind a ridge."""
        # Not 1: a first step of length one would land on zero, where the slope vanishes.
        alone = 0.8 * self.diagonal
        if self.diagonal.all():
            return [alone]
        return [alone, *(alone + sign * 0.6 * ~self.diagonal for sign in (1, -1))]

    def matrix(self, theta: np.ndarray) -> Any:
        """Dense where small, sparse otherwise."""
        theta = theta * self.scale
        if self.small:
            dense = np.zeros((self.size, self.size))
            dense[self._rows, self._at] = theta[self._places]
            return dense
        return sparse.csr_matrix(
            (theta[self._places], self._at, self._starts), shape=(self.size, self.size)
        )

    def sandwich(self, factor: Any, inner: Any) -> Any:
        """Λ' inner Λ + I, for ``factor`` Λ."""
        if self.small:
            return factor.T @ inner @ factor + self.eye
        if not self.diagonal.all():
            return (factor.T @ inner @ factor + self.eye).tocsr()
        # Λ is diagonal here: products of sparse matrices would look for what is known.
        scale, found = factor.data, inner.copy()
        found.data *= np.repeat(scale, np.diff(inner.indptr)) * scale[inner.indices]
        return found + self.eye

    def blocks(self, theta: np.ndarray) -> list[np.ndarray]:
        """The lower triangle of each factor."""
        found = []
        for number in range(max(self.term_of) + 1):
            own = [i for i, term in enumerate(self.term_of) if term == number]
            q = max(self.triangles[i][0] for i in own) + 1
            block = np.zeros((q, q))
            block[np.tril_indices(q)] = (theta * self.scale)[own]
            found.append(block)
        return found


def solve(system: Any, rhs: np.ndarray, chain: Sequence[tuple[int, int]]) -> Solved:
    """Factor ``system`` and forward-solve ``rhs``; ``chain``: (levels, width) of the factors that
    are block-diagonal once those before them are gone."""
    logdet, gram, stages = 0.0, np.zeros((rhs.shape[1], rhs.shape[1])), []
    for link, (levels, q) in enumerate(chain, start=1):
        m = levels * q
        coupling, rest = system[:m, m:], system[m:, m:]
        if q == 1:
            pivot = np.sqrt(system.diagonal()[:m])
            logdet += 2 * np.log(pivot).sum()
            inverse = sparse.diags_array(1 / pivot, format="csr")
            coupling.data /= np.repeat(pivot, np.diff(coupling.indptr))
        else:
            triangles = np.linalg.cholesky(system[:m, :m].tobsr((q, q)).data)
            logdet += 2 * np.log(np.diagonal(triangles, axis1=1, axis2=2)).sum()
            where = np.arange(levels + 1)
            blocks = (np.linalg.inv(triangles), where[:-1], where)
            inverse = sparse.bsr_matrix(blocks, shape=(m, m)).tocsr()
            coupling = inverse @ coupling
        if link == len(chain) and coupling.nnz > FULL * m * rest.shape[0]:
            coupling, rest = coupling.toarray(), rest.toarray()
        forward = inverse @ rhs[:m]
        stages.append((inverse, coupling, forward))
        gram += forward.T @ forward
        across = coupling.T if isinstance(coupling, np.ndarray) else coupling.T.tocsr()
        system, rhs = rest - across @ coupling, rhs[m:] - across @ forward
    if rhs.shape[0] == 0:
        return Solved(logdet, gram, stages, np.empty((0, 0)), rhs)
    dense = np.linalg.cholesky(system.toarray() if sparse.issparse(system) else system)
    last = linalg.solve_triangular(dense, rhs, lower=True)
    logdet += 2 * np.log(np.diagonal(dense)).sum()
    return Solved(logdet, gram + last.T @ last, stages, dense, last)


def stacked(ordered: Sequence[Term]) -> sparse.csr_matrix:
    """The matrices of all factors side by side."""
    return sparse.hstack([term.matrix() for term in ordered], format="csr")
