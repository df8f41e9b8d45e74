"""Do two groupings cross, so that what belongs to one can be told from the other?"""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

Labels = Sequence[Hashable] | np.ndarray | pd.Series


def connected_components(rows: Labels, columns: Labels) -> np.ndarray:
    """The part, 0, 1, 2 …, to which each cell of a crossed design belongs.

    ``rows`` and ``columns``: of each cell, say, the target (or the centre) and the observer; any
    labels. Two cells are in one part where a chain of shared rows and columns leads from one to
    the other. With more than one part the severity of a part's observers cannot be told from the
    height of its rows, and a mixed model splits the two arbitrarily, without a warning.
    Source: Weeks & Williams (1964), Technometrics 6, 319–324.
    """
    if len(rows) != len(columns):
        raise ValueError("Every cell needs one row and one column.")
    row_codes, row_names = pd.factorize(np.asarray(rows))
    column_codes, column_names = pd.factorize(np.asarray(columns))
    if (row_codes < 0).any() or (column_codes < 0).any():
        raise ValueError("Every cell needs one row and one column; some are missing.")
    n_rows, size = len(row_names), len(row_names) + len(column_names)
    ends = (row_codes, column_codes + n_rows)
    joined = sparse.coo_array((np.ones(len(row_codes)), ends), shape=(size, size))
    return csgraph.connected_components(joined, directed=False)[1][row_codes]


def connected(rows: Labels, columns: Labels) -> bool:
    """Whether all cells are in one part: only then can all levels be compared with each other."""
    return len(np.unique(connected_components(rows, columns))) <= 1


def crossing_share(rows: Labels, columns: Labels) -> float:
    """Share of the pairs that lie in a part with two or more levels of both groupings.

    0 where each observer sees one centre only, or each centre one observer of its own: nothing
    then tells a severe observer from a weak centre. Undefined (ValueError) without pairs.
    """
    part = pd.Series(connected_components(rows, columns))
    if part.empty:
        raise ValueError("Without pairs there is no share that crosses.")
    levels = pd.DataFrame(
        {"row": pd.factorize(np.asarray(rows))[0], "column": pd.factorize(np.asarray(columns))[0]}
    )
    many = levels.groupby(part.to_numpy()).nunique().ge(2).all(axis=1)
    return float(part.map(many).mean())
