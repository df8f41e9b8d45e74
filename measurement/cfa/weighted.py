"""Weighted least squares of thresholds and polychoric correlations."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from measurement.cfa.model import SCALE, THRESHOLD, Layout
from measurement.cfa.specification import Specification


@dataclass(frozen=True)
class OrdinalSample:
    """``n`` rows by the thresholds of each item (``cuts``) and their polychoric correlations
    (``matrix``); ``gamma``: covariance of √n × ``moments``; ``weight``: what the square of each
    residual counts."""

    n: int
    cuts: Mapping[Hashable, np.ndarray]
    matrix: np.ndarray
    gamma: np.ndarray
    weight: np.ndarray

    @property
    def steps(self) -> dict[Hashable, int]:
        """How many thresholds each item has."""
        return {item: len(own) for item, own in self.cuts.items()}

    @cached_property
    def level(self) -> np.ndarray:
        return np.concatenate(list(self.cuts.values()))

    @cached_property
    def moments(self) -> np.ndarray:
        """Thresholds item by item, then correlations as a lower triangle read by columns."""
        return np.concatenate([self.level, self.matrix[np.triu_indices(len(self.matrix), 1)]])


def implied(layout: Layout, values: np.ndarray) -> np.ndarray:
    """Δ_i(τ − μ_i) of each threshold and Δ_i Δ_j σ_ij of each pair, μ and σ those of the responses
    beneath the categories: the moments of an ``OrdinalSample``."""
    scale = layout.matrices(values).scale
    sigma = layout.covariance(values)
    i, j = np.triu_indices(len(scale), 1)
    correlations = scale[i] * scale[j] * sigma[i, j]
    return np.concatenate([scale[layout.threshold_item] * _above(layout, values), correlations])


def implied_slopes(layout: Layout, values: np.ndarray) -> np.ndarray:
    """Slopes of ``implied``, parameters × moments."""
    scale = layout.matrices(values).scale
    item = layout.threshold_item
    r, place, _ = layout.at(THRESHOLD)
    above = np.zeros((len(layout.rows), len(item)), values.dtype)
    above[r, place] = 1
    above -= layout.mean_slopes(values)[:, item]
    above *= scale[item]
    i, j = np.triu_indices(len(scale), 1)
    together = layout.covariance_slopes(values)[:, i, j] * scale[i] * scale[j]
    r, own, _ = layout.at(SCALE)
    above[r] += _above(layout, values) * (item == own[:, None])
    sigma = layout.covariance(values)[i, j]
    together[r] += sigma * ((i == own[:, None]) * scale[j] + (j == own[:, None]) * scale[i])
    return np.column_stack([above, together])


def _above(layout: Layout, values: np.ndarray) -> np.ndarray:
    return layout.matrices(values).threshold - layout.mean(values)[layout.threshold_item]


@dataclass(frozen=True)
class WeightedSquares:
    """F(θ) = ½ Σ n_g/N · (s − κ(θ))' W (s − κ(θ)) with diagonal W.

    Source: Muthén (1984), Psychometrika 49, 115–132; Muthén, du Toit & Spisic (1997).
    """

    specification: Specification
    samples: Sequence[OrdinalSample]

    @cached_property
    def n(self) -> int:
        return sum(sample.n for sample in self.samples)

    def value(self, theta: np.ndarray) -> float:
        every = self.specification.values(theta)
        if (every[:, self.specification.layout.at(SCALE)[0]] <= 0).any():
            return np.inf
        return sum(
            sample.n / self.n / 2 * float(sample.weight @ self._away(sample, values) ** 2)
            for sample, values in zip(self.samples, every, strict=True)
        )

    def slope(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The gradient (q,) and J'WJ (q, q), J the slopes of the moments."""
        gradient, curvature = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
        every = self.specification.values(theta)
        for g, (sample, values) in enumerate(zip(self.samples, every, strict=True)):
            numbers, slopes = self._own_slopes(g, values)
            weighted = slopes * sample.weight * (sample.n / self.n)
            gradient[numbers] -= weighted @ self._away(sample, values)
            curvature[np.ix_(numbers, numbers)] += weighted @ slopes.T
        return gradient, curvature

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The observed second derivatives (q, q), by complex steps of the gradient."""
        found, step = np.zeros((len(theta), len(theta))), 1e-30
        layout, every = self.specification.layout, self.specification.values(theta)
        for g, (sample, values) in enumerate(zip(self.samples, every, strict=True)):
            numbers, picks = self.specification.own(g)
            for number, pick in zip(numbers, picks.T, strict=True):
                shifted = values + 1j * step * pick
                pull = implied_slopes(layout, shifted) @ (
                    sample.weight * self._away(sample, shifted)
                )
                found[numbers, number] -= sample.n / self.n * picks.T @ pull.imag / step
        return (found + found.T) / 2

    def own_slopes(self, group: int, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of a group's free parameters, and the slopes of its moments by them."""
        return self._own_slopes(group, self.specification.values(theta)[group])

    def every_slope(self, theta: np.ndarray) -> np.ndarray:
        """Slopes of the moments of all groups, moments × q."""
        found = []
        for g, sample in enumerate(self.samples):
            numbers, slopes = self.own_slopes(g, theta)
            own = np.zeros((len(sample.moments), len(theta)))
            own[:, numbers] = slopes.T
            found.append(own)
        return np.vstack(found)

    def meat(self, theta: np.ndarray) -> np.ndarray:
        """Σ n_g/N · J'WΓWJ, shape (q, q)."""
        found = np.zeros((len(theta), len(theta)))
        for g, sample in enumerate(self.samples):
            numbers, slopes = self.own_slopes(g, theta)
            weighted = slopes * sample.weight
            own = sample.n / self.n * weighted @ sample.gamma @ weighted.T
            found[np.ix_(numbers, numbers)] += own
        return found

    def residuals(self, theta: np.ndarray) -> list[np.ndarray]:
        every = self.specification.values(theta)
        return [self._away(s, values) for s, values in zip(self.samples, every, strict=True)]

    def _away(self, sample: OrdinalSample, values: np.ndarray) -> np.ndarray:
        return sample.moments - implied(self.specification.layout, values)

    def _own_slopes(self, group: int, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        numbers, picks = self.specification.own(group)
        return numbers, picks.T @ implied_slopes(self.specification.layout, values)
