"""Eight physical measures of 305 girls: Harman (1976), Modern factor analysis, table 2.3."""

import numpy as np
import pandas as pd

ITEMS = ["height", "span", "forearm", "leg", "weight", "hips", "girth", "width"]
BELOW = [
    *(0.846, 0.805, 0.881, 0.859, 0.826, 0.801, 0.473, 0.376, 0.380, 0.436),
    *(0.398, 0.326, 0.319, 0.329, 0.762, 0.301, 0.277, 0.237, 0.327, 0.730, 0.583),
    *(0.382, 0.415, 0.345, 0.365, 0.629, 0.577, 0.539),
]

_matrix = np.eye(8)
_matrix[np.tril_indices(8, -1)] = BELOW
HARMAN = pd.DataFrame(np.maximum(_matrix, _matrix.T), ITEMS, ITEMS)
ROWS = 305
