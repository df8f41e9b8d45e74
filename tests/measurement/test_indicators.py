from fractions import Fraction

import numpy as np
import pytest

from measurement.indicators import (
    Band,
    cluster_mean,
    described_mean,
    percentages,
    safety_band,
    safety_index,
    safety_index_of_counts,
    share,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [  # Newcombe (1998), Stat. Med. 17, 857–872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_share_equals_published_interval(successes, n, low, high):
    found = share(successes, n)

    assert found.value == successes / n
    assert round(found.low, 4) == low
    assert round(found.high, 4) == high


def test_share_of_all_ends_at_one():
    found = share(20, 20)

    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(1 - share(0, 20).high, abs=1e-12)


def test_share_of_nothing_is_insufficient():
    assert share(0, 0).reason == "too_few_rows"


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2), (0.5, 2), (1, -1)])
def test_share_refuses_impossible_counts(successes, n):
    with pytest.raises(ValueError, match="whole numbers"):
        share(successes, n)


def test_safety_index_leaves_out_what_was_not_seen():
    found = safety_index(["yes"] * 9 + ["no"] + ["not_seen"] * 5)

    assert (found.value, found.n) == (90.0, 10)
    assert found.low == pytest.approx(100 * share(9, 10).low)


def test_safety_index_without_yes_or_no_is_insufficient():
    assert safety_index(["not_seen"]).reason == "too_few_rows"


def test_safety_index_refuses_unknown_answer():
    with pytest.raises(ValueError, match="must be yes, no or not_seen"):
        safety_index(["yes", "sí"])


def test_safety_index_refuses_negative_count():
    with pytest.raises(ValueError, match="cannot be negative"):
        safety_index_of_counts(5, -1)


@pytest.mark.parametrize(
    ("yes", "no", "band"),
    [
        (1, 0, Band.ALL_YES),
        (999_999, 1, Band.HIGH),  # 99.9999 % is not 100
        (9, 1, Band.HIGH),
        (899_999, 100_001, Band.MIDDLE),  # 89.9999 % would print as 90
        (8, 2, Band.MIDDLE),
        (799_999, 200_001, Band.LOW),
        (0, 5, Band.LOW),
        (0, 0, None),
    ],
)
def test_safety_band_has_exact_boundaries(yes, no, band):
    assert safety_band(yes, no) == band


def test_safety_band_refuses_halves():
    with pytest.raises(ValueError, match="whole numbers"):
        safety_band(1.5, 2)


@pytest.mark.parametrize(
    ("counts", "decimals", "expected"),
    [
        ([1, 1, 1], 0, [34.0, 33.0, 33.0]),
        ([1, 1, 1], 1, [33.4, 33.3, 33.3]),
        ([2, 1], 0, [67.0, 33.0]),
        ([0, 7], 1, [0.0, 100.0]),
        ([0, 0], 1, [0.0, 0.0]),
        ([], 1, []),
    ],
)
def test_percentages_add_to_hundred(counts, decimals, expected):
    assert percentages(counts, decimals) == expected


def test_percentages_stay_within_one_unit_of_the_share():
    rng = np.random.default_rng(2)
    for _ in range(50):
        counts = [int(c) for c in rng.integers(0, 900, 4)]

        found = percentages(counts)

        assert sum(Fraction(str(p)) for p in found) == 100
        for count, percentage in zip(counts, found, strict=True):
            assert abs(Fraction(str(percentage)) - Fraction(100 * count, sum(counts))) < Fraction(
                1, 10
            )


@pytest.mark.parametrize(("counts", "decimals"), [([-1, 2], 1), ([1.5], 1), ([1], -1)])
def test_percentages_refuse_wrong_counts(counts, decimals):
    with pytest.raises(ValueError, match="none negative"):
        percentages(counts, decimals)


def test_cluster_mean_of_equal_clusters_is_mean_of_their_means():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(12, 5)) + rng.normal(size=(12, 1))

    found = cluster_mean(values.ravel(), np.repeat(np.arange(12), 5))

    # t(11), 97.5 %: 2.200985
    half = 2.2009851600829 * values.mean(axis=1).std(ddof=1) / np.sqrt(12)
    assert found.value == pytest.approx(values.mean(), abs=1e-12)
    assert found.high - found.value == pytest.approx(half, abs=1e-11)
    assert (found.n, found.clusters) == (60, 12)


def test_cluster_mean_worked_by_hand():
    # Mean 3; sums of deviations −3 and +3; SE² = 2/1 · 18/16 = 2.25.
    found = cluster_mean([1, 2, 3, 6], ["a", "a", "b", "b"], minimum_clusters=2)

    assert found.value == 3
    assert found.high == pytest.approx(3 + 1.5 * 12.706204736, abs=1e-8)


