"""Mentoring that starts in one centre after the other: effects by start and by time since."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.evaluation.panel import Panel, panel_of
from measurement.evaluation.robust import Wald
from measurement.resampling import cluster_sums

CELL_COLUMNS = [
    *("cohort", "period", "event", "estimate", "se", "low", "high"),
    *("n_treated", "n_control"),
]
EVENT_COLUMNS = ["event", "estimate", "se", "low", "high", "band_low", "band_high", "cohorts"]
COHORT_COLUMNS = ["cohort", "estimate", "se", "low", "high", "n"]
CONTROLS = ("never", "not_yet")
METHOD = "Callaway-Sant'Anna, influence sums by cluster, t(G-1)"


@dataclass(frozen=True)
class Staggered:
    """Average effects on the treated.

    ``overall``: mean over all cells after the start, weighted by size of the cohort.
    ``cells``: CELL_COLUMNS, ATT(cohort, period); ``by_event`` EVENT_COLUMNS (bands hold for all
    of its rows together; NaN without rng); ``by_cohort`` COHORT_COLUMNS. ``pre_trend``: joint test
    of the cells before the start (None where clusters are too few for it). ``left_out``: cohort,
    period, reason of cells that cannot be computed. ``flow``: step, rows (units), clusters.
    """

    overall: Estimate
    cells: pd.DataFrame
    by_event: pd.DataFrame
    by_cohort: pd.DataFrame
    pre_trend: Wald | None
    left_out: pd.DataFrame
    flow: pd.DataFrame
    p: float = np.nan


@dataclass
class _Cells:
    """ATT(g, t) one after the other, and each unit's influence on it."""

    rows: list[tuple] = field(default_factory=list)
    influence: list[np.ndarray] = field(default_factory=list)
    left_out: list[tuple] = field(default_factory=list)


