import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.agreement import icc, mean_squares
from measurement.criterion import change
from measurement.estimates import Reason

# Shrout & Fleiss (1979), table 2, observers 1 and 4, as if they were two times.
FIRST, SECOND = np.array([9.0, 6, 8, 7, 10, 6]), np.array([8.0, 2, 8, 6, 9, 7])
COUNTS = {"improved": 1, "no_reliable_change": 2, "worse": 1}


def test_retest_error_is_that_of_the_mean_squares():
    _, occasions, residual, _ = mean_squares(np.column_stack([FIRST, SECOND]))

    agreeing = change.test_retest(FIRST, SECOND)
    consistent = change.test_retest(FIRST, SECOND, "ICC(3,1)")

    variance = (occasions - residual) / 6 + residual
    assert agreeing.sem.value == pytest.approx(np.sqrt(variance), rel=1e-12)
    assert agreeing.sem.value == pytest.approx(np.sqrt(((FIRST - SECOND) ** 2).mean() / 2))
    assert consistent.sem.value == pytest.approx(np.sqrt(residual), rel=1e-12)
    frame = pd.DataFrame({"first": FIRST, "second": SECOND})
    assert agreeing.icc == icc(frame)["ICC(2,1)"]
    assert consistent.icc == icc(frame)["ICC(3,1)"]


def test_smallest_detectable_change_by_hand():
    found = change.test_retest(FIRST, SECOND, "ICC(3,1)")

    # d = −1, −4, 0, −1, −1, 1: mean −1, variance 14/5; SEM √1.4, SDC 1.96·√2·√1.4
    assert found.shift.value == -1
    assert found.sem.value == pytest.approx(np.sqrt(1.4))
    assert found.smallest_change.value == pytest.approx(1.959964 * np.sqrt(2.8), rel=1e-6)
    low, high = np.sqrt(5 * 1.4 / stats.chi2.ppf([0.975, 0.025], 5))
    assert (found.sem.low, found.sem.high) == pytest.approx((low, high), rel=1e-12)


def test_retest_guards():
    same = change.test_retest([1, 2, 3, 4], [1, 2, 3, 4])
    constant = change.test_retest([1, 2, 3, 4], [2, 2, 2, 2])
    few = change.test_retest([1, 2, np.nan], [1, 2, 3])

    assert (same.sem.value, same.sem.reason) == (0, Reason.PERFECT_AGREEMENT)
    assert same.shift.reason == Reason.ZERO_VARIANCE
    assert constant.sem.reason == Reason.ZERO_VARIANCE
    assert {few.sem.reason, few.icc.reason, few.shift.reason} == {Reason.TOO_FEW_ROWS}
    with pytest.raises(ValueError, match=r"ICC\(2,1\) or ICC\(3,1\)"):
        change.test_retest(FIRST, SECOND, "ICC(1,1)")


def test_responsiveness_by_hand():
    first, second = np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 4, 4, 6, 9])
    stable = [False, False, False, True, True]

    found = change.responsiveness(first, second)

    # d = 1, 2, 1, 2, 4: mean 2, SD √1.5; SD of the first √2.5
    assert found.change.value == 2
    assert found.standardized_response_mean.value == pytest.approx(2 / np.sqrt(1.5))
    assert found.effect_size.value == pytest.approx(2 / np.sqrt(2.5))
    assert found.guyatt.reason == Reason.NOT_RECORDED
    few = change.responsiveness(first, second, stable)
    assert few.change.value == pytest.approx(4 / 3)
    assert few.guyatt.reason == Reason.TOO_FEW_ROWS


def test_guyatt_by_hand():
    d = np.array([3.0, 4, 5, 6, -1, 0, 1, 0])
    stable = np.arange(8) >= 4

    found = change.responsiveness(np.zeros(8), d, stable).guyatt

    # 4.5 / √(2/3); large-sample variance s²_d/n/s² + value²·(kurtosis − 1)/(4 n₀)
    assert found.value == pytest.approx(4.5 / np.sqrt(2 / 3))
    assert (found.n, found.method) == (8, "Guyatt, robust SE, t")
    variance = 1.25 / 4 / (2 / 3) + found.value**2 / 4 * (2 - 1) / 4
    half = stats.t.isf(0.025, 7) * np.sqrt(8 / 7 * variance)
    assert found.high - found.value == pytest.approx(half, rel=1e-12)


