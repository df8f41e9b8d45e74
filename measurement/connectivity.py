"""Do two groupings cross, so that what belongs to one can be told from the other?"""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

Labels = Sequence[Hashable] | np.ndarray | pd.Series


def connected(rows: Labels, columns: Labels) -> bool:
    """Whether the graph that joins each row level to the column levels it occurs with is one piece.

    Only then can all levels be compared with each other (Weeks & Williams 1964, Technometrics 6,
    319–324).
    """
    return len(np.unique(islands(rows, columns))) <= 1


def islands(rows: Labels, columns: Labels) -> np.ndarray:
    """The connected part of the graph of ``rows`` and ``columns`` to which each pair belongs."""
    first, second = pd.factorize(np.asarray(rows))[0], pd.factorize(np.asarray(columns))[0]
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError("Rows and columns must be two lists of the same length.")
    if len(first) == 0:
        return np.array([], dtype=int)
    if first.min() < 0 or second.min() < 0:
        raise ValueError("Every pair needs both its row and its column.")
    n_first, size = first.max() + 1, first.max() + second.max() + 2
    graph = sparse.coo_matrix((np.ones(len(first)), (first, second + n_first)), shape=(size, size))
    return csgraph.connected_components(graph, directed=False)[1][first]


def crossing_share(rows: Labels, columns: Labels) -> float:
    """Share of the pairs that lie in a part with two or more levels of both groupings.

    0 where each observer sees one centre only, or each centre one observer of its own: nothing
    then tells a severe observer from a weak centre. Undefined (ValueError) without pairs.
    """
    part = pd.Series(islands(rows, columns))
    if part.empty:
        raise ValueError("Without pairs there is no share that crosses.")
    levels = pd.DataFrame(
        {"row": pd.factorize(np.asarray(rows))[0], "column": pd.factorize(np.asarray(columns))[0]}
    )
    many = levels.groupby(part.to_numpy()).nunique().ge(2).all(axis=1)
    return float(part.map(many).mean())
