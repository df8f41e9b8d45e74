import numpy as np
import pandas as pd
import pytest

from measurement.shrinkage import shrink_means, shrink_shares

Y = [-2.1, 0.3, 1.8, 2.9, 0.7, -0.4, 3.3, 1.1, 4.9, 0.2]
SE = [0.5, 0.8, 1.1, 0.6, 0.9, 0.7, 1.3, 0.4, 1.0, 0.85]
# Efron & Morris (1975), J. Am. Stat. Assoc. 70, 311–319, table 1: hits in the first 45 at bats.
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]


@pytest.mark.parametrize(
    ("method", "tau2", "mu", "first", "digits"),
    [  # R 4.2.2, metafor 3.8-1: rma(y, sei = se, method = ), blup()
        ("REML", 3.40780919624, 1.16264067292, -1.877008552, 1e-8),
        ("DL", 3.43150672732, 1.16321827948, -1.878404705, 1e-8),
        ("PM", 3.38551246463, 1.16209142316, -1.875678707, 2e-5),
    ],
)
def test_means_equal_metafor(method, tau2, mu, first, digits):
    found = shrink_means(Y, SE, range(10), method, morris=False)

    assert found.spread == pytest.approx(tau2, abs=digits)
    assert found.mean.value == pytest.approx(mu, abs=digits)
    assert found.table["shrunken"].iloc[0] == pytest.approx(first, abs=digits)


def test_intervals_without_correction_equal_metafor():
    found = shrink_means(Y, SE, range(10), morris=False).table

    se = (found["high"] - found["shrunken"]) / 1.959963984540054
    assert se.iloc[:3].tolist() == pytest.approx([0.4845890903, 0.7409782231, 0.9597223518])


def test_equal_variances_give_james_and_stein():
    # With equal variances and DL, Morris' rule is Efron & Morris' estimator, 1 − (k−3)v / S.
    shares = np.array(HITS) / 45
    y = np.sqrt(45) * np.arcsin(2 * shares - 1)
    kept = 1 - 15 / ((y - y.mean()) ** 2).sum()

    found = shrink_means(y, np.ones(18), range(18), "DL").table

    assert found["kept"].tolist() == pytest.approx([kept] * 18)
    assert kept == pytest.approx(0.209, abs=0.0006)
    assert found["shrunken"].tolist() == pytest.approx((y.mean() + kept * (y - y.mean())).tolist())


def test_morris_intervals_are_wider():
    plain, corrected = (shrink_means(Y, SE, range(10), morris=m).table for m in (False, True))

    width = [(table["high"] - table["low"]).mean() for table in (plain, corrected)]
    assert width[1] > width[0]


@pytest.mark.parametrize("method", ["REML", "PM", "DL"])
def test_places_no_further_apart_than_chance_share_the_mean(method):
    found = shrink_means([0.1, -0.1, 0.0, 0.05, -0.05, 0.02], [1.0] * 6, range(6), method, False)

    assert found.spread == 0
    assert found.table["shrunken"].tolist() == pytest.approx([found.mean.value] * 6)


def test_thin_places_move_most():
    found = shrink_means([10.0, 10, 0, 0, -5, 5], [0.1, 5, 1, 1, 1, 1], range(6)).table

    assert found["kept"].iloc[0] > 0.99
    assert found["kept"].idxmin() == 1
    assert abs(found["shrunken"].iloc[1] - 10) > 1


def test_shares_equal_direct_maximisation_in_r():
    found = shrink_shares([3, 8, 2, 12, 7, 15, 1, 9], [10, 12, 9, 20, 8, 30, 11, 10], range(8))

    assert found.mean.value == pytest.approx(0.5167783141, abs=1e-6)
    assert found.spread == pytest.approx(0.2017601941, abs=1e-6)
    total = 1 / found.spread - 1
    assert found.table["shrunken"].iloc[0] == pytest.approx(
        (found.mean.value * total + 3) / (total + 10)
    )


def test_shares_that_differ_by_chance_only_have_no_interval_of_their_own():
    found = shrink_shares([5] * 8, [10] * 8, range(8))

    assert (found.spread, found.mean.value) == (0, 0.5)
    assert found.table["low"].isna().all()


def test_all_or_none_of_one_place_is_drawn_in():
    found = shrink_shares([2, 9, 12, 4, 6, 0], [2, 20, 20, 20, 20, 20], range(6)).table

    assert 0.3 < found["shrunken"].iloc[0] < 1
    assert found["shrunken"].iloc[5] > 0


@pytest.mark.parametrize(
    ("y", "se", "reason"),
    [([1.0, 2], [1, 1], "too_few_rows"), ([np.nan] * 6, [1] * 6, "all_missing")],
)
def test_means_say_why_they_are_insufficient(y, se, reason):
    found = shrink_means(y, se, range(len(y)))

    assert (found.mean.reason, len(found.table)) == (reason, 0)


@pytest.mark.parametrize(
    ("yes", "n", "reason"),
    [
        ([1, 2], [3, 4], "too_few_rows"),
        ([0] * 6, [9] * 6, "zero_variance"),
        ([0, 1] * 3, [1] * 6, "not_identified"),
        ([np.nan] * 6, [9] * 6, "all_missing"),
    ],
)
def test_shares_say_why_they_are_insufficient(yes, n, reason):
    assert shrink_shares(yes, n, range(len(yes))).mean.reason == reason


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shrink_means(Y, [0.0] * 10, range(10)), "above 0"),
        (lambda: shrink_means(Y, SE, range(9)), "one entry"),
        (lambda: shrink_means(Y, SE, ["a"] * 10), "once"),
        (lambda: shrink_means(Y, SE, range(10), "EB"), "one of REML"),
        (lambda: shrink_means([np.inf, *Y[1:]], SE, range(10)), "finite"),
        (lambda: shrink_shares([3] * 5, [2] * 5, range(5)), "whole numbers"),
    ],
)
def test_shrinkage_refuses_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_places_keep_their_order_and_gaps_are_left_out():
    found = shrink_means(pd.Series([*Y, np.nan]), [*SE, 1.0], list("abcdefghijk")).table

    assert found["place"].tolist() == list("abcdefghij")


def test_shares_of_many_places_without_a_single_no_are_fitted_without_warnings():
    # At the edge of the search a + b is so small that it vanished beside n: b + n − x came out 0.
    n = np.array([180, 197, 195, 240, 210, 205, 190, 220] * 20)
    yes = n - np.array([0, 0, 0, 2, 30, 60, 1, 110] * 20)

    found = shrink_shares(yes, n, range(160))

    assert 0.8 < found.mean.value < 0.9
    assert 0.3 < found.spread < 0.4
