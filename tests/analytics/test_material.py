"""Ratings laid out in the ways that the parts of the validity report need them."""

import numpy as np
import pandas as pd
import pytest

from tests.factories import ratings as make

pytestmark = pytest.mark.django_db
ITEMS = pd.DataFrame(
    [("a", "CAL", 0, 3), ("b", "CAL", 0, 3), ("c", "LEN", 0, 1)],
    columns=["item", "domain", "minimum", "maximum"],
)


def given(rows: list[tuple], **known) -> pd.DataFrame:
    """Ratings of (subject, rater, cycle, item, value)."""
    frame = pd.DataFrame(rows, columns=["subject", "rater", "cycle", "item", "value"])
    return make.ratings(frame.assign(value=frame["value"].astype(float), **known))


def test_means_are_over_the_cycles_that_have_a_value():
    ratings = given([("u", "A", 1, "a", 3), ("u", "A", 2, "a", 0), ("u", "A", 2, "b", None)])

    means = make.material(ratings, ITEMS).means

    assert means["a"].tolist() == [1.5]
    assert means[["b", "c"]].isna().all(axis=None)


def test_steps_are_whole_and_of_the_first_cycle_that_has_one():
    ratings = given(
        [
            *[("u", "A", 2, "a", 0), ("u", "A", 1, "a", 3)],
            *[("u", "A", 1, "b", None), ("u", "A", 2, "b", 2)],
        ]
    )

    steps = make.material(ratings, ITEMS).steps

    assert steps[["a", "b"]].to_numpy().tolist() == [[3.0, 2.0]]


@pytest.mark.parametrize(
    ("low", "high", "value", "score"),
    [(0, 3, 3, 100), (0, 3, 0, 0), (1, 5, 3, 50), (-2, 2, -1, 25), (-5, -1, -5, 0), (1, 3, 2, 50)],
)
def test_score_runs_from_0_to_100_of_the_items_own_scale(low, high, value, score):
    items = make.items({"CAL": 2}, low, high)
    ratings = make.sheet({"A": {"u": value}})

    scores = make.material(ratings, items).scores

    assert scores[["CAL", "ALL"]].to_numpy().tolist() == [[score, score]]


def test_score_of_too_few_items_is_none_and_the_rest_is_left():
    ratings = given([("u", "A", 1, "a", 3), ("u", "A", 1, "b", None), ("u", "A", 1, "c", 1)])

    scores = make.material(ratings, ITEMS).scores

    assert np.isnan(scores.at["u A", "CAL"])
    assert scores.at["u A", "LEN"] == 100


def test_sessions_keep_their_order_and_what_is_known_of_them():
    ratings = given([("v", "B", 1, "a", 1), ("u", "A", 1, "a", 2)], centre="E1", region="norte")

    material = make.material(ratings, ITEMS)

    assert material.sessions.index.tolist() == ["v B", "u A"]
    assert material.sessions["centre"].tolist() == ["E1", "E1"]
    assert material.grouped
    assert material.means["a"].tolist() == [1.0, 2.0]


def test_rows_that_lie_alone_are_not_grouped():
    ratings = given([("v", "B", 1, "a", 1), ("u", "A", 1, "a", 2)])

    assert not make.material(ratings, ITEMS).grouped


def test_double_holds_what_two_raters_saw_and_neither_repeats_nor_what_may_not_be_compared():
    twice = [(subject, rater, 1, "a", 1) for subject in "uvw" for rater in "AB"]
    ratings = given([*twice, ("x", "A", 1, "a", 2)])
    ratings.loc[ratings["session"] == "v B", "duplicate"] = True
    ratings.loc[ratings["session"] == "w B", "comparable"] = False

    material = make.material(ratings, ITEMS)

    assert material.double.index.tolist() == ["u A", "u B"]
    assert material.once.tolist() == [True, True, True, False, True, True, True]


def test_domains_keep_the_order_of_the_instrument():
    ratings = given([("u", "A", 1, "c", 1), ("u", "A", 1, "a", 1)])

    assert make.material(ratings, ITEMS).domains == {"CAL": ["a", "b"], "LEN": ["c"]}


def test_item_that_the_instrument_does_not_have_is_left_out():
    ratings = given([("u", "A", 1, "a", 1), ("u", "A", 1, "z", 3)])

    assert list(make.material(ratings, ITEMS).means.columns) == ["a", "b", "c"]
