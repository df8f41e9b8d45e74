"""The normal likelihood of covariances and means, its slopes and information."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from measurement.cfa.sample import Sample
from measurement.cfa.specification import Specification

BLOCK = 10_000


@dataclass(frozen=True)
class Likelihood:
    """F(θ) = Σ n_g/N · ½[ln|Σ| + tr(SΣ⁻¹) − ln|S| − p + d'Σ⁻¹d], d = m − μ.

    2N·F is the likelihood-ratio chi-square. Without ``means`` the means stay as they were found.
    Source: Jöreskog (1969), Psychometrika 34, 183–202; (1971), Psychometrika 36, 409–426.
    """

    specification: Specification
    samples: Sequence[Sample]
    means: bool = False

    @cached_property
    def n(self) -> int:
        return sum(sample.n for sample in self.samples)

    def value(self, theta: np.ndarray) -> float:
        total = 0.0
        for sample, values in zip(self.samples, self.specification.values(theta), strict=True):
            sigma, away = self._implied(sample, values)
            try:
                root = np.linalg.cholesky(sigma)
            except np.linalg.LinAlgError:
                return np.inf
            scaled = np.linalg.solve(root, np.column_stack([away, sample.covariance]))
            trace = np.trace(np.linalg.solve(root, scaled[:, 1:].T))
            distance = scaled[:, 0] @ scaled[:, 0]
            own = 2 * np.log(np.diag(root)).sum() - sample.log_determinant
            total += sample.n / self.n / 2 * (own + trace - len(sigma) + distance)
        return float(total)

    def slope(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The gradient (q,) and the expected second derivatives (q, q)."""
        gradient, curvature = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
        every = self.specification.values(theta)
        for g, (sample, values) in enumerate(zip(self.samples, every, strict=True)):
            numbers, sigma_slopes, mean_slopes = self._slopes(g, values)
            inverse = np.linalg.inv(self._implied(sample, values)[0])
            share = sample.n / self.n
            picks = self.specification.own(g)[1]
            gradient[numbers] += share * picks.T @ self._row_gradient(sample, values)
            leaned = inverse @ sigma_slopes
            flat = leaned.reshape(len(numbers), -1)
            turned = leaned.swapaxes(1, 2).reshape(len(numbers), -1)
            expected = flat @ turned.T / 2 + mean_slopes @ inverse @ mean_slopes.T
            curvature[np.ix_(numbers, numbers)] += share * expected
        return gradient, curvature

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The observed second derivatives (q, q): complex steps of the gradient, exact to
        rounding (Squire & Trapp 1998, SIAM Rev. 40, 110–112)."""
        found, step = np.zeros((len(theta), len(theta))), 1e-30
        every = self.specification.values(theta)
        for g, (sample, values) in enumerate(zip(self.samples, every, strict=True)):
            numbers, picks = self.specification.own(g)
            columns = [
                picks.T @ self._row_gradient(sample, values + 1j * step * pick).imag / step
                for pick in picks.T
            ]
            found[np.ix_(numbers, numbers)] += sample.n / self.n * np.column_stack(columns)
        return (found + found.T) / 2

    def scores(self, theta: np.ndarray) -> np.ndarray:
        """Σ of each row's score times its transpose, over N: the first-order information (q, q)."""
        found = np.zeros((len(theta), len(theta)))
        every = self.specification.values(theta)
        for g, (sample, values) in enumerate(zip(self.samples, every, strict=True)):
            numbers, sigma_slopes, mean_slopes = self._slopes(g, values)
            sigma, away = self._implied(sample, values)
            slopes = np.column_stack([mean_slopes, halves(sigma_slopes)])
            meat = slopes @ outer_scores(sample, sample.mean - away, sigma) @ slopes.T
            found[np.ix_(numbers, numbers)] += meat / self.n
        return found

    def every_slope(self, theta: np.ndarray) -> np.ndarray:
        """Slopes of the distinct covariances (and means) of all groups, moments × q."""
        found = []
        for g, values in enumerate(self.specification.values(theta)):
            numbers, sigma_slopes, mean_slopes = self._slopes(g, values)
            own = np.zeros((self.samples[g].moments + mean_slopes.shape[1], len(theta)))
            own[:, numbers] = np.column_stack([halves(sigma_slopes), mean_slopes]).T
            found.append(own if self.means else own[: self.samples[g].moments])
        return np.vstack(found)

    def _row_gradient(self, sample: Sample, values: np.ndarray) -> np.ndarray:
        """∂F/∂ each row of a group's table, its share of all rows left out."""
        layout = self.specification.layout
        sigma, away = self._implied(sample, values)
        inverse = np.linalg.inv(sigma)
        pull = inverse - inverse @ (sample.covariance + np.outer(away, away)) @ inverse
        found = np.tensordot(layout.covariance_slopes(values), pull, 2) / 2
        if self.means:
            found -= layout.mean_slopes(values) @ inverse @ away
        return found

    def _implied(self, sample: Sample, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        layout = self.specification.layout
        away = sample.mean - layout.mean(values) if self.means else np.zeros(len(sample.mean))
        return layout.covariance(values), away

    def _slopes(self, group: int, values: np.ndarray) -> tuple[np.ndarray, ...]:
        numbers, picks = self.specification.own(group)
        layout = self.specification.layout
        sigma = np.tensordot(picks.T, layout.covariance_slopes(values), 1)
        return numbers, sigma, picks.T @ layout.mean_slopes(values) * float(self.means)


def halves(matrices: np.ndarray) -> np.ndarray:
    """The distinct cells of symmetric matrices (..., p, p), shape (..., p(p+1)/2)."""
    i, j = np.tril_indices(matrices.shape[-1])
    return matrices[..., i, j]


def doubled(weight: np.ndarray) -> np.ndarray:
    """What a distinct cell counts: 2 off the diagonal of a p × p matrix, 1 on it."""
    i, j = np.tril_indices(len(weight))
    return np.where(i == j, 1.0, 2.0)


def outer_scores(sample: Sample, mean: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Σ over rows of s·s', s the score for (μ, distinct σ) at ``mean`` and ``sigma``."""
    if sample.rows is None:
        raise ValueError("Robust standard errors need the rows, not only their covariances.")
    inverse = np.linalg.inv(sigma)
    i, j = np.tril_indices(len(sigma))
    count = doubled(sigma) / 2
    total = np.zeros((len(mean) + len(i),) * 2)
    for start in range(0, sample.n, BLOCK):
        z = (sample.rows[start : start + BLOCK] - mean) @ inverse
        score = np.column_stack([z, count * (z[:, i] * z[:, j] - inverse[i, j])])
        total += score.T @ score
    return total


def information(sigma: np.ndarray) -> np.ndarray:
    """Expected information of one row on (μ, distinct σ): Σ⁻¹ and ½D'(Σ⁻¹⊗Σ⁻¹)D."""
    inverse = np.linalg.inv(sigma)
    p = len(sigma)
    i, j = np.tril_indices(p)
    count = doubled(sigma)
    pairs = inverse[np.ix_(i, i)] * inverse[np.ix_(j, j)]
    pairs += inverse[np.ix_(i, j)] * inverse[np.ix_(j, i)]
    found = np.zeros((p + len(i),) * 2)
    found[:p, :p] = inverse
    found[p:, p:] = np.outer(count, count) * pairs / 4
    return found
