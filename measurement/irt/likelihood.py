"""The marginal likelihood of answers, its slope and its curvature.

A row has weight w; ξ are the parameters of all curves; θ is N(0, 1), cut into nodes with masses
that sum to one. With s_iq = ∂ log P(row i | node q) / ∂ξ and π_iq the posterior mass of the node:
gradient Σ w_i s̄_i, s̄_i = Σ_q π_iq s_iq (Fisher's identity), and the observed information
Σ w_i {E_π[−∂²log P] − E_π[s s′] + s̄ s̄′} (Louis 1982, J. R. Stat. Soc. B 44, 226–233).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from measurement.irt.curves import Curve

CHUNK = 2048


@dataclass(frozen=True)
class Population:
    """Nodes of θ and their masses."""

    theta: np.ndarray
    mass: np.ndarray

    @classmethod
    def normal(cls, nodes: int, sd: float = 1.0) -> "Population":
        """N(0, sd²) on equal steps over ±6 sd: for smooth curves exact to many digits, as long as
        the steps stay below the width of a row's likelihood."""
        theta = np.linspace(-6.0, 6.0, nodes)
        mass = np.exp(-(theta**2) / 2)
        return cls(sd * theta, mass / mass.sum())


class Answers:
    """Codes (−1: missing) of rows × items as a 0/1 table of rows × all codes of all items, the
    rows with their ``weights``."""

    def __init__(self, codes: np.ndarray, steps: np.ndarray, weights: np.ndarray):
        self.codes, self.steps, self.weights = codes, steps, weights
        owner = np.repeat(np.arange(len(steps)), steps + 1)
        code = np.concatenate([np.arange(m + 1) for m in steps])
        self.table = (codes[:, owner] == code).astype(float)
        ends = np.cumsum(steps + 1)
        self.blocks = [slice(end - m - 1, end) for end, m in zip(ends, steps, strict=True)]

    def thinned(self, most: int) -> "Answers":
        """About ``most`` rows, taken at even steps, that stand for all."""
        step = -(-len(self.codes) // most)
        weights = self.weights[::step]
        weights = weights * (self.weights.sum() / weights.sum())
        return Answers(self.codes[::step], self.steps, weights)

    def posterior(
        self, curves: Sequence[Curve], population: Population
    ) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """By chunks of rows: which rows, their posterior masses (rows × nodes), and log P(row)."""
        log_p = np.vstack([curve.log_probabilities(population.theta) for curve in curves])
        # Masses far out may underflow to zero; their logarithm only has to be very small.
        log_mass = np.log(np.maximum(population.mass, 1e-300))
        for start in range(0, len(self.table), CHUNK):
            rows = slice(start, start + CHUNK)
            joint = self.table[rows] @ log_p + log_mass
            top = joint.max(axis=1)
            joint = np.exp(joint - top[:, None])
            total = joint.sum(axis=1)
            yield rows, joint / total[:, None], top + np.log(total)

    def expected(
        self, curves: Sequence[Curve], population: Population
    ) -> tuple[float, list[np.ndarray]]:
        """Log-likelihood, and for each item the expected number of rows by code and node."""
        counts = np.zeros((self.table.shape[1], len(population.theta)))
        loglik = 0.0
        for rows, posterior, log_row in self.posterior(curves, population):
            weights = self.weights[rows]
            loglik += float(weights @ log_row)
            counts += self.table[rows].T @ (posterior * weights[:, None])
        return loglik, [counts[block] for block in self.blocks]


@dataclass(frozen=True)
class Layout:
    """Where each item's slope and intercepts stand among the parameters ξ.

    ``slopes`` is "own" (one for each item), "common" (one for all) or "one" (none: fixed at 1).
    """

    family: type[Curve]
    steps: np.ndarray
    slopes: str

    @property
    def n_slopes(self) -> int:
        return {"own": len(self.steps), "common": 1, "one": 0}[self.slopes]

    def places(self) -> list[np.ndarray]:
        """For each item the positions of its slope (if any) and intercepts."""
        found, start = [], self.n_slopes
        for j, m in enumerate(self.steps):
            slope = {"own": [j], "common": [0], "one": []}[self.slopes]
            found.append(np.array([*slope, *range(start, start + m)], dtype=int))
            start += m
        return found

    def curves(self, parameters: np.ndarray) -> list[Curve]:
        found = []
        for place, m in zip(self.places(), self.steps, strict=True):
            own = parameters[place]
            found.append(self.family(own[0] if len(own) > m else 1.0, own[-m:]))
        return found

    def design(self, curve: Curve, theta: np.ndarray) -> np.ndarray:
        """∂ z_k / ∂ (slope, intercepts), m × (1+m or m) × nodes."""
        m = len(curve.intercepts)
        steps = np.repeat(np.eye(m)[:, :, None], len(theta), axis=2)
        if self.slopes == "one":
            return steps
        return np.concatenate([np.outer(curve.weights, theta)[:, None], steps], axis=1)

    def complete(
        self, curves: Sequence[Curve], counts: Sequence[np.ndarray], theta: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Gradient, and the information that knowing every θ would give."""
        size = self.n_slopes + int(self.steps.sum())
        gradient, information = np.zeros(size), np.zeros((size, size))
        for curve, place, count in zip(curves, self.places(), counts, strict=True):
            design = self.design(curve, theta)
            by_logit = np.einsum("cq,ckq->kq", count, curve.derivatives(theta))
            gradient[place] += np.einsum("kq,kpq->p", by_logit, design)
            bent = np.einsum("klq,lpq->kpq", curve.curvature(theta, count), design)
            information[np.ix_(place, place)] += np.einsum("krq,kpq->rp", design, bent)
        return gradient, information

    def scores(self, curves: Sequence[Curve], theta: np.ndarray) -> np.ndarray:
        """∂ log P(code) / ∂ ξ, nodes × all codes of all items × parameters."""
        size, width = self.n_slopes + int(self.steps.sum()), int((self.steps + 1).sum())
        found = np.zeros((len(theta), width, size))
        start = 0
        for curve, place in zip(curves, self.places(), strict=True):
            own = np.einsum("ckq,kpq->qcp", curve.derivatives(theta), self.design(curve, theta))
            found[:, start : start + own.shape[1], place] = own
            start += own.shape[1]
        return found

    def missing(
        self, answers: Answers, curves: Sequence[Curve], population: Population
    ) -> np.ndarray:
        """What not knowing θ takes from the information: Σ w_i {E[s s′] − s̄ s̄′}."""
        scores = self.scores(curves, population.theta)
        nodes, width, size = scores.shape
        together, means = np.zeros((nodes, width, width)), np.zeros((size, size))
        cells, parameters = np.nonzero(scores.any(axis=0))
        order = np.lexsort((cells, parameters))
        cells, parameters = cells[order], parameters[order]
        starts = np.flatnonzero(np.diff(parameters, prepend=-1))
        for rows, posterior, _ in answers.posterior(curves, population):
            table, weights = answers.table[rows], answers.weights[rows]
            roots = np.sqrt(posterior * weights[:, None])
            # Rows stand in the order of their scores: most nodes are far from all of a chunk.
            for q in np.flatnonzero(roots.max(axis=0) > 1e-6):
                weighted = table * roots[:, q, None]
                together[q] += weighted.T @ weighted
            by_cell = (posterior @ scores[:, cells, parameters]) * table[:, cells]
            mean = np.zeros((len(table), size))
            mean[:, parameters[starts]] = np.add.reduceat(by_cell, starts, axis=1)
            means += (mean * weights[:, None]).T @ mean
        return (scores.transpose(0, 2, 1) @ together @ scores).sum(axis=0) - means
