"""Weights of those who answered, for those who did not."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from scipy import special

from measurement.estimates import Reason
from measurement.sampling.logistic import logistic_fit
from measurement.sampling.weights.weighting import (
    Values,
    Weighting,
    factor_of,
    weights_of,
    without,
)

# A cell with fewer who answered, or with a larger factor, is joined to a neighbour (own).
MINIMUM_CELL = 10
MAXIMUM_FACTOR = 3.0


def cell_adjustment(
    weights: Values,
    responded: Values,
    cells: pd.Series | np.ndarray | list[Hashable],
    minimum: int = MINIMUM_CELL,
    maximum_factor: float = MAXIMUM_FACTOR,
) -> Weighting:
    """Who answered takes on the weight of who did not in the same cell.

    Factor of a cell: Σw of all / Σw of who answered. Rule for tiny cells: of the cells with fewer
    than ``minimum`` who answered or a factor above ``maximum_factor`` the one with the fewest is
    joined to the neighbour (cells sorted by name; before or after it) whose response rate is
    nearer, the one before where equal; again until none is left or all are one. ``small_cells``
    where even that one breaks the rule, ``no_events`` where nobody answered.
    ``table``: one row per cell given (index): group (number of the joined cell), n, answered,
    rate (weighted), factor.
    Source: Little (1986), Int. Stat. Rev. 54, 139–157; Kalton & Flores-Cervantes (2003), J. Off.
    Stat. 19, 81–97.
    """
    w, answered = weights_of(weights), _answers(responded, weights)
    column = pd.Series(cells).reset_index(drop=True)
    if len(column) != len(w) or column.isna().any():
        raise ValueError("Every row needs its cell, and every cell its row.")
    if not (w > 0).any():
        return without(Reason.ZERO_WEIGHTS)
    if not answered[w > 0].any():
        return without(Reason.NO_EVENTS)
    codes, names = pd.factorize(column, sort=True)
    k = len(names)
    # n, answered, Σw, Σw of who answered: all of a joined cell by addition.
    own = [np.ones(len(w)), answered.astype(float), w, w * answered]
    counts = np.column_stack([np.bincount(codes, sums, k) for sums in own])
    groups = _joined(counts, minimum, maximum_factor)
    sums = np.array([counts[members].sum(axis=0) for members in groups])
    if len(groups) == 1 and _tiny(sums, minimum, maximum_factor).any():
        return without(Reason.SMALL_CELLS)
    group_of = np.zeros(k, dtype=np.int64)
    for g, members in enumerate(groups):
        group_of[members] = g
    factor = (sums[:, 2] / sums[:, 3])[group_of]
    found = w * answered * factor[codes]
    table = pd.DataFrame(
        {
            "group": group_of,
            "n": counts[:, 0].astype("int64"),
            "answered": counts[:, 1].astype("int64"),
            "rate": (sums[:, 3] / sums[:, 2])[group_of],
            "factor": factor,
        },
        index=pd.Index(names, name="cell"),
    )
    return Weighting(found, table, "", "non-response by cells", factor_of(found, w))


def propensity_adjustment(
    weights: Values,
    responded: Values,
    known: pd.DataFrame,
    classes: int | None = None,
    maximum_factor: float | None = None,
) -> Weighting:
    """Who answered is weighted by 1 / the chance that a unit like it answers.

    The chance is fitted by weighted logistic regression on ``known``, columns known of everyone
    (numbers as they are, text as one term per category but the first). ``classes``: instead of
    each unit's own chance, the weighted response rate in as many equal groups of chances (five
    take away most of the bias and keep factors tame). ``maximum_factor`` caps 1 / chance; the
    table says how many were capped. ``table``: chance, factor and capped of each row.
    Where everyone answered, nothing changes. Reasons: those of ``logistic_fit`` (``no_events``,
    ``perfect_separation``, ``not_identified``), ``small_cells`` where nobody of a class answered.
    Source: Rosenbaum & Rubin (1983), Biometrika 70, 41–55; Little (1986), as above. Checked by
    simulation: the bias of who answers goes where ``known`` explains it.
    """
    w, answered = weights_of(weights), _answers(responded, weights)
    used = w > 0
    if not used.any():
        return without(Reason.ZERO_WEIGHTS)
    if len(known) != len(w) or known.isna().to_numpy().any():
        raise ValueError("Known columns must have a value for every row, whoever answered.")
    method = "non-response by propensity" + (f", {classes} classes" if classes else "")
    if answered[used].all():
        return Weighting(w, method=method, factor=1.0)
    terms = pd.get_dummies(known, drop_first=True, dtype=float).to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(w)), terms])
    beta, reason = logistic_fit(x[used], answered[used].astype(float), w[used])
    if beta is None:
        return without(reason or Reason.NOT_CONVERGED)
    chance = special.expit(x @ beta)
    if classes:
        edges = np.quantile(chance[used], np.arange(1, classes) / classes)
        group = np.searchsorted(edges, chance, side="right")
        whole = np.bincount(group, w, classes)
        there = np.bincount(group, w * answered, classes)
        if (there[whole > 0] == 0).any():
            return without(Reason.SMALL_CELLS)
        chance = (there / np.where(whole > 0, whole, 1))[group]
    factor = 1 / chance
    capped = np.zeros(len(w), dtype=bool)
    if maximum_factor is not None:
        capped, factor = factor > maximum_factor, np.minimum(factor, maximum_factor)
    found = w * answered * factor
    table = pd.DataFrame({"chance": chance, "factor": factor, "capped": capped})
    return Weighting(found, table, "", method, factor_of(found, w))


def _tiny(sums: np.ndarray, minimum: int, maximum_factor: float) -> np.ndarray:
    return (sums[:, 1] < max(1, minimum)) | (sums[:, 2] > maximum_factor * sums[:, 3])


def _joined(counts: np.ndarray, minimum: int, maximum_factor: float) -> list[list[int]]:
    """Cells joined to their neighbours by the rule of ``cell_adjustment``."""
    groups = [[cell] for cell in range(len(counts))]
    while len(groups) > 1:
        sums = np.array([counts[members].sum(axis=0) for members in groups])
        tiny = _tiny(sums, minimum, maximum_factor)
        if not tiny.any():
            break
        at = int(np.argmin(np.where(tiny, sums[:, 1], np.inf)))
        rate = sums[:, 3] / np.where(sums[:, 2] > 0, sums[:, 2], 1)
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(groups)]
        with_ = min(beside, key=lambda i: abs(rate[i] - rate[at]))
        low, high = min(at, with_), max(at, with_)
        groups[low : high + 1] = [groups[low] + groups[high]]
    return groups


def _answers(responded: Values, weights: Values) -> np.ndarray:
    column = pd.Series(responded)
    if len(column) != len(weights) or not column.isin([0, 1]).all():
        raise ValueError("Every row must say whether it answered: true or false.")
    return column.astype(bool).to_numpy()