def test_cluster_mean_leaves_out_missing_values():
    values, clusters = [*range(20), np.nan], [*np.arange(20) % 10, 99]

    found = cluster_mean(values, clusters)

    assert (found.value, found.n, found.clusters) == (9.5, 20, 10)


@pytest.mark.parametrize(
    ("values", "clusters", "reason"),
    [
        ([], [], "too_few_rows"),
        ([np.nan], ["a"], "all_missing"),
        ([1, 2, 3], ["a", "b", "c"], "too_few_clusters"),
    ],
)
def test_cluster_mean_says_why_it_is_insufficient(values, clusters, reason):
    assert cluster_mean(values, clusters).reason == reason


@pytest.mark.parametrize(
    ("values", "clusters"),
    [
        ([0, 100] * 10, np.repeat(np.arange(10), 2)),  # rows differ, centres do not
        ([100.0] * 15, np.arange(15)),
        ([0.1] * 30, np.arange(30) % 10),  # whose mean floating point misses by a hair
        ([0.0] * 10, np.arange(10)),
    ],
)
@pytest.mark.parametrize("highest", [None, 100])
def test_cluster_mean_of_centres_that_are_all_alike_has_no_interval(values, clusters, highest):
    found = cluster_mean(values, clusters, highest=highest)

    assert found.value == pytest.approx(np.mean(values))
    assert (found.low, found.high, found.reason) == (None, None, "clusters_alike")
    assert (found.n, found.clusters) == (len(values), len(set(clusters)))


def test_cluster_mean_on_a_scale_has_its_interval_on_the_logit():
    # Centres 100 … 100, 80, 60: mean 94, SE = sd/√10 = 4.268749. logit(.94) = 2.751535; its SE is
    # 100 · 4.268749 / (94 · 6) = 0.756870; t(9), 97.5 %: 2.262157. Ends by 100 / (1 + e^−z).
    values = [100] * 8 + [80, 60]

    plain, found = (cluster_mean(values, range(10), highest=top) for top in (None, 100))

    assert plain.high > 100
    assert found.value == plain.value == 94
    assert found.low == pytest.approx(73.87, abs=5e-3)
    assert found.high == pytest.approx(98.86, abs=5e-3)


def test_cluster_mean_refuses_values_beyond_the_scale():
    with pytest.raises(ValueError, match="between 0 and 100"):
        cluster_mean([101.0] * 10, range(10), highest=100)


@pytest.mark.parametrize(
    ("values", "clusters", "message"),
    [
        ([1, 2], ["a"], "same length"),
        ([1, np.inf], ["a", "b"], "finite"),
        ([1, 2], ["a", None], "needs the cluster"),
    ],
)
def test_cluster_mean_refuses_wrong_input(values, clusters, message):
    with pytest.raises(ValueError, match=message):
        cluster_mean(values, clusters)


def test_cluster_mean_interval_covers_at_its_rate():
    rng = np.random.default_rng(20)
    clusters = np.repeat(np.arange(20), rng.integers(2, 9, 20))

    hits = 0
    for _ in range(1000):
        values = rng.normal(size=20)[clusters] + rng.normal(size=len(clusters))
        found = cluster_mean(values, clusters)
        hits += found.low <= 0 <= found.high

    # 95 % less what 20 clusters of unequal size cost, ± 3 Monte-Carlo standard errors.
    assert 0.915 <= hits / 1000 <= 0.971


@pytest.mark.parametrize(("highest", "least", "most"), [(None, 0.84, 0.89), (100, 0.88, 0.93)])
def test_logit_interval_covers_more_of_a_skewed_index(highest, least, most):
    # Index of a centre logit-normal (3, 1.5); its mean by 4,000,000 draws is 90.40.
    rng = np.random.default_rng(21)

    hits = 0
    for values in 100 / (1 + np.exp(-3 - 1.5 * rng.normal(size=(1500, 12)))):
        found = cluster_mean(values, range(12), highest=highest)
        hits += found.low <= 90.40 <= found.high

    assert least <= hits / 1500 <= most


def test_described_mean_of_few_clusters_stands_without_interval():
    found = described_mean([1, 2, np.nan, 6], ["a", "a", "b", "b"])

    assert (found.value, found.low, found.high) == (3, None, None)
    assert (found.n, found.clusters, found.reason) == (3, 2, "few_clusters")


@pytest.mark.parametrize(("values", "reason"), [([], "too_few_rows"), ([np.nan], "all_missing")])
def test_described_mean_of_nothing_is_insufficient(values, reason):
    found = described_mean(values, ["a"] * len(values))

    assert (found.value, found.reason) == (None, reason)


def test_described_mean_of_enough_clusters_is_the_cluster_mean():
    values, clusters = np.arange(20) % 7, np.arange(20) % 10

    assert described_mean(values, clusters) == cluster_mean(values, clusters)
