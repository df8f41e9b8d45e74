"""What the covariance matrix of the items says of their sum. All of it can be had from sums."""

import numpy as np

BLUR = 1e-12  # below this share, what should be nothing is floating point


def alpha(covariance: np.ndarray) -> np.ndarray:
    """Cronbach's α = k/(k−1) · (1 − Σ s²_i / s²_sum) of one matrix or of many (… × k × k)."""
    k = covariance.shape[-1]
    own = np.trace(covariance, axis1=-2, axis2=-1)
    return np.asarray(k / (k - 1) * (1 - own / covariance.sum(axis=(-2, -1))))


def alpha_error(covariance: np.ndarray, n: int) -> float | None:
    """Large-sample standard error of α for normal items: √(Q/n), where
    Q = 2k² / ((k−1)² V³) · [V (tr C² + tr² C) − 2 tr C · 1ᵀC²1] and V = 1ᵀC1. None where the
    covariances of pairs are so much at odds that Q is negative.
    Source: van Zyl, Neudecker & Nel (2000), Psychometrika 65, 271–280; Duhachek & Iacobucci (2004),
    J. Appl. Psychol. 89, 792–808.
    """
    k, v, own = len(covariance), covariance.sum(), np.trace(covariance)
    square = covariance @ covariance
    bracket = v * (np.trace(square) + own**2) - 2 * own * square.sum()
    q = 2 * k**2 / ((k - 1) ** 2 * v**3) * bracket
    return float(np.sqrt(q / n)) if q >= 0 else None


def sum_varies(covariance: np.ndarray) -> np.ndarray:
    """Whether the sum of the items has a variance, for one matrix or for many."""
    own = np.trace(covariance, axis1=-2, axis2=-1)
    return np.asarray((own > 0) & (covariance.sum(axis=(-2, -1)) > BLUR * own))


def correlations(covariance: np.ndarray) -> np.ndarray:
    """Correlation matrix; every item must vary."""
    spread = np.sqrt(np.diag(covariance))
    found = covariance / np.outer(spread, spread)
    np.fill_diagonal(found, 1)
    return np.asarray(found)


def positive_definite(correlation: np.ndarray) -> bool:
    """Whether every combination of the items varies, beyond floating point."""
    return bool(np.linalg.eigvalsh(correlation)[0] > 1e-10 * len(correlation))


def multiple_correlations(correlation: np.ndarray) -> np.ndarray:
    """Squared multiple correlation of each item with the others: 1 − 1 / diag(R⁻¹)."""
    return np.asarray(1 - 1 / np.diag(np.linalg.inv(correlation)))


def guttman6(correlation: np.ndarray) -> float:
    """Guttman's λ6 = 1 − Σ (1 − smc_i) / ΣΣ r of the standardised items.
    Source: Guttman (1945), Psychometrika 10, 255–282."""
    return float(1 - (1 - multiple_correlations(correlation)).sum() / correlation.sum())


def average_correlation(correlation: np.ndarray) -> float:
    k = len(correlation)
    return float((correlation.sum() - k) / (k * (k - 1)))
