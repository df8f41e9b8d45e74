"""Proportional-odds regression of counted answers."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from measurement.irt.curves import Graded

LIMIT = 50
# Before the last step the log-likelihood could still rise by about half of this.
TOLERANCE = 1e-8
# A log odds ratio of 15 per standard deviation is no finding but a maximum at infinity.
FARTHEST = 15.0


@dataclass(frozen=True)
class CumulativeLogit:
    """Log-likelihood, intercepts d, slopes β of the columns and their standard errors."""

    loglik: float
    intercepts: np.ndarray
    slopes: np.ndarray
    se: np.ndarray


def cumulative_logit(
    counts: np.ndarray, columns: np.ndarray, start: CumulativeLogit | None = None
) -> CumulativeLogit | None:
    """logit P(X ≥ k) = d_k + xβ by Newton's method; None where there is no finite maximum.

    ``counts``: codes × cells, each code with a count somewhere; ``columns``: cells × variables,
    scaled so that a β beyond ±15 is absurd; ``start``: a fit with fewer of them. With two codes
    this is logistic regression.
    Source: McCullagh (1980), J. R. Stat. Soc. B 42, 109–142. Checked against R ordinal's clm.
    """
    above = counts.sum(axis=1)[::-1].cumsum()[::-1]
    m, width = len(counts) - 1, columns.shape[1]
    here = np.concatenate([np.log(above[1:] / (above[0] - above[1:])), np.zeros(width)])
    if start is not None:
        here[: m + len(start.slopes)] = np.concatenate([start.intercepts, start.slopes])
    steps = np.repeat(np.eye(m)[:, :, None], len(columns), axis=2)
    design = np.concatenate([steps, np.repeat(columns.T[None], m, axis=0)], axis=1)
    best, step = -np.inf, np.zeros_like(here)
    for _ in range(LIMIT):
        curve, linear = Graded(1.0, here[:m]), columns @ here[m:]
        if np.abs(here[m:]).max(initial=0) > FARTHEST:
            return None
        loglik = float((counts * curve.log_probabilities(linear)).sum()) if curve.valid else -np.inf
        if loglik < best - 1e-9:
            step = step / 2
            here = here - step
            continue
        best = max(best, loglik)
        by_logit = np.einsum("cq,ckq->kq", counts, curve.derivatives(linear))
        gradient = np.einsum("kq,kpq->p", by_logit, design)
        bent = np.einsum("klq,lpq->kpq", curve.curvature(linear, counts), design)
        information = np.einsum("krq,kpq->rp", design, bent)
        step = np.linalg.lstsq(information, gradient)[0]
        if float(gradient @ step) < TOLERANCE:
            break
        here = here + step
    else:
        return None
    values, vectors = linalg.eigh(information)
    if values[0] < 1e-9 * values[-1]:
        return None
    here = here + step
    se = np.sqrt((vectors**2 / values).sum(axis=1))
    return CumulativeLogit(loglik, here[:m], here[m:], se[m:])
