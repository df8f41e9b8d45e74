import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.attrition import (
    CAUTIOUS,
    OPTIMISTIC,
    attrition,
    lee_bounds,
    response_weights,
)


def arms(lost_treated, lost_control, size=100):
    arm = pd.Series(np.repeat([1, 0], size))
    seen = np.ones(2 * size, dtype=bool)
    seen[:lost_treated] = False
    seen[size : size + lost_control] = False
    return arm, seen


@pytest.mark.parametrize(
    ("lost", "boundary"),
    [  # overall 8, 20, 20 and 30 % with the boundaries 6.3/10.9, 5.4/10.0 and 4.1/8.2
        ((6, 10), "low"),
        ((16, 24), "depends"),
        ((14, 26), "high"),
        ((28, 32), "low"),
        ((65, 65), "depends"),
        ((70, 70), "high"),
    ],
)
def test_attrition_is_set_against_the_boundaries(lost, boundary):
    found = attrition(*arms(*lost))

    assert found.overall == pytest.approx(sum(lost) / 200)
    assert found.differential == pytest.approx(abs(lost[0] - lost[1]) / 100)
    assert found.boundary == boundary


def test_boundaries_have_one_entry_per_percent():
    assert (len(CAUTIOUS), len(OPTIMISTIC)) == (58, 66)


def test_attrition_of_one_arm_is_insufficient():
    assert attrition(pd.Series([1, 1]), [True, False]).reason == "one_group"
    assert attrition(pd.Series([], dtype=float), []).reason == "too_few_rows"


def test_attrition_refuses_lists_of_different_length():
    with pytest.raises(ValueError, match="one entry for each row"):
        attrition(pd.Series([1, 0]), [True])


def test_lee_bounds_by_hand():
    # 8 of 10 seen in the treated arm, 6 of 10 in the other: a quarter, two rows, is cut.
    y = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, np.nan, np.nan, *[3.0] * 6, *[np.nan] * 4])
    arm = pd.Series([1] * 10 + [0] * 10)

    found = lee_bounds(y, arm, np.arange(20), np.random.default_rng(0))

    assert found.trimmed == pytest.approx(0.25)
    assert found.low.value == pytest.approx(np.mean([1, 2, 3, 4, 5, 6]) - 3)
    assert found.high.value == pytest.approx(np.mean([3, 4, 5, 6, 7, 8]) - 3)
    assert found.interval[0] < found.low.value < found.high.value < found.interval[1]


def test_lee_bounds_count_the_row_on_the_border_in_part():
    y = np.array([1.0, 2, 3, 4, 0, 0, 0, np.nan])
    arm = pd.Series([1] * 4 + [0] * 4)

    found = lee_bounds(np.tile(y, 5), pd.concat([arm] * 5), np.arange(40), np.random.default_rng(0))

    assert found.low.value == pytest.approx((1 + 2 + 3) / 3)
    assert found.trimmed == pytest.approx(0.25)


def test_lee_bounds_hold_the_effect_when_the_low_leave():
    rng = np.random.default_rng(4)
    arm, cluster = np.repeat([1, 0], 2000), np.arange(4000) // 20
    y = rng.normal(size=4000) + 0.5 * arm
    y[(arm == 0) & (y < -0.5)] = np.nan

    found = lee_bounds(y, pd.Series(arm), cluster, rng, resamples=200)

    naive = np.nanmean(y[arm == 1]) - np.nanmean(y[arm == 0])
    assert naive < 0.1
    assert found.low.value < 0.5 < found.high.value + 0.1


@pytest.mark.parametrize(
    ("y", "cluster", "reason"),
    [
        ([np.nan] * 8, range(8), "all_missing"),
        ([1, 2, 3, 4, *[np.nan] * 4], range(8), "one_group"),
        ([1.0] * 8, [1, 2] * 4, "too_few_clusters"),
    ],
)
def test_lee_bounds_say_why_they_are_insufficient(y, cluster, reason):
    found = lee_bounds(y, pd.Series([1] * 4 + [0] * 4), list(cluster), np.random.default_rng(0))

    assert (found.low.reason, found.interval) == (reason, None)


def test_response_weights_undo_what_depends_on_the_start():
    rng = np.random.default_rng(5)
    x = rng.normal(size=5000)
    seen = rng.random(5000) < 1 / (1 + np.exp(-x))
    frame = pd.DataFrame({"x": x, "seen": seen})

    weights = response_weights(frame, "seen", ["x"])

    assert weights[seen].sum() == pytest.approx(seen.sum())
    assert (weights[~seen] == 0).all()
    assert x[seen].mean() > 0.3
    assert np.average(x, weights=weights) == pytest.approx(0, abs=0.06)


def test_response_weights_equal_r_glm():
    # R 4.2.2: w <- 1 / fitted(glm(seen ~ x, binomial)), scaled to the number of those seen.
    frame = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6, 7, 8], "seen": [0, 1, 0, 1, 0, 1, 1, 1]})

    found = response_weights(frame, "seen", ["x"])

    assert found.tolist() == pytest.approx(
        [
            0.000000000,
            1.866711416,
            0.000000000,
            1.025198975,
            0.000000000,
            0.751325863,
            0.694570829,
            0.662192918,
        ],
        abs=1e-6,
    )


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"x": [1.0, 2], "seen": [1, 1]}), "one_group"),
        (pd.DataFrame({"x": [np.nan], "seen": [1]}), "all_missing"),
        (pd.DataFrame({"x": [1.0, 2, 3, 4], "seen": [0, 0, 1, 1]}), "perfect_separation"),
    ],
)
def test_response_weights_say_why_there_are_none(frame, reason):
    assert response_weights(frame, "seen", ["x"]) == reason
