"""Profile-likelihood intervals of a linear mixed model, its variances included."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import optimize, stats

from measurement.estimates import Estimate, Reason, tail
from measurement.multilevel.deviance import Profiled, fitted
from measurement.multilevel.fixed import Fixed, Groups, Outcome, Slopes, fixed_part, random_part
from measurement.multilevel.linear import RESIDUAL, guard
from measurement.multilevel.terms import Term

Curve = Callable[[float], float]
STEPS = 40


def profile_intervals(
    y: Outcome,
    x: pd.DataFrame | None,
    groups: Groups,
    slopes: Slopes = None,
    confidence: float = 0.95,
) -> dict[str, Estimate]:
    """Maximum-likelihood estimates whose intervals need no symmetry; slow, for small models.

    Keys: each fixed effect by its name; "sd <group> <column>" and "cor <group> <column> <column>"
    of the random effects; "sd Residual". An end is where −2 log-likelihood, all else fitted anew,
    is χ²(1) above its minimum; a standard deviation that may be zero has 0 as its lower end, a
    correlation that may be ±1 has that. Estimates at such a bound themselves have no interval.
    Insufficient for the reasons of ``linear_mixed``, under the names of the fixed effects.
    Source: Bates, Mächler, Bolker & Walker (2015), J. Stat. Softw. 67(1), §5.1.
    Checked against R lme4 1.1-31 on a model with slopes to 3 decimals.
    """
    drop = float(stats.chi2.isf(2 * tail(confidence), 1))
    fixed = fixed_part(y, x)
    given = random_part(groups, slopes, fixed) if len(fixed.y) else []
    clusters = min((term.levels for term in given), default=0)
    n = len(fixed.y)
    reason = guard(fixed, given, None)
    model = None if reason else Profiled(fixed.y, fixed.x, given, reml=False)
    theta = None if model is None else fitted(model)
    if model is None or theta is None:
        return {
            name: Estimate.insufficient(reason or Reason.NOT_CONVERGED, n, clusters)
            for name in fixed.names
        }
    point = model.at(theta)
    least, sigma = model.deviance(point), float(np.sqrt(point.rss / model.rows))
    est = model.coefficients(point)
    se = sigma * np.sqrt(np.diagonal(model.covariance(point)))
    method = "profile likelihood (ML)"
    made = {}
    for i, name in enumerate(fixed.names):
        curve = _fixed_curve(fixed, given, i, theta)
        ends = [_end(curve, est[i], side * se[i], least + drop, None) for side in (-1, 1)]
        made[name] = _estimate(est[i], ends, n, clusters, method)
    natural = Natural(model)
    best = natural.parameters(theta, sigma)
    for k, name in enumerate(natural.names):
        curve = _variance_curve(natural, k, best)
        bound = (-1.0, 1.0) if name.startswith("cor") else (0.0, None)
        size = 0.2 if name.startswith("cor") else 0.1 * max(best[k], 0.1 * sigma)
        ends = [
            _end(curve, best[k], side * size, least + drop, limit)
            for side, limit in zip((-1, 1), bound, strict=True)
        ]
        at_bound = best[k] == bound[0] or best[k] == bound[1]
        made[name] = _estimate(best[k], [None] * 2 if at_bound else ends, n, clusters, method)
    return made


def _estimate(
    value: float, ends: list[float | None], n: int, clusters: int, method: str
) -> Estimate:
    if None in ends:
        return Estimate(value, None, None, n, clusters, Reason.AT_BOUNDARY, method)
    return Estimate(value, ends[0], ends[1], n, clusters, method=method)


class Natural:
    """Standard deviations and correlations in place of θ and σ: the residual's sd comes last."""

    def __init__(self, model: Profiled) -> None:
        self.model = model
        self.least = 1e-6 * float(np.sqrt(model.rr[-1, -1] / model.n))
        self.names: list[str] = []
        for term in model.terms:
            self.names += [f"sd {term.name} {column}" for column in term.columns]
            self.names += [
                f"cor {term.name} {term.columns[j]} {term.columns[i]}"
                for i, j in np.argwhere(np.tri(term.width, k=-1))
            ]
        self.names.append(f"sd {RESIDUAL}")

    def parameters(self, theta: np.ndarray, sigma: float) -> np.ndarray:
        found: list[float] = []
        for block in self.model.relative.blocks(theta):
            covariance = block @ block.T
            sd = np.sqrt(np.diagonal(covariance))
            scale = np.where(sd > 0, sd, 1.0)
            correlation = covariance / np.outer(scale, scale)
            found += [*(sigma * sd), *correlation[np.tri(len(sd), k=-1, dtype=bool)]]
        return np.array([*found, sigma])

    def deviance(self, parameters: np.ndarray) -> float:
        """−2 log-likelihood with σ given: log-determinant + n log 2πσ² + r²/σ²."""
        # Kept off zero, which no search that starts at the estimate needs.
        sigma, at, theta = max(abs(parameters[-1]), self.least), 0, []
        for term in self.model.terms:
            q = term.width
            sd = np.abs(parameters[at : at + q])
            correlation = np.eye(q)
            lower = np.tri(q, k=-1, dtype=bool)
            pairs = int(lower.sum())
            correlation[lower] = parameters[at + q : at + q + pairs]
            correlation = correlation + correlation.T - np.eye(q)
            roots, axes = np.linalg.eigh(correlation)
            if roots[0] < -1e-12:
                return np.inf
            # QR of a square root: the triangle exists at correlations of ±1 too.
            root = (axes * np.sqrt(np.maximum(roots, 0))).T * sd
            theta += list(np.linalg.qr(root)[1].T[np.tri(q, dtype=bool)] / sigma)
            at += q + pairs
        point = self.model.at(np.array(theta) / self.model.relative.scale)
        spread = self.model.n * np.log(2 * np.pi * sigma**2) + point.rss / sigma**2
        return float(point.random_logdet + spread)


