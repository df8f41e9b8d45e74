import numpy as np
import pytest
from scipy import stats

from measurement.estimates import Reason
from measurement.funnel import (
    binomial_limit,
    funnel_of_means,
    funnel_of_shares,
    overdispersion,
    sd_within,
)


def test_binomial_limit_by_hand():
    # n = 2, θ = .5: P(R ≤ 1) = .75; at p = .5 a = (.75 − .5)/.5, so the limit is (1 − .5)/2.
    assert binomial_limit(0.5, np.array([2.0]), 0.5)[0] == pytest.approx(0.25)


@pytest.mark.parametrize("p", [0.025, 0.001, 0.975, 0.999])
def test_binomial_limit_lies_between_the_counts_around_it(p):
    n = np.array([20.0, 57, 400])

    count = binomial_limit(p, n, 0.3) * n

    assert (stats.binom.cdf(np.floor(count), n, 0.3) <= p + 1e-12).all()
    assert (stats.binom.cdf(np.floor(count) + 1, n, 0.3) >= p).all()


def shares(seed=1, places=200, theta=0.8, spread=0.0):
    rng = np.random.default_rng(seed)
    n = rng.integers(30, 300, places)
    own = np.clip(theta + spread * rng.normal(size=places), 0.01, 0.99)
    return rng.binomial(n, own), n


def test_chance_alone_leaves_one_in_twenty_outside():
    yes, n = shares(places=2000)

    found = funnel_of_shares(yes, n, range(2000), target=0.8)

    outside = (found.points["position"] != "inside").mean()
    assert outside == pytest.approx(0.05, abs=3.5 * np.sqrt(0.05 * 0.95 / 2000))
    assert not found.widened


def test_places_that_all_differ_widen_the_limits():
    yes, n = shares(spread=0.1)

    found = funnel_of_shares(yes, n, range(200))

    assert found.widened
    assert found.phi > 3
    assert (found.points["position"] != "inside").mean() < 0.15


def test_one_far_place_is_seen_and_does_not_widen():
    yes, n = shares()
    yes[0], n[0] = 100, 200

    found = funnel_of_shares(yes, n, range(200))

    assert found.points["position"].iloc[0] == "very low"
    assert not found.widened


def test_means_have_normal_limits():
    rng = np.random.default_rng(2)
    n = rng.integers(5, 50, 40)
    y = 60 + 10 * rng.normal(size=40) / np.sqrt(n)

    found = funnel_of_means(y, n, range(40), sd=10, target=60)

    first = found.points.iloc[0]
    assert first["high_95"] == pytest.approx(60 + 1.959963985 * 10 / np.sqrt(n[0]))
    assert first["low_99.8"] == pytest.approx(60 - 3.090232306 * 10 / np.sqrt(n[0]))
    assert found.curve["n"].iloc[[0, -1]].tolist() == [n.min(), n.max()]


def test_means_without_target_are_set_against_all_together():
    found = funnel_of_means([10.0] * 9 + [20.0], [10] * 9 + [90], range(10), sd=5)

    assert found.target == pytest.approx(15)


def test_overdispersion_draws_the_outer_tenth_in():
    z = np.concatenate([np.zeros(16), [-9.0, 9, -1, 1]])

    phi, widened = overdispersion(z)

    low, high = np.quantile(z, [0.1, 0.9])
    assert phi == pytest.approx((2 * low**2 + 2 * high**2) / 20)
    assert not widened


def test_places_keep_their_order():
    yes, n = shares(places=12)

    assert funnel_of_shares(yes, n, list("lkjihgfedcba")).points["place"].tolist() == list(
        "lkjihgfedcba"
    )


@pytest.mark.parametrize(
    ("yes", "n", "reason"),
    [([1, 2], [3, 4], "too_few_rows"), ([5] * 12, [5] * 12, "zero_variance")],
)
def test_funnel_says_why_there_is_none(yes, n, reason):
    found = funnel_of_shares(yes, n, range(len(yes)))

    assert (found.reason, len(found.points)) == (reason, 0)


def test_funnel_of_few_means_is_insufficient():
    assert funnel_of_means([1.0], [3], ["a"], 2).reason == "too_few_rows"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: funnel_of_shares([3] * 10, [2] * 10, range(10)), "whole numbers"),
        (lambda: funnel_of_shares([1] * 10, [2] * 10, range(10), 1.2), "between 0 and 1"),
        (lambda: funnel_of_shares([1] * 10, [2] * 9, range(10)), "one entry"),
        (lambda: funnel_of_means([1.0] * 10, [2] * 10, range(10), 0), "above 0"),
        (lambda: funnel_of_means([1.0] * 10, [0] * 10, range(10), 1), "at least one value"),
        (lambda: funnel_of_means([np.inf] * 10, [2] * 10, range(10), 1), "finite"),
    ],
)
def test_funnel_refuses_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def clustered(places=2000, rooms=4, sessions=3, seed=7):
    """Values of places that are all alike, in rooms that are not: place, room, value."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(places), rooms * sessions)
    room = np.repeat(np.arange(places * rooms), sessions)
    value = rng.normal(size=places * rooms)[room] + rng.normal(size=len(room))
    return place, room, value


def test_sd_within_by_hand():
    # One place of two rooms, (0, 2) and (4, 4, 8): mean 3.6, sums of deviations −5.2 and 5.2.
    place = np.repeat(np.arange(10), 5)
    room = np.tile([1, 1, 2, 2, 2], 10)

    found = sd_within(np.tile([0.0, 2, 4, 4, 8], 10), place, room)

    assert found.value == pytest.approx(np.sqrt(2 / 5 * 2 * 5.2**2), rel=1e-12)
    assert (found.n, found.clusters) == (50, 10)


def test_sd_of_single_values_is_the_pooled_sd():
    rng = np.random.default_rng(3)
    values, place = rng.normal(size=60), np.repeat(np.arange(12), 5)

    found = sd_within(values, place, np.arange(60))

    pooled = values.reshape(12, 5).var(axis=1, ddof=1).mean()
    assert found.value == pytest.approx(np.sqrt(pooled), rel=1e-12)


def test_sd_within_leaves_one_in_twenty_outside_where_rooms_resemble_themselves():
    place, room, value = clustered()
    means, n = value.reshape(2000, 12).mean(axis=1), np.full(2000, 12)

    found = funnel_of_means(means, n, range(2000), sd_within(value, place, room).value, target=0.0)
    naive = funnel_of_means(means, n, range(2000), value.reshape(2000, 12).std(axis=1).mean())

    outside = (found.points["position"] != "inside").mean()
    assert outside == pytest.approx(0.05, abs=3.5 * np.sqrt(0.05 * 0.95 / 2000))
    assert (found.widened, naive.widened) == (False, True)


@pytest.mark.parametrize(
    ("value", "rooms", "reason"),
    [(None, 1, Reason.TOO_FEW_ROWS), (50.0, 4, Reason.ZERO_VARIANCE)],
)
def test_sd_within_says_why_it_is_insufficient(value, rooms, reason):
    place, room, values = clustered(places=12, rooms=rooms)

    found = sd_within(values if value is None else np.full(len(room), value), place, room)

    assert (found.sufficient, found.reason) == (False, reason)
