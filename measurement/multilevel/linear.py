"""Linear mixed models: scores of rooms within centres, seen by mentors who cross them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.multilevel.deviance import ZERO, Point, Profiled, fitted
from measurement.multilevel.fixed import Fixed, Groups, Outcome, Slopes, fixed_part, random_part
from measurement.multilevel.satterthwaite import spread
from measurement.multilevel.terms import Term, nested, obstacle

FIXED_COLUMNS = ["est", "se", "df", "low", "high", "p"]
COMPONENT_COLUMNS = ["group", "first", "second", "vcov", "sdcor"]
RESIDUAL = "Residual"


@dataclass(frozen=True)
class MixedFit:
    """A linear mixed model, or the ``reason`` why there is none (then the frames are empty).

    ``fixed``: index name; est, se, df (Satterthwaite), low, high, p (t, two-sided).
    ``components``: group, first, second ("" for a variance), vcov (variance or covariance), sdcor
    (standard deviation or correlation); the last row is the residual.
    ``effects``: for each grouping its BLUPs, index level, a column for the intercept and each
    slope. ``icc``: for each grouping the correlation of two rows that share its level (and with it
    the levels in which that one is nested); empty with random slopes, where it changes with them.
    ``criterion``: REML criterion or, by ML, −2 log-likelihood. ``aic`` and ``bic`` count the fixed
    coefficients, the variances and covariances, and the residual variance.
    ``boundary``: groupings with a variance of zero or a correlation of ±1 (relative sd < 1e-4).
    """

    fixed: pd.DataFrame
    components: pd.DataFrame
    effects: dict[str, pd.DataFrame]
    icc: dict[str, float]
    n: int
    levels: dict[str, int]
    reml: bool
    criterion: float | None = None
    loglik: float | None = None
    aic: float | None = None
    bic: float | None = None
    boundary: tuple[str, ...] = ()
    converged: bool = False
    reason: str = ""
    method: str = ""

    def effect(self, name: str) -> Estimate:
        """One fixed effect with its t interval; ``clusters`` counts the coarsest grouping."""
        clusters = min(self.levels.values(), default=0)
        if self.reason:
            return Estimate.insufficient(self.reason, self.n, clusters)
        est, low, high = self.fixed.loc[[name], ["est", "low", "high"]].to_numpy()[0]
        return Estimate(est, low, high, self.n, clusters, method=self.method)


def linear_mixed(
    y: Outcome,
    x: pd.DataFrame | None,
    groups: Groups,
    slopes: Slopes = None,
    reml: bool = True,
    confidence: float = 0.95,
    observers: str | None = None,
) -> MixedFit:
    """Linear mixed model with random intercepts for nested or crossed groupings.

    ``x``: columns of the fixed part with names, or None; an intercept is added unless they hold
    one. ``groups``: name → level of each row, labelled so that two rooms of different centres
    differ. ``slopes``: grouping → columns of ``x`` whose effect varies over its levels, correlated
    with its intercept. ``observers``: the grouping that must cross the others (see
    ``terms.obstacle``). Rows with a missing number are left out.
    y = Xβ + Zb + ε, b ~ N(0, σ²ΛΛ'), by the profiled deviance over Λ. Intervals est ± t(df)·se with
    Satterthwaite df. A variance of zero is a result and is named in ``boundary``.
    Source: Bates, Mächler, Bolker & Walker (2015), J. Stat. Softw. 67(1); Kuznetsova, Brockhoff &
    Christensen (2017), J. Stat. Softw. 82(13). Checked against R lme4 1.1-31 and lmerTest 3.1-3 at
    tight tolerance on nested, crossed and slope models, singular ones too: criterion to 9
    decimals, coefficients to 7, variances to 6 digits, df to 5.
    """
    alpha = tail(confidence)
    fixed = fixed_part(y, x)
    given = random_part(groups, slopes, fixed) if len(fixed.y) else []
    levels = {term.name: term.levels for term in given}
    n, p = fixed.x.shape

    def without(reason: Reason) -> MixedFit:
        return MixedFit(_empty(FIXED_COLUMNS), _empty(COMPONENT_COLUMNS), {}, {}, n, levels, reml,
                        reason=reason)  # fmt: skip

    reason = guard(fixed, given, observers)
    if reason:
        return without(reason)
    model = Profiled(fixed.y, fixed.x, given, reml)
    theta = fitted(model)
    if theta is None:
        return without(Reason.NOT_CONVERGED)
    point = model.at(theta)
    sigma2 = point.rss / model.rows
    df = spread(model, theta).degrees()
    est = model.coefficients(point)
    se = np.sqrt(sigma2 * np.diagonal(model.covariance(point)))
    half = stats.t.isf(alpha, df) * se
    table = np.column_stack(
        [est, se, df, est - half, est + half, 2 * stats.t.sf(abs(est / se), df)]
    )
    criterion = model.deviance(point)
    parameters = p + len(theta) + 1
    components = _components(model, theta, sigma2)
    return MixedFit(
        pd.DataFrame(table, index=pd.Index(fixed.names, name="name"), columns=FIXED_COLUMNS),
        components,
        _effects(model, theta, point),
        _icc(given, components),
        n,
        levels,
        reml,
        criterion,
        -criterion / 2,
        criterion + 2 * parameters,
        criterion + np.log(n) * parameters,
        _boundary(model, theta),
        True,
        method=f"linear mixed model, {'REML' if reml else 'ML'}, Satterthwaite t",
    )


def guard(fixed: Fixed, given: list[Term], observers: str | None) -> Reason | None:
    """Why these rows cannot be modelled, if so."""
    n, p = fixed.x.shape
    reason = None
    if n == 0 and len(fixed.kept):
        reason = Reason.ALL_MISSING
    elif n <= p + 1:
        reason = Reason.TOO_FEW_ROWS
    elif np.ptp(fixed.y) <= 1e-12 * max(1.0, np.abs(fixed.y).max()):
        reason = Reason.ZERO_VARIANCE
    elif not fixed.independent or any(term.levels == n for term in given):
        reason = Reason.NOT_IDENTIFIED
    else:
        reason = obstacle(given, observers)
    # Without a residual there is nothing to weigh the levels against.
    if reason is None and _no_residual(fixed, given):
        reason = Reason.IMPROPER_SOLUTION
    return reason


def _no_residual(fixed: Fixed, given: list[Term]) -> bool:
    """Whether the columns alone, or the levels of one grouping alone, foretell every outcome."""
    y = fixed.y - fixed.y.mean()
    basis = np.linalg.qr(fixed.x)[0]
    rests = [y - basis @ (basis.T @ y)]
    rests += [y - (np.bincount(t.codes, y) / np.bincount(t.codes))[t.codes] for t in given]
    return any(rest @ rest <= 1e-20 * (y @ y) for rest in rests)


def _components(model: Profiled, theta: np.ndarray, sigma2: float) -> pd.DataFrame:
    rows: list[tuple[str, str, str, float, float]] = []
    for term, block in zip(model.terms, model.relative.blocks(theta), strict=True):
        covariance = sigma2 * block @ block.T
        sd = np.sqrt(np.diagonal(covariance))
        for i, name in enumerate(term.columns):
            rows.append((term.name, name, "", covariance[i, i], sd[i]))
        for i, j in np.argwhere(np.tri(term.width, k=-1)):
            r = covariance[i, j] / (sd[i] * sd[j]) if sd[i] * sd[j] > 0 else np.nan
            rows.append((term.name, term.columns[j], term.columns[i], covariance[i, j], r))
    rows.append((RESIDUAL, "", "", sigma2, float(np.sqrt(sigma2))))
    return pd.DataFrame(rows, columns=COMPONENT_COLUMNS)


def _effects(model: Profiled, theta: np.ndarray, point: Point) -> dict[str, pd.DataFrame]:
    return {
        term.name: pd.DataFrame(values, index=term.labels, columns=list(term.columns))
        for term, values in zip(model.terms, model.effects(theta, point), strict=True)
    }


def _icc(given: list[Term], components: pd.DataFrame) -> dict[str, float]:
    if any(term.width > 1 for term in given):
        return {}
    variance = components.set_index("group")["vcov"]
    return {
        term.name: float(
            sum(variance[o.name] for o in given if nested(term.codes, o.codes)) / variance.sum()
        )
        for term in given
    }


def _boundary(model: Profiled, theta: np.ndarray) -> tuple[str, ...]:
    at = model.relative.diagonal & (np.abs(theta) < ZERO)
    names = [model.terms[model.relative.term_of[i]].name for i in np.flatnonzero(at)]
    return tuple(dict.fromkeys(names))


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns, dtype=float)
