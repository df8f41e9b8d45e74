"""Which rows and columns of an incomplete design hang together?"""

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph


def connected_components(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Parts of the graph in which ``rows[i]`` and ``columns[i]`` are joined by cell i.

    ``rows`` and ``columns``: codes 0, 1, 2 … of, say, the target and the observer of each rating.
    Answers the number of the part, 0, 1, 2 …, of each row code and of each column code. Two
    observers can be compared where they are in one part: a chain of shared targets leads from one
    to the other. With more than one part, the severity of the observers of a part cannot be told
    from the height of its targets.
    Source: Weeks & Williams (1964), Technometrics 6, 319–324.
    """
    if len(rows) != len(columns):
        raise ValueError("Every cell needs one row and one column.")
    if len(rows) == 0:
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int)
    n_rows, size = rows.max() + 1, rows.max() + columns.max() + 2
    joined = sparse.coo_array((np.ones(len(rows)), (rows, columns + n_rows)), shape=(size, size))
    labels = csgraph.connected_components(joined, directed=False)[1]
    return labels[:n_rows], labels[n_rows:]
