"""How surely a linear mixed model knows its variances, and what that leaves for fixed effects."""

from dataclasses import dataclass

import numpy as np

from measurement.multilevel.deviance import Profiled, derivatives


@dataclass(frozen=True)
class Spread:
    """Asymptotic ``covariance`` of (θ, σ), zero for θ that stand at zero; V/∂(θ, σ) of each
    coefficient's squared standard error ``squared``, coefficients × parameters."""

    covariance: np.ndarray
    gradient: np.ndarray
    squared: np.ndarray

    def degrees(self) -> np.ndarray:
        """Satterthwaite degrees of freedom of each coefficient: 2 V² / (g' A g).

        Source: Satterthwaite (1946), Biometrics Bull. 2, 110–114; Giesbrecht & Burns (1985),
        Biometrics 41, 477–486; Kuznetsova, Brockhoff & Christensen (2017), J. Stat. Softw. 82(13).
        """
        spread = np.einsum("ij,jk,ik->i", self.gradient, self.covariance, self.gradient)
        return 2 * self.squared**2 / spread


def spread(model: Profiled, theta: np.ndarray) -> Spread:
    """From the Hessian H of the (restricted) deviance in (θ, σ): covariance 2 H⁻¹.

    θ that are exactly zero stand on the boundary and count as known.
    """

    def pieces(free: np.ndarray) -> np.ndarray:
        full = theta.copy()
        full[moving] = free
        point = model.at(full)
        logdet = point.random_logdet + (point.fixed_logdet if model.reml else 0.0)
        return np.array([logdet, point.rss, *np.diagonal(model.covariance(point))])

    moving = np.flatnonzero(~(model.relative.diagonal & (theta == 0)))
    value, slope, curvature = derivatives(pieces, theta[moving], exact=True)
    sigma2 = value[1] / model.rows
    sigma, d = np.sqrt(sigma2), len(moving)
    hessian = np.empty((d + 1, d + 1))
    hessian[:d, :d] = curvature[0] + curvature[1] / sigma2
    hessian[:d, d] = hessian[d, :d] = -2 * slope[1] / sigma**3
    hessian[d, d] = 4 * model.rows / sigma2
    known, axes = np.linalg.eigh(hessian)
    kept = known > 1e-8 * known.max()
    at = np.append(moving, len(theta))
    covariance = np.zeros((len(theta) + 1, len(theta) + 1))
    covariance[np.ix_(at, at)] = 2 * (axes[:, kept] / known[kept]) @ axes[:, kept].T
    gradient = np.zeros((len(value) - 2, len(theta) + 1))
    gradient[:, at] = np.column_stack([sigma2 * slope[2:], 2 * sigma * value[2:]])
    return Spread(covariance, gradient, sigma2 * value[2:])
