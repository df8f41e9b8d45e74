"""Elementary symmetric functions: how likely each answer is, given the raw score.

Item j has weights ε_j0 … ε_jm for reaching 0 … m steps; γ_r is the sum over all answers with raw
score r of the products of their weights. Only positive terms are added (the summation algorithm
of Andersen 1972, J. R. Stat. Soc. B 34, 42–54), so nothing cancels; each item's weights are
divided by their sum, which changes no conditional probability and keeps γ below 1.
"""

from collections.abc import Sequence

import numpy as np


def conditional(
    log_weights: Sequence[np.ndarray], counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """log γ_r by raw score r, P(item reaches c | r), and Σ_r counts_r · covariance of the answers
    given r.

    ``log_weights``: for each item log ε_j1 … log ε_jm (log ε_j0 = 0). Cells are the steps 1…m of
    all items, one after the other. Shapes: scores, scores × cells, cells × cells.
    """
    sums = [np.logaddexp.reduce([0.0, *own]) for own in log_weights]
    weights = [
        np.exp([-total, *(own - total)]) for own, total in zip(log_weights, sums, strict=True)
    ]
    item = np.repeat(np.arange(len(weights)), [len(own) for own in log_weights])
    step = np.concatenate([np.arange(1, len(own) + 1) for own in log_weights])
    weight = np.concatenate([own[1:] for own in weights])
    top = len(item)

    without = _without_each(weights, top, 1)[:, 0]
    gamma = _times(without[:1], weights[0])[0]
    probability = np.zeros((top + 1, top))
    for cell, (j, c) in enumerate(zip(item, step, strict=True)):
        probability[c:, cell] = weight[cell] * without[j, : top + 1 - c] / gamma[c:]

    without_two = _without_each(weights, top, len(weights))
    share = counts / gamma
    together = np.zeros((top, top))
    for one in range(top):
        for two in range(one):
            if item[one] != item[two]:
                reached = step[one] + step[two]
                rest = without_two[item[one], item[two], : top + 1 - reached]
                together[one, two] = weight[one] * weight[two] * (share[reached:] @ rest)
    together += together.T
    together[np.diag_indices(top)] = counts @ probability
    covariance = together - (probability * counts[:, None]).T @ probability
    return np.log(gamma) + sum(sums), probability, covariance


def _without_each(weights: Sequence[np.ndarray], top: int, rows: int) -> np.ndarray:
    """γ without item l, for each l (first axis), from the product of the items before it and that
    of the items after it. With a row for each item (second axis), row j is without j as well."""
    k = len(weights)

    def products(order: Sequence[int]) -> list[np.ndarray]:
        nothing = np.zeros((rows, top + 1))
        nothing[:, 0] = 1.0
        found = [nothing]
        for j in order:
            longer = _times(found[-1], weights[j])
            if rows > 1:
                longer[j] = found[-1][j]
            found.append(longer)
        return found

    before, after = products(range(k - 1)), products(range(k - 1, 0, -1))[::-1]
    return np.array([_convolve(a, b) for a, b in zip(before, after, strict=True)])


def _times(polynomials: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Each row times the polynomial of one item, cut at the highest score."""
    found = weights[0] * polynomials
    for c in range(1, len(weights)):
        found[:, c:] += weights[c] * polynomials[:, :-c]
    return found


def _convolve(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Row by row the product of two polynomials, cut at the highest score."""
    found = np.zeros_like(first)
    width = first.shape[1]
    for r in np.flatnonzero(first.any(axis=0)):
        found[:, r:] += first[:, r, None] * second[:, : width - r]
    return found
