"""Codes of somebody in training against the master codes."""

import math

import pytest

from measurement.agreement import against_master, exact_agreement, quadratic_kappa, within
from measurement.estimates import Reason

NAN = math.nan
MASTER = [0, 1, 2, 3, 0, 1, 2, 3, 1, 2]
GIVEN = [0, 1, 1, 3, 1, 1, 2, 1, 1, 2]


def test_against_master_is_what_two_observers_would_get():
    found = against_master(MASTER, GIVEN)

    assert found["exact"] == exact_agreement(MASTER, GIVEN)
    assert found["within_one"] == within(MASTER, GIVEN, 1)
    assert found["kappa"] == quadratic_kappa(MASTER, GIVEN)


def test_not_applicable_on_one_side_disagrees_and_on_both_agrees():
    found = against_master([*MASTER, NAN, NAN, 2], [*GIVEN, NAN, 1, NAN])

    assert (found["exact"].value, found["exact"].n) == (8 / 13, 13)
    assert (found["within_one"].value, found["within_one"].n) == (10 / 13, 13)
    assert found["kappa"] == quadratic_kappa(MASTER, GIVEN)


def test_always_the_same_value_has_no_kappa_but_an_exact_agreement():
    found = against_master(MASTER, [1] * 10)

    assert found["kappa"].value is None
    assert found["kappa"].reason == Reason.ZERO_VARIANCE
    assert found["exact"].value == pytest.approx(0.3)


def test_nothing_coded_has_no_figure():
    assert {one.reason for one in against_master([], []).values()} == {Reason.NO_OVERLAP}


@pytest.mark.parametrize(("master", "given"), [([1, 2], [1]), ([[1]], [[1]]), ([1], [math.inf])])
def test_against_master_refuses_what_is_no_list_of_codes(master, given):
    with pytest.raises(ValueError, match=r"\.$"):
        against_master(master, given)
