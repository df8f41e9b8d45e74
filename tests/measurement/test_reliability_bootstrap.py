from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from measurement.reliability import (
    alpha_bootstrap,
    alpha_from_sums,
    alpha_partials,
    combine,
    cronbach_alpha,
)

ATTITUDE = pd.read_csv(Path(__file__).parent / "attitude.csv")
CENTRES = np.arange(30) % 10


def clustered(clusters=60, rows=8, items=5, seed=2, between=0.5):
    rng = np.random.default_rng(seed)
    common = between * rng.normal(size=(clusters, 1)).repeat(rows, 0)
    common = common + rng.normal(size=(clusters * rows, 1))
    frame = pd.DataFrame(common + rng.normal(size=(clusters * rows, items)))
    return frame, np.arange(clusters).repeat(rows)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_alpha_from_sums_equals_alpha_of_rows(missing):
    holed = ATTITUDE.astype(float).mask(ATTITUDE % 7 == 0)

    found = alpha_from_sums(alpha_partials(holed, CENTRES, missing))

    rows = cronbach_alpha(holed, missing=missing).estimate
    assert found.value == pytest.approx(rows.value, abs=1e-12)
    assert (found.n, found.low) == (rows.n, None)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_partitions_add_up_to_the_last_digit(missing):
    whole = alpha_partials(ATTITUDE, CENTRES, missing)
    parts = [
        alpha_partials(ATTITUDE[part], CENTRES[part], missing)
        for part in (slice(0, 7), slice(7, 20), slice(20, 30))
    ]

    found = combine(parts)

    assert found.clusters.tolist() == whole.clusters.tolist()
    assert np.array_equal(found.sums.products, whole.sums.products)
    assert alpha_from_sums(found) == alpha_from_sums(whole)


def test_bootstrap_is_wider_where_clusters_differ():
    frame, clusters = clustered()

    grouped = alpha_bootstrap(alpha_partials(frame, clusters), np.random.default_rng(1))
    mixed = alpha_bootstrap(
        alpha_partials(frame, np.random.default_rng(5).permutation(clusters)),
        np.random.default_rng(1),
    )

    assert grouped.value == pytest.approx(mixed.value)
    assert grouped.low < grouped.value < grouped.high
    assert grouped.high - grouped.low > 1.1 * (mixed.high - mixed.low)


def test_bootstrap_of_single_rows_nears_feldt():
    frame, _ = clustered(clusters=400, rows=1)

    found = alpha_bootstrap(alpha_partials(frame, np.arange(400)), np.random.default_rng(1), 2000)

    feldt = cronbach_alpha(frame).estimate
    assert found.low == pytest.approx(feldt.low, abs=0.01)
    assert found.high == pytest.approx(feldt.high, abs=0.01)


def test_same_seed_gives_the_same_interval():
    partials = alpha_partials(*clustered())

    first, second = (alpha_bootstrap(partials, np.random.default_rng(4)) for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (ATTITUDE[["rating"]], "too_few_items"),
        (ATTITUDE * np.nan, "too_few_rows"),
        (ATTITUDE * 0 + 0.1, "zero_variance"),
        (pd.DataFrame({"a": range(30), "b": range(0, -30, -1)}), "zero_variance"),
    ],
)
def test_bootstrap_says_why_it_is_insufficient(frame, reason):
    found = alpha_bootstrap(alpha_partials(frame, CENTRES), np.random.default_rng(1))

    assert (found.value, found.reason) == (None, reason)


def test_pairs_without_rows_in_common_are_insufficient():
    frame = pd.DataFrame({"a": [1.0, 2, 3, np.nan], "b": [np.nan, np.nan, 1, 2], "c": [1, 2, 3, 5]})

    assert alpha_from_sums(alpha_partials(frame, [1, 2, 3, 4], "pairwise")).reason == "no_overlap"


def test_few_clusters_are_insufficient():
    found = alpha_bootstrap(alpha_partials(ATTITUDE, CENTRES % 3), np.random.default_rng(1))

    assert (found.reason, found.n, found.clusters) == ("too_few_clusters", 30, 3)


def test_clusters_that_are_all_alike_leave_no_interval():
    frame = pd.concat([ATTITUDE[:5]] * 12)

    found = alpha_bootstrap(
        alpha_partials(frame, np.repeat(range(12), 5)), np.random.default_rng(1)
    )

    assert found.value == pytest.approx(cronbach_alpha(frame).estimate.value)
    assert (found.low, found.reason) == (None, "clusters_alike")


def test_resamples_without_spread_leave_no_interval():
    frame = pd.DataFrame({"a": [0.0] * 10 + [1], "b": [0.0] * 10 + [2], "c": [0.0] * 9 + [1, 1]})

    found = alpha_bootstrap(alpha_partials(frame, np.arange(11)), np.random.default_rng(1))

    assert found.sufficient
    assert (found.low, found.reason) == (None, "few_clusters")


def test_items_that_are_one_leave_no_interval():
    frame = pd.DataFrame({"a": range(30), "b": range(30)}, dtype=float)

    found = alpha_bootstrap(alpha_partials(frame, CENTRES), np.random.default_rng(1))

    assert (found.value, found.reason) == (1.0, "perfect_agreement")


@pytest.mark.parametrize(
    ("clusters", "missing", "message"),
    [
        ([1, 2], "listwise", "one entry"),
        ([None] * 30, "listwise", "needs the cluster"),
        (CENTRES, "mean", "listwise or pairwise"),
    ],
)
def test_partials_refuse_wrong_input(clusters, missing, message):
    with pytest.raises(ValueError, match=message):
        alpha_partials(ATTITUDE, clusters, missing)


def test_combine_refuses_what_does_not_belong_together():
    first = alpha_partials(ATTITUDE, CENTRES)

    with pytest.raises(ValueError, match="same items"):
        combine([first, alpha_partials(ATTITUDE, CENTRES, "pairwise")])
    with pytest.raises(ValueError, match="at least one"):
        combine([])