def att(  # noqa: PLR0913 — each of the first arguments is the role that one column plays
    frame: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    first: str,
    *,
    cluster: str | None = None,
    covariates: Sequence[str] = (),
    control: str = "not_yet",
    rng: np.random.Generator | None = None,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> Staggered:
    """ATT(g, t): what treatment did by period t for those who started in g.

    ``frame``: one row per unit and period; ``first``: the period of the unit's start, missing for
    never. Each cell compares the change since the last period before g with that of units never
    treated ("never") or not treated by t ("not_yet", the never treated among them); cells before
    g compare with the period just before ("varying" base), so that they show trends apart.
    ``covariates``: as at the unit's first row; the controls' change is then regressed on them
    (outcome regression). Units that start in the first period are left out. A cell uses the units
    seen in both of its periods.
    SE from influences summed within clusters, with G/(G−1); p and intervals t(G−1). Bands: largest
    |t| of resamples with a random sign for each cluster (one matrix product).
    Aggregates carry the sampling of cohort sizes too; "event" ones weigh cohorts by size.
    Source: Callaway & Sant'Anna (2021), J. Econom. 225, 200–230; Sant'Anna & Zhao (2020), J.
    Econom. 219, 101–122 (outcome regression). Checked against diff-diff 3.13 (PyPI):
    cells and aggregates, both kinds of controls, with a covariate, to 12 digits; SE likewise once
    the factor √(G/(G−1)), which it leaves out, is taken off.
    """
    alpha = tail(confidence)
    if control not in CONTROLS:
        raise ValueError(f"The controls must be one of {', '.join(CONTROLS)}.")
    panel, reason = panel_of(frame, outcome, unit, period, first, cluster or unit, covariates)
    found = _Cells() if reason else _every_cell(panel, control)
    after = [i for i, row in enumerate(found.rows) if row[2] >= 0]
    left_out = pd.DataFrame(found.left_out, columns=["cohort", "period", "reason"])
    if not reason and not after:
        reason = Reason.ONE_GROUP
    if not reason and panel.g < 3:
        reason = Reason.TOO_FEW_CLUSTERS
    if reason:
        none = Estimate.insufficient(reason, len(panel.y), panel.g)
        cells, events, cohorts = (
            pd.DataFrame(columns=c) for c in (CELL_COLUMNS, EVENT_COLUMNS, COHORT_COLUMNS)
        )
        return Staggered(none, cells, events, cohorts, None, left_out, panel.flow)

    labels = [(panel.periods[g], panel.periods[t], t - g) for g, t, *_ in found.rows]
    values = np.array([row[3] for row in found.rows])
    influence = np.column_stack(found.influence)
    sizes = np.array([(panel.start == g).mean() for g, *_ in found.rows])
    shift = [(panel.start == g) - size for (g, *_), size in zip(found.rows, sizes, strict=True)]
    engine = _Engine(values, influence, sizes, np.column_stack(shift).astype(float), panel, alpha)
    cells = pd.DataFrame(labels, columns=["cohort", "period", "event"])
    cells[["estimate", "se", "low", "high"]] = engine.intervals(values, influence)
    cells[["n_treated", "n_control"]] = [row[4:] for row in found.rows]
    overall, own = engine.weighted(after)
    estimate, se, low, high = engine.intervals(np.array([overall]), own[:, None])[0]
    return Staggered(
        _as_estimate(estimate, se, (low, high), panel),
        cells,
        _by_event(engine, cells, rng, resamples),
        _by_cohort(engine, cells),
        engine.pre_trend(np.flatnonzero(cells["event"] < 0)),
        left_out,
        panel.flow,
        float(2 * stats.t.sf(abs(estimate / se), panel.g - 1)) if se > 0 else np.nan,
    )


@dataclass(frozen=True)
class _Engine:
    values: np.ndarray
    influence: np.ndarray  # units × cells
    sizes: np.ndarray  # share of all units that is in the cell's cohort
    shift: np.ndarray  # units × cells: [unit in cohort] − size
    panel: Panel
    alpha: float

    def weighted(self, at: Sequence[int]) -> tuple[float, np.ndarray]:
        """Mean of cells by cohort size, and each unit's influence on it, sizes included."""
        p, value = self.sizes[at], self.values[at]
        mean = float(p @ value / p.sum())
        sizes = self.shift[:, at] @ (value - mean) / p.sum() / len(self.panel.y)
        return mean, self.influence[:, at] @ (p / p.sum()) + sizes

    def sums(self, influence: np.ndarray) -> np.ndarray:
        return cluster_sums(self.panel.codes, self.panel.g, *influence.T)

    def intervals(self, values: np.ndarray, influence: np.ndarray) -> np.ndarray:
        """Rows of estimate, se, low, high."""
        g = self.panel.g
        se = np.sqrt(g / (g - 1) * (self.sums(influence) ** 2).sum(axis=0))
        half = stats.t.isf(self.alpha, g - 1) * se
        return np.column_stack([values, se, values - half, values + half])

    def band(self, influence: np.ndarray, rng: np.random.Generator, resamples: int) -> float:
        """How many SE a band around all of these needs."""
        sums = self.sums(influence)
        se = np.sqrt((sums**2).sum(axis=0))
        signs = rng.choice([-1.0, 1.0], size=(resamples, self.panel.g))
        drawn = np.abs(signs @ sums[:, se > 0] / se[se > 0]).max(axis=1, initial=0.0)
        pointwise = stats.t.isf(self.alpha, self.panel.g - 1)
        return max(float(np.quantile(drawn, 1 - 2 * self.alpha)), float(pointwise))

    def pre_trend(self, at: np.ndarray) -> Wald | None:
        """Hotelling's T² of the cells before the start: (G−q) / (q(G−1)) · T² on F(q, G−q)."""
        q, g = len(at), self.panel.g
        if q == 0 or g <= q + 1:
            return None
        sums = self.sums(self.influence[:, at])
        covariance = g / (g - 1) * sums.T @ sums
        if np.linalg.matrix_rank(covariance, hermitian=True) < q:
            return None
        t2 = self.values[at] @ np.linalg.solve(covariance, self.values[at])
        statistic = float((g - q) / (q * (g - 1)) * t2)
        return Wald(statistic, q, float(g - q), float(stats.f.sf(statistic, q, g - q)))


def _by_event(
    engine: _Engine, cells: pd.DataFrame, rng: np.random.Generator | None, resamples: int
) -> pd.DataFrame:
    groups = {event: rows.index.to_list() for event, rows in cells.groupby("event")}
    found = [engine.weighted(at) for at in groups.values()]
    values, influence = (
        np.array([mean for mean, _ in found]),
        np.column_stack([i for _, i in found]),
    )
    table = pd.DataFrame({"event": list(groups)})
    table[["estimate", "se", "low", "high"]] = engine.intervals(values, influence)
    half = np.nan if rng is None else engine.band(influence, rng, resamples) * table["se"]
    table["band_low"], table["band_high"] = table["estimate"] - half, table["estimate"] + half
    table["cohorts"] = [len(at) for at in groups.values()]
    return table[EVENT_COLUMNS]


def _by_cohort(engine: _Engine, cells: pd.DataFrame) -> pd.DataFrame:
    after = cells[cells["event"] >= 0]
    groups = {cohort: rows.index.to_list() for cohort, rows in after.groupby("cohort")}
    found = [engine.weighted(at) for at in groups.values()]
    values, influence = (
        np.array([mean for mean, _ in found]),
        np.column_stack([i for _, i in found]),
    )
    table = pd.DataFrame({"cohort": list(groups)})
    table[["estimate", "se", "low", "high"]] = engine.intervals(values, influence)
    table["n"] = [int(cells.loc[at, "n_treated"].max()) for at in groups.values()]
    return table[COHORT_COLUMNS]


def _as_estimate(value: float, se: float, ends: tuple[float, float], panel: Panel) -> Estimate:
    n, g = len(panel.y), panel.g
    if se <= 1e-12 * max(1.0, np.nanmax(np.abs(panel.y))):
        return Estimate(value, None, None, n, g, Reason.CLUSTERS_ALIKE, METHOD)
    return Estimate(value, *ends, n, g, method=METHOD)


def _every_cell(panel: Panel, control: str) -> _Cells:
    found = _Cells()
    for g in sorted(set(panel.start[np.isfinite(panel.start)].astype(int))):
        for t in range(1, panel.y.shape[1]):
            base = g - 1 if t >= g else t - 1
            controls = panel.start > (np.inf if control == "never" else max(t, base))
            if control == "never":
                controls = np.isinf(panel.start)
            _add_cell(found, panel, g, t, base, controls & (panel.start != g))
    return found


def _add_cell(found: _Cells, panel: Panel, g: int, t: int, base: int, controls: np.ndarray) -> None:
    change = panel.y[:, t] - panel.y[:, base]
    seen = ~np.isnan(change)
    own, others = seen & (panel.start == g), seen & controls
    x = panel.x
    names = (panel.periods[g], panel.periods[t])
    if not own.any() or not others.any():
        found.left_out.append((*names, str(Reason.ONE_GROUP)))
        return
    gram = x[others].T @ x[others]
    if others.sum() < x.shape[1] or np.linalg.matrix_rank(gram, hermitian=True) < len(gram):
        found.left_out.append((*names, str(Reason.NOT_IDENTIFIED)))
        return
    slope = np.linalg.solve(gram, x[others].T @ change[others])
    rest = change - x @ slope
    value = rest[own].mean()
    influence = np.zeros(len(change))
    influence[own] = (rest[own] - value) / own.sum()
    pull = np.linalg.solve(gram, x[own].mean(axis=0))
    influence[others] -= (x[others] @ pull) * rest[others]
    found.rows.append((g, t, t - g, float(value), int(own.sum()), int(others.sum())))
    found.influence.append(influence)
