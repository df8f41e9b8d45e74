"""The minimum of a fit function, or why there is none."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from measurement.cfa.descent import FitFunction, descend
from measurement.cfa.fit import Fit
from measurement.cfa.result import CfaFit, estimate_table, proper, reliability
from measurement.cfa.sample import positive_definite
from measurement.cfa.specification import Specification, anywhere, identified
from measurement.estimates import Reason


class Discrepancy(FitFunction, Protocol):
    """What a fit function knows beside its value and slope."""

    @property
    def specification(self) -> Specification: ...

    @property
    def n(self) -> int: ...

    def every_slope(self, theta: np.ndarray) -> np.ndarray:
        """Slopes of all moments of all groups, moments × q."""
        ...


F = TypeVar("F", bound=Discrepancy)


@dataclass(frozen=True)
class Solution(Generic[F]):
    """``theta``: the q free parameters at the minimum. ``curvature``: expected second derivatives
    there, (q, q). Both mean nothing where there is a ``reason``."""

    function: F
    theta: np.ndarray
    curvature: np.ndarray
    reason: Reason | None = None

    @classmethod
    def of(cls, function: F) -> "Solution[F]":
        start = function.specification.initial()
        nothing = np.empty((0, 0))
        if not identified(function.every_slope(anywhere(function.specification))):
            return cls(function, start, nothing, Reason.NOT_IDENTIFIED)
        theta, converged = descend(function, start)
        if not converged:
            return cls(function, theta, nothing, Reason.NOT_CONVERGED)
        curvature = function.slope(theta)[1]
        # A model identified in general may not be at these values: two factors with two items
        # each, say, that turn out not to be correlated.
        weak = not positive_definite(curvature)
        return cls(function, theta, curvature, Reason.NOT_IDENTIFIED if weak else None)

    def report(
        self,
        covariance: np.ndarray,
        fit: Fit,
        estimator: str,
        n_total: int,
        groups: Sequence[Hashable] | None = None,
    ) -> CfaFit:
        """``covariance``: of the free parameters."""
        specification = self.function.specification
        return CfaFit(
            self.function.n,
            n_total,
            len(specification.layout.items),
            estimate_table(specification, self.theta, covariance, groups),
            fit,
            estimator,
            "" if proper(specification, self.theta) else Reason.IMPROPER_SOLUTION,
            True,
            reliability(specification.layout, specification.values(self.theta), groups),
        )
