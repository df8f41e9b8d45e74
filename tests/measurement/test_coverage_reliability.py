"""Intervals at 95 % hold the truth as often as they say, within 3.5 Monte-Carlo errors."""

import numpy as np
import pandas as pd
import pytest

from measurement.partials import alpha_bootstrap, item_sums
from measurement.reliability import cronbach_alpha
from measurement.reliability.omega import omega_congeneric

ITEMS = 5
ALPHA = ITEMS * 0.5 / (1 + (ITEMS - 1) * 0.5)  # every two items correlate .5


def parallel_items(rng, n):
    return pd.DataFrame(rng.normal(size=(n, 1)) + rng.normal(size=(n, ITEMS)))


def covered(estimates, truth):
    return np.mean([found.low <= truth <= found.high for found in estimates])


def nominal(repetitions):
    return pytest.approx(0.95, abs=3.5 * (0.95 * 0.05 / repetitions) ** 0.5)


def test_feldt_interval_covers():
    rng = np.random.default_rng(1)

    found = [cronbach_alpha(parallel_items(rng, 30)).estimate for _ in range(500)]

    assert covered(found, ALPHA) == nominal(500)


def test_jackknife_of_pairs_covers():
    rng = np.random.default_rng(2)

    found = []
    for _ in range(300):
        frame = parallel_items(rng, 60)
        holed = frame.mask(rng.random(frame.shape) < 0.1)
        found.append(cronbach_alpha(holed, missing="pairwise").estimate)

    assert covered(found, ALPHA) == nominal(300)


def test_bootstrap_of_clusters_covers_where_feldt_does_not():
    rng, clusters = np.random.default_rng(3), np.arange(40).repeat(10)
    boot, feldt = [], []
    for _ in range(300):
        shared = 0.8**0.5 * rng.normal(size=(40, 1)).repeat(10, axis=0)
        common = shared + 0.2**0.5 * rng.normal(size=(400, 1))
        frame = pd.DataFrame(common + rng.normal(size=(400, ITEMS)))
        boot.append(alpha_bootstrap(item_sums(frame, clusters), rng, 200))
        feldt.append(cronbach_alpha(frame).estimate)

    assert covered(boot, ALPHA) == nominal(300)
    assert covered(feldt, ALPHA) < 0.8


def test_bootstrap_of_omega_covers():
    rng, loadings = np.random.default_rng(4), np.array([0.8, 0.7, 0.7, 0.6, 0.6, 0.5])
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())

    found = []
    for _ in range(40):
        noise = rng.normal(size=(200, 6)) * (1 - loadings**2) ** 0.5
        frame = pd.DataFrame(rng.normal(size=(200, 1)) * loadings + noise)
        found.append(omega_congeneric(frame, rng, resamples=25))

    assert covered(found, truth) == nominal(40)
