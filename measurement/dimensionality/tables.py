"""Steps of items as codes, and the contingency tables of all pairs of items."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

Steps = list[Hashable]


@dataclass(frozen=True)
class PairTables:
    """Contingency tables of every pair of items, in the order of a lower triangle read by columns.

    ``counts``: pairs × rows × columns; rows are the steps of item ``first``, columns those of
    ``second`` (positions), all filled up with empty steps to one width. ``widths``: steps per item.
    """

    first: np.ndarray
    second: np.ndarray
    counts: np.ndarray
    widths: np.ndarray

    @property
    def vacant(self) -> np.ndarray:
        """Cells of two steps that do occur, but never together."""
        steps = np.arange(self.counts.shape[1])
        rows = steps < self.widths[self.first][:, None]
        columns = steps < self.widths[self.second][:, None]
        return (self.counts == 0) & rows[:, :, None] & columns[:, None, :]


def coded(column: pd.Series) -> tuple[np.ndarray, Steps]:
    """Position of each answer among the steps met (−1 where missing), and these steps in order."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        if not column.cat.ordered:
            raise ValueError(f"The categories of {column.name} have no order; make them ordered.")
        met = column.cat.remove_unused_categories().cat
        return met.codes.to_numpy().astype(int), list(met.categories)
    try:
        values = column.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"The answers to {column.name} are words; make them an ordered category first."
        ) from error
    if np.isinf(values).any():
        raise ValueError("Answers must be finite numbers, or missing.")
    codes, steps = pd.factorize(values, sort=True)
    return codes, list(steps)


def all_coded(data: pd.DataFrame) -> tuple[np.ndarray, list[Steps]]:
    """Codes of every column (rows × items), and the steps of each item."""
    if data.columns.has_duplicates:
        raise ValueError("Each item needs a name of its own.")
    both = [coded(data[name]) for name in data.columns]
    codes = np.column_stack([codes for codes, _ in both]) if both else np.empty((len(data), 0), int)
    return codes, [steps for _, steps in both]


def pair_tables(codes: np.ndarray, widths: np.ndarray) -> PairTables:
    """All tables from one product of indicators."""
    items, widest = codes.shape[1], int(widths.max(initial=1))
    marks = (
        (codes[:, :, None] == np.arange(widest)).reshape(len(codes), items * widest).astype(float)
    )
    product = (marks.T @ marks).reshape(items, widest, items, widest)
    first, second = np.triu_indices(items, 1)
    return PairTables(first, second, product[first, :, second, :], widths)
