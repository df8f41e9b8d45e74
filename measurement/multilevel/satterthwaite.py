"""Degrees of freedom of a fixed effect in a linear mixed model."""

import numpy as np

from measurement.multilevel.deviance import Profiled, derivatives


def satterthwaite(model: Profiled, theta: np.ndarray) -> np.ndarray:
    """Degrees of freedom of each coefficient: 2 V² / (g' A g).

    V is the coefficient's squared standard error, g its gradient in the variance parameters
    (θ, σ) and A = 2 H⁻¹ their asymptotic covariance, H the Hessian of the (restricted) deviance.
    θ that are exactly zero stand on the boundary and count as known.
    Source: Satterthwaite (1946), Biometrics Bull. 2, 110–114; Giesbrecht & Burns (1985), Biometrics
    41, 477–486; Kuznetsova, Brockhoff & Christensen (2017), J. Stat. Softw. 82(13).
    """

    def pieces(free: np.ndarray) -> np.ndarray:
        full = theta.copy()
        full[moving] = free
        point = model.at(full)
        logdet = point.random_logdet + (point.fixed_logdet if model.reml else 0.0)
        return np.array([logdet, point.rss, *np.diagonal(model.covariance(point))])

    moving = ~(model.relative.diagonal & (theta == 0))
    value, slope, curvature = derivatives(pieces, theta[moving], exact=True)
    sigma2 = value[1] / model.rows
    sigma, d = np.sqrt(sigma2), int(moving.sum())
    hessian = np.empty((d + 1, d + 1))
    hessian[:d, :d] = curvature[0] + curvature[1] / sigma2
    hessian[:d, d] = hessian[d, :d] = -2 * slope[1] / sigma**3
    hessian[d, d] = 4 * model.rows / sigma2
    gradient = np.column_stack([sigma2 * slope[2:], 2 * sigma * value[2:]])
    known, axes = np.linalg.eigh(hessian)
    kept = known > 1e-8 * known.max()
    variance = 2 * (axes[:, kept] / known[kept]) @ axes[:, kept].T
    squared = sigma2 * value[2:]
    return 2 * squared**2 / np.einsum("ij,jk,ik->i", gradient, variance, gradient)
