"""The fixed part of a mixed model: which rows count, and columns that say different things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.multilevel.terms import INTERCEPT, Term, terms

Outcome = Sequence[float] | np.ndarray | pd.Series
Groups = Mapping[str, Sequence]
Slopes = Mapping[str, Sequence[str]] | None


@dataclass(frozen=True)
class Fixed:
    """Rows used: outcome ``y``, columns ``x`` with ``names``, and which rows were ``kept``."""

    y: np.ndarray
    x: np.ndarray
    names: tuple[str, ...]
    kept: np.ndarray

    @property
    def independent(self) -> bool:
        """Whether no column can be made from the others."""
        scaled = self.x / np.maximum(np.linalg.norm(self.x, axis=0), 1e-300)
        return bool(np.linalg.matrix_rank(scaled, tol=1e-7) == self.x.shape[1])


def fixed_part(y: Outcome, x: pd.DataFrame | None, intercept: bool = True) -> Fixed:
    """Rows with an outcome and every column; an intercept goes in front unless the columns
    already add to one (such as a dummy for each category)."""
    outcome = _numbers(y, "The outcome")
    if outcome.ndim != 1:
        raise ValueError("The outcome must be one list of numbers.")
    frame = pd.DataFrame(index=range(len(outcome))) if x is None else x
    if len(frame) != len(outcome):
        raise ValueError("The columns must have one row for each outcome.")
    columns = _numbers(frame, "The columns").reshape(len(outcome), frame.shape[1])
    kept = ~(np.isnan(outcome) | np.isnan(columns).any(axis=1))
    used, names = columns[kept], tuple(str(name) for name in frame.columns)
    if len(set(names)) < len(names):
        raise ValueError("Each column needs a name of its own.")
    one = np.ones((len(used), 1))
    if intercept and len(used) and not _spans(used, one):
        used, names = np.hstack([one, used]), (INTERCEPT, *names)
    return Fixed(outcome[kept], used, names, kept)


def random_part(groups: Groups, slopes: Slopes, fixed: Fixed) -> list[Term]:
    """The grouping factors over the rows of ``fixed``; slopes name columns of its fixed part."""
    designs = {}
    for name, columns in (slopes or {}).items():
        unknown = [c for c in columns if c not in fixed.names or c == INTERCEPT]
        if unknown or name not in groups:
            raise ValueError(
                f"A random slope needs a grouping and a column of the model; not found: "
                f"{unknown or [name]}."
            )
        chosen = fixed.x[:, [fixed.names.index(c) for c in columns]]
        designs[name] = (tuple(columns), chosen)
    return terms(groups, fixed.kept, designs)


def _numbers(values: object, what: str) -> np.ndarray:
    try:
        if isinstance(values, pd.DataFrame | pd.Series):
            found = values.to_numpy(dtype=float, na_value=np.nan)
        else:
            found = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} must be numbers; turn categories into 0/1 first.") from error
    if np.isinf(found).any():
        raise ValueError(f"{what} must be finite numbers, or missing.")
    return found


def _spans(columns: np.ndarray, one: np.ndarray) -> bool:
    if columns.shape[1] == 0:
        return False
    fitted = columns @ np.linalg.lstsq(columns, one, rcond=None)[0]
    return bool(np.abs(fitted - one).max() < 1e-8)