def test_robust_error_of_the_response_mean_is_near_that_of_normal_scores():
    rng = np.random.default_rng(5)
    first = rng.normal(size=4000)
    second = first + 0.8 + rng.normal(size=4000)

    found = change.responsiveness(first, second).standardized_response_mean

    # 1/n + SRM²/(2n), the delta method for normal scores
    se = np.sqrt((1 + found.value**2 / 2) / 4000)
    assert (found.high - found.value) / 1.96 == pytest.approx(se, rel=0.05)


@pytest.mark.parametrize(
    ("first", "second", "clusters", "reason"),
    [
        ([1, np.nan, 2, np.nan], [np.nan, 1, np.nan, 2], None, Reason.NO_OVERLAP),
        ([1, 2], [2, 3], None, Reason.TOO_FEW_ROWS),
        ([1, 2, 3, 4], [2, 2, 4, 4], ["a", "a", "b", "b"], Reason.TOO_FEW_CLUSTERS),
    ],
)
def test_responsiveness_that_cannot_be_is_a_reason(first, second, clusters, reason):
    found = change.responsiveness(first, second, clusters=clusters)

    assert {one.reason for one in vars(found).values()} == {reason}


def test_change_without_spread_has_no_standardized_mean():
    found = change.responsiveness([1, 2, 3, 4], [2, 3, 4, 5])

    assert found.standardized_response_mean.reason == Reason.ZERO_VARIANCE
    assert found.effect_size.sufficient
    flat = change.responsiveness([1, 1, 1, 1, 1, 1], [1, 2, 3, 1, 1, 1], [0, 0, 0, 1, 1, 1])
    assert flat.effect_size.reason == flat.guyatt.reason == Reason.ZERO_VARIANCE
    with pytest.raises(ValueError, match="true or false"):
        change.responsiveness([1, 2, 3], [1, 2, 4], [0, 1, 2])


def test_reliable_change_by_hand():
    # S_E = 7.5·√.2 = 3.354; S_diff = √2·S_E = 4.74; (47.5 − 32.5) / 4.74 = 3.16
    found = change.reliable_change_index([32.5], [47.5], 0.8, sd=7.5)

    assert found.units["index"][0] == pytest.approx(3.16, abs=0.005)
    assert found.smallest_change / 1.959964 == pytest.approx(4.74, abs=0.005)
    assert found.units["verdict"][0] == "improved"


def test_each_unit_gets_its_verdict():
    first = pd.Series([10.0, 10, 10, 10, np.nan], index=list("abcde"))

    found = change.reliable_change_index(first, [20, 11, 10, 0, 5], 0.5, sd=4)
    lower = change.reliable_change_index(first, [20, 11, 10, 0, 5], 0.5, 4, higher_is_better=False)

    assert list(found.units["verdict"][:4]) == ["improved", *["no_reliable_change"] * 2, "worse"]
    assert pd.isna(found.units.loc["e", "verdict"])
    assert {name: round(one.value * 4) for name, one in found.shares.items()} == COUNTS
    assert lower.units["verdict"]["a"] == "worse"
    assert found.by_chance == pytest.approx(0.025)


def test_chosen_low_scores_are_warned_about():
    first, second = [30, 32, 34, 36], [40, 40, 40, 40]

    found = change.reliable_change_index(first, second, 0.6, 10, population_mean=50)

    assert found.warning == "regression_to_the_mean"
    assert found.regression.value == pytest.approx(0.4 * 17)


def test_a_group_like_its_population_is_not_warned_about():
    found = change.reliable_change_index([45, 55, 50], [50, 50, 50], 0.6, 10, population_mean=51)

    assert found.warning == ""


def test_an_unknown_population_is_said():
    found = change.reliable_change_index([45, 55, 50], [50, 50, 50], 0.6)

    assert (found.warning, found.regression.reason) == ("population_unknown", Reason.NOT_RECORDED)


def test_reliable_change_guards():
    few = change.reliable_change_index([1, 2], [2, 3], 0.8)
    flat = change.reliable_change_index([2, 2, 2], [1, 2, 3], 0.8)
    exact = change.reliable_change_index([1, 2, 3], [1, 2, 3], 1)

    assert (few.reason, few.shares) == (Reason.TOO_FEW_ROWS, {})
    assert flat.reason == exact.reason == Reason.ZERO_VARIANCE
    with pytest.raises(ValueError, match="between 0 and 1"):
        change.reliable_change_index([1], [2], -0.2, 3)
