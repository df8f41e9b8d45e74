"""Binomial mixed models: yes or no, answered in rooms of centres, or seen by mentors."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import linalg, special

from measurement.estimates import Reason, tail
from measurement.multilevel.answers import (
    AnswersFit,
    approximation,
    components,
    maximise,
    nothing,
    patterns,
    separated,
    wald,
    without,
)
from measurement.multilevel.fixed import Fixed, Groups, Outcome, fixed_part, random_part
from measurement.multilevel.marginal import marginal
from measurement.multilevel.terms import Term, obstacle


class Binomial:
    """Successes among trials with logit η."""

    def __init__(self, successes: np.ndarray, trials: np.ndarray) -> None:
        self.successes, self.trials = successes, trials

    def value(self, eta: np.ndarray) -> np.ndarray:
        return self.successes * eta - self.trials * np.logaddexp(0, eta)

    def slopes(self, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p = special.expit(eta)
        return self.successes - self.trials * p, self.trials * p * (1 - p)


def binomial_mixed(
    successes: Outcome,
    x: pd.DataFrame | None,
    groups: Groups,
    trials: Sequence[float] | np.ndarray | None = None,
    nodes: int = 1,
    confidence: float = 0.95,
    observers: str | None = None,
) -> AnswersFit:
    """Logistic mixed model with random intercepts, by maximum likelihood.

    ``successes`` of ``trials`` per row (without trials: 0 or 1 of 1); ``x``, ``groups``,
    ``observers`` as in ``linear_mixed``. ``nodes``: 1 is Laplace's approximation, for any nested or
    crossed groupings; more (11, say) is adaptive Gauss–Hermite quadrature for one grouping, better
    where levels have few answers. Rows that say the same are counted, not repeated.
    logit p = Xβ + Σ b_group. Standard errors from the Hessian over β and standard deviations
    together; z intervals. ``perfect_separation`` where columns foretell some answers without fail,
    or no level of a grouping has both answers.
    Source: Breslow & Clayton (1993), J. Am. Stat. Assoc. 88, 9–25; Pinheiro & Bates (1995), J.
    Comput. Graph. Stat. 4, 12–35. Checked against R lme4 1.1-31 glmer at tight tolerance, Laplace
    and 11 nodes: coefficients and sds to 5 decimals, log-likelihood to 6.
    """
    alpha = tail(confidence)
    fixed = fixed_part(successes, x)
    of = _trials(trials, fixed)
    given = random_part(groups, None, fixed) if len(fixed.y) else []
    reason = _guard(fixed, given, of, observers)
    if reason:
        return without(reason, int(of.sum()), given)
    told = patterns(*fixed.x.T, *(term.codes for term in given))
    kept = [
        Term(t.name, t.codes[told.first], t.labels, t.columns, t.design[told.first]) for t in given
    ]
    y, m, columns = told.total(fixed.y), told.total(of), fixed.x[told.first]
    basis, triangle = np.linalg.qr(columns)
    # In this basis all coefficients have about the same scale.
    basis, triangle = basis * np.sqrt(len(basis)), triangle / np.sqrt(len(basis))
    family, integral = Binomial(y, m), marginal(kept, nodes)
    found = maximise(integral, lambda gamma: (basis @ gamma, family), _plain(basis, family))
    if isinstance(found, Reason):
        return without(found, int(m.sum()), given)
    d, n = integral.parameters, int(m.sum())
    inverse = linalg.solve_triangular(triangle, np.eye(len(triangle)))
    chosen = _constant(fixed.y, of)
    loglik, size = chosen - found.deviance / 2, len(found.parameters)
    sds = found.parameters[:d]
    return AnswersFit(
        wald(
            inverse @ found.parameters[d:],
            inverse @ found.covariance[d:, d:] @ inverse.T,
            fixed.names,
            alpha,
        ),
        nothing(["est", "se", "low", "high"]),
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
        size * np.log(len(fixed.y)) - 2 * loglik,
        tuple(term.name for term, sd in zip(integral.terms, sds, strict=True) if sd == 0),
        True,
        method=f"binomial mixed model, {approximation(nodes)}, Wald z",
    )


def _trials(trials: Sequence[float] | np.ndarray | None, fixed: Fixed) -> np.ndarray:
    found = np.ones(len(fixed.kept)) if trials is None else np.asarray(trials, dtype=float)
    if found.shape != fixed.kept.shape:
        raise ValueError("Trials must have one entry for each row.")
    found = found[fixed.kept]
    whole = (found == np.round(found)).all() and (fixed.y == np.round(fixed.y)).all()
    if not whole or (fixed.y < 0).any() or (fixed.y > found).any():
        raise ValueError("Successes and trials must be whole numbers with 0 ≤ successes ≤ trials.")
    return found


def _guard(fixed: Fixed, given: list[Term], trials: np.ndarray, who: str | None) -> Reason | None:
    n, yes = trials.sum(), fixed.y.sum()
    if n == 0 and len(fixed.kept):
        reason: Reason | None = Reason.ALL_MISSING
    elif n <= fixed.x.shape[1] + 1:
        reason = Reason.TOO_FEW_ROWS
    elif yes in {0, n}:
        reason = Reason.ZERO_VARIANCE
    elif not fixed.independent or any(term.levels == n for term in given):
        reason = Reason.NOT_IDENTIFIED
    else:
        reason = obstacle(given, who)
    if reason is None and (_foretold(fixed, trials) or _unmixed(fixed, given, trials)):
        reason = Reason.PERFECT_SEPARATION
    return reason


def _unmixed(fixed: Fixed, given: list[Term], trials: np.ndarray) -> bool:
    """Whether each level of some grouping has one kind of answer only."""
    for term in given:
        yes, of = np.bincount(term.codes, fixed.y), np.bincount(term.codes, trials)
        if ((yes == 0) | (yes == of)).all():
            return True
    return False


def _foretold(fixed: Fixed, trials: np.ndarray) -> bool:
    told = patterns(*fixed.x.T)
    y, m, columns = told.total(fixed.y), told.total(trials), fixed.x[told.first]
    mixed, sign = (y > 0) & (y < m), np.where(y > 0, 1.0, -1.0)
    counted = m > 0
    pure = counted & ~mixed
    return separated(columns[pure] * sign[pure, None], columns[mixed])


def _plain(basis: np.ndarray, family: Binomial) -> np.ndarray:
    """A few Newton steps of the model without random intercepts: where to start."""
    gamma = np.zeros(basis.shape[1])
    for _ in range(6):
        first, second = family.slopes(basis @ gamma)
        gamma = gamma + np.linalg.lstsq((basis.T * second) @ basis, basis.T @ first, rcond=None)[0]
    return gamma


def _constant(yes: np.ndarray, trials: np.ndarray) -> float:
    """Log of the binomial coefficients of the rows as given."""
    parts = (
        special.gammaln(trials + 1) - special.gammaln(yes + 1) - special.gammaln(trials - yes + 1)
    )
    return float(parts.sum())
