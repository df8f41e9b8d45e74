"""Logistic regression by weighted maximum likelihood, and whether it has a finite answer."""

import numpy as np
from scipy import optimize, special

from measurement.estimates import Reason

# A linear predictor beyond this (odds of 3 million to 1) is looked at for separation.
FAR = 15.0
MAXIMUM_STEPS = 50


def logistic_fit(
    x: np.ndarray, y: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray | None, Reason | None]:
    """Coefficients that solve Σ w·x·(y − p) = 0, p = 1 / (1 + exp(−xβ)), by Newton's method.

    ``x``: rows × terms, the intercept among them; ``y``: 0 or 1; ``weights``: positive.
    Instead of coefficients: ``no_events`` (y never 1), ``one_group`` (y always 1),
    ``not_identified`` (terms that others determine), ``perfect_separation`` (some combination of
    terms tells a group of rows apart without error, so coefficients run off to infinity),
    ``not_converged``.
    """
    if not (y == 1).any() or (y == 1).all():
        return None, Reason.ONE_GROUP if y.any() else Reason.NO_EVENTS
    scale = np.abs(x).max(axis=0)
    if (scale == 0).any() or np.linalg.matrix_rank(x / scale) < x.shape[1]:
        return None, Reason.NOT_IDENTIFIED
    z, w = x / scale, weights / weights.mean()
    beta, converged = np.zeros(z.shape[1]), False
    for _ in range(MAXIMUM_STEPS):
        p = special.expit(z @ beta)
        hessian = (z * (w * p * (1 - p))[:, None]).T @ z
        if np.linalg.cond(hessian) > 1e15:
            break
        step = np.linalg.solve(hessian, z.T @ (w * (y - p)))
        beta = beta + step
        if np.abs(step).max() <= 1e-10 * max(1.0, np.abs(beta).max()):
            converged = True
            break
    if (not converged or np.abs(z @ beta).max() > FAR) and separated(z, y):
        return None, Reason.PERFECT_SEPARATION
    return (beta / scale, None) if converged else (None, Reason.NOT_CONVERGED)


def separated(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether some β has xβ ≥ 0 where y = 1 and xβ ≤ 0 where y = 0, and not 0 everywhere.

    Source: Albert & Anderson (1984), Biometrika 71, 1–10; as a linear programme Konis (2007).
    """
    signed = x * np.where(y == 1, 1.0, -1.0)[:, None]
    found = optimize.linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(x)), bounds=(-1, 1), method="highs"
    )
    return bool(found.status == 0 and -found.fun > 1e-7)
