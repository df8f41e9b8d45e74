"""Weights scaled to totals that are known of the population."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from measurement.estimates import Reason
from measurement.sampling.weights.weighting import (
    Values,
    Weighting,
    factor_of,
    weights_of,
    without,
)


def poststratify(
    weights: Values, cells: pd.Series | list[Hashable], totals: Mapping[Hashable, float]
) -> Weighting:
    """Weights scaled in each cell to its known total: ``rake`` with one margin."""
    return rake(weights, pd.DataFrame({"cell": pd.Series(cells)}), {"cell": totals})


def rake(
    weights: Values,
    margins: pd.DataFrame,
    totals: Mapping[str, Mapping[Hashable, float]],
    tolerance: float = 1e-9,
    maximum_steps: int = 200,
) -> Weighting:
    """Weights scaled to the known totals of each margin in turn, until all agree (IPF).

    ``margins``: a column per classification; ``totals``: column → category → total in the
    population. All margins must add to the same. ``not_converged`` where after ``maximum_steps``
    rounds a total is still off by more than ``tolerance`` of the population; ``small_cells`` where
    a category has a total but no row with weight. Rows with weight 0 stay 0.
    ``table``: margin, category, total, before, after (sums of weights).
    Source: Deming & Stephan (1940), Ann. Math. Stat. 11, 427–444. Checked against R survey 4.1-1's
    rake and postStratify on apiclus1 to 9 digits.
    """
    w = weights_of(weights)
    codes, goals = _margins(margins, totals, w)
    if not (w > 0).any():
        return without(Reason.ZERO_WEIGHTS)
    for code, goal in zip(codes, goals, strict=True):
        if ((np.bincount(code, w, len(goal)) == 0) & (goal > 0)).any():
            return without(Reason.SMALL_CELLS)
    found, off, steps = w.copy(), np.inf, 0
    while off > tolerance and steps < maximum_steps:
        for code, goal in zip(codes, goals, strict=True):
            there = np.bincount(code, found, len(goal))
            found = found * (goal / np.where(there > 0, there, 1))[code]
        off = max(
            np.abs(np.bincount(code, found, len(goal)) - goal).max() / goal.sum()
            for code, goal in zip(codes, goals, strict=True)
        )
        steps += 1
    if off > tolerance:
        return without(Reason.NOT_CONVERGED)
    rows = [
        pd.DataFrame(
            {
                "margin": name,
                "category": list(totals[name]),
                "total": goal,
                "before": np.bincount(code, w, len(goal)),
                "after": np.bincount(code, found, len(goal)),
            }
        )
        for name, code, goal in zip(totals, codes, goals, strict=True)
    ]
    method = "post-stratified" if len(rows) == 1 else "raked"
    return Weighting(
        found, pd.concat(rows, ignore_index=True), "", method, factor_of(found, w), steps
    )


def _margins(
    margins: pd.DataFrame, totals: Mapping[str, Mapping[Hashable, float]], w: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Category number of each row and total of each category, per margin."""
    if not totals or len(margins) != len(w):
        raise ValueError("Raking needs totals, and the categories of each row.")
    goals = [np.array(list(given.values()), dtype=float) for given in totals.values()]
    sums = [goal.sum() for goal in goals]
    if any(not np.isfinite(goal).all() or (goal < 0).any() for goal in goals) or min(sums) <= 0:
        raise ValueError("Totals must be numbers, none negative and not all zero.")
    if max(sums) - min(sums) > 1e-6 * max(sums):
        raise ValueError("The totals of all margins must add to the same population.")
    codes = []
    for name, given in totals.items():
        code = pd.Index(list(given)).get_indexer(pd.Index(margins[name]))
        if (code < 0).any():
            raise ValueError(f"Every row needs a category of {name} that has a total.")
        codes.append(code)
    return codes, goals
