"""Marginal maximum likelihood: Rasch, 2PL, graded response and partial credit models.

θ is a random draw from a normal population; missing answers are missing at random and simply not
there. The search starts with EM gradient steps (Bock & Aitkin 1981, Psychometrika 46, 443–459;
Lange 1995, J. R. Stat. Soc. B 57, 425–437) and ends with Newton steps on the observed information,
which also gives the standard errors (Louis 1982). Rows count as independent.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from scipy import linalg

from measurement.estimates import Reason
from measurement.irt.curves import Curve, Graded, PartialCredit
from measurement.irt.likelihood import Answers, Layout, Population
from measurement.irt.parameters import parameter_tables
from measurement.irt.responses import Responses, read

NODES = 61
LIMIT = 500
# EM steps give way to Newton steps where the log-likelihood rises by less than this per row.
NEAR = 0.01
# The way there needs the information only roughly: from about this many rows.
ENOUGH = 5000
# It is made anew where a step gains no less than this part of the last.
WORTH = 30.0
# Before the last step the log-likelihood could still rise by about half of this.
TOLERANCE = 1e-9
# A slope beyond this is no finding: the item repeats another, or the rows are too few for it.
STEEPEST = 10.0
# A slope common to all items below this says that they have nothing in common.
FLATTEST = 1e-3

Scale = Literal["slope", "variance", "fixed"]


@dataclass(frozen=True)
class MarginalFit:
    """A model fitted over ``n`` rows with an answer, of ``n_total``.

    ``slopes``: "own", "common" or "one", as estimated; ``sd``: of θ in the population, 1 unless
    estimated. ``items`` (index: item): n answers, steps, slope, slope_se, location (mean
    difficulty of its steps; with one step the difficulty), location_se, reason (why an item has no
    values: "zero_variance", "all_missing").
    ``steps``: item, step (value in the data that the step reaches), difficulty and difficulty_se
    (graded: θ with P(X ≥ step) = ½; partial credit: θ where the step and the one below are equally
    likely), intercept and intercept_se (d of slope·θ + d, cumulated for partial credit).
    All in units of θ. ``reason`` where there is no model ("all_missing", "too_few_items",
    "too_few_rows", "not_converged", "improper_solution": a slope ran off to infinity), or beside
    one: "not_identified" (singular information: no standard errors), "at_boundary" (the items have
    nothing in common: variance or slope 0, and locations mean nothing).
    """

    model: str
    slopes: str
    items: pd.DataFrame
    steps: pd.DataFrame
    loglik: float | None
    n_parameters: int
    n: int
    n_total: int
    sd: float = 1.0
    sd_se: float | None = None
    iterations: int = 0
    reason: str = ""
    method: str = ""
    curves: dict[str, Curve] = field(default_factory=dict, repr=False)
    values: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    @property
    def sufficient(self) -> bool:
        return self.loglik is not None

    @property
    def aic(self) -> float | None:
        return None if self.loglik is None else 2 * self.n_parameters - 2 * self.loglik

    @property
    def bic(self) -> float | None:
        if self.loglik is None:
            return None
        return float(self.n_parameters * np.log(self.n) - 2 * self.loglik)


def fit_rasch(data: pd.DataFrame, scale: Scale = "slope", nodes: int = NODES) -> MarginalFit:
    """Rasch model for items with two values: P(X = 1) = σ(a(θ − b)), one slope for all items.

    ``scale``: "slope" estimates a with θ ~ N(0, 1); "variance" is the same model with a = 1 and
    the variance of θ estimated; "fixed" has a = 1 and variance 1.
    Source: Rasch (1960); Thissen (1982), Psychometrika 47, 175–186. Checked against R ltm 1.2 and
    mirt 1.38 on LSAT-6 (Bock & Lieberman 1970): see ``docs/measurement/rasch.md``.
    """
    return _fit(data, "Rasch", PartialCredit, scale, nodes)


def fit_2pl(data: pd.DataFrame, nodes: int = NODES) -> MarginalFit:
    """Two-parameter logistic model for items with two values: P(X = 1) = σ(a_j(θ − b_j)).

    Source: Birnbaum (1968); Bock & Aitkin (1981), Psychometrika 46, 443–459. Checked against R
    ltm 1.2 and mirt 1.38 on LSAT-6: see ``docs/measurement/irt-2pl-grm.md``.
    """
    return _fit(data, "2PL", Graded, "own", nodes)


def fit_grm(data: pd.DataFrame, nodes: int = NODES) -> MarginalFit:
    """Graded response model: P(X ≥ k) = σ(a_j(θ − b_jk)), items of any number of steps.

    Source: Samejima (1969), Psychometrika Monograph 17. Checked: see
    ``docs/measurement/irt-2pl-grm.md``.
    """
    return _fit(data, "graded response", Graded, "own", nodes)


def fit_pcm(data: pd.DataFrame, scale: Scale = "variance", nodes: int = NODES) -> MarginalFit:
    """Partial credit model: P(X = k) ∝ exp Σ_{l ≤ k} a(θ − b_jl), one slope; ``scale`` as in
    ``fit_rasch``. Source: Masters (1982), Psychometrika 47, 149–174."""
    return _fit(data, "partial credit", PartialCredit, scale, nodes)


def fit_gpcm(data: pd.DataFrame, nodes: int = NODES) -> MarginalFit:
    """Generalised partial credit model: the partial credit model with a slope for each item.
    Source: Muraki (1992), Appl. Psychol. Meas. 16, 159–176."""
    return _fit(data, "generalised partial credit", PartialCredit, "own", nodes)


SLOPES = {"own": "own", "slope": "common", "variance": "common", "fixed": "one"}


def _fit(
    data: pd.DataFrame, model: str, family: type[Curve], scale: str, nodes: int
) -> MarginalFit:
    responses = _checked(data, model, scale, nodes)
    layout = Layout(family, responses.steps, SLOPES[scale])
    fewest = 3 if scale == "own" else 2
    n, n_total = len(responses.codes), responses.n_total

    def without(reason: Reason) -> MarginalFit:
        empty = parameter_tables(responses, [], [], None)
        return MarginalFit(model, SLOPES[scale], *empty, None, 0, n, n_total, reason=reason)

    if n == 0:
        constant = Reason.ZERO_VARIANCE in responses.left_out.values()
        return without(Reason.ZERO_VARIANCE if constant else Reason.ALL_MISSING)
    if len(responses.items) < fewest:
        return without(Reason.TOO_FEW_ITEMS)
    start = _start(responses, layout)
    if n <= len(start):
        return without(Reason.TOO_FEW_ROWS)
    patterns, weights, _ = responses.patterns()
    answers = Answers(patterns, responses.steps, weights)
    population = Population.normal(nodes)
    found = _maximise(answers, layout, population, start)
    if found is None:
        return without(Reason.NOT_CONVERGED)

    slopes, covariance = found.parameters[: layout.n_slopes], found.covariance
    if (np.abs(slopes) > STEEPEST).any():
        return without(Reason.IMPROPER_SOLUTION)
    flat = scale in ("slope", "variance") and abs(slopes[0]) < FLATTEST
    curves, sd, sd_se = layout.curves(found.parameters), 1.0, None
    if scale == "variance":
        sd = float(abs(slopes[0]))
        sd_se = None if covariance is None or flat else float(np.sqrt(covariance[0, 0]))
        curves = [family(1.0, curve.intercepts) for curve in curves]
        layout = Layout(family, responses.steps, "one")
        covariance = None if covariance is None else covariance[1:, 1:]
    singular = Reason.NOT_IDENTIFIED if covariance is None else ""
    items, steps = parameter_tables(responses, curves, layout.places(), covariance)
    return MarginalFit(
        model,
        SLOPES[scale],
        items,
        steps,
        found.loglik,
        len(start),
        n,
        n_total,
        sd,
        sd_se,
        found.iterations,
        Reason.AT_BOUNDARY if flat else singular,
        f"{model}, marginal ML, {nodes} nodes, SE from the observed information (Louis)",
        dict(zip(responses.items, curves, strict=True)),
        dict(zip(responses.items, responses.values, strict=True)),
    )


def _checked(data: pd.DataFrame, model: str, scale: str, nodes: int) -> Responses:
    if scale not in SLOPES or (scale == "own" and model in ("Rasch", "partial credit")):
        raise ValueError('The scale of θ is set by its "slope", its "variance", or is "fixed".')
    if nodes < 11:
        raise ValueError("At least 11 nodes are needed to stand for a normal population.")
    responses = read(data)
    if model in ("Rasch", "2PL") and (responses.steps > 1).any():
        raise ValueError(f"A {model} model is for items with two values; others have more steps.")
    return responses


def _start(responses: Responses, layout: Layout) -> np.ndarray:
    """Slopes of 1, and intercepts that give each code its share at θ = 0 (a little wider for the
    graded model, whose shares are averages over θ)."""
    found = [np.ones(layout.n_slopes)]
    for codes, m in zip(responses.codes.T, responses.steps, strict=True):
        counts = np.bincount(codes[codes >= 0], minlength=m + 1) + 0.5
        if layout.family is Graded:
            above = counts[::-1].cumsum()[::-1][1:]
            found.append(1.2 * np.log(above / (counts.sum() - above)))
        else:
            found.append(np.log(counts[1:] / counts[0]))
    return np.concatenate(found)


@dataclass(frozen=True)
class _Found:
    parameters: np.ndarray
    covariance: np.ndarray | None
    loglik: float
    iterations: int


def _maximise(
    answers: Answers, layout: Layout, population: Population, start: np.ndarray
) -> _Found | None:
    """EM gradient steps until the log-likelihood rises by little, then Newton steps with the
    observed information, made anew only when a step gains too little; None if this leads nowhere.
    """
    here, step, best = start, np.zeros_like(start), -np.inf
    newton: np.ndarray | None = None
    before = np.inf
    few = answers.thinned(ENOUGH)
    for iteration in range(1, LIMIT + 1):
        curves = layout.curves(here)
        valid = all(curve.valid for curve in curves)
        loglik, counts = answers.expected(curves, population) if valid else (-np.inf, [])
        if loglik < best - 1e-7:
            step, newton, before = step / 2, None, np.inf
            here = here - step
            continue
        best = max(best, loglik)
        gradient, information = layout.complete(curves, counts, population.theta)
        if newton is None and before < NEAR * answers.weights.sum():
            observed = information - layout.missing(few, curves, population)
            newton, before = (observed if _inverse(observed) is not None else None), np.inf
        step = _solve(information if newton is None else newton, gradient)
        gain = float(gradient @ step)
        if gain < TOLERANCE:
            observed = information - layout.missing(answers, curves, population)
            return _Found(here + step, _inverse(observed), loglik, iteration)
        if newton is not None and gain > before / WORTH:
            newton = None
        before = gain
        here = here + step
    return None


def _solve(information: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    found: np.ndarray = linalg.lstsq(information, gradient)[0]
    return found


def _inverse(information: np.ndarray) -> np.ndarray | None:
    """The inverse, or None where the information is not clearly positive."""
    scale = np.sqrt(np.abs(np.diag(information)))
    if not (scale > 0).all():
        return None
    values, vectors = linalg.eigh(information / np.outer(scale, scale))
    if values[0] < 1e-8:
        return None
    return (vectors / values) @ vectors.T / np.outer(scale, scale)
