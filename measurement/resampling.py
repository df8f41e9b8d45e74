"""Bootstrap of clusters as a matrix product: no second pass over rows."""

import numpy as np


def cluster_weights(rng: np.random.Generator, clusters: int, resamples: int) -> np.ndarray:
    """How often each cluster is drawn in each resample.

    Shape (resamples, clusters), whole numbers as floats; each row adds to ``clusters``. Multiplied
    by a (clusters, statistics) matrix of sums it gives the sums of every resample at once.
    Source: Field & Welsh (2007), J. R. Stat. Soc. B 69, 369–390 (whole clusters, with return).
    """
    if clusters < 1 or resamples < 1:
        raise ValueError("A bootstrap needs at least one cluster and one resample.")
    drawn = rng.integers(clusters, size=(resamples, clusters))
    drawn += np.arange(resamples)[:, None] * clusters
    counts = np.bincount(drawn.ravel(), minlength=resamples * clusters)
    return counts.reshape(resamples, clusters).astype(float)


def cluster_sums(codes: np.ndarray, clusters: int, *columns: np.ndarray) -> np.ndarray:
    """Sums of each column within each cluster: shape (clusters, columns)."""
    return np.column_stack([np.bincount(codes, column, clusters) for column in columns])
