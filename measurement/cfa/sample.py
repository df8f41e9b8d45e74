"""The rows that a factor analysis can use, as moments."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from measurement.cfa.model import Model
from measurement.estimates import Reason

MINIMUM_ROWS = 10


@dataclass(frozen=True)
class Sample:
    """``n`` rows of numbers by their mean and covariance (divisor n); the rows too, where known."""

    n: int
    covariance: np.ndarray
    mean: np.ndarray
    rows: np.ndarray | None = None

    @classmethod
    def of(cls, rows: np.ndarray) -> "Sample":
        return cls(len(rows), np.cov(rows, rowvar=False, ddof=0), rows.mean(axis=0), rows)

    @property
    def matrix(self) -> np.ndarray:
        return self.covariance

    @property
    def level(self) -> np.ndarray:
        return self.mean

    @property
    def moments(self) -> int:
        """How many variances and covariances there are."""
        k = len(self.mean)
        return k * (k + 1) // 2

    @cached_property
    def log_determinant(self) -> float:
        return float(np.linalg.slogdet(self.covariance)[1])


def chosen(data: pd.DataFrame, model: Model) -> pd.DataFrame:
    """The model's items in its order."""
    absent = [item for item in model.items if item not in data.columns]
    if absent:
        raise ValueError(f"The data have no column for these items: {', '.join(map(str, absent))}.")
    if data.columns[data.columns.isin(model.items)].has_duplicates:
        raise ValueError("Each item needs a name of its own.")
    return data[model.items]


def numbers(items: pd.DataFrame) -> np.ndarray:
    try:
        found = items.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError("Items must be numbers; turn letters into numbers first.") from error
    if np.isinf(found).any():
        raise ValueError("Items must be finite numbers, or missing.")
    return found


def complete(rows: np.ndarray) -> np.ndarray:
    return rows[~np.isnan(rows).any(axis=1)]


def unfit(rows: np.ndarray, minimum_rows: int) -> Reason | None:
    """Why these rows (gaps as NaN) have no covariance matrix that a model can be fitted to."""
    kept = complete(rows)
    if rows.shape[1] < 2:
        return Reason.TOO_FEW_ITEMS
    if len(rows) and np.isnan(rows).all():
        return Reason.ALL_MISSING
    if len(rows) and len(kept) == 0:
        return Reason.NO_OVERLAP
    if len(kept) < max(minimum_rows, rows.shape[1] + 1):
        return Reason.TOO_FEW_ROWS
    if (np.ptp(kept, axis=0) <= 1e-12 * np.abs(kept).max(axis=0)).any():
        return Reason.ZERO_VARIANCE
    return None if positive_definite(Sample.of(kept).covariance) else Reason.NOT_POSITIVE_DEFINITE


def positive_definite(covariance: np.ndarray) -> bool:
    """Whether the correlations have no eigenvalue that is zero within rounding, or negative."""
    spread = np.diag(covariance)
    if (spread <= 0).any():
        return False
    correlation = covariance / np.sqrt(np.outer(spread, spread))
    return bool(np.linalg.eigvalsh(correlation)[0] > 1e-10)
