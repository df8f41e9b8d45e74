import numpy as np
import pytest
from scipy import stats

from measurement.agreement import bland_altman

# Bland & Altman (1986), Lancet 327, 307–310: first readings of peak flow by two meters, l/min.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def test_bias_equals_published():
    found = bland_altman(WRIGHT, MINI)

    assert found.bias.value == pytest.approx(-2.1, abs=0.05)
    assert found.points["difference"].std() == pytest.approx(38.8, abs=0.05)
    assert found.bias.low == pytest.approx(-22.0, abs=0.05)
    assert found.bias.high == pytest.approx(17.8, abs=0.05)
    assert found.bias.n == 17


def test_limits_at_two_standard_deviations_equal_published():
    # The paper rounds bias and standard deviation to one decimal before it adds them.
    found = bland_altman(WRIGHT, MINI, share=1 - 2 * stats.norm.sf(2))

    assert found.lower.value == pytest.approx(-79.7, abs=0.1)
    assert found.upper.value == pytest.approx(75.5, abs=0.1)


def test_limits_equal_r():
    # R 4.2.2: mean + qt(c(.025, .975), 16, ncp = qnorm(.975) * sqrt(17)) * sd / sqrt(17)
    found = bland_altman(WRIGHT, MINI)

    assert found.upper.value == pytest.approx(73.860611349465, abs=1e-10)
    assert found.upper.low == pytest.approx(48.859637299095, abs=1e-6)
    assert found.upper.high == pytest.approx(119.925504177193, abs=1e-6)
    assert found.lower.low == pytest.approx(-124.160798294840, abs=1e-6)
    assert found.lower.high == pytest.approx(-53.094931416742, abs=1e-6)


def test_slope_equals_r():
    # R 4.2.2: lm(difference ~ mean)
    found = bland_altman(WRIGHT, MINI).slope

    assert found.value == pytest.approx(0.028687445152549, abs=1e-12)
    assert found.low == pytest.approx(-0.15932006368396, abs=1e-12)
    assert found.high == pytest.approx(0.21669495398906, abs=1e-12)


def test_limits_of_many_pairs_near_the_approximation_of_1999():
    rng = np.random.default_rng(21)
    first, second = rng.normal(size=(2, 5000))

    found = bland_altman(first, second)

    s = found.points["difference"].std()
    half = 1.96 * s * np.sqrt(1 / 5000 + 1.96**2 / (2 * 4999))
    assert found.upper.high - found.upper.value == pytest.approx(half, rel=0.02)
    assert found.upper.value - found.upper.low == pytest.approx(half, rel=0.02)


def test_clusters_of_one_near_the_independent_interval():
    rng = np.random.default_rng(22)
    first, second = rng.normal(size=(2, 5000))

    plain, grouped = (
        bland_altman(first, second),
        bland_altman(first, second, clusters=range(5000)),
    )

    for name in ("bias", "lower", "upper", "slope"):
        one, other = getattr(plain, name), getattr(grouped, name)
        assert (other.value, other.clusters) == (one.value, 5000)
        assert other.high - other.low == pytest.approx(one.high - one.low, rel=0.04)


def test_clusters_that_differ_widen_the_intervals():
    rng = np.random.default_rng(23)
    session = np.repeat(np.arange(40), 10)
    first = rng.normal(size=400) + rng.normal(size=40)[session]

    plain = bland_altman(first, np.zeros(400))
    grouped = bland_altman(first, np.zeros(400), clusters=session)

    for name in ("bias", "lower", "upper"):
        one, other = getattr(plain, name), getattr(grouped, name)
        assert other.high - other.low > 1.3 * (one.high - one.low)


def test_slope_finds_an_observer_who_stretches_the_scale():
    rng = np.random.default_rng(24)
    height = rng.normal(size=200)

    found = bland_altman(1.5 * height + rng.normal(0, 0.2, 200), height)

    assert found.slope.low > 0.3


@pytest.mark.parametrize(
    ("first", "second", "clusters", "reason"),
    [
        ([np.nan] * 12, [1] * 12, None, "no_overlap"),
        ([1, 2, 3], [1, 2, 4], None, "too_few_rows"),
        ([1, 2, 3, 4] * 3, [1, 2, 2, 5] * 3, [0, 1] * 6, "too_few_clusters"),
    ],
)
def test_bland_altman_says_why_it_is_insufficient(first, second, clusters, reason):
    found = bland_altman(first, second, clusters)

    assert {found.bias.reason, found.lower.reason, found.upper.reason, found.slope.reason} == {
        reason
    }


@pytest.mark.parametrize(("apart", "reason"), [(0, "perfect_agreement"), (2, "at_boundary")])
def test_differences_that_are_all_the_same_have_no_interval(apart, reason):
    first = np.arange(12.0)

    found = bland_altman(first + apart, first)

    assert (found.bias.value, found.bias.low, found.bias.reason) == (apart, None, reason)
    assert (found.upper.value, found.upper.reason) == (apart, reason)
    assert (found.slope.value, found.slope.reason) == (0.0, "at_boundary")


def test_slope_without_spread_of_means_is_insufficient():
    found = bland_altman([1, 2] * 6, [2, 1] * 6)

    assert found.slope.reason == "zero_variance"
    assert found.bias.value == 0


def test_clusters_that_cancel_leave_no_interval():
    found = bland_altman([1, 3, 2, 4] * 10, [2, 2, 3, 3] * 10, np.repeat(np.arange(20), 2))

    assert (found.bias.value, found.bias.low, found.bias.reason) == (0.0, None, "clusters_alike")
