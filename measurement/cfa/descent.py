"""Finding the minimum of a fit function."""

from typing import Protocol

import numpy as np

STEPS = 500
TOLERANCE = 1e-9


class FitFunction(Protocol):
    def value(self, theta: np.ndarray) -> float: ...

    def slope(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]: ...


def descend(function: FitFunction, start: np.ndarray) -> tuple[np.ndarray, bool]:
    """The parameters at the minimum, and whether it was reached.

    Scoring steps damped as by Marquardt: (H + d·diag H)·step = −gradient, H the expected second
    derivatives; a step that does not lower the value (inf where it has none) is taken back and
    d raised. Done when no |gradient_k| / √H_kk exceeds 1e-9: free of the units of the items.
    Source: Marquardt (1963), J. Soc. Ind. Appl. Math. 11, 431–441.
    """
    theta, damping = start, 1e-2
    value = function.value(theta)
    if not np.isfinite(value):
        return theta, False
    gradient, curvature = function.slope(theta)
    for _ in range(STEPS):
        scale = np.sqrt(np.maximum(np.diag(curvature), 1e-300))
        if np.abs(gradient / scale).max() < TOLERANCE:
            return theta, True
        unit = curvature / np.outer(scale, scale) + damping * np.eye(len(theta))
        step = -np.linalg.solve(unit, gradient / scale) / scale
        reached = function.value(theta + step)
        if reached < value or (np.abs(step * scale).max() < 1e-7 and reached < value + 1e-12):
            theta, value, damping = theta + step, reached, max(damping / 10, 1e-14)
            gradient, curvature = function.slope(theta)
        elif damping > 1e12:
            return theta, False
        else:
            damping *= 8
    return theta, False
