"""Generalizability study: how much of a score is the room, how much observer, item and chance?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pandas as pd
from scipy import special
from scipy.stats import qmc

from measurement.estimates import Estimate, Reason, tail
from measurement.generalizability.cells import Cells, Squares, cells, squares
from measurement.generalizability.design import Design, parse_design
from measurement.multilevel.deviance import Profiled, fitted
from measurement.multilevel.satterthwaite import spread
from measurement.multilevel.terms import INTERCEPT, Term

ESTIMATORS = ("anova", "henderson1", "reml")
COMPONENT_COLUMNS = ["effect", "df", "ms", "variance", "variance_zero", "se"]
DRAWS = 2**12
MINIMUM_OBJECTS = 3


@dataclass(frozen=True)
class Parts:
    """Universe-score variance, relative and absolute error variance of one D-study."""

    universe: np.ndarray
    relative: np.ndarray
    absolute: np.ndarray

    def ratio(self, error: np.ndarray) -> np.ndarray:
        """τ / (τ + error); −∞ where the denominator is not positive."""
        total = self.universe + error
        return np.where(total > 0, self.universe / np.where(total > 0, total, 1.0), -np.inf)


@dataclass(frozen=True)
class GStudy:
    """Variance components of a design, with G and Phi for the numbers of levels observed.

    ``components``: effect, df, ms, variance, variance_zero (negative ones set to 0: Brennan's
    convention, shown beside and used nowhere unless asked), se. ``levels``: of each facet beside
    the object, per object; the harmonic mean where objects differ. ``g`` is Eρ² (relative
    decisions: who is higher), ``phi`` the index of dependability Φ (absolute decisions: who
    reaches a mark).
    """

    design: Design
    object: str
    estimator: str
    balanced: bool
    components: pd.DataFrame
    levels: dict[str, float]
    fixed: tuple[str, ...]
    mean: float
    objects: int
    n: int
    g: Estimate
    phi: Estimate
    confidence: float = 0.95
    draws: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    reason: str = ""

    def parts(
        self, variances: np.ndarray, numbers: Mapping[str, float], design: Design | None = None
    ) -> Parts:
        """Sums of ``variances`` (…, effects) over ``numbers`` of levels of each facet.

        An effect of objects and fixed facets only belongs to the universe score; one with a random
        facet is absolute error, and relative error too where it involves the objects. Each is
        divided by the levels over which it is averaged; facets nested in another multiply.
        """
        later = design or self.design
        objects = self.design.closed(self.object)
        shape = variances.shape[:-1]
        universe, relative, absolute = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for i, effect in enumerate(self.design.effects):
            reach = frozenset().union(*(later.closed(facet) for facet in effect))
            over = reach - objects
            part = variances[..., i] / np.prod([numbers[facet] for facet in over], axis=0)
            if not over - set(self.fixed):
                if reach & objects:
                    universe = universe + part
                continue
            absolute = absolute + part
            if reach & objects:
                relative = relative + part
        return Parts(universe, relative, absolute)


def generalizability(
    frame: pd.DataFrame,
    design: str,
    object: str = "p",  # noqa: A002 — the word of the field for what is measured
    score: str = "score",
    estimator: str = "anova",
    fixed: tuple[str, ...] = (),
    confidence: float = 0.95,
) -> GStudy:
    """Variance components, Eρ² and Φ from a long frame with a column for each facet.

    ``design`` in the notation of ``parse_design``, e.g. "p x (r:o)"; ``object`` the facet that is
    measured (with those that hold it: rooms of all centres are compared). ``fixed``: facets whose
    levels are all that is meant. ``estimator``: "anova" (balanced designs: expected mean squares),
    "henderson1" (analogous mean squares, any design) or "reml" (no negative variances).
    Components are those of the random model; negative ones stay as they are and enter Eρ² and Φ so.
    se² = Σ 2 (f MS)² / (df + 2) with f the weights of the mean squares; REML: from the Hessian.
    Intervals: generalized confidence intervals, each mean square over χ²/df at 4096 fixed points
    of a Sobol sequence; where a design is unbalanced mean squares are only nearly independent χ².
    Source: Brennan (2001), Generalizability Theory, ch. 3, 5, 6, 7; Henderson (1953), Biometrics 9,
    226–252; Weerahandi (1993), J. Am. Stat. Assoc. 88, 899–905 (intervals).
    Checked against Brennan's synthetic data 1 to 8 decimals, R aov (p × o × i, p × (i:o)) to 9, R
    lme4 by REML to 6, and Henderson's method against its traces to 9.
    """
    alpha = tail(confidence)
    plan = parse_design(design)
    if object not in plan.facets or not set(fixed) <= set(plan.facets) - plan.closed(object):
        raise ValueError(
            "The object and the fixed facets must be facets of the design, and differ."
        )
    if estimator not in ESTIMATORS:
        raise ValueError(f"The estimator must be one of {', '.join(ESTIMATORS)}.")
    found = cells(frame, plan, score)
    objects = plan.closed(object)
    facets = [facet for facet in plan.facets if facet not in objects]
    reason = _guard(found, object, facets, len(frame))
    if reason:
        return _without(found, object, estimator, reason)
    balanced = found.balanced
    if estimator == "anova" and not balanced:
        raise ValueError(
            "The design is not balanced, so mean squares have no simple expectations: choose the "
            "estimator 'henderson1' or 'reml'."
        )
    table = squares(found)
    if (table.df < 1).any():
        return _without(found, object, estimator, Reason.SMALL_CELLS)
    if np.linalg.matrix_rank(table.expected) < len(table.df):
        return _without(found, object, estimator, Reason.NOT_IDENTIFIED)
    weights = np.linalg.inv(table.expected)
    variances = weights @ table.ms
    se = np.sqrt((2 * (weights * table.ms) ** 2 / (table.df + 2)).sum(axis=1))
    if estimator == "reml":
        by_likelihood = _reml(found)
        if by_likelihood is None:
            return _without(found, object, estimator, Reason.NOT_CONVERGED)
        variances, se = by_likelihood
    nothing = Estimate.insufficient(Reason.NOT_IDENTIFIED, found.n, found.levels(object))
    components = pd.DataFrame(
        {
            "effect": [plan.name(effect) for effect in plan.effects],
            "df": table.df,
            "ms": table.ms,
            "variance": variances,
            "variance_zero": np.maximum(variances, 0.0),
            "se": se,
        },
        columns=COMPONENT_COLUMNS,
    )
    study = GStudy(
        plan, object, estimator, balanced, components,
        {facet: found.typical(facet, objects) for facet in facets},
        tuple(fixed), float(found.y.mean()), found.levels(object), found.n,
        nothing, nothing, confidence, _draws(table, weights),
    )  # fmt: skip
    g, phi = coefficients(study, study.levels, alpha)
    return replace(study, g=g, phi=phi)


def coefficients(
    study: GStudy, numbers: Mapping[str, float], alpha: float, design: Design | None = None
) -> tuple[Estimate, Estimate]:
    """Eρ² and Φ for the given numbers of levels, with their generalized intervals."""
    own = study.parts(study.components["variance"].to_numpy(), numbers, design)
    drawn = study.parts(study.draws, numbers, design)
    label = (
        f"{study.estimator}, {'balanced' if study.balanced else 'unbalanced'}, GCI of mean squares"
    )
    made = []
    for name, error, spread_out in (
        ("G", own.relative, drawn.ratio(drawn.relative)),
        ("Phi", own.absolute, drawn.ratio(drawn.absolute)),
    ):
        value = float(own.ratio(error))
        if not np.isfinite(value):
            made.append(Estimate.insufficient(Reason.NEGATIVE_VARIANCE, study.n, study.objects))
            continue
        low, high = np.quantile(spread_out, [alpha, 1 - alpha], method="inverted_cdf")
        own_label = f"{name}, {label}"
        if np.isfinite(low) and np.isfinite(high):
            made.append(Estimate(value, low, high, study.n, study.objects, method=own_label))
            continue
        reason = Reason.NEGATIVE_VARIANCE
        made.append(Estimate(value, None, None, study.n, study.objects, reason, own_label))
    return made[0], made[1]


def _draws(table: Squares, weights: np.ndarray) -> np.ndarray:
    """Components (draws × effects) that could have given these mean squares: MS · df / χ²."""
    chi2 = 2 * special.gammaincinv(table.df / 2, _points(len(table.df)))
    return (table.ms * table.df / chi2) @ weights.T


@cache
def _points(dimensions: int) -> np.ndarray:
    """Sobol points in the middle of their cells: no hidden chance, and never 0."""
    return qmc.Sobol(dimensions, scramble=False).random(DRAWS) + 0.5 / DRAWS


def _guard(found: Cells, measured: str, facets: list[str], rows: int) -> Reason | None:
    if found.n == 0:
        return Reason.ALL_MISSING if rows else Reason.TOO_FEW_ROWS
    if found.levels(measured) < MINIMUM_OBJECTS:
        return Reason.TOO_FEW_ROWS
    if any(found.levels(facet) < 2 for facet in facets):
        return Reason.ONE_RATER
    if np.ptp(found.y) <= 1e-12 * max(1.0, np.abs(found.y).max()):
        return Reason.ZERO_VARIANCE
    effects = found.design.effects
    for i, a in enumerate(effects):
        for b in effects[:i]:
            # The finer of two effects with as many cells as the coarser parts the scores alike.
            if b < a and found.number(a) == found.number(b):
                return Reason.OBSERVERS_CONFOUNDED
    return None


def _reml(found: Cells) -> tuple[np.ndarray, np.ndarray] | None:
    *upper, last = found.design.effects
    one = np.ones((found.n, 1))
    given = [
        Term(
            found.design.name(e), found.codes[e], pd.RangeIndex(found.number(e)), (INTERCEPT,), one
        )
        for e in upper
    ]
    model = Profiled(found.y, one, given, reml=True)
    theta = fitted(model)
    if theta is None:
        return None
    sigma2 = model.at(theta).rss / model.rows
    known = spread(model, theta).covariance
    slope = np.zeros((len(theta) + 1, len(theta) + 1))
    np.fill_diagonal(slope, [*(2 * theta * sigma2), 2 * np.sqrt(sigma2)])
    slope[:-1, -1] = 2 * theta**2 * np.sqrt(sigma2)
    values = np.append(theta**2, 1.0) * sigma2
    se = np.sqrt(np.diagonal(slope @ known @ slope.T))
    place = {term.name: i for i, term in enumerate(model.terms)} | {found.design.name(last): -1}
    order = [place[found.design.name(effect)] for effect in found.design.effects]
    return values[order], se[order]


def _without(found: Cells, measured: str, estimator: str, reason: Reason) -> GStudy:
    nothing = Estimate.insufficient(reason, found.n, found.levels(measured) if found.n else 0)
    return GStudy(
        found.design, measured, estimator, False, pd.DataFrame(columns=COMPONENT_COLUMNS), {}, (),
        float("nan"), nothing.clusters or 0, found.n, nothing, nothing, reason=reason,
    )  # fmt: skip
