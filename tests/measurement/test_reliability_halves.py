from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from measurement.reliability import cronbach_alpha, split_halves

ATTITUDE = pd.read_csv(Path(__file__).parent / "attitude.csv")


def test_best_half_equals_reference(reference):
    data, expected = reference("alpha_attitude")

    found = split_halves(data)

    assert found.highest.value == pytest.approx(expected["split_half"]["max_lambda4"], abs=1e-12)


def test_every_half_of_seven_items_is_tried():
    r, each = ATTITUDE.corr().to_numpy(), []
    for half in combinations(range(7), 3):
        others = [item for item in range(7) if item not in half]
        each.append(4 * r[np.ix_(half, others)].sum() / r.sum())

    found = split_halves(ATTITUDE)

    assert (found.splits, found.exhaustive) == (35, True)
    assert found.highest.value == pytest.approx(max(each))
    assert found.lowest.value == pytest.approx(min(each))
    # R psych 2.2.9 prints .7433438377 as the lowest: that of the first 18 splits only.
    assert min(each[:18]) == pytest.approx(0.7433438377335, abs=1e-12)


def test_mean_of_all_halves_is_standardised_alpha():
    even = ATTITUDE.drop(columns="critical")

    found = split_halves(even)

    assert found.splits == 10
    assert found.mean.value == pytest.approx(cronbach_alpha(even).standardised.value, abs=1e-12)


def test_many_items_are_halved_at_random():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(50, 1)) + rng.normal(size=(50, 24)))

    found = split_halves(frame, rng, most=30_000)

    assert (found.splits, found.exhaustive) == (30_000, False)
    assert found.mean.value == pytest.approx(cronbach_alpha(frame).standardised.value, abs=0.001)


def test_two_items_have_one_half():
    found = split_halves(ATTITUDE[["rating", "raises"]])

    r = ATTITUDE["rating"].corr(ATTITUDE["raises"])
    assert found.splits == 1
    assert found.highest.value == found.lowest.value == pytest.approx(2 * r / (1 + r))


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (ATTITUDE[["rating"]], "too_few_items"),
        (ATTITUDE.iloc[:2], "too_few_rows"),
        (ATTITUDE * np.nan, "all_missing"),
        (ATTITUDE.assign(same=1), "zero_variance"),
        (pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 2, 1]}), "zero_variance"),
    ],
)
def test_halves_say_why_they_are_insufficient(frame, reason):
    found = split_halves(frame)

    assert {found.highest.reason, found.lowest.reason, found.mean.reason} == {reason}


def test_halves_of_many_items_need_a_seed():
    with pytest.raises(ValueError, match="give an rng"):
        split_halves(ATTITUDE, most=10)
