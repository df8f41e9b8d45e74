import numpy as np
import pytest

from measurement.resampling import cluster_sums, cluster_weights


def test_cluster_weights_draw_as_many_clusters_as_there_are():
    found = cluster_weights(np.random.default_rng(1), 7, 500)

    assert found.shape == (500, 7)
    assert set(found.sum(axis=1)) == {7.0}
    assert found.mean(axis=0) == pytest.approx(np.ones(7), abs=0.2)


def test_cluster_weights_repeat_with_the_same_seed():
    first, second = (cluster_weights(np.random.default_rng(9), 5, 20) for _ in range(2))

    assert np.array_equal(first, second)


def test_cluster_sums_add_within_clusters():
    found = cluster_sums(np.array([0, 1, 0]), 2, np.array([1.0, 2, 3]), np.ones(3))

    assert found.tolist() == [[4.0, 2.0], [2.0, 1.0]]


@pytest.mark.parametrize(("clusters", "resamples"), [(0, 10), (10, 0)])
def test_cluster_weights_refuse_nothing(clusters, resamples):
    with pytest.raises(ValueError, match="at least one"):
        cluster_weights(np.random.default_rng(1), clusters, resamples)
