"""Response curves: how likely each step of an item is at a given θ."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit, log_softmax

FARTHEST = 300.0


@dataclass(frozen=True)
class Curve:
    """One item with slope a and m intercepts d: its logits are z_k = a·w_k·θ + d_k, k = 1…m.

    The methods take ``theta`` (Q values) and give arrays whose last axis is θ; codes c = 0…m.
    """

    slope: float
    intercepts: np.ndarray

    @property
    def weights(self) -> np.ndarray:
        """w_k: by how much the logit of step k rises with a·θ."""
        raise NotImplementedError

    @property
    def locations(self) -> np.ndarray:
        """θ at which each step is reached."""
        raise NotImplementedError

    @property
    def valid(self) -> bool:
        """False where a step of the search has gone astray."""
        return bool(np.abs([self.slope, *self.intercepts]).max() < FARTHEST)

    def logits(self, theta: np.ndarray) -> np.ndarray:
        return self.slope * np.outer(self.weights, theta) + self.intercepts[:, None]

    def log_probabilities(self, theta: np.ndarray) -> np.ndarray:
        """log P(c | θ), (m+1) × Q."""
        raise NotImplementedError

    def derivatives(self, theta: np.ndarray) -> np.ndarray:
        """∂ log P_c / ∂ z_k, (m+1) × m × Q."""
        raise NotImplementedError

    def curvature(self, theta: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """−∂² Σ_c counts_c log P_c / ∂ z_k ∂ z_l, m × m × Q; never negative definite."""
        raise NotImplementedError

    def probabilities(self, theta: np.ndarray) -> np.ndarray:
        return np.exp(self.log_probabilities(theta))

    def score(self, theta: np.ndarray) -> np.ndarray:
        """∂ log P_c / ∂θ, (m+1) × Q."""
        found: np.ndarray = self.slope * np.einsum(
            "k,ckq->cq", self.weights, self.derivatives(theta)
        )
        return found

    def information(self, theta: np.ndarray) -> np.ndarray:
        """Fisher information about θ: Σ_c P_c (∂ log P_c / ∂θ)²."""
        found: np.ndarray = (self.probabilities(theta) * self.score(theta) ** 2).sum(axis=0)
        return found


class Graded(Curve):
    """P(X ≥ k) = σ(aθ + d_k), d falling (Samejima 1969); with one step the 2PL.

    log(σ(x) − σ(y)) = log σ(x) + log σ(−y) + log(1 − e^{y−x}): y − x is the same at every θ, so
    nothing is ever divided by a small probability.
    """

    @property
    def weights(self) -> np.ndarray:
        return np.ones(len(self.intercepts))

    @property
    def valid(self) -> bool:
        return super().valid and bool((np.diff(self.intercepts) < 0).all())

    @property
    def locations(self) -> np.ndarray:
        return -self.intercepts / self.slope

    def log_probabilities(self, theta: np.ndarray) -> np.ndarray:
        z = self.logits(theta)
        found = np.zeros((len(z) + 1, z.shape[1]))
        found[1:] += log_expit(z)
        found[:-1] += log_expit(-z)
        found[1:-1] += np.log(-np.expm1(np.diff(self.intercepts)))[:, None]
        return found

    def derivatives(self, theta: np.ndarray) -> np.ndarray:
        p = expit(self.logits(theta))
        m = len(p)
        gap = 1 / np.expm1(-np.diff(self.intercepts))
        found = np.zeros((m + 1, m, p.shape[1]))
        step = np.arange(m)
        found[step + 1, step] = 1 - p
        found[step, step] = -p
        found[step[1:], step[:-1]] += gap[:, None]
        found[step[1:], step[1:]] -= gap[:, None]
        return found

    def curvature(self, theta: np.ndarray, counts: np.ndarray) -> np.ndarray:
        p = expit(self.logits(theta))
        m = len(p)
        gap = 1 / np.expm1(-np.diff(self.intercepts))
        shared = counts[1:-1] * (gap * (1 + gap))[:, None]
        found = np.zeros((m, m, p.shape[1]))
        step = np.arange(m)
        found[step, step] = (counts[:-1] + counts[1:]) * p * (1 - p)
        found[step[:-1], step[:-1]] += shared
        found[step[1:], step[1:]] += shared
        found[step[:-1], step[1:]] = found[step[1:], step[:-1]] = -shared
        return found


class PartialCredit(Curve):
    """P(X = k) ∝ exp(a·k·θ + d_k), d_0 = 0 (Masters 1982; Muraki 1992 with slopes)."""

    @property
    def weights(self) -> np.ndarray:
        return np.arange(1.0, len(self.intercepts) + 1)

    @property
    def locations(self) -> np.ndarray:
        """θ at which steps k−1 and k are equally likely."""
        return -np.diff(self.intercepts, prepend=0.0) / self.slope

    def log_probabilities(self, theta: np.ndarray) -> np.ndarray:
        z = self.logits(theta)
        return log_softmax(np.vstack([np.zeros((1, z.shape[1])), z]), axis=0)

    def derivatives(self, theta: np.ndarray) -> np.ndarray:
        p = self.probabilities(theta)[1:]
        m = len(p)
        found = np.repeat(-p[None], m + 1, axis=0)
        found[np.arange(m) + 1, np.arange(m)] += 1
        return found

    def curvature(self, theta: np.ndarray, counts: np.ndarray) -> np.ndarray:
        p = self.probabilities(theta)[1:]
        found = -p[:, None] * p[None]
        found[np.arange(len(p)), np.arange(len(p))] += p
        return found * counts.sum(axis=0)
