"""Rasch and partial credit models by conditional maximum likelihood: no population is assumed."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import linalg
from scipy.sparse.csgraph import connected_components

from measurement.estimates import Reason
from measurement.irt.curves import Curve, PartialCredit
from measurement.irt.likelihood import Layout
from measurement.irt.parameters import parameter_tables
from measurement.irt.persons import by_score
from measurement.irt.responses import Responses, read
from measurement.irt.symmetric import conditional

LIMIT = 100
# Before the last step the log-likelihood could still rise by about half of this.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class RaschFit:
    """A model of the Rasch family fitted over ``n`` rows.

    ``n_extreme`` rows had the lowest or highest score possible on what they answered: they say
    nothing about items and are left out; n + n_extreme + rows without any answer = ``n_total``.
    ``items`` and ``steps``: as in ``marginal.MarginalFit``; slope is 1, locations sum to zero.
    ``scores`` (index: raw score over all items): theta_ml, se_ml, theta_wle, se_wle.
    ``covariance``: of the intercepts in the order of ``steps``.
    """

    model: str
    items: pd.DataFrame
    steps: pd.DataFrame
    scores: pd.DataFrame
    loglik: float | None
    n_parameters: int
    n: int
    n_extreme: int
    n_total: int
    reason: str = ""
    method: str = ""
    covariance: np.ndarray | None = field(default=None, repr=False)
    curves: dict[str, Curve] = field(default_factory=dict, repr=False)
    values: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    @property
    def sufficient(self) -> bool:
        return self.loglik is not None


def rasch_cml(data: pd.DataFrame) -> RaschFit:
    """Rasch model P(X = 1) = σ(θ − β_j) for 0/1 items, NaN where missing, Σ β_j = 0.

    Maximises Π P(answers | raw score, items answered) by Newton's method with the exact second
    derivatives, from which the standard errors come.
    Source: Andersen (1972), J. R. Stat. Soc. B 34, 42–54; Fischer (1981), Psychometrika 46, 59–77
    (when estimates exist). Checked against R eRm 1.0-2: see ``docs/measurement/rasch.md``.
    """
    if not all(np.isin(found, (0, 1)).all() for found in read(data).values):
        raise ValueError("A Rasch model is for answers 0 or 1; for more steps use partial credit.")
    return _fit(data, "Rasch")


def partial_credit_cml(data: pd.DataFrame) -> RaschFit:
    """Partial credit model P(X = k) ∝ exp Σ_{l ≤ k} (θ − δ_jl), the item locations (means of the
    δ of an item) summing to zero; estimated as in ``rasch_cml``.

    Source: Masters (1982), Psychometrika 47, 149–174; Andersen (1972). Checked against R eRm
    1.0-2: see ``docs/measurement/partial-credit.md``.
    """
    return _fit(data, "partial credit")


def _fit(data: pd.DataFrame, model: str) -> RaschFit:
    responses, n_extreme = _informative(data)
    n = len(responses.codes)
    layout = Layout(PartialCredit, responses.steps, "one")

    def without(reason: Reason) -> RaschFit:
        empty = parameter_tables(responses, [], [], None)
        scores = pd.DataFrame(columns=["theta_ml", "se_ml", "theta_wle", "se_wle"], dtype=float)
        return RaschFit(model, *empty, scores, None, 0, n, n_extreme, len(data), reason)

    if n == 0:
        return without(Reason.ZERO_VARIANCE if n_extreme else Reason.ALL_MISSING)
    if len(responses.items) < 2:
        return without(Reason.TOO_FEW_ITEMS)
    if not _connected(responses):
        return without(Reason.NOT_IDENTIFIED)
    found = _maximise(responses)
    if found is None:
        return without(Reason.NOT_CONVERGED)
    parameters, information, loglik = found
    covariance = _centred_covariance(information, responses.steps)
    if covariance is None:
        return without(Reason.NOT_IDENTIFIED)
    curves = layout.curves(_centred(parameters, responses.steps))
    items, steps = parameter_tables(responses, curves, layout.places(), covariance)
    return RaschFit(
        model,
        items,
        steps,
        by_score(curves),
        loglik,
        len(parameters) - 1,
        n,
        n_extreme,
        len(data),
        method=f"{model}, conditional ML, locations sum to zero, SE from the information",
        covariance=covariance,
        curves=dict(zip(responses.items, curves, strict=True)),
        values=dict(zip(responses.items, responses.values, strict=True)),
    )


def _informative(data: pd.DataFrame) -> tuple[Responses, int]:
    """The rows whose score is not at an end. Without the others an item may be constant or lack a
    step, and then yet another row may be at an end: repeat until nothing changes."""
    kept, n_extreme = data, 0
    while True:
        responses = read(kept)
        top = np.where(responses.codes < 0, 0, responses.steps).sum(axis=1)
        inner = (responses.scores > 0) & (responses.scores < top)
        if len(inner) == len(kept) and inner.all():
            return responses, n_extreme
        n_extreme = n_extreme + int(kept.notna().any(axis=1).sum()) - int(inner.sum())
        kept = kept.iloc[responses.rows[inner]]


def _connected(responses: Responses) -> bool:
    """Whether items can be compared at all. For 0/1 items Fischer's condition: however they are
    parted, someone has 1 in the first part and 0 in the second."""
    answered = (responses.codes >= 0).astype(float)
    if (responses.steps == 1).all():
        one = (responses.codes == 1).astype(float)
        links = one.T @ (answered - one) > 0
    else:
        links = answered.T @ answered > 0
    return int(connected_components(links, directed=True, connection="strong")[0]) == 1


def _maximise(responses: Responses) -> tuple[np.ndarray, np.ndarray, float] | None:
    """Parameters (not centred), their information and the conditional log-likelihood."""
    layout = Layout(PartialCredit, responses.steps, "one")
    places = layout.places()
    reached = [
        np.bincount(codes[codes >= 0], minlength=m + 1)
        for codes, m in zip(responses.codes.T, responses.steps, strict=True)
    ]
    here = np.concatenate([np.log(counts[1:] / counts[0]) for counts in reached])
    observed = np.concatenate([counts[1:] for counts in reached]).astype(float)
    patterns, which = np.unique(responses.codes >= 0, axis=0, return_inverse=True)
    groups = []
    for number, pattern in enumerate(patterns):
        own = [places[j] for j in np.flatnonzero(pattern)]
        top = sum(len(place) for place in own)
        counts = np.bincount(responses.scores[which == number], minlength=top + 1)
        groups.append((own, counts.astype(float)))

    best, step = -np.inf, np.zeros_like(here)
    for _ in range(LIMIT):
        loglik, gradient = float(observed @ here), observed.copy()
        information = np.zeros((len(here), len(here)))
        for own, counts in groups:
            log_gamma, probability, bent = conditional([here[place] for place in own], counts)
            place = np.concatenate(own)
            loglik -= float(counts @ log_gamma)
            gradient[place] -= counts @ probability
            information[np.ix_(place, place)] += bent
        if loglik < best - 1e-7:
            step = step / 2
            here = here - step
            continue
        best = max(best, loglik)
        step = linalg.lstsq(information, gradient)[0]
        if float(gradient @ step) < TOLERANCE:
            return here + step, information, loglik
        here = here + step
    return None


def _shift(steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Moving θ by t adds t·(1, 2, …, m) to each item's intercepts (first array); the sum of the
    locations is minus the product of intercepts and the second array."""
    moved = np.concatenate([np.arange(1.0, m + 1) for m in steps])
    last = np.zeros_like(moved)
    last[np.cumsum(steps) - 1] = 1 / steps
    return moved, last


def _centred(parameters: np.ndarray, steps: np.ndarray) -> np.ndarray:
    moved, last = _shift(steps)
    found: np.ndarray = parameters - moved * (last @ parameters) / len(steps)
    return found


def _centred_covariance(information: np.ndarray, steps: np.ndarray) -> np.ndarray | None:
    """A I⁺ A′, A the projection of ``_centred``; None where more than the shift is left open."""
    values, vectors = linalg.eigh(information)
    if values[1] < 1e-9 * values[-1]:
        return None
    moved, last = _shift(steps)
    centre = np.eye(len(moved)) - np.outer(moved, last) / len(steps)
    inverse = (vectors[:, 1:] / values[1:]) @ vectors[:, 1:].T
    found: np.ndarray = centre @ inverse @ centre.T
    return found
