"""Finding the minimum of a fit function."""

from typing import Protocol

import numpy as np

STEPS, SCORING = 300, 30
TOLERANCE = 1e-9


class FitFunction(Protocol):
    def value(self, theta: np.ndarray) -> float:
        """F(θ); inf where it has none."""
        ...

    def slope(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The gradient (q,) and the expected second derivatives (q, q)."""
        ...

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The observed second derivatives (q, q)."""
        ...


def descend(function: FitFunction, start: np.ndarray) -> tuple[np.ndarray, bool]:
    """The parameters at the minimum, and whether it was reached.

    Steps damped as by Marquardt: (H + d·diag H)·step = −gradient; a step that does not lower the
    value is taken back and d raised. H are the expected second derivatives; after thirty steps the
    observed ones, where positive definite, for scoring crawls along a flat valley. Done when no
    |gradient_k| / √H_kk exceeds 1e-9: free of the units of the items. A solution that runs off to
    infinity, as improper ones can, is never done.
    Source: Marquardt (1963), J. Soc. Ind. Appl. Math. 11, 431–441.
    """
    theta, damping, value = start, 1e-2, function.value(start)
    if not np.isfinite(value):
        return theta, False
    gradient, expected = function.slope(theta)
    curvature = expected
    for count in range(STEPS):
        scale = np.sqrt(np.maximum(np.diag(expected), 1e-300))
        if np.abs(gradient / scale).max() < TOLERANCE:
            return theta, True
        unit = curvature / np.outer(scale, scale) + damping * np.eye(len(theta))
        step = -np.linalg.solve(unit, gradient / scale) / scale
        reached = function.value(theta + step)
        # Near the minimum the value no longer tells up from down; a tiny step does no harm.
        if reached < value or (np.abs(step * scale).max() < 1e-7 and reached < value + 1e-12):
            theta, value, damping = theta + step, reached, max(damping / 10, 1e-14)
            gradient, expected = function.slope(theta)
            curvature = expected if count < SCORING else _observed(function, theta, expected)
        elif damping > 1e12:
            return theta, False
        else:
            damping *= 8
    return theta, False


def _observed(function: FitFunction, theta: np.ndarray, expected: np.ndarray) -> np.ndarray:
    found = function.hessian(theta)
    scale = np.sqrt(np.maximum(np.diag(expected), 1e-300))
    return found if np.linalg.eigvalsh(found / np.outer(scale, scale))[0] > 0 else expected
