"""Answers to items as the models of this folder read them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.estimates import Reason

MAXIMUM_CATEGORIES = 30


@dataclass(frozen=True)
class Responses:
    """``codes``: rows × items, the step reached on each item as 0, 1, 2 …; −1 where missing.

    Only rows with an answer and items with at least two different values are here: ``rows`` are
    the positions of these rows in the frame. ``n_given`` counts the answers to every item of the
    frame, ``left_out`` says why an item is not among ``items``.
    ``values[j]`` are the values of item j in the data, lowest first: code c stands for
    ``values[j][c]``. A step that nobody reached is no step: 0, 1, 3 become codes 0, 1, 2.
    """

    items: list[str]
    codes: np.ndarray
    values: list[np.ndarray]
    rows: np.ndarray
    n_total: int
    n_given: dict[str, int]
    left_out: dict[str, Reason]

    @property
    def steps(self) -> np.ndarray:
        """Highest code of each item."""
        return np.array([len(found) - 1 for found in self.values], dtype=int)

    @property
    def scores(self) -> np.ndarray:
        """Sum of codes of each row over what it answered."""
        return np.where(self.codes < 0, 0, self.codes).sum(axis=1)

    def patterns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The different rows of ``codes`` by rising mean, how often each occurs, and which of
        them each row is."""
        # One key per row; NumPy's byte strings end at a zero, so the codes start at 1.
        shifted = np.ascontiguousarray((self.codes + 2).astype(np.uint8))
        keys = shifted.view(f"S{shifted.shape[1]}").ravel()
        _, first, inverse, counts = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        share = self.scores[first] / np.where(self.codes[first] < 0, 0, self.steps).sum(axis=1)
        order = np.argsort(share, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return self.codes[first[order]], counts[order].astype(float), place[inverse]


def aligned(values: pd.Series, index: pd.Index) -> pd.Series:
    """The value of each row, NaN where there is none."""
    if values.index.equals(index):
        return values
    if not (values.index.is_unique and index.is_unique):
        raise ValueError("Rows that are to be matched by their names need names of their own.")
    return values.reindex(index)


def read(data: pd.DataFrame) -> Responses:
    """The answers of ``data`` (rows × items, numbers, NaN where missing or not applicable)."""
    if not data.columns.is_unique:
        raise ValueError("Each item needs a column name of its own.")
    try:
        table = data.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError("Items must be numbers; turn letters into numbers first.") from error
    if np.isinf(table).any():
        raise ValueError("Items must be finite numbers, or missing.")
    rows = np.flatnonzero(~np.isnan(table).all(axis=1))
    items, values, columns = [], [], []
    left_out: dict[str, Reason] = {}
    n_given: dict[str, int] = {}
    for name, answers in zip(map(str, data.columns), table[rows].T, strict=True):
        given = ~np.isnan(answers)
        n_given[name] = int(given.sum())
        found, code = np.unique(answers[given], return_inverse=True)
        if len(found) > MAXIMUM_CATEGORIES:
            raise ValueError(
                f"Item {name} has {len(found)} different values: it is a measure, not an answer "
                "in steps."
            )
        if len(found) < 2:
            left_out[name] = Reason.ZERO_VARIANCE if len(found) else Reason.ALL_MISSING
            continue
        column = np.full(len(rows), -1, dtype=np.int16)
        column[given] = code
        items.append(name)
        values.append(found)
        columns.append(column)
    codes = np.column_stack(columns) if columns else np.empty((len(rows), 0), dtype=np.int16)
    kept = (codes >= 0).any(axis=1)
    return Responses(items, codes[kept], values, rows[kept], len(data), n_given, left_out)
