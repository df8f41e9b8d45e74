"""Tables in which nobody can be found: small cells hidden, and those that would give them away."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

from measurement.estimates import Estimate, Reason

TOTAL = "total"
SMALL, COMPLEMENTARY = "small", "complementary"
RANGE_COLUMNS = ["row", "column", "low", "high"]


@dataclass(frozen=True)
class Suppression:
    """A table of counts that may be shown, totals in its last row and column (TOTAL).

    ``shown``: counts as floats, NaN where hidden. ``hidden``: "" or why a cell is hidden: SMALL, or
    COMPLEMENTARY (large enough, but with it a small one could be worked out). ``ranges``:
    RANGE_COLUMNS, what anyone can work out of each hidden cell from what is shown.
    """

    shown: pd.DataFrame
    hidden: pd.DataFrame
    ranges: pd.DataFrame
    threshold: int

    def estimate(self, row: Hashable, column: Hashable) -> Estimate:
        """A count as an answer: the number, or SUPPRESSED (with n = 0, which tells nothing)."""
        value = self.shown.to_dict()[column][row]
        if self.hidden.to_dict()[column][row]:
            return Estimate.insufficient(Reason.SUPPRESSED, 0)
        return Estimate(float(value), float(value), float(value), int(value), method="count")


def suppress(counts: pd.DataFrame | pd.Series, threshold: int = 10) -> Suppression:
    """Hides every count from 1 to ``threshold`` − 1, and as few others as it takes.

    ``counts``: rows × columns of people, without totals (a Series is a table of one column).
    Totals are added and hidden by the same rule. Small cells are safe when, from all that is shown,
    each could be 0 and could be ``threshold`` or more: for each, a linear programme looks for the
    cheapest exchange of people between cells that leaves all shown sums in place, and hides the
    cells it needs (people hidden as cost; totals last). Zeros are shown: nobody is in
    them, and they hide nobody. Only for this one table: another one that shares cells with it must
    be looked at together with it.
    Source: Cox (1980), J. Am. Stat. Assoc. 75, 377–385; Kelly, Golden & Assad (1992), Networks 22,
    397–417; Hundepool et al. (2012), Statistical Disclosure Control, ch. 4. Checked: ``feasible``
    on random tables gives every small cell a range from 0 to at least the threshold.
    """
    full = _with_totals(counts)
    if threshold < 2:
        raise ValueError("Hiding small cells needs a threshold of at least 2.")
    a, sums = full.to_numpy(dtype=float).ravel(), _sums(full)
    small = (a > 0) & (a < threshold)
    cost = np.where(_is_total(full), a + a.max() * a.size, a)
    hidden = small.copy()
    # The hardest to hide first: what is hidden for them serves the others.
    for cell in np.flatnonzero(small)[np.argsort(a[small], kind="stable")]:
        for target in (float(threshold), 0.0):
            hidden |= _exchange(sums, a, cell, target, np.where(hidden, 0.0, cost))
    why = np.where(small, SMALL, np.where(hidden, COMPLEMENTARY, "")).reshape(full.shape)
    shown = full.astype(float).mask(hidden.reshape(full.shape))
    table = pd.DataFrame(why, index=full.index, columns=full.columns)
    return Suppression(shown, table, feasible(shown), threshold)


def feasible(shown: pd.DataFrame) -> pd.DataFrame:
    """What can be worked out of each hidden cell (NaN) of a table with totals: RANGE_COLUMNS.

    Lowest and highest value that a count can have when no count is negative and rows and columns
    add to their totals (those named TOTAL at the end); infinite where nothing bounds it. Equal ends
    mean that hiding was in vain.
    """
    flat = shown.to_numpy(dtype=float).ravel()
    cells, sums = np.flatnonzero(np.isnan(flat)), _sums(shown)
    equations, right = sums[:, cells], -(sums @ np.nan_to_num(flat))
    found = []
    for i, cell in enumerate(cells):
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(cells))
            goal[i] = sign
            answer = linprog(goal, A_eq=equations, b_eq=right, method="highs")
            if answer.status not in (0, 3):
                raise ValueError("The rows and columns of this table do not add to its totals.")
            ends.append(round(sign * answer.fun, 6) if answer.status == 0 else np.inf)
        row, column = divmod(int(cell), shown.shape[1])
        found.append((shown.index[row], shown.columns[column], *ends))
    return pd.DataFrame(found, columns=RANGE_COLUMNS)


def _exchange(
    sums: csr_matrix, a: np.ndarray, cell: int, target: float, cost: np.ndarray
) -> np.ndarray:
    """Cells that must be hidden so that ``cell`` could hold ``target`` with all sums in place.

    Minimise Σ cost (up + down) with sums · (up − down) = 0, down ≤ a, and the cell moved to its
    target. Cells without anybody stay as they are.
    """
    n = len(a)
    up = np.where(a > 0, np.inf, 0.0)
    bounds = np.column_stack([np.zeros(2 * n), np.concatenate([up, a])])
    move = target - a[cell]
    bounds[[cell, n + cell]] = [[max(move, 0.0)] * 2, [max(-move, 0.0)] * 2]
    # A small price for those hidden already, or cells would swap people for nothing.
    price = np.tile(np.maximum(cost, 1e-6), 2)
    equations = hstack([sums, -sums])
    answer = linprog(price, A_eq=equations, b_eq=np.zeros(sums.shape[0]), bounds=bounds)
    if answer.status != 0:
        # No exchange is possible (nobody elsewhere): hide all that could take part.
        return a > 0
    return (answer.x[:n] + answer.x[n:]) > 1e-9


def _sums(full: pd.DataFrame) -> csr_matrix:
    """One equation per column and row that has a total: its cells less the total are 0."""
    cells = np.arange(full.size).reshape(full.shape)
    lines = [*cells.T] if full.index[-1] == TOTAL else []
    lines += [*cells] if full.columns[-1] == TOTAL else []
    equations = np.zeros((len(lines), full.size))
    for i, line in enumerate(lines):
        equations[i, line], equations[i, line[-1]] = 1.0, -1.0
    return csr_matrix(equations)


def _is_total(full: pd.DataFrame) -> np.ndarray:
    return np.logical_or.outer(full.index == TOTAL, full.columns == TOTAL).ravel()


def _with_totals(counts: pd.DataFrame | pd.Series) -> pd.DataFrame:
    table = counts.to_frame("count") if isinstance(counts, pd.Series) else counts
    values = table.to_numpy(dtype=float)
    if values.size == 0:
        raise ValueError("There is nothing to show: the table has no cells.")
    if np.isnan(values).any() or (values < 0).any() or (values != np.floor(values)).any():
        raise ValueError("Counts must be whole numbers that are not negative, none missing.")
    if TOTAL in table.index or TOTAL in table.columns:
        raise ValueError(f"Give the table without its totals: {TOTAL} is a row or column.")
    if table.index.has_duplicates or table.columns.has_duplicates:
        raise ValueError("Each row and each column of a table needs its own name.")
    # A total of one cell would be that cell again.
    full = pd.DataFrame(values, index=[*table.index], columns=[*table.columns])
    if full.shape[1] > 1:
        full[TOTAL] = full.sum(axis=1)
    if full.shape[0] > 1:
        full.loc[TOTAL] = full.sum(axis=0)
    return full
