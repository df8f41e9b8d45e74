"""On data whose truth is known: do intervals hold it as often as they say, are p-values uniform?"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.evaluation.baseline import true_scores
from measurement.evaluation.dose import dose_response
from measurement.evaluation.experiment import cluster_trial
from measurement.evaluation.robust import fit
from measurement.evaluation.staggered import att
from measurement.linkage import linkage
from measurement.shrinkage import shrink_means
from tests.measurement.test_linkage import made

SIZES = (3, 4, 5, 6, 8, 10, 12, 16, 20, 26, 32, 40)


def bounds(rate, n):
    """3.5 Monte-Carlo standard errors around a nominal rate."""
    half = 3.5 * np.sqrt(rate * (1 - rate) / n)
    return rate - half, rate + half


def test_cr2_holds_its_rate_with_twelve_unequal_clusters_and_cr1_does_not():
    rng, n = np.random.default_rng(1), 400
    cluster = np.repeat(np.arange(12), SIZES)
    arm = pd.DataFrame({"arm": np.isin(cluster, [1, 7, 11]).astype(float)})
    held = {"CR1": 0, "CR2": 0}

    for _ in range(n):
        y = rng.normal(size=12)[cluster] * 0.3 + rng.normal(size=len(cluster))
        for variance in held:
            found = fit(y, arm, cluster, variance=variance).estimate("arm")
            held[variance] += found.low <= 0 <= found.high

    low, high = bounds(0.95, n)
    assert low <= held["CR2"] / n <= max(high, 0.985)
    assert held["CR1"] / n < low


@pytest.mark.parametrize("blocked", [None, "strata", "pairs"])
def test_p_values_of_a_trial_without_effect_are_uniform(blocked):
    rng, n = np.random.default_rng(2), 150
    cluster = np.repeat(np.arange(16), 4)
    frame = pd.DataFrame({"centre": cluster, "block": cluster // 2})
    p = np.empty((n, 2))

    for i in range(n):
        first = rng.permuted(np.tile([0.0, 1.0], (8, 1)), axis=1).ravel()
        side = first if blocked else rng.permutation(first)
        before = rng.normal(size=16)[cluster] + rng.normal(size=64)
        frame["arm"], frame["before"] = side[cluster], before
        frame["y"] = 0.6 * before + rng.normal(size=16)[cluster] + rng.normal(size=64)
        block = {blocked: "block"} if blocked else {}
        found = cluster_trial(
            frame, "y", "arm", "centre", baseline="before", rng=rng, resamples=199, **block
        )
        p[i] = found.p, found.randomisation_p

    low, high = bounds(0.1, n)
    assert low <= (p[:, 1] <= 0.1).mean() <= high
    assert (p[:, 0] <= 0.1).mean() <= high
    assert stats.kstest(p[:, 1], "uniform").pvalue > 0.001


@pytest.mark.parametrize(("by", "reliability"), [("score", None), ("true", 0.6)])
def test_nothing_at_work_shows_no_dose_response(by, reliability):
    rng, n = np.random.default_rng(3), 120
    centre = np.arange(240) // 6
    p, slopes = np.empty(n), np.empty(n)

    for i in range(n):
        true = rng.normal(size=240) * np.sqrt(0.6)
        first, last = (true + np.sqrt(0.4) * rng.normal(size=240) for _ in range(2))
        ground = first if by == "score" else true
        dose = (ground < np.quantile(ground, 0.25)) * rng.integers(1, 4, 240)
        frame = pd.DataFrame({"first": first, "last": last, "dose": dose, "centre": centre})
        found = dose_response(
            frame, "last", "dose", "centre", baseline="first", reliability=reliability
        )
        p[i], slopes[i] = found.p, found.slope.value

    low, high = bounds(0.05, n)
    # λ counts as known, so the corrected p are somewhat small.
    assert low <= (p <= 0.05).mean() <= (high if reliability is None else high + 0.05)
    assert abs(slopes.mean()) < 3.5 * slopes.std() / np.sqrt(n)


def test_lowest_quarter_shows_a_gain_from_nothing_only_before_and_after():
    rng = np.random.default_rng(4)
    gains = np.empty((150, 2))
    centre = np.arange(400) // 8

    for i in range(len(gains)):
        true = rng.normal(size=400)
        first, last = (true + rng.normal(size=400) for _ in range(2))
        low = first < np.quantile(first, 0.25)
        gains[i, 0] = (last - first)[low].mean()
        x = pd.DataFrame({"low": low.astype(float), "first": first})
        gains[i, 1] = fit(last, x, centre).estimate("low").value

    assert gains[:, 0].min() > 0.4
    assert abs(gains[:, 1].mean()) < 3.5 * gains[:, 1].std() / np.sqrt(len(gains))


def test_corrected_baseline_takes_the_whole_distance_out():
    rng = np.random.default_rng(5)
    gaps = np.empty((100, 2))

    for i in range(len(gaps)):
        group = pd.DataFrame({"low": np.repeat([1.0, 0.0], 300)})
        true = rng.normal(size=600) - 1.0 * group["low"]
        first, last = (true + rng.normal(size=600) for _ in range(2))
        reliability = 1.25 / 2.25
        for j, x in enumerate((first, true_scores(first, group, reliability))):
            design = group.assign(first=x)
            gaps[i, j] = fit(last, design, np.arange(600)).estimate("low").value

    assert gaps[:, 0].mean() < -0.4
    assert abs(gaps[:, 1].mean()) < 3.5 * gaps[:, 1].std() / np.sqrt(len(gaps))


def test_strands_without_any_effect_have_uniform_p():
    n = 60
    p = np.array(
        [
            linkage(made(seed=seed, rooms=120, waves=3, by_score=True), strands=("cycles",))
            .associations["p"]
            .iloc[0]
            for seed in range(n)
        ]
    )

    low, high = bounds(0.1, n)
    assert low <= (p <= 0.1).mean() <= high
    assert stats.kstest(p, "uniform").pvalue > 0.001


def test_staggered_intervals_hold_the_effect():
    rng, n = np.random.default_rng(6), 120
    unit, period = np.repeat(np.arange(60), 4), np.tile(np.arange(4), 60)
    first = np.array([1.0, 2.0, np.nan])[np.arange(60) % 3][unit]
    now = period >= first
    frame = pd.DataFrame({"unit": unit, "period": period, "first": first})
    held = 0

    for _ in range(n):
        frame["y"] = rng.normal(size=60)[unit] + 2.0 * now + rng.normal(size=240)
        found = att(frame, "y", "unit", "period", "first").overall
        held += found.low <= 2 <= found.high

    low, high = bounds(0.95, n)
    assert low <= held / n <= high


def test_shrunken_intervals_hold_the_true_means_of_places():
    rng, n, places = np.random.default_rng(7), 150, 15
    held = np.zeros(2)

    for _ in range(n):
        se = rng.uniform(0.5, 1.5, places)
        true = rng.normal(size=places)
        seen = true + se * rng.normal(size=places)
        for j, morris in enumerate((False, True)):
            table = shrink_means(seen, se, range(places), morris=morris).table
            held[j] += ((table["low"] <= true) & (true <= table["high"])).mean()

    low, high = bounds(0.95, n * places)
    assert held[0] / n < held[1] / n
    assert low <= held[1] / n <= high + 0.01
