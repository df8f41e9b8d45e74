"""The figures of each part of the validity report, from ratings in memory."""

import json

import numpy as np
import pandas as pd
import pytest

from analytics.actions.validity import (
    agreement,
    criterion,
    generalizability,
    internal,
    ratings,
    response,
    structure,
)
from analytics.reports import documents
from analytics.reports.validity import REPORT
from tests.analytics.reported import undeclared
from tests.factories import ratings as make

pytestmark = pytest.mark.django_db
PAIR = make.items({"CAL": 2})


def parts(material) -> dict:
    """All parts of the report, as JSON gives them back."""
    context = make.InMemory(material.ratings)
    found = {
        "read": ratings.read(material),
        "items": ratings.items(material),
        "agreement": agreement.compute(material),
        "internal": internal.compute(material, context),
        "structure": structure.compute(material, context.rng("structure")),
        "response": response.compute(material, context.rng("response")),
        "generalizability": generalizability.compute(material),
        "criterion": criterion.compute(material),
    }
    return json.loads(json.dumps({"about": {}, "names": {}} | found, allow_nan=False))


ITEMS = make.items({"CAL": 3, "SEN": 3, "LEN": 3})


def observed() -> pd.DataFrame:
    """144 sessions: 36 rooms of 12 centres, on two days by two of four observers each."""
    return make.observed(np.random.default_rng(7), ITEMS)


def test_report_on_data_that_hold_all_is_declared_and_drawn_whole():
    given = observed()
    sessions = make.material(given, ITEMS).sessions
    criteria = pd.DataFrame({"other": np.arange(len(sessions)) % 7.0}, sessions.index)
    round_of = np.where(sessions["day"] == sessions["day"].min(), "1", "2")
    groups = sessions[["age_group", "provision", "region"]].assign(round=round_of)

    whole = parts(make.material(given, ITEMS, criteria=criteria, groups=groups))
    document = documents.build(REPORT, whole)

    assert undeclared(REPORT, whole, ("by",)) == []
    empty = {
        (section.key, table.key)
        for section in REPORT.sections
        for table in section.tables
        if not whole[section.key]["tables"].get(table.key)
    }
    # No two observers saw everything, and no item works otherwise in any group.
    assert empty == {("agreement", "pairs"), ("response", "dif")}
    assert [section.key for section in document.sections] == [one.key for one in REPORT.sections]
    assert {gate.state for gate in document.gates} >= {"good", "insufficient data"}


def agreed(given: pd.DataFrame, items: pd.DataFrame = PAIR) -> dict:
    (domain,) = agreement.compute(make.material(given, items))["tables"]["domains"]
    return domain


def test_agreement_of_four_raters_equals_published():
    # Shrout & Fleiss (1979), table 2; R psych 2.2.9.
    judges = ([9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7])
    given = {
        rater: dict(zip("uvwxyz", values, strict=True))
        for rater, values in zip("ABCD", judges, strict=True)
    }
    # Scores run over the whole scale: on one of 100 steps they are the judges' own numbers.
    items = make.items({"CAL": 2}, 0, 100)

    found = agreed(make.sheet(given), items)

    assert found["icc"]["value"] == pytest.approx(0.2897637795276, abs=1e-11)
    assert found["icc"]["low"] == pytest.approx(0.01878651337471, abs=1e-9)
    assert (found["icc"]["n"], found["icc"]["method"]) == (6, "ICC(2,1), 4 raters, F interval")
    assert found["consistency"]["value"] == pytest.approx(0.7148407148407, abs=1e-11)
    assert found["icc_mean"]["value"] == pytest.approx(0.6200505475990, abs=1e-11)


def test_agreement_of_changing_pairs_is_by_a_mixed_model():
    rows = agreement.compute(make.material(observed(), ITEMS))

    for domain in rows["tables"]["domains"]:
        assert domain["model"] == "mixed"
        assert domain["icc"]["method"].startswith("ICC(A,1), REML, 4 raters")
        assert abs(domain["icc"]["value"] - domain["one_way"]["value"]) < 0.1


def test_agreement_of_raters_that_nothing_joins_is_confounded_with_the_one_way_beside_it():
    rng = np.random.default_rng(1)
    given = {
        f"{centre}{rater}": {f"{centre}{room}": rng.integers(0, 4) for room in range(12)}
        for centre in "EF"
        for rater in (1, 2)
    }

    material = make.material(make.sheet(given), PAIR)
    found = agreement.compute(material)
    (domain,) = found["tables"]["domains"]

    assert domain["icc"]["reason"] == "observers_confounded"
    assert domain["one_way"]["sufficient"]
    assert found["gates"][0]["estimate"]["value"] == domain["one_way"]["value"]
    (note,) = found["notes"]
    assert (note["code"], note["facts"]["raters"]) in [
        ("confounded", "E1, E2"),
        ("confounded", "F1, F2"),
    ]
    assert found["tables"]["observers"] == []
    study = generalizability.compute(material)["tables"]
    assert {row["phi"]["reason"] for row in study["coefficients"]} == {"observers_confounded"}
    assert (study["components"], study["decisions"]) == ([], [])


