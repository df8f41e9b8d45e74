"""Sums that covariances are made of: they add up over rows, clusters and partitions."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import pandas as pd

Missing = Literal["listwise", "pairwise"]


@dataclass(frozen=True)
class PairSums:
    """What the covariances of k items need, of one set of rows or of many (leading axes).

    Pairwise, over the rows with both items i and j: ``n`` (… × k × k) counts them, ``first``
    (… × k × k) has Σ x_i and ``products`` (… × k × k) Σ x_i·x_j. Listwise, over the rows with every
    item, ``n`` is … × 1 × 1 and ``first`` … × k × 1.
    """

    n: np.ndarray
    first: np.ndarray
    products: np.ndarray

    def covariance(self) -> np.ndarray:
        """(Σ x_i x_j − Σ x_i · Σ x_j / n) / (n − 1), each pair over its own rows."""
        other = np.swapaxes(self.first, -1, -2)
        return np.asarray((self.products - self.first * other / self.n) / (self.n - 1))

    def __sub__(self, other: Self) -> "PairSums":
        return PairSums(self.n - other.n, self.first - other.first, self.products - other.products)


def numbers(items: pd.DataFrame) -> np.ndarray:
    """Rows × items as floats, NaN where missing."""
    try:
        data = items.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError("Items must be numbers; turn letters into numbers first.") from error
    if np.isinf(data).any():
        raise ValueError("Items must be finite numbers, or missing.")
    return data


def pair_sums(data: np.ndarray, missing: Missing) -> PairSums:
    """Sums over all rows; listwise takes rows that have every item."""
    if missing == "listwise":
        n = np.array([[float(len(data))]])
        return PairSums(n, data.sum(axis=0)[:, None], data.T @ data)
    there, filled = _filled(data)
    return PairSums(there.T @ there, filled.T @ there, filled.T @ filled)


def row_sums(data: np.ndarray) -> PairSums:
    """Pairwise sums of every single row: rows × k × k."""
    there, filled = _filled(data)
    return PairSums(
        there[:, :, None] * there[:, None, :],
        filled[:, :, None] * there[:, None, :],
        filled[:, :, None] * filled[:, None, :],
    )


def _filled(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """1 where there is a value and 0 elsewhere; the values, and 0 elsewhere."""
    gap = np.isnan(data)
    return (~gap).astype(float), np.where(gap, 0.0, data)
