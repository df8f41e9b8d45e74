"""How sessions become the rows that a plan speaks of."""

import datetime
import json

import pandas as pd
import pytest

from analytics import frames
from core.refusals import Refusal
from measurement.evaluation.plan import Plan

HALVES = {"before": ["2026-01-01", "2026-03-31"], "after": ["2026-07-01", "2026-09-30"]}
BY_DAY = {"by": "day"} | HALVES
NOBODY = pd.DataFrame()


def sessions(rows: list[tuple], facts: list[dict] | None = None) -> pd.DataFrame:
    """Sessions of (room, day, score); of two rooms in each centre."""
    days = [datetime.date.fromisoformat(day).toordinal() if day else None for _r, day, _s in rows]
    return pd.DataFrame(
        {
            "room": [room for room, _day, _score in rows],
            "centre": [f"c{room[0]}" for room, _day, _score in rows],
            "region": "norte",
            "provision": "contracted",
            "age_group": "LB",
            "subject": "s",
            "rater": "7",
            "day": pd.Series(days, dtype=float),
            "facts": [json.dumps(fact) for fact in facts or [{}] * len(rows)],
        }
    )


def scores(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame({"ALL": [float(score) for _room, _day, score in rows]})


SEEN = [
    ("1a", "2026-01-10", 40),
    ("1a", "2026-03-31", 50),
    ("1a", "2026-05-01", 99),
    ("1a", "2026-08-01", 60),
    ("2a", "2026-02-01", 30),
    ("3a", "2026-09-30", 70),
]


def rows(seen=SEEN, spec=BY_DAY, unit="room", assignment=NOBODY, facts=None) -> pd.DataFrame:
    return frames.evaluation_rows(sessions(seen, facts), scores(seen), spec, unit, assignment)


def plan(**fields) -> Plan:
    right = {"question": "Q?", "design": "staggered", "primary": ("ALL",), "unit": "room"}
    return Plan(**right | {"cluster": "centre", "seed": 1, "period": "period"} | fields)


def test_before_and_after_stand_side_by_side_and_what_lies_between_counts_for_neither():
    found = rows().set_index("room")

    assert found.loc["1a", ["ALL_before", "ALL"]].tolist() == [45, 60]
    assert found["ALL"].isna().to_dict() == {"1a": False, "2a": True, "3a": False}
    assert found["ALL_before"].isna().to_dict() == {"1a": False, "2a": False, "3a": True}


def test_unit_may_be_the_centre():
    seen = [*SEEN, ("1b", "2026-01-10", 60)]

    found = rows(seen, unit="centre").set_index("centre")

    assert found.loc["c1", "ALL_before"] == 50


def test_without_rule_each_session_is_a_row():
    assert len(rows(spec={})) == len(SEEN)


@pytest.mark.parametrize(
    ("each", "periods"),
    [
        ("month", [2026 * 12, 2026 * 12 + 2, 2026 * 12 + 4, 2026 * 12 + 7]),
        ("quarter", [2026 * 4, 2026 * 4 + 1, 2026 * 4 + 2]),
        ("year", [2026]),
    ],
)
def test_periods_are_counted_in_months_quarters_or_years(each, periods):
    found = rows(spec={"by": "day", "each": each})
    one = found[found["room"] == "1a"]

    assert one["period"].tolist() == periods
    assert len(found) == len(one) + 2


def test_session_without_a_day_lies_in_no_period():
    seen = [*SEEN, ("4a", "", 10)]

    assert "4a" not in set(rows(seen, spec={"by": "day", "each": "year"})["room"])


def test_fact_that_changes_between_periods_is_told_of_each():
    seen = [("1a", "", 40), ("1a", "", 50), ("2a", "", 60), ("2a", "", 70)]
    facts = [{"round": "1", "now": "0"}, {"round": "2", "now": "1"}]
    facts += [{"round": "1", "now": "0"}, {"round": "2", "now": "0"}]

    found = rows(seen, spec={"by": "round", "each": "value"}, facts=facts)

    assert found[["room", "period", "now"]].to_numpy().tolist() == [
        ["1a", 1, 0],
        ["1a", 2, 1],
        ["2a", 1, 0],
        ["2a", 2, 0],
    ]


def test_fact_called_like_a_column_stands_for_it_unless_it_is_an_outcome():
    facts = [{"region": "sierra", "room": f"r{number}", "ALL": "1"} for number in range(6)]

    found = rows(spec={}, facts=facts)

    assert set(found["region"]) == {"sierra"}
    assert found["room"].tolist() == [f"r{number}" for number in range(6)]
    assert found["ALL"].tolist() == [40, 50, 99, 60, 30, 70]


def test_assignment_joins_by_room_or_centre_and_numbers_are_numbers():
    by_centre = pd.DataFrame({"centre": ["c1", "c2"], "dose": ["3", ""], "arm": ["si", "no"]})
    by_room = by_centre.rename(columns={"centre": "room"}).assign(room=["1a", "2a"])

    for assignment in (by_centre, by_room):
        found = rows(assignment=assignment).set_index("room")
        assert found["dose"].tolist()[0] == 3
        assert found["dose"].isna().tolist() == [False, True, True]
        assert found["arm"].fillna("").tolist() == ["si", "no", ""]


@pytest.mark.parametrize("text", ["2026-03", "2026-03-20"])
def test_start_as_a_day_or_a_month_becomes_its_period(text):
    spec = {"by": "day", "each": "month"}
    assignment = pd.DataFrame({"centre": ["c1", "c2"], "start": [text, ""]})
    given = rows(spec=spec, assignment=assignment)

    found = frames.as_the_plan_means(given, plan(start="start"), spec).set_index("room")

    assert set(found.loc["1a", "start"]) == {2026 * 12 + 2}
    assert pd.isna(found.loc["2a", "start"])


def test_start_that_is_no_day_is_refused_rather_than_never():
    spec = {"by": "day", "each": "month"}
    assignment = pd.DataFrame({"centre": ["c1"], "start": ["marzo"]})

    with pytest.raises(Refusal, match="“marzo” is no start"):
        frames.as_the_plan_means(rows(spec=spec, assignment=assignment), plan(start="start"), spec)


@pytest.mark.parametrize("treatment", [None, "yes"])
def test_who_is_mentored_when_follows_from_the_start(treatment):
    spec = {"by": "day", "each": "month"}
    assignment = pd.DataFrame({"centre": ["c1", "c2"], "start": ["2026-05", ""]})
    did = plan(design="did", arm="now", start="start", treatment=treatment)

    found = frames.as_the_plan_means(rows(spec=spec, assignment=assignment), did, spec)

    assert found.loc[found["room"] == "1a", "now"].tolist() == [0, 0, 1, 1]
    assert found.loc[found["room"] == "2a", "now"].tolist() == [0]


@pytest.mark.parametrize(
    ("design", "treatment", "arms"),
    [
        ("cluster_trial", "1", ["1", "0"]),
        ("cluster_trial", 1, [1, 0]),
        ("did", "1", [1, 0]),
        ("did", None, [1, 0]),
    ],
)
def test_arm_is_compared_as_the_plan_names_it(design, treatment, arms):
    given = pd.DataFrame({"arm": [1.0, 0.0, None]})

    found = frames.as_the_plan_means(given, plan(design=design, arm="arm", treatment=treatment), {})

    assert found["arm"].tolist()[:2] == arms
    assert found["arm"].isna().tolist() == [False, False, True]
