"""From the same factors to the same everything, one step at a time."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from measurement.cfa import differences, ml, ordinal
from measurement.cfa.likelihood import Likelihood
from measurement.cfa.model import (
    FACTOR,
    INTERCEPT,
    LOADING,
    MEAN,
    RESIDUAL,
    SCALE,
    THRESHOLD,
    Layout,
    Model,
)
from measurement.cfa.result import CfaFit
from measurement.cfa.solution import Solution
from measurement.cfa.specification import Occasions, Step, specify, starting_values
from measurement.cfa.weighted import WeightedSquares

STEPS = {
    "configural": Step(),
    "metric": Step(frozenset({LOADING}), frozenset({FACTOR})),
    "scalar": Step(frozenset({LOADING, INTERCEPT}), frozenset({FACTOR, MEAN})),
    "strict": Step(frozenset({LOADING, INTERCEPT, RESIDUAL}), frozenset({FACTOR, MEAN})),
}
ORDINAL_STEPS = {
    "configural": Step(),
    "thresholds": Step(frozenset({THRESHOLD}), frozenset({INTERCEPT, SCALE})),
    "metric": Step(frozenset({THRESHOLD, LOADING}), frozenset({INTERCEPT, SCALE, FACTOR})),
    "scalar": Step(frozenset({THRESHOLD, LOADING}), frozenset({SCALE, FACTOR, MEAN})),
}
FIT_COLUMNS = (
    "chisq", "df", "p_value", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr",
)  # fmt: skip
DIFFERENCE_COLUMNS = ("against", "d_chisq", "d_df", "d_p", "d_cfi", "d_rmsea")
STEP_COLUMNS = ["step", *FIT_COLUMNS, *DIFFERENCE_COLUMNS, "reason"]


@dataclass(frozen=True)
class Invariance:
    """Models that hold more and more equal, each compared with the one before.

    ``steps``: step; of its model chisq, df, p_value, cfi, tli, rmsea, rmsea_low, rmsea_high, srmr
    (the ones to read, see ``CfaFit.headline``); against (the step that it is compared with),
    d_chisq, d_df, d_p (chi-square of the difference), d_cfi, d_rmsea; reason where a step has no
    numbers, or improper ones. ``fits``: step → ``CfaFit``. ``groups``: group, n, n_total, reason
    (why it was left out, else empty). ``reason``: why nothing was compared.
    """

    groups: pd.DataFrame
    estimator: str
    steps: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=STEP_COLUMNS))
    fits: dict[str, CfaFit] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Material:
    """What every step is fitted to; ``samples`` are all ``Sample`` or all ``OrdinalSample``."""

    model: Model
    layout: Layout
    samples: Sequence[Any]
    estimator: str
    n_total: int
    groups: Sequence[Hashable] | None = None
    occasions: Occasions | None = None

    @property
    def start(self) -> np.ndarray:
        """Loadings as in all groups together, intercepts and thresholds as in each."""
        sizes = [sample.n for sample in self.samples]
        pooled = np.average([sample.matrix for sample in self.samples], axis=0, weights=sizes)
        found = np.tile(starting_values(self.model, self.layout, pooled), (len(sizes), 1))
        rows = self.layout.at(THRESHOLD if self.layout.ordinal else INTERCEPT)[0]
        for own, sample in zip(found, self.samples, strict=True):
            own[rows] = sample.level
        return found

    def solved(self, step: Step) -> Solution:
        specification = specify(self.model, self.layout, self.start, step, self.occasions)
        if self.layout.ordinal:
            return Solution.of(WeightedSquares(specification, self.samples))
        return Solution.of(Likelihood(specification, self.samples, means=True))

    def reported(self, solution: Solution) -> CfaFit:
        report = ordinal.reported if self.layout.ordinal else ml.reported
        return report(solution, self.estimator, self.n_total, self.groups)


def climb(material: Material, groups: pd.DataFrame) -> Invariance:
    """Every step, each against the last one before it that has numbers."""
    steps = ORDINAL_STEPS if material.layout.ordinal else STEPS
    rows, fits = [], {}
    against: tuple[str, Solution, CfaFit] | None = None
    for name, step in steps.items():
        solution = material.solved(step)
        fit = fits[name] = material.reported(solution)
        row: dict[str, object] = {"step": name, "reason": fit.reason} | {
            c: fit.headline.get(c) for c in FIT_COLUMNS
        }
        if fit.converged:
            if against:
                row |= _compared(against, (name, solution, fit))
            against = (name, solution, fit)
        rows.append(row)
    return Invariance(groups, material.estimator, pd.DataFrame(rows, columns=STEP_COLUMNS), fits)


def _compared(
    loose: tuple[str, Solution, CfaFit], strict: tuple[str, Solution, CfaFit]
) -> dict[str, object]:
    name, looser, before = loose
    _, stricter, after = strict
    found: differences.Difference | None
    if after.estimator == "ML":
        found = differences.plain(after, before)
    elif after.estimator == "MLR":
        found = differences.scaled(after, before)
    else:
        found = differences.ordinal(stricter, after, looser, before)
    chisq, df, p = found or (None, None, None)
    return {
        "against": name,
        "d_chisq": chisq,
        "d_df": df,
        "d_p": p,
        "d_cfi": _change(after, before, "cfi"),
        "d_rmsea": _change(after, before, "rmsea"),
    }


def _change(after: CfaFit, before: CfaFit, name: str) -> float | None:
    new, old = after.headline.get(name), before.headline.get(name)
    return None if new is None or old is None else new - old
