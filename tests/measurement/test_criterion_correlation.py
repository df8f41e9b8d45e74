import numpy as np
import pytest
from scipy import stats

from measurement.criterion import correlation, disattenuated_correlation
from measurement.estimates import Estimate, Reason


def pairs(n=60, rho=0.5, seed=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return x, rho * x + np.sqrt(1 - rho**2) * rng.normal(size=n)


def test_correlation_equals_scipy():
    x, y = pairs()

    found, expected = correlation(x, y), stats.pearsonr(x, y)

    low, high = expected.confidence_interval()
    assert [found.value, found.low, found.high] == pytest.approx(
        [expected.statistic, low, high], rel=1e-12
    )


def test_fishers_interval_by_hand():
    # r = .5, n = 28: z = .5493 ± 1.96/5 → tanh(.1573), tanh(.9413)
    x = np.repeat([-1.0, 1.0], 14)
    y = np.where(np.arange(28) % 14 < 7, 1, -1) * np.sqrt(3) + x

    found = correlation(x, y)

    assert [found.value, found.low, found.high] == pytest.approx([0.5, 0.156, 0.736], abs=1e-3)


def test_rows_with_a_gap_are_left_out():
    x, y = pairs()

    found = correlation([*x, np.nan, 1], [*y, 1, np.nan])

    assert found == correlation(x, y)


def test_repeated_rows_in_clusters_know_no_more_than_one_each():
    x, y = pairs(30)

    once = correlation(x, y, np.arange(30))
    thrice = correlation(np.tile(x, 3), np.tile(y, 3), np.tile(np.arange(30), 3))

    assert [thrice.low, thrice.high] == pytest.approx([once.low, once.high], rel=1e-12)
    assert (thrice.n, thrice.clusters) == (90, 30)


@pytest.mark.parametrize(
    ("x", "y", "clusters", "reason"),
    [
        ([1, np.nan], [np.nan, 2], None, Reason.NO_OVERLAP),
        ([1, 2, 3], [1, 2, 4], None, Reason.TOO_FEW_ROWS),
        ([1, 1, 1, 1], [1, 2, 4, 3], None, Reason.ZERO_VARIANCE),
        ([1, 2, 4, 3], [0.1, 0.1, 0.1, 0.1], None, Reason.ZERO_VARIANCE),
        ([1, 2, 3, 4], [1, 2, 4, 3], [1, 1, 2, 2], Reason.TOO_FEW_CLUSTERS),
    ],
)
def test_correlations_that_cannot_be_are_reasons(x, y, clusters, reason):
    assert correlation(x, y, clusters).reason == reason
    assert disattenuated_correlation(x, y, 0.8, 0.8, clusters).reason == reason


def test_perfect_correlation_has_no_interval():
    found = correlation([1, 2, 3, 4], [2, 4, 6, 8])
    opposite = correlation([1, 2, 3, 4], [-2, -4, -6, -8])

    assert (found.value, found.low, found.reason) == (1, None, Reason.PERFECT_AGREEMENT)
    assert (opposite.value, opposite.reason) == (-1, Reason.PERFECT_AGREEMENT)


def test_correlation_freed_from_noise_by_hand():
    x, y = pairs()
    raw = correlation(x, y)

    found = disattenuated_correlation(x, y, 0.8, 0.45)

    assert [found.value, found.low, found.high] == pytest.approx(
        [raw.value / 0.6, raw.low / 0.6, raw.high / 0.6], rel=1e-12
    )


def test_correction_beyond_one_is_shown():
    x, y = pairs(rho=0.9)

    assert disattenuated_correlation(x, y, 0.6, 0.6).value > 1


def test_noise_of_the_criterion_alone_may_be_known():
    x, y = pairs()

    assert disattenuated_correlation(x, y, 1).value == pytest.approx(correlation(x, y).value)


def test_reliabilities_may_be_estimates():
    x, y = pairs()
    unknown = Estimate.insufficient(Reason.ONE_RATER, 60)

    found = disattenuated_correlation(x, y, Estimate(0.64, 0.5, 0.8, 60), 1)

    assert found.value == pytest.approx(correlation(x, y).value / 0.8)
    assert disattenuated_correlation(x, y, unknown).reason == Reason.ONE_RATER
    assert disattenuated_correlation(x, y, -0.1).reason == Reason.NEGATIVE_VARIANCE
    with pytest.raises(ValueError, match="at most 1"):
        disattenuated_correlation(x, y, 1.2)


def test_lists_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="same length"):
        correlation([1, 2], [1])
    with pytest.raises(ValueError, match="finite"):
        correlation([1, np.inf], [1, 2])
    with pytest.raises(ValueError, match="one entry"):
        correlation([1, 2], [1, 2], ["a"])
    with pytest.raises(ValueError, match="needs the cluster"):
        correlation([1, 2], [1, 2], ["a", None])
