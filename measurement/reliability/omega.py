"""McDonald's omega: how much of the sum is common to the items, and how much is one factor."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from measurement.dimensionality.extraction import extract
from measurement.estimates import Estimate, Reason, tail
from measurement.reliability import covariance as of
from measurement.reliability.schmid_leiman import schmid_leiman
from measurement.reliability.sums import numbers
from measurement.resampling import cluster_weights

MINIMUM_ROWS = 30
MOST_FAILED = 0.1  # share of resamples without a solution above which there is no interval

Groups = Sequence[Hashable] | np.ndarray | pd.Series | None


@dataclass(frozen=True)
class Omega:
    """``total``: all that is common; ``hierarchical``: the general factor alone; both of the sum of
    the standardised items. ``loadings``: Schmid–Leiman, a row per item: g (absent where not
    identified), F1 … (what is left to the group factors), h2, u2; empty where insufficient.
    """

    total: Estimate
    hierarchical: Estimate
    loadings: pd.DataFrame
    factors: int


@dataclass(frozen=True)
class _Rows:
    """Complete rows, the cluster of each (a row is its own where none are given), how many."""

    data: np.ndarray
    codes: np.ndarray
    clusters: int | None
    units: int


def omega_of_correlation(correlation: pd.DataFrame, n: int, factors: int = 3) -> Omega:
    """Omega total and hierarchical of a correlation matrix (also a polychoric one), no interval.

    With V the sum of the matrix, total = 1 − Σ u²/V and hierarchical = (Σ g)²/V, g and u² from
    ``schmid_leiman``. One factor has no general one above it: hierarchical ``not_identified``.
    Items are taken as keyed; none is turned round.
    Source: Revelle & Zinbarg (2009), Psychometrika 74, 145–154; Zinbarg, Revelle, Yovel & Li
    (2005), Psychometrika 70, 123–133. Checked against R psych 2.2.9 on nine mental tests (Holzinger
    & Swineford): total to 6 digits, hierarchical to 5 (its search stops earlier), three factors and
    two. Where psych goes on with an item wholly explained (attitude data, three factors), this does
    not: ``improper_solution``.
    """
    r = correlation.to_numpy(dtype=float)
    if r.ndim != 2 or r.shape[0] != r.shape[1] or not np.allclose(r, r.T, equal_nan=True):
        raise ValueError("A correlation matrix is the same both ways.")
    if factors < 1:
        raise ValueError("There must be at least one factor.")
    found = Reason.NOT_IDENTIFIED if np.isnan(r).any() else schmid_leiman(r, factors)
    if isinstance(found, Reason) or r.sum() <= 0:
        reason = found if isinstance(found, Reason) else Reason.NOT_POSITIVE_DEFINITE
        no = Estimate.insufficient(reason, n)
        return Omega(no, no, pd.DataFrame(), factors)
    general, named = found.general, [f"F{i + 1}" for i in range(factors)]
    table = pd.DataFrame(found.groups, correlation.columns, named)
    if general is not None:
        table.insert(0, "g", general)
    table["h2"], table["u2"] = 1 - found.uniquenesses, found.uniquenesses
    equal = ", general loadings set equal" if factors == 2 else ""
    how = f"minres, oblimin, {factors} factors{equal}"
    total = 1 - found.uniquenesses.sum() / r.sum()
    return Omega(
        Estimate(total, None, None, n, method=f"omega total, {how}"),
        Estimate.insufficient(Reason.NOT_IDENTIFIED, n)
        if general is None
        else Estimate(
            general.sum() ** 2 / r.sum(), None, None, n, method=f"omega hierarchical, {how}"
        ),
        table,
        factors,
    )


def omega(
    items: pd.DataFrame,
    factors: int = 3,
    rng: np.random.Generator | None = None,
    clusters: Groups = None,
    resamples: int = 200,
    confidence: float = 0.95,
) -> Omega:
    """Omega total and hierarchical of the rows that have every item; see ``omega_of_correlation``.

    With ``rng`` intervals by bootstrap of rows, or of whole ``clusters``: 1 − (1−ω)·exp(±t·SE), SE
    that of log(1 − ω) over the resamples. Those without a proper solution are left out and counted
    in ``method``; where they are more than a tenth there is no interval (``improper_solution``).
    """
    tail(confidence)
    rows = _rows(items, clusters)
    reason = _obstacle(items, rows)
    if reason:
        no = Estimate.insufficient(reason, len(rows.data), rows.clusters)
        return Omega(no, no, pd.DataFrame(), factors)

    def both(covariance: np.ndarray) -> Omega:
        r = of.correlations(covariance)
        named = pd.DataFrame(r, items.columns, items.columns)
        return omega_of_correlation(named, len(rows.data), factors)

    found = both(np.cov(rows.data, rowvar=False))
    total, general = found.total, found.hierarchical
    if rng is not None and total.value is not None:

        def values(covariance: np.ndarray) -> tuple[float | None, float | None]:
            again = both(covariance)
            return again.total.value, again.hierarchical.value

        drawn = _resampled(rows, values, rng, resamples)
        total = _with_interval(total, drawn[:, 0], rows, confidence)
        general = _with_interval(general, drawn[:, 1], rows, confidence)
    g = rows.clusters
    return replace(
        found, total=replace(total, clusters=g), hierarchical=replace(general, clusters=g)
    )


def omega_total(items: pd.DataFrame, factors: int = 3) -> Estimate:
    """Omega total of ``omega``, without interval."""
    return omega(items, factors).total


def omega_hierarchical(items: pd.DataFrame, factors: int = 3) -> Estimate:
    """Omega hierarchical of ``omega``, without interval."""
    return omega(items, factors).hierarchical


def omega_congeneric(
    items: pd.DataFrame,
    rng: np.random.Generator | None = None,
    clusters: Groups = None,
    resamples: int = 200,
    confidence: float = 0.95,
) -> Estimate:
    """Omega of the sum of items that one factor explains, each by its own loading and with its own
    error: (Σλ)² / ((Σλ)² + Σθ), by maximum likelihood on the covariances of complete rows.

    Interval as in ``omega``. It equals alpha where all λ are alike, and says nothing about whether
    one factor is enough. Source: McDonald (1999), Test theory, ch. 6. Checked against R lavaan
    0.6-14 (one factor, ML) on the attitude data, three and nine mental tests: to 6 digits.
    """
    tail(confidence)
    rows = _rows(items, clusters)
    reason = _obstacle(items, rows)
    if not reason and items.shape[1] < 3:
        reason = Reason.NOT_IDENTIFIED
    found = reason or _congeneric(np.cov(rows.data, rowvar=False))
    if isinstance(found, Reason):
        return Estimate.insufficient(found, len(rows.data), rows.clusters)
    method = "omega of one factor, maximum likelihood"
    estimate = Estimate(found, None, None, len(rows.data), rows.clusters, method=method)
    if rng is None:
        return estimate

    def values(covariance: np.ndarray) -> tuple[float | None, None]:
        again = _congeneric(covariance)
        return None if isinstance(again, Reason) else again, None

    return _with_interval(
        estimate, _resampled(rows, values, rng, resamples)[:, 0], rows, confidence
    )


def _congeneric(covariance: np.ndarray) -> float | Reason:
    r, spread = of.correlations(covariance), np.sqrt(np.diag(covariance))
    if not of.positive_definite(r):
        return Reason.NOT_POSITIVE_DEFINITE
    found = extract(r, 1, "ml")
    if not found.converged:
        return Reason.NOT_CONVERGED
    if found.improper.any():
        return Reason.IMPROPER_SOLUTION
    common = (spread @ found.loadings[:, 0]) ** 2
    return float(common / (common + spread**2 @ found.uniquenesses))


def _rows(items: pd.DataFrame, clusters: Groups) -> _Rows:
    data = numbers(items)
    kept = ~np.isnan(data).any(axis=1)
    n = int(kept.sum())
    if clusters is None:
        return _Rows(data[kept], np.arange(n), None, n)
    groups = np.asarray(clusters)
    if groups.shape != (len(data),):
        raise ValueError("Clusters must have one entry for each row of items.")
    if pd.isna(groups[kept]).any():
        raise ValueError("Every row needs the cluster that it belongs to.")
    codes, names = pd.factorize(groups[kept])
    return _Rows(data[kept], codes, len(names), len(names))


def _obstacle(items: pd.DataFrame, rows: _Rows) -> Reason | None:
    data = rows.data
    if items.shape[1] < 2:
        return Reason.TOO_FEW_ITEMS
    if len(items) and items.isna().all(axis=None):
        return Reason.ALL_MISSING
    if len(data) < MINIMUM_ROWS:
        return Reason.TOO_FEW_ROWS
    still = np.ptp(data, axis=0) <= of.BLUR * np.maximum(1, np.abs(data).max(axis=0))
    return Reason.ZERO_VARIANCE if still.any() else None


def _resampled(
    rows: _Rows,
    values: Callable[[np.ndarray], tuple[float | None, float | None]],
    rng: np.random.Generator,
    resamples: int,
) -> np.ndarray:
    """Both values of each resample (resamples × 2), NaN where it has none."""
    data = rows.data - rows.data.mean(axis=0)
    drawn: list[tuple[float | None, float | None]] = []
    for _ in range(resamples):
        weights = cluster_weights(rng, rows.units, 1)[0][rows.codes]
        apart = data - weights @ data / weights.sum()
        covariance = (apart * weights[:, None]).T @ apart / (weights.sum() - 1)
        still = np.diag(covariance).min() <= of.BLUR * np.diag(covariance).max()
        drawn.append((None, None) if still else values(covariance))
    return np.array(drawn, dtype=float)


def _with_interval(
    estimate: Estimate, drawn: np.ndarray, rows: _Rows, confidence: float
) -> Estimate:
    if estimate.value is None:
        return estimate
    proper = drawn[drawn < 1]  # also leaves out NaN
    failed, clusters = len(drawn) - len(proper), rows.clusters
    if rows.units < 10:
        return replace(estimate, reason=Reason.FEW_CLUSTERS, clusters=clusters)
    if failed > MOST_FAILED * len(drawn) or len(proper) < 2:
        return replace(estimate, reason=Reason.IMPROPER_SOLUTION, clusters=clusters)
    factor = np.exp(stats.t.isf(tail(confidence), rows.units - 1) * np.log(1 - proper).std(ddof=1))
    unit = "rows" if clusters is None else "clusters"
    left_out = f", {failed} of {len(drawn)} resamples without solution" if failed else ""
    return replace(
        estimate,
        low=1 - (1 - estimate.value) * factor,
        high=1 - (1 - estimate.value) / factor,
        clusters=clusters,
        method=f"{estimate.method}; bootstrap of {unit}, log(1-omega), t{left_out}",
    )
