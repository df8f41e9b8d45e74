"""Samples of populations whose truth is known: fixed seeds, bounds of 3.5 Monte-Carlo errors."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.sampling.draws import stratified, two_stage
from measurement.sampling.estimation import (
    SurveyDesign,
    rao_scott,
    survey_difference,
    survey_mean,
    survey_quantiles,
)
from measurement.sampling.pps import METHODS, draw_with, inclusion_probabilities
from measurement.sampling.weights import effective_n, propensity_adjustment, trim


def bounds(rate: float, runs: int) -> tuple[float, float]:
    half = 3.5 * np.sqrt(rate * (1 - rate) / runs)
    return rate - half, rate + half


def population(rng: np.random.Generator) -> pd.DataFrame:
    """240 centres of 2 to 7 rooms in three regions; centres and regions differ."""
    sizes = rng.integers(2, 8, 240)
    centre = np.repeat(np.arange(240), sizes)
    region = np.array(["e", "n", "s"])[(centre % 6) // 2]
    score = (
        50 + 5 * (region == "n") + rng.normal(0, 6, 240)[centre] + 4 * rng.normal(size=len(centre))
    )
    return pd.DataFrame(
        {
            "room": np.arange(len(centre)),
            "centre": centre,
            "region": region,
            "rooms": sizes[centre],
            "score": score,
        }
    )


def test_weighted_mean_of_a_stratified_cluster_sample_covers():
    rng, runs, covered = np.random.default_rng(11), 800, 0
    frame = population(rng)
    truth, centre, score = (
        frame["score"].mean(),
        frame["centre"].to_numpy(),
        frame["score"].to_numpy(),
    )
    stratum = pd.factorize(frame["region"])[0]
    of_centre = stratum[np.unique(centre, return_index=True)[1]]
    drawn_of, there = np.array([8, 12, 20]), np.bincount(of_centre)

    for _ in range(runs):
        rank = np.lexsort((rng.random(240), of_centre))
        picked = [rank[of_centre[rank] == h][:k] for h, k in enumerate(drawn_of)]
        rows = np.isin(centre, np.concatenate(picked))
        h = stratum[rows]
        design = SurveyDesign((there / drawn_of)[h], h, centre[rows], there[h])
        mean = survey_mean(score[rows], design).estimate
        covered += mean.low <= truth <= mean.high

    low, high = bounds(0.95, runs)
    assert low <= covered / runs <= high


@pytest.mark.parametrize("size", [None, "rooms"])
def test_weighted_mean_of_two_stages_covers_and_is_unbiased(size):
    rng = np.random.default_rng(12)
    frame, runs = population(rng), 100
    truth, covered, found = frame["score"].mean(), 0, []

    for _ in range(runs):
        d = two_stage(frame, "region", "centre", 36, 2, rng, size=size).units
        # Drawn by size the finite population is left out: its fpc would not be a count.
        fpc = [d["stratum_size"], d["cluster_size"]] if size is None else None
        design = SurveyDesign(d["weight"], d["region"], [d["centre"], d["room"]], fpc)
        mean = survey_mean(d["score"], design).estimate
        covered += mean.low <= truth <= mean.high
        found.append(mean.value)

    low, high = bounds(0.95, runs)
    # Without fpc 36 of 240 centres count as drawn with return: a little too careful.
    assert low <= covered / runs <= (high if size is None else 1)
    assert abs(np.mean(found) - truth) <= 3.5 * np.std(found) / np.sqrt(runs)


def test_median_covers():
    rng = np.random.default_rng(13)
    frame, runs, covered = population(rng), 250, 0
    truth = np.sort(frame["score"])[int(np.ceil(len(frame) / 2)) - 1]

    for _ in range(runs):
        d = stratified(frame, "region", 90, rng, "equal").units
        design = SurveyDesign(d["weight"], d["region"], fpc=d["stratum_size"])
        median = survey_quantiles(d["score"], design, [0.5])[0.5].estimate
        covered += median.low <= truth <= median.high

    low, high = bounds(0.95, runs)
    assert low <= covered / runs <= high


@pytest.mark.parametrize("method", METHODS)
def test_units_are_drawn_as_often_as_stated(method):
    probability = inclusion_probabilities([1, 2, 2, 3, 5, 8, 8, 13, 60], 4)
    rng, runs = np.random.default_rng(21), 4000
    counts = np.zeros(9)

    for _ in range(runs):
        counts[draw_with(probability, method, rng)] += 1

    assert counts[-1] == runs
    error = np.sqrt(probability * (1 - probability) / runs)
    assert (np.abs(counts / runs - probability) <= 3.5 * error).all()


def test_rooms_of_two_stages_are_drawn_as_often_as_stated():
    rng, runs = np.random.default_rng(22), 150
    frame = population(rng)
    frame = frame[frame["centre"] < 24].reset_index(drop=True)
    counts, stated = np.zeros(len(frame)), np.zeros(len(frame))

    for _ in range(runs):
        units = two_stage(frame, "region", "centre", 9, 2, rng).units
        counts[units.index] += 1
        stated[units.index] = units["probability"]

    # Exact tails, shared among all rooms: a normal bound is too tight for 96 skewed counts.
    tails = np.minimum(
        stats.binom.cdf(counts, runs, stated), stats.binom.sf(counts - 1, runs, stated)
    )
    assert 2 * tails.min() > 0.001 / len(frame)


def test_propensity_weights_take_the_bias_away():
    rng, runs, n = np.random.default_rng(31), 120, 600
    raw, adjusted, classed = [], [], []

    for _ in range(runs):
        x = rng.normal(size=n)
        y = 2 * x + rng.normal(size=n)
        answered = rng.random(n) < 1 / (1 + np.exp(-0.3 - x))
        known = pd.DataFrame({"x": x})
        raw.append(y[answered].mean())
        for found, classes in ((adjusted, None), (classed, 5)):
            w = propensity_adjustment(np.ones(n), answered, known, classes).weights
            found.append((w * y).sum() / w.sum())

    assert np.mean(raw) > 0.5
    assert abs(np.mean(adjusted)) <= 3.5 * np.std(adjusted) / np.sqrt(runs)
    # Five classes take nearly all of it away, and not quite all.
    assert abs(np.mean(classed)) < 0.2 * np.mean(raw)


def test_effective_n_foretells_the_variance_of_a_mean():
    rng, runs = np.random.default_rng(41), 3000
    weights = trim(rng.lognormal(0, 1, 200), 6).weights

    means = rng.normal(size=(runs, 200)) @ weights / weights.sum()

    assert means.var() * effective_n(weights).value == pytest.approx(1, abs=3.5 * np.sqrt(2 / runs))


def test_p_values_are_uniform_where_nothing_differs():
    rng, runs = np.random.default_rng(51), 250
    clusters = np.repeat(np.arange(60), 6)
    strata, weights = clusters // 20, rng.uniform(1, 3, 360)
    design = SurveyDesign(weights, strata, clusters)
    tables, differences = [], []

    for _ in range(runs):
        shared = rng.normal(size=(3, 60))[:, clusters]
        one, other, score = shared + rng.normal(size=(3, 360))
        tables.append(rao_scott(one > 0, np.digitize(other, [-0.7, 0.7]), design).p)
        differences.append(survey_difference(score, one > 0.3, design).p)

    assert stats.kstest(tables, "uniform").pvalue > 0.001
    assert stats.kstest(differences, "uniform").pvalue > 0.001
