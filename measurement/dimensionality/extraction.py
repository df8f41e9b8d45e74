"""Unrotated factors of a correlation matrix."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize

Method = Literal["ml", "minres", "pa"]
LOWEST = 0.005  # a smaller uniqueness is taken for a Heywood case
ROUNDS = 20_000


@dataclass(frozen=True)
class Extraction:
    """``loadings`` (items × factors) and ``uniquenesses`` (items) of orthogonal factors."""

    loadings: np.ndarray
    uniquenesses: np.ndarray
    converged: bool

    @property
    def improper(self) -> np.ndarray:
        """Heywood cases: items that the factors would explain wholly, or more than wholly."""
        return self.uniquenesses <= LOWEST * 1.001


def extract(
    correlation: np.ndarray, factors: int, method: Method, rounds: int = ROUNDS
) -> Extraction:
    """Loadings Λ and uniquenesses ψ such that ΛΛᵀ + diag ψ is near the correlation matrix R.

    "ml" minimises log|Σ| + tr(RΣ⁻¹) over ψ, given which Λ comes from the eigenvectors of
    ψ^−½ R ψ^−½ (Jöreskog); "minres" minimises the squared off-diagonal residuals, which at its
    minimum is least squares over ψ with Λ from the eigenvectors of R − diag ψ (Harman & Jones);
    "pa" repeats principal axes with the last communalities until they stand still: the same
    minimum as minres by another way. ψ stays within [.005, 1].
    Source: Jöreskog (1967), Psychometrika 32, 443–482; Harman & Jones (1966), Psychometrika 31,
    351–368. statsmodels' ``Factor`` has ml and pa, but stops before they have converged where
    factors are weak; where it does converge it agrees.
    """
    start = 1 / np.diag(np.linalg.inv(correlation))
    if method == "pa":
        return _principal_axes(correlation, factors, 1 - start, rounds)
    aim, loadings = (_likelihood, _ml_loadings) if method == "ml" else (_squares, _axes)
    found = optimize.minimize(
        aim,
        np.clip(start, LOWEST, 1),
        (correlation, factors),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, 1)] * len(start),
        options={"maxiter": rounds, "maxfun": rounds, "ftol": 1e-15, "gtol": 1e-8},
    )
    # Near the minimum floating point may end the search early: what counts is the slope.
    slope = found.x - np.clip(found.x - found.jac, LOWEST, 1)
    converged = bool(np.abs(slope).max() < 1e-5)
    return Extraction(loadings(found.x, correlation, factors), found.x, converged)


def _largest(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and eigenvectors, the largest first."""
    values, vectors = np.linalg.eigh(matrix)
    return values[::-1], vectors[:, ::-1]


def _likelihood(psi: np.ndarray, r: np.ndarray, factors: int) -> tuple[float, np.ndarray]:
    root = np.sqrt(psi)
    values, vectors = _largest(r / (root[:, None] * root))
    rest = values[factors:]
    explained = (vectors[:, :factors] ** 2) @ np.maximum(values[:factors] - 1, 0) * psi
    return float((rest - np.log(rest) - 1).sum()), (explained + psi - 1) / psi**2


def _ml_loadings(psi: np.ndarray, r: np.ndarray, factors: int) -> np.ndarray:
    root = np.sqrt(psi)
    values, vectors = _largest(r / (root[:, None] * root))
    kept = np.sqrt(np.maximum(values[:factors] - 1, 0))
    return np.asarray(root[:, None] * vectors[:, :factors] * kept)


def _squares(psi: np.ndarray, r: np.ndarray, factors: int) -> tuple[float, np.ndarray]:
    values, vectors = _largest(r - np.diag(psi))
    values[:factors] = np.minimum(values[:factors], 0)
    return float((values**2).sum() / 2), -(vectors**2) @ values


def _axes(psi: np.ndarray, r: np.ndarray, factors: int) -> np.ndarray:
    values, vectors = _largest(r - np.diag(psi))
    return np.asarray(vectors[:, :factors] * np.sqrt(np.maximum(values[:factors], 0)))


def _principal_axes(
    r: np.ndarray, factors: int, communalities: np.ndarray, rounds: int
) -> Extraction:
    for _ in range(rounds):
        loadings = _axes(1 - communalities, r, factors)
        last, communalities = communalities, (loadings**2).sum(axis=1)
        moved = np.abs(communalities - last).max()
        if moved < 1e-9 or communalities.max() > 1 - LOWEST:
            break
    improper = communalities.max() > 1 - LOWEST
    return Extraction(loadings, 1 - communalities, bool(moved < 1e-9 or improper))
