import numpy as np
import pytest
from scipy import stats

from measurement.estimates import Estimate, Reason
from measurement.occasions import mean_of_visits, spread


def test_spread_is_the_error_of_an_analysis_of_variance():
    # Two rooms of six visits: sums of squares 17.5 and 70 on 5 degrees of freedom each.
    scores = [1, 2, 3, 4, 5, 6, 0, 2, 4, 6, 8, 10]

    found = spread(scores, ["a"] * 6 + ["b"] * 6)

    assert found.value == pytest.approx(np.sqrt((17.5 + 70) / 10))
    assert (found.n, found.clusters) == (12, 10)


def test_spread_leaves_out_visits_without_a_score():
    scores = [1, 2, 3, 4, 5, 6, np.nan, 0, 2, 4, 6, 8, 10]

    assert spread(scores, ["a"] * 7 + ["b"] * 6).clusters == 10


def test_mean_of_visits_has_the_interval_of_its_number_of_visits():
    sd = Estimate(8.0, None, None, 40, 30, method="CR1, pooled")

    one, four = mean_of_visits([60], sd), mean_of_visits([60, 60, 60, 60], sd)

    t = stats.t.isf(0.025, 30)
    assert (one.low, one.high) == pytest.approx((60 - 8 * t, 60 + 8 * t))
    assert (four.low, four.high) == pytest.approx((60 - 4 * t, 60 + 4 * t))
    assert (one.n, four.n) == (1, 4)


def test_mean_of_visits_without_spread_stands_alone_with_the_reason():
    found = mean_of_visits([60, 70], spread([60, 70], ["a", "a"]))

    assert (found.value, found.low, found.n) == (65.0, None, 2)
    assert found.reason == Reason.TOO_FEW_ROWS


@pytest.mark.parametrize(
    ("scores", "reason"), [([], Reason.TOO_FEW_ROWS), ([np.nan], Reason.ALL_MISSING)]
)
def test_mean_of_no_visits_says_why(scores, reason):
    sd = Estimate(8.0, None, None, 40, 30, method="CR1, pooled")

    assert mean_of_visits(scores, sd).reason == reason


def test_intervals_cover_the_true_score_of_places_as_often_as_they_claim():
    rng = np.random.default_rng(5)
    inside = 0
    for _sample in range(400):
        true = rng.normal(50, 10, 10)
        visits = true[:, None] + rng.normal(0, 8, (10, 3))
        sd = spread(visits.ravel(), np.repeat(np.arange(10), 3))
        for room in range(10):
            found = mean_of_visits(visits[room], sd)
            inside += found.low <= true[room] <= found.high

    assert inside / 4000 == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 400))
