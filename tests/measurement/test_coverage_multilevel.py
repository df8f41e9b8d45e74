"""Intervals and p-values of mixed models on data whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.multilevel import binomial_mixed, linear_mixed


def coverage_bounds(nominal, runs):
    half = 3.5 * np.sqrt(nominal * (1 - nominal) / runs)
    return nominal - half, nominal + half


@pytest.mark.parametrize(("clusters", "size"), [(8, 10), (14, 5)])
def test_effect_of_few_clusters_is_covered_and_p_is_uniform(clusters, size):
    rng = np.random.default_rng(20)
    code = np.repeat(np.arange(clusters), size)
    x = pd.DataFrame({"treated": (code < clusters / 2).astype(float)})
    runs, covered, p = 100, 0, []
    for _ in range(runs):
        y = 0.6 * rng.normal(size=clusters)[code] + 0.8 * rng.normal(size=len(code))
        row = linear_mixed(y, x, {"centre": code}).fixed.loc["treated"]
        covered += row["low"] <= 0 <= row["high"]
        p.append(row["p"])

    low, high = coverage_bounds(0.95, runs)
    assert low <= covered / runs <= high
    assert stats.kstest(p, "uniform").pvalue > 0.001


def test_effect_of_unbalanced_crossed_groupings_is_covered():
    rng = np.random.default_rng(21)
    runs, covered = 80, 0
    for _ in range(runs):
        centre = rng.integers(0, 10, 90)
        mentor = rng.integers(0, 6, 90)
        treated = (centre % 2).astype(float)
        y = 0.5 * treated + 0.6 * rng.normal(size=10)[centre] + 0.4 * rng.normal(size=6)[mentor]
        y = y + rng.normal(size=90)
        x = pd.DataFrame({"treated": treated})
        found = linear_mixed(y, x, {"centre": centre, "mentor": mentor}).effect("treated")
        covered += found.low <= 0.5 <= found.high

    low, high = coverage_bounds(0.95, runs)
    assert low <= covered / runs <= high


def test_effect_on_answers_is_covered():
    rng = np.random.default_rng(22)
    centre = np.repeat(np.arange(60), 10)
    treated = (centre % 2).astype(float)
    x = pd.DataFrame({"treated": treated})
    runs, covered = 50, 0
    for _ in range(runs):
        eta = 0.5 * treated + 0.7 * rng.normal(size=60)[centre]
        yes = (rng.random(600) < 1 / (1 + np.exp(-eta))).astype(float)
        found = binomial_mixed(yes, x, {"centre": centre}, nodes=5).effect("treated")
        covered += found.low <= 0.5 <= found.high

    low, high = coverage_bounds(0.95, runs)
    assert low <= covered / runs <= high