def _fixed_curve(fixed: Fixed, given: list[Term], i: int, start: np.ndarray) -> Curve:
    others = np.delete(fixed.x, i, axis=1)

    def at(value: float) -> float:
        model = Profiled(fixed.y - value * fixed.x[:, i], others, given, reml=False)
        found = optimize.minimize(
            lambda theta: model.deviance(model.at(theta)), at_start, method="L-BFGS-B"
        )
        return float(found.fun)

    at_start = np.where(np.abs(start) < 0.05, 0.05, start)
    return at


def _variance_curve(natural: Natural, k: int, best: np.ndarray) -> Curve:
    scale = np.where(best != 0, np.abs(best), 0.1 * best[-1])
    correlated = np.array([name.startswith("cor") for name in natural.names])

    def whole(free: np.ndarray, value: float) -> np.ndarray:
        # Correlations are sought as angles, standard deviations in units of their estimates.
        moved = np.where(np.delete(correlated, k), np.tanh(free), free * np.delete(scale, k))
        return np.insert(moved, k, value)

    start = np.delete(np.where(correlated, np.arctanh(np.clip(best, -0.99, 0.99)), best / scale), k)

    def at(value: float) -> float:
        found = optimize.minimize(
            lambda free: natural.deviance(whole(free, value)), start, method="L-BFGS-B"
        )
        return float(found.fun)

    return at


def _end(
    curve: Curve, centre: float, step: float, height: float, bound: float | None
) -> float | None:
    """Where the curve passes ``height`` going from ``centre`` by ``step``; the bound if it does
    not before; None where no end is found."""
    inner = centre
    for _ in range(STEPS):
        outer = inner + step
        if bound is not None and abs(outer - centre) >= abs(bound - centre):
            if curve(bound * (1 - 1e-9)) <= height:
                return bound
            outer = bound * (1 - 1e-9)
        if curve(outer) > height:
            return float(
                optimize.brentq(lambda v: curve(v) - height, inner, outer, xtol=1e-5 * abs(step))
            )
        inner, step = outer, 1.5 * step
    return None
