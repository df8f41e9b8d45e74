"""Ratings as they should not be: the report is whole all the same, and says what is missing."""

import numpy as np
import pandas as pd
import pytest

from analytics.reports import documents
from analytics.reports.validity import REPORT
from tests.analytics.reported import sentences, undeclared
from tests.analytics.test_validity_parts import parts
from tests.factories import ratings as make

pytestmark = pytest.mark.django_db
ITEMS = make.items({"CAL": 4})


def usual(items: pd.DataFrame = ITEMS, seed: int = 7) -> pd.DataFrame:
    """48 sessions: 12 rooms of 6 centres on two days by two of four observers."""
    return make.observed(np.random.default_rng(seed), items, centres=6, rooms=2, noise=0.8)


def first_seen(given: pd.DataFrame) -> pd.DataFrame:
    """One session of each subject."""
    return given[given["session"].isin(given.drop_duplicates("subject")["session"])]


def valued(given: pd.DataFrame, where, value) -> pd.DataFrame:
    """The ratings with another value, or none, ``where`` that holds."""
    state = "missing" if np.isnan(value) else "scored"
    return given.assign(
        value=given["value"].mask(where, value), state=given["state"].mask(where, state)
    )


def one_observer():
    return usual()[lambda given: given["rater"] == "O00"], ITEMS


def item_never_answered():
    given = usual()
    return valued(given, given["item"] == "CAL1", np.nan), ITEMS


def constant_item():
    given = usual()
    return valued(given, given["item"] == "CAL1", 2), ITEMS


def item_of_two_values():
    given = usual()
    return given.assign(
        value=given["value"].where(given["item"] != "CAL1", given["value"] > 1)
    ), ITEMS


def nothing_answered():
    given = usual()
    return valued(given, given["item"] != "", np.nan), ITEMS


def nothing_varies():
    given = usual()
    return valued(given, given["item"] != "", 1), ITEMS


def many_gaps():
    given = usual()
    return valued(given, np.random.default_rng(1).random(len(given)) < 0.4, np.nan), ITEMS


def every_observer_in_a_centre_of_her_own():
    given = first_seen(usual())
    return given.assign(rater="O" + given["centre"]), ITEMS


def pairs_that_never_leave_their_centre():
    given = usual()
    order = given.groupby(["subject", "item"]).cumcount().astype(str)
    return given.assign(rater=given["centre"] + order), ITEMS


def a_new_observer_each_time():
    given = usual()
    return given.assign(rater="O" + given["session"]), ITEMS


def two_rows():
    given = usual()
    return given[given["session"].isin(given["session"].unique()[:2])], ITEMS


def one_row():
    given = usual()
    return given[given["session"] == given["session"].iloc[0]], ITEMS


def repetitions_alone():
    first, _items = one_row()
    again = [first.assign(session=f"s{n}", line=float(n), duplicate=n > 0) for n in range(20)]
    return pd.concat(again), ITEMS


def one_room_alone():
    return usual().assign(subject="x", room="x", centre="x"), ITEMS


def one_item_beside_a_domain():
    items = make.items({"CAL": 3, "SOL": 1})
    return usual(items), items


def one_item_alone():
    items = make.items({"SOL": 1})
    return usual(items), items


def domains_of_one_item_each():
    items = make.items({f"D{number}": 1 for number in range(5)})
    return usual(items), items


def domain_called_like_an_item():
    items = ITEMS.assign(domain="CAL1")
    return usual(items), items


def sixty_items():
    items = make.items({"CAL": 60})
    return usual(items), items


def values_below_zero():
    items = make.items({"CAL": 4}, -5, -1)
    return usual(items), items


def a_scale_of_a_hundred():
    items = make.items({"CAL": 3}, 0, 100)
    return usual(items), items


def items_that_repeat_one_another():
    given = usual()
    first = given[given["item"] == "CAL1"].set_index("session")["value"]
    same = given["session"].map(first)
    return given.assign(value=given["value"].mask(given["item"] == "CAL2", same)), ITEMS


def observers_who_never_disagree():
    given = usual()
    return given.assign(value=given.groupby(["subject", "item"])["value"].transform("first")), ITEMS


@pytest.mark.parametrize(
    ("made", "reasons"),
    [
        (one_observer, {"one_rater", "too_few_rows"}),
        (item_never_answered, {"too_few_rows"}),
        (constant_item, {"zero_variance"}),
        (item_of_two_values, set()),
        (nothing_answered, {"all_missing", "no_overlap"}),
        (nothing_varies, {"zero_variance"}),
        (many_gaps, {"not_recorded"}),
        (every_observer_in_a_centre_of_her_own, {"no_overlap"}),
        (pairs_that_never_leave_their_centre, {"observers_confounded"}),
        (a_new_observer_each_time, {"observers_confounded"}),
        (two_rows, {"too_few_rows"}),
        (one_row, {"one_rater", "too_few_rows"}),
        (repetitions_alone, {"one_rater", "too_few_rows"}),
        (one_room_alone, {"not_recorded", "too_few_rows"}),
        (one_item_beside_a_domain, {"too_few_items"}),
        (one_item_alone, {"too_few_items"}),
        (domains_of_one_item_each, {"too_few_items"}),
        (domain_called_like_an_item, set()),
        (sixty_items, {"too_few_rows"}),
        (values_below_zero, set()),
        (a_scale_of_a_hundred, set()),
        (items_that_repeat_one_another, {"not_positive_definite"}),
        (observers_who_never_disagree, {"perfect_agreement"}),
    ],
)
def test_report_is_whole_and_says_what_it_lacks(made, reasons):
    given, items = made()

    result = parts(make.material(given.reset_index(drop=True), items))
    document = documents.build(REPORT, result)

    assert undeclared(REPORT, result) == []
    assert reasons <= set(sentences(REPORT, result))
    assert [section.key for section in document.sections] == [one.key for one in REPORT.sections]
    for section in document.sections:
        assert section.tables or section.notes, f"{section.key} says neither what nor why not"


@pytest.mark.parametrize("made", [item_never_answered, constant_item])
def test_item_that_tells_nothing_is_named_and_the_rest_is_modelled(made):
    result = parts(make.material(*made()))

    (left_out,) = [one for one in result["structure"]["notes"] if one["code"] == "items_left_out"]
    assert left_out["facts"]["items"] == "CAL1"
    assert {row["item"] for row in result["structure"]["tables"]["loadings"]} == {
        *("CAL2", "CAL3", "CAL4")
    }


def test_measure_with_too_many_values_is_named_and_the_rest_is_computed():
    given, items = a_scale_of_a_hundred()

    result = parts(make.material(given, items))

    named = [note for note in result["response"]["notes"] if note["code"] == "too_many_steps"]
    assert [note["facts"]["domain"] for note in named] == ["CAL"]
    assert all(row["alpha"]["sufficient"] for row in result["internal"]["tables"]["domains"])


def test_steps_of_a_scale_of_eleven_are_all_told():
    items = make.items({"CAL": 3}, 0, 10)
    given = make.observed(np.random.default_rng(1), items, centres=40, noise=1.0)

    found = parts(make.material(given, items))["response"]["tables"]["items"]

    assert {f"b{number}" for number in range(1, 11)} <= set(found[0])
