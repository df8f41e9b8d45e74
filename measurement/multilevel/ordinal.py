"""Ordinal mixed models: steps of a scale, without pretending that they are equally wide."""

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import linalg, special

from measurement.estimates import Reason, tail
from measurement.multilevel.answers import (
    AnswersFit,
    approximation,
    components,
    maximise,
    patterns,
    separated,
    wald,
    without,
)
from measurement.multilevel.fixed import Fixed, Groups, Outcome, fixed_part, random_part
from measurement.multilevel.marginal import marginal
from measurement.multilevel.terms import Term, obstacle


class Cumulative:
    """Answers in ordered categories, each row ``times`` over: P(y ≤ c) = F(τ_c − η), F logistic."""

    def __init__(self, category: np.ndarray, times: np.ndarray, thresholds: np.ndarray) -> None:
        ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
        self.low, self.high, self.times = ends[category], ends[category + 1], times

    def value(self, eta: np.ndarray) -> np.ndarray:
        # F(a) − F(b) = F(a) (1 − F(b)) (1 − e^(b−a)): no difference of near-equal numbers.
        a, b = self.high - eta, self.low - eta
        return self.times * (
            special.log_expit(a) + special.log_expit(-b) + np.log1p(-np.exp(self.low - self.high))
        )

    def slopes(self, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a, b = special.expit(self.high - eta), special.expit(self.low - eta)
        return self.times * (a + b - 1), self.times * (a * (1 - a) + b * (1 - b))


def ordinal_mixed(
    y: Outcome,
    x: pd.DataFrame | None,
    groups: Groups,
    nodes: int = 1,
    confidence: float = 0.95,
    observers: str | None = None,
) -> AnswersFit:
    """Cumulative logit (proportional odds) mixed model with random intercepts.

    ``y``: numbers whose order counts; categories are the values that occur. Other arguments as in
    ``binomial_mixed``; an intercept would be a threshold and is not added.
    logit P(y ≤ c) = τ_c − Xβ − Σ b_group: a positive effect goes with higher answers.
    Standard errors from the Hessian over all parameters; z intervals.
    Source: McCullagh (1980), J. R. Stat. Soc. B 42, 109–142; Hedeker & Gibbons (1994), Biometrics
    50, 933–944. Checked against R ordinal 2022.11-16 clmm, Laplace and 11 nodes: coefficients and
    variances to 4 decimals, log-likelihood to 5.
    """
    alpha = tail(confidence)
    fixed = fixed_part(y, x, intercept=False)
    n = len(fixed.y)
    given = random_part(groups, None, fixed) if n else []
    steps, category = np.unique(fixed.y, return_inverse=True)
    reason = _guard(fixed, given, category, len(steps), observers)
    if reason:
        return without(reason, n, given)
    told = patterns(*fixed.x.T, *(term.codes for term in given), category)
    kept = [
        Term(t.name, t.codes[told.first], t.labels, t.columns, t.design[told.first]) for t in given
    ]
    own, times = category[told.first], told.total(np.ones(n))
    columns = fixed.x[told.first]
    middle = columns.mean(axis=0)
    basis, triangle = np.linalg.qr(columns - middle)
    basis, triangle = basis * np.sqrt(len(basis)), triangle / np.sqrt(len(basis))
    cuts, integral = len(steps) - 1, marginal(kept, nodes)
    shares = np.cumsum(np.bincount(category))[:-1] / n
    found = maximise(
        integral,
        lambda at: (basis @ at[cuts:], Cumulative(own, times, at[:cuts])),
        np.append(special.logit(shares), np.zeros(basis.shape[1])),
        lambda free: np.append(np.cumsum(np.append(free[0], np.exp(free[1:cuts]))), free[cuts:]),
        lambda at: np.concatenate([at[:1], np.log(np.diff(at[:cuts])), at[cuts:]]),
    )
    if isinstance(found, Reason):
        return without(found, n, given)
    d = integral.parameters
    # Back to thresholds and coefficients of the columns as given: τ = τ' + x̄β, β = R⁻¹γ.
    back = np.eye(cuts + len(triangle))
    inverse = (
        linalg.solve_triangular(triangle, np.eye(len(triangle))) if len(triangle) else triangle
    )
    back[cuts:, cuts:], back[:cuts, cuts:] = inverse, middle @ inverse
    est, covariance = back @ found.parameters[d:], back @ found.covariance[d:, d:] @ back.T
    labels = tuple(f"{a:g}|{b:g}" for a, b in pairwise(steps))
    loglik, size, sds = -found.deviance / 2, len(found.parameters), found.parameters[:d]
    return AnswersFit(
        wald(est[cuts:], covariance[cuts:, cuts:], fixed.names, alpha),
        wald(est[:cuts], covariance[:cuts, :cuts], labels, alpha).drop(columns="p"),
        components(integral.terms, sds),
        {
            term.name: pd.Series(values, index=term.labels)
            for term, values in zip(integral.terms, integral.effects(sds), strict=True)
        },
        n,
        len(told),
        {term.name: term.levels for term in given},
        loglik,
        2 * size - 2 * loglik,
        size * np.log(n) - 2 * loglik,
        tuple(term.name for term, sd in zip(integral.terms, sds, strict=True) if sd == 0),
        True,
        method=f"cumulative logit mixed model, {approximation(nodes)}, Wald z",
    )


def _guard(
    fixed: Fixed, given: list[Term], category: np.ndarray, steps: int, who: str | None
) -> Reason | None:
    n, p = fixed.x.shape
    with_one = Fixed(fixed.y, np.column_stack([np.ones(n), fixed.x]), (), fixed.kept)
    if n == 0 and len(fixed.kept):
        reason: Reason | None = Reason.ALL_MISSING
    elif n <= p + max(steps, 2):
        reason = Reason.TOO_FEW_ROWS
    elif steps < 2:
        reason = Reason.ZERO_VARIANCE
    elif not with_one.independent or any(term.levels == n for term in given):
        reason = Reason.NOT_IDENTIFIED
    else:
        reason = obstacle(given, who)
    if reason is None and (_unmixed(given, category) or _foretold(fixed.x, category, steps)):
        reason = Reason.PERFECT_SEPARATION
    return reason


def _unmixed(given: list[Term], category: np.ndarray) -> bool:
    """Whether each level of some grouping has one kind of answer only."""
    answers = pd.Series(category)
    return any(answers.groupby(term.codes).nunique().eq(1).all() for term in given)


def _foretold(x: np.ndarray, category: np.ndarray, steps: int) -> bool:
    """Whether thresholds and coefficients exist that put every answer on its side of them."""
    told = patterns(*x.T, category)
    columns, own = x[told.first], category[told.first]
    cuts = np.eye(steps - 1)
    below, above = own < steps - 1, own > 0
    under = np.hstack([cuts[own[below]], -columns[below]])
    over = np.hstack([-cuts[own[above] - 1], columns[above]])
    return separated(np.vstack([under, over]), np.empty((0, steps - 1 + x.shape[1])))
