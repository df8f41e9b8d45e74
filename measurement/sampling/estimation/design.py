"""How the rows of a survey were drawn, and what that makes of a variance."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.resampling import cluster_sums

Values = Sequence[float] | np.ndarray | pd.Series
Labels = Sequence[Hashable] | np.ndarray | pd.Series
LONELY = ("refuse", "certainty", "adjust")
# A standard error below this share of the scores behind it is rounding.
NOTHING_LEFT = 1e-12


@dataclass(frozen=True)
class Stage:
    """One stage of drawing: unit of each row, stratum of each unit, and what a stratum counts."""

    unit_of_row: np.ndarray
    stratum_of_unit: np.ndarray
    units: np.ndarray  # drawn, per stratum
    rate: np.ndarray  # units drawn / units there, per stratum; 0 where drawn with return
    share: np.ndarray  # product of the rates of the stages above, per stratum

    @property
    def lonely(self) -> np.ndarray:
        """Strata of a single unit that stands for others."""
        return (self.units == 1) & (self.rate < 1) & (self.share > 0)

    def variance(self, scores: np.ndarray, lonely: str) -> np.ndarray:
        """Σ_h share·(1−f)·n/(n−1) · Σ_i (z_i − z̄)(z_i − z̄)', z the sums of scores in units."""
        h = len(self.units)
        sums = cluster_sums(self.unit_of_row, len(self.stratum_of_unit), *scores.T)
        middle = cluster_sums(self.stratum_of_unit, h, *sums.T) / self.units[:, None]
        scale = self.share * (1 - self.rate) * self.units / np.maximum(self.units - 1, 1)
        alone = self.units == 1
        if lonely == "adjust":
            middle[alone] = sums.mean(axis=0)
        else:
            scale = np.where(alone, 0.0, scale)
        apart = sums - middle[self.stratum_of_unit]
        return (apart * scale[self.stratum_of_unit][:, None]).T @ apart


