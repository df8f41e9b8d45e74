"""Turning factors until each speaks for few items."""

from typing import Literal

import numpy as np
from statsmodels.multivariate.factor_rotation import rotate_factors

Rotation = Literal["none", "varimax", "oblimin", "promax"]
POWER = 4
STEPS, ENOUGH = 5000, 1e-6


def rotated(loadings: np.ndarray, rotation: Rotation) -> tuple[np.ndarray, np.ndarray]:
    """Rotated loadings and the correlations of the factors, largest factor first, signs such that
    loadings add to more than nothing.

    "varimax" with Kaiser's weights (rows of length 1 while turning); "oblimin" with γ = 0
    (quartimin), without weights, started from varimax; "promax" aims at the fourth power of
    varimax (one regression).
    Source: Kaiser (1958), Psychometrika 23, 187–200; Jennrich & Sampson (1966), Psychometrika 31,
    313–323; Hendrickson & White (1964), Br. J. Stat. Psychol. 17, 65–70.
    """
    factors = loadings.shape[1]
    phi = np.eye(factors)
    if factors > 1 and rotation != "none":
        turned = varimax(loadings)
        if rotation == "oblimin":
            turned, phi = _quartimin(turned)
        elif rotation == "promax":
            turned, phi = _promax(turned)
        loadings = turned
    explained = np.diag(phi @ loadings.T @ loadings)
    order = np.argsort(-explained, kind="stable")
    signs = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)[order]
    return loadings[:, order] * signs, phi[np.ix_(order, order)] * np.outer(signs, signs)


def varimax(loadings: np.ndarray) -> np.ndarray:
    """Varimax with Kaiser's weights."""
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    length[length == 0] = 1
    turned, _ = rotate_factors(loadings / length, "varimax", max_tries=STEPS, tol=ENOUGH)
    return np.asarray(turned * length)


def _quartimin(start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least ¼ Σ λ²_ij λ²_il over j ≠ l, by gradient projection from the ``start``.

    Written out because resamples rotate hundreds of times, and statsmodels takes longer over the
    same steps (same loadings to 15 digits). Source: Jennrich (2002), Psychometrika 67, 7–19.
    """
    basis, size = np.eye(start.shape[1]), 1.0
    loadings, value, slope = _products(start, basis)
    for _ in range(STEPS):
        along = slope - basis * (basis * slope).sum(axis=0)
        steep = float((along**2).sum())
        if steep < ENOUGH**2:
            break
        size *= 2
        for _ in range(11):
            moved = basis - size * along
            moved /= np.sqrt((moved**2).sum(axis=0))
            tried = _products(start, moved)
            if value - tried[1] > steep * size / 2:
                break
            size /= 2
        basis, (loadings, value, slope) = moved, tried
    return loadings, basis.T @ basis


def _products(start: np.ndarray, basis: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """Loadings Λ = A T′⁻¹, ¼ Σ λ²_ij λ²_il over j ≠ l, and its slope by T."""
    inverse = np.linalg.inv(basis)
    loadings = start @ inverse.T
    squares = loadings**2
    others = squares.sum(axis=1, keepdims=True) - squares
    slope = -(loadings.T @ (loadings * others) @ inverse).T
    return loadings, float((squares * others).sum()) / 4, slope


def _promax(turned: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least squares to the target, columns scaled so that factors keep a variance of 1."""
    target = turned * np.abs(turned) ** (POWER - 1)
    basis = np.linalg.lstsq(turned, target, rcond=None)[0]
    basis = basis * np.sqrt(np.diag(np.linalg.inv(basis.T @ basis)))
    inverse = np.linalg.inv(basis)
    return turned @ basis, inverse @ inverse.T
