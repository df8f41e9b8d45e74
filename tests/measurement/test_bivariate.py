import numpy as np
import pytest
from scipy import stats

from measurement.dimensionality.bivariate import (
    cells,
    cells_at_one,
    cells_by_correlation,
    cells_by_row_threshold,
    lower_orthant,
)

H, K = np.array([[-1.2, 0.1, 0.9]]), np.array([[-0.4, 1.1]])


@pytest.mark.parametrize("rho", [-0.9999, -0.95, -0.6, 0.0, 0.3, 0.925, 0.97, 0.999, 0.9999])
def test_quadrant_at_the_means_is_sheppards(rho):
    found = lower_orthant(np.zeros(1), np.zeros(1), np.array([rho]))

    assert found[0] == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-14)


@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.5, 0.9, 0.98])
def test_orthant_equals_scipy(rho):
    normal = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]])

    found = lower_orthant(H[:, :, None], K[:, None, :], np.array([rho]))[0]

    expected = [[normal.cdf([h, k]) for k in K[0]] for h in H[0]]
    assert found == pytest.approx(np.array(expected), abs=1e-8)


def test_cells_cover_the_plane():
    found = cells(np.repeat(H, 2, 0), np.repeat(K, 2, 0), np.array([-0.7, 0.96]))

    assert found.shape == (2, 4, 3)
    assert found.sum(axis=(1, 2)) == pytest.approx([1, 1], abs=1e-14)
    assert found.min() > -1e-15


@pytest.mark.parametrize("sign", [-1, 1])
def test_cells_at_one_are_the_limit(sign):
    near = cells(H, K, np.array([sign * 0.999999]))

    assert cells_at_one(H, K, sign) == pytest.approx(near, abs=1e-3)


def test_slopes_equal_differences():
    rho, step = np.array([0.6]), 1e-5

    by_rho = (cells(H, K, rho + step) - cells(H, K, rho - step)) / (2 * step)
    nudge = np.array([[0, step, 0]])
    up, down = H + nudge, H - nudge
    by_row = (cells(up, K, rho) - cells(down, K, rho)) / (2 * step)

    assert cells_by_correlation(H, K, rho) == pytest.approx(by_rho, abs=1e-9)
    assert cells_by_row_threshold(H, K, rho)[0, 1] == pytest.approx(by_row[0, 1], abs=1e-9)
    assert by_row[0, 2] == pytest.approx(-by_row[0, 1], abs=1e-9)