class SurveyDesign:
    """Weights, strata, clusters and finite populations of the rows of a survey.

    ``weights``: 1 / probability of being drawn, one per row, none negative. ``strata``: stratum of
    each row. ``clusters``: the unit drawn first (centre) of each row, or a list of two or more
    such columns, outermost first (centre, room); a label that occurs in two strata counts as two
    clusters. None: each row was drawn by itself. ``fpc``: of each row, how many first-stage units
    its stratum has in the frame (or the share drawn, all ≤ 1), or a list, one per stage: then
    later stages have their own part in the variance. Without fpc drawing counts as with return,
    and only the first stage matters.
    ``lonely``: what to do with a stratum of a single unit that stands for others. "refuse"
    (``lonely_cluster`` instead of an estimate), "certainty" (it adds nothing: SE too small),
    "adjust" (its distance from the mean of all units; for totals R survey takes that from 0).
    """

    def __init__(
        self,
        weights: Values,
        strata: Labels | None = None,
        clusters: Labels | list[Labels] | None = None,
        fpc: Values | list[Values] | None = None,
        lonely: str = "refuse",
    ) -> None:
        self.weights = np.asarray(weights, dtype=float)
        if self.weights.ndim != 1:
            raise ValueError("Weights must be one list of numbers.")
        if not np.isfinite(self.weights).all() or (self.weights < 0).any():
            raise ValueError("Every row needs a weight that is a number and not negative.")
        if lonely not in LONELY:
            raise ValueError(f"A lonely cluster can be treated as one of: {', '.join(LONELY)}.")
        self.lonely, n = lonely, len(self.weights)
        self.clustered = clusters is not None
        self.first_stratum = np.zeros(n, dtype=np.int64) if strata is None else self._codes(strata)
        levels = [] if clusters is None else _columns(clusters)
        counts = [] if fpc is None else _columns(fpc)
        if len(counts) > max(1, len(levels)):
            raise ValueError("There are more finite populations than stages of drawing.")
        self.stages = self._stages(levels, counts)

    def _codes(self, labels: Labels) -> np.ndarray:
        column = pd.Series(np.asarray(labels))
        if len(column) != len(self.weights):
            raise ValueError("Strata, clusters and fpc must have one entry for each weight.")
        if column.isna().any():
            raise ValueError("Every row needs its stratum, its clusters and its fpc.")
        return pd.factorize(column)[0]

    def _stages(self, levels: list, counts: list) -> list[Stage]:
        """Later stages count only where the finite population of each stage above is known."""
        n = len(self.weights)
        stratum, share = self.first_stratum, np.ones(n)
        stages: list[Stage] = []
        for k in range(max(1, len(counts))):
            own = self._codes(levels[k]) if levels else np.arange(n)
            width = int(own.max(initial=0)) + 1
            unit = pd.factorize(stratum * width + own)[0]
            h, u = int(stratum.max(initial=-1)) + 1, int(unit.max(initial=-1)) + 1
            of_unit = np.zeros(u, dtype=np.int64)
            of_unit[unit] = stratum
            units = np.bincount(of_unit, minlength=h)
            rate = self._rates(counts[k], stratum, units) if counts else np.zeros(h)
            above = np.ones(h)
            above[stratum] = share
            stages.append(Stage(unit, of_unit, units, rate, above))
            stratum, share = unit, share * rate[stratum]
        return stages

    def _rates(self, fpc: Values, stratum: np.ndarray, units: np.ndarray) -> np.ndarray:
        self._codes(fpc)
        given = np.asarray(fpc, dtype=float)
        if (given <= 0).any():
            raise ValueError("A finite population must be a positive number.")
        of_stratum = np.ones(len(units))
        of_stratum[stratum] = given
        if (of_stratum[stratum] != given).any():
            raise ValueError("All rows of one stratum must state the same finite population.")
        rate = of_stratum if (given <= 1).all() else units / of_stratum
        if (rate > 1 + NOTHING_LEFT).any():
            raise ValueError("A stratum cannot have fewer units in the frame than in the sample.")
        return np.minimum(rate, 1.0)

    def variance(self, scores: np.ndarray) -> np.ndarray:
        """Linearised covariance of Σ scores, ``scores`` rows × estimates, weights included.

        Rows outside a domain have score 0: their clusters still count.
        Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, chapters 4–5;
        Binder (1983), Int. Stat. Rev. 51, 279–292.
        """
        parts = [stage.variance(scores, self.lonely) for stage in self.stages]
        return np.sum(parts, axis=0)

    def numbers(self, values: Values, name: str = "Values") -> np.ndarray:
        """``values`` as floats, one per row of the design."""
        try:
            found = np.asarray(values, dtype=float)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} must be numbers; turn letters into numbers first.") from error
        if found.shape != self.weights.shape:
            raise ValueError(f"{name} must have one entry for each weight of the design.")
        if np.isinf(found).any():
            raise ValueError(f"{name} must be finite numbers, or missing.")
        return found

    def used(self, *columns: np.ndarray) -> np.ndarray:
        """Mask of the rows that have weight and every column."""
        known = [~pd.isna(column) for column in columns]
        return np.logical_and.reduce([self.weights > 0, *known])

    def counts(self, used: np.ndarray) -> tuple[int, int | None, int]:
        """Rows, clusters (None where rows were drawn by themselves), degrees of freedom.

        Degrees of freedom: first-stage units − strata, of those that have a row in use.
        """
        units = int(np.count_nonzero(np.bincount(self.stages[0].unit_of_row[used])))
        strata = int(np.count_nonzero(np.bincount(self.first_stratum[used])))
        return int(used.sum()), units if self.clustered else None, units - strata

    def refusal(self, used: np.ndarray) -> Estimate | None:
        """Why these rows cannot answer, or None."""
        n, clusters, _ = self.counts(used)
        reason = None
        if len(used) and not (self.weights > 0).any():
            reason = Reason.ZERO_WEIGHTS
        elif len(used) and n == 0:
            reason = Reason.ALL_MISSING
        elif n < 2:
            reason = Reason.TOO_FEW_ROWS
        elif self.lonely == "refuse" and any(stage.lonely.any() for stage in self.stages):
            reason = Reason.LONELY_CLUSTER
        return Estimate.insufficient(reason, n, clusters) if reason else None

    def interval(
        self, value: float, se: float, used: np.ndarray, confidence: float, method: str
    ) -> Estimate:
        """value ± t(units − strata) · SE; none where nothing varies or no freedom is left."""
        n, clusters, df = self.counts(used)
        method = f"{method}, Taylor-linearised, t(units-strata)"
        if df < 1:
            return Estimate(value, None, None, n, clusters, Reason.FEW_CLUSTERS, method)
        if se == 0:
            return Estimate(value, None, None, n, clusters, Reason.CLUSTERS_ALIKE, method)
        half = stats.t.isf(tail(confidence), df) * se
        return Estimate(value, value - half, value + half, n, clusters, method=method)


def _columns(given: object) -> list:
    """A list of columns, also where a single column was given."""
    nested = isinstance(given, list | tuple) and len(given) > 0 and np.ndim(given[0]) == 1
    return list(given) if nested else [given]  # type: ignore[call-overload]  # checked above