@pytest.mark.parametrize("good", [-1, 0, 0.7, 1])
def test_threshold_that_no_number_of_observers_decides_is_told_nothing_of(good):
    given = {rater: {s: ord(s) % 4 for s in "uvwxyz"} for rater in ("A", "B")}
    given["B"]["u"] = 3
    material = make.material(make.sheet(given), PAIR)
    material.gates["phi"]["good"] = good

    notes = generalizability.compute(material)["notes"]

    assert bool(notes) == (good == 0.7)


def test_agreement_counts_what_was_coded_twice_alone():
    given = {"A": {"u": 1, "v": 2}, "B": {"u": 1, "v": 3, "w": 0}, "C": {"w": 1, "x": 2}}

    # u and v by A and B, w by B and C; x by C alone was not coded twice.
    assert agreed(make.sheet(given))["icc"]["n"] == 3


def test_agreement_with_an_answer_left_out_keeps_the_other_subjects():
    given = {rater: {s: ord(s) % 4 for s in "uvwxyz"} for rater in ("A", "B")}
    given["B"]["u"] = 3
    table = make.sheet(given)
    left_out = table["session"].eq("z A") & table["item"].eq("CAL1")
    table.loc[left_out, ["value", "state"]] = [np.nan, "missing"]

    assert agreed(table)["icc"]["n"] == 5


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"A": {"u": 1, "v": 2}, "B": {"w": 3}}, "no_overlap"),
        ({"A": {"u": 1, "v": 2, "w": 3}}, "one_rater"),
    ],
)
def test_agreement_of_nothing_seen_twice_says_why(given, reason):
    found = agreement.compute(make.material(make.sheet(given), PAIR))

    assert found["reason"] == reason
    assert [gate["estimate"]["reason"] for gate in found["gates"]] == [reason]


def test_raters_who_never_disagree_have_no_interval_and_say_so():
    given = {rater: {f"s{n}": n % 4 for n in range(20)} for rater in ("A", "B")}

    found = agreement.compute(make.material(make.sheet(given), PAIR))

    severities = [row["severity"] for row in found["tables"]["observers"]]
    assert [one["low"] for one in severities] == [None, None]
    assert {one["reason"] for one in severities} == {"at_boundary"}
    assert found["tables"]["pairs"][0]["bias"]["reason"] == "perfect_agreement"


def test_observer_who_rated_a_room_twice_counts_once_with_her_mean():
    given = make.sheet({"A": {"u": 1, "v": 2, "w": 0}, "B": {"u": 2, "v": 3, "w": 1}})
    again = make.sheet({"A": {"u": 3}}).assign(session="again", cycle=1.0)

    found = agreement.compute(make.material(pd.concat([given, again]), PAIR))

    # On average A gave 4/3 and B 2 of 3 steps: 22.2 points apart, half to each side.
    a, b = (row["severity"]["value"] for row in found["tables"]["observers"])
    assert (a, b) == (pytest.approx(-100 / 9), pytest.approx(100 / 9))


def test_item_figures_are_over_all_its_ratings_and_its_own_scale():
    # Item c goes from 0 to 1. Session u has two cycles: a is 3 in one and 0 in the other.
    items = pd.DataFrame(
        [("a", "CAL", 0, 3), ("b", "CAL", 0, 3), ("c", "CAL", 0, 1)],
        columns=["item", "domain", "minimum", "maximum"],
    )
    rows = [("u", 1, "a", 3), ("u", 2, "a", 0), ("u", 1, "b", 2), ("u", 1, "c", 1)]
    rows += [("v", 1, "a", 3), ("v", 1, "b", None), ("v", 1, "c", 1)]
    frame = pd.DataFrame(rows, columns=["subject", "cycle", "item", "value"])
    given = make.ratings(frame.assign(rater="A", value=frame["value"].astype(float)))

    a, b, c = ratings.items(make.material(given, items))["tables"]["items"]

    assert (a["n"], b["n"], b["missing"], c["n"]) == (3, 1, 1, 2)
    assert a["mean"] == 2
    assert (a["floor"], a["ceiling"]) == (1 / 3, 2 / 3)
    assert (c["floor"], c["ceiling"]) == (0, 1)


@pytest.mark.parametrize(
    ("rows", "spread", "state"),
    [
        (200, 0.5, "good"),
        (200, 3.0, "poor"),
        (40, 1.25, "undecided"),
        (29, 0.1, "insufficient"),  # alpha near 1, yet too few rows
    ],
)
def test_gate_of_alpha_goes_by_the_interval(rows, spread, state):
    rng = np.random.default_rng(3)
    true = rng.normal(size=rows)
    given = make.ratings(
        pd.DataFrame(
            [
                (f"s{row}", "A", f"CAL{item}", true[row] + spread * rng.normal())
                for row in range(rows)
                for item in (1, 2, 3)
            ],
            columns=["subject", "rater", "item", "value"],
        )
    )
    material = make.material(given, make.items({"CAL": 3}, -9, 9))

    found = internal.compute(material, make.InMemory(given))

    gate = next(gate for gate in found["gates"] if gate["code"] == "alpha")
    low, high = gate["estimate"]["low"], gate["estimate"]["high"]
    expected = "good" if low >= 0.7 else "poor" if high < 0.7 else "undecided"
    assert gate["state"] == state
    assert state in (expected, "insufficient")
