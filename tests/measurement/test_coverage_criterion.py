"""Scores whose truth is known: fixed seeds, bounds of 3.5 Monte-Carlo errors."""

import numpy as np
import pytest
from scipy import stats

from measurement.association import adjusted_correlation
from measurement.criterion import (
    auc,
    change,
    correlation,
    disattenuated_correlation,
    reliable_change_index,
    responsiveness,
)


def bounds(rate: float, runs: int) -> tuple[float, float]:
    half = 3.5 * np.sqrt(rate * (1 - rate) / runs)
    return rate - half, rate + half


def covers(estimates: list, truth: float) -> bool:
    low, high = bounds(0.95, len(estimates))
    share = np.mean([one.low <= truth <= one.high for one in estimates])
    return bool(low <= share <= high)


def test_clustered_correlation_covers():
    rng, clusters = np.random.default_rng(1), np.repeat(np.arange(60), 5)
    root = np.linalg.cholesky([[1, 0.5], [0.5, 1]]).T
    clustered, naive = [], []

    for _ in range(500):
        own, shared = rng.normal(size=(300, 2)) @ root, rng.normal(size=(60, 2)) @ root
        x, y = (own + 1.5 * shared[clusters]).T
        clustered.append(correlation(x, y, clusters))
        naive.append(correlation(x, y))

    assert covers(clustered, 0.5)
    assert not covers(naive, 0.5)


def test_clustered_correlation_agrees_with_the_bootstrap():
    rng, clusters = np.random.default_rng(2), np.repeat(np.arange(80), 4)
    shared = rng.normal(size=(80, 2))[clusters]
    x, y = shared[:, 0] + rng.normal(size=320), shared.sum(axis=1) + rng.normal(size=320)

    formula = correlation(x, y, clusters)
    drawn = adjusted_correlation(x, y, np.ones(320), clusters, rng, resamples=4000)

    assert formula.value == pytest.approx(drawn.value, rel=1e-12)
    assert formula.high - formula.low == pytest.approx(drawn.high - drawn.low, rel=0.08)


def test_correction_for_noise_finds_the_true_correlation():
    rng, runs, found = np.random.default_rng(3), 400, []
    root = np.linalg.cholesky([[1, 0.6], [0.6, 1]]).T

    for _ in range(runs):
        x, y = (rng.normal(size=(200, 2)) @ root + rng.normal(size=(200, 2)) * [0.5, 1]).T
        found.append(disattenuated_correlation(x, y, 1 / 1.25, 1 / 2))

    values = [one.value for one in found]
    # r itself is low by about r(1−r²)/2n.
    assert abs(np.mean(values) - 0.6) <= 3.5 * np.std(values) / np.sqrt(runs) + 0.002
    assert covers(found, 0.6)


@pytest.mark.parametrize("clustered", [False, True])
def test_area_covers(clustered):
    rng, n, found = np.random.default_rng(4), 240, []
    clusters = np.repeat(np.arange(60), 4)
    weight, outcome = 0.7 if clustered else 0.0, np.arange(n) % 10 < 3

    for _ in range(2000):
        shared = rng.normal(size=60)[clusters]
        noise = np.sqrt(1 - weight**2) * rng.normal(size=n)
        score = outcome + weight * shared + noise
        found.append(auc(score, outcome, clusters if clustered else None))

    assert covers(found, stats.norm.cdf(1 / np.sqrt(2)))


def test_indices_of_responsiveness_cover():
    rng, n = np.random.default_rng(5), 160
    stable = np.arange(n) < 60
    found = []

    for _ in range(600):
        first = rng.normal(0, 2, n)
        second = first + np.where(stable, 0, 0.9) + rng.normal(0, 1.5, n)
        found.append(responsiveness(first, second, stable))

    assert covers([one.standardized_response_mean for one in found], 0.9 / 1.5)
    assert covers([one.effect_size for one in found], 0.9 / 2)
    assert covers([one.guyatt for one in found], 0.9 / 1.5)


@pytest.mark.parametrize(("form", "occasions"), [("ICC(3,1)", 0.4), ("ICC(2,1)", 0.0)])
def test_error_of_measurement_covers(form, occasions):
    rng, found = np.random.default_rng(6), []

    for _ in range(400):
        true = rng.normal(0, 3, 60)
        first, second = true + rng.normal(0, 1.2, 60), true + occasions + rng.normal(0, 1.2, 60)
        found.append(change.test_retest(first, second, form).sem)

    assert covers(found, 1.2)


def test_change_of_nobody_looks_like_chance():
    rng = np.random.default_rng(7)
    true = rng.normal(50, 8, 20_000)
    first, second = true + rng.normal(0, 4, 20_000), true + rng.normal(0, 4, 20_000)

    found = reliable_change_index(first, second, 64 / 80, population_mean=50)

    low, high = bounds(0.025, 20_000)
    assert low <= found.shares["improved"].value <= high
    assert low <= found.shares["worse"].value <= high


def test_the_lowest_quarter_rises_as_far_as_foretold():
    rng = np.random.default_rng(8)
    true = rng.normal(50, 8, 20_000)
    first, second = true + rng.normal(0, 4, 20_000), true + rng.normal(0, 4, 20_000)
    lowest = first < np.quantile(first, 0.25)

    found = reliable_change_index(
        first[lowest], second[lowest], 64 / 80, sd=np.sqrt(80), population_mean=50
    )

    gain = (second - first)[lowest]
    error = gain.std() / np.sqrt(lowest.sum())
    assert found.warning == "regression_to_the_mean"
    assert found.regression.value == pytest.approx(gain.mean(), abs=3.5 * error)
    assert found.shares["improved"].value > 2 * found.shares["worse"].value
