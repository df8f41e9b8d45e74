"""Centres on the board: who lies outside the limits, and why there may be none."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.models import Run
from organisations.models import User
from tests.factories import boards
from tests.factories import observation as observe
from tests.factories import organisations as make

# Two rooms of each centre differ a little, so that chance has a size.
ORDINARY = [[1, 2], [2, 1]]


@pytest.fixture
def observer(country) -> User:
    """She sees all centres."""
    observe.checklist()
    return make.person("zonal", country.provider)


def observed(zone, observer, values: list[list[int]]) -> list:
    made = boards.centres(zone, len(values), rooms=len(values[0]))
    for centre, own in zip(made, values, strict=True):
        boards.official(centre, own, observer)
    return made


def test_centre_that_differs_is_named_without_a_rank_and_drawn_towards_the_others(
    country, observer
):
    odd = [3, 3]
    observed(country.here.zone, observer, [*ORDINARY * 5, [1, 2], odd])

    section = boards.board(country.here.zone).result["scores"]

    places = section["tables"]["places"]
    assert [row["code"] for row in places] == [f"norte-z1-c{n}" for n in range(10, 22)]
    assert all(
        row["low_99.8"] < row["low_95"] < row["high_95"] < row["high_99.8"] for row in places
    )
    (outside,) = section["tables"]["outside"]
    assert (outside["code"], outside["n"]) == ("norte-z1-c21", 2)
    assert outside["position"] in ("high", "very high")
    assert outside["value"] == pytest.approx(100)
    estimate = outside["shrunken"]
    (mean,) = (note["facts"] for note in section["notes"] if note["code"] == "mean")
    assert mean["value"] < estimate["value"] < 100
    assert estimate["low"] < estimate["value"] < estimate["high"]
    assert (mean["n"], estimate["n"]) == (12, 2)
    counts = {row["limits"]: row for row in section["tables"]["counts"]}
    assert (counts["95"]["outside"], counts["95"]["expected"]) == (1, pytest.approx(0.6))
    assert counts["99.8"]["expected"] == pytest.approx(0.024)


def test_limits_say_whether_centres_differ_by_more_than_chance(country, observer):
    alike, apart = make.unit("zone", country.here.region), make.unit("zone", country.here.region)
    observed(alike, observer, ORDINARY * 5)
    observed(apart, observer, [[0, 1], [1, 0], [3, 2], [2, 3]] * 3)

    codes = [
        {note["code"] for note in boards.board(zone).result["scores"]["notes"]}
        for zone in (alike, apart)
    ]

    assert codes[0] == {"judged_by", "mean", "by_chance"}
    assert codes[1] == {"judged_by", "mean", "widened"}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (ORDINARY * 2, "too_few_clusters"),
        ([[1], [2]] * 5, "too_few_rows"),
        ([[2, 2]] * 10, "zero_variance"),
        ([], "no_events"),
    ],
)
def test_scores_that_cannot_be_compared_say_why(country, observer, values, reason):
    zone = make.unit("zone", country.here.region)
    if values:
        observed(zone, observer, values)

    section = boards.board(zone).result["scores"]

    assert section["reason"] == reason
    assert "tables" not in section


def test_few_centres_are_counted_and_told_what_to_do(country, observer):
    observed(country.here.zone, observer, ORDINARY * 2)

    _whose, note = boards.board(country.here.zone).result["scores"]["notes"]

    assert note == {"code": "few_centres", "facts": {"n": 4, "needed": 10}}


def test_formative_sessions_and_those_of_neighbours_do_not_count(country, observer):
    observed(country.here.zone, observer, ORDINARY * 5)
    for room in country.here.rooms:
        observe.closed(room, value=3)
    observed(country.elsewhere.zone, observer, [[3, 3]])

    run = boards.board(country.here.region)

    assert len(run.result["scores"]["tables"]["places"]) == 10
    assert country.elsewhere.region.code not in json.dumps(run.result)


def test_observers_who_saw_other_centres_are_told(country, observer):
    made = observed(country.here.zone, observer, ORDINARY * 5)
    other = make.person("zonal", country.provider)
    far = boards.centre(country.here.zone, "far")
    boards.official(far, [1, 2], other)
    codes = [note["code"] for note in boards.board(country.here.zone).result["scores"]["notes"]]
    boards.official(made[0], [1, 2], other)
    again = [note["code"] for note in boards.board(country.here.zone).result["scores"]["notes"]]

    assert codes[-1] == "observers_apart"
    assert "observers_apart" not in again


def test_safety_index_of_a_centre_below_the_limits_is_told_in_per_cent(country):
    made = boards.centres(country.here.zone, 12, rooms=0)
    for number, centre in enumerate(made[:-1]):
        boards.visit(centre, 36 - number % 2, 2 + number % 2)
    boards.visit(made[-1], 14, 24)

    section = boards.board(country.here.zone).result["safety"]

    (outside,) = section["tables"]["outside"]
    assert (outside["code"], outside["position"], outside["n"]) == (
        made[-1].code,
        "very low",
        38,
    )
    assert outside["value"] == pytest.approx(100 * 14 / 38)
    assert outside["value"] < outside["shrunken"]["value"] < 90


def test_centres_whose_parents_saw_alike_share_one_index(country):
    for centre in boards.centres(country.here.zone, 10, rooms=0):
        boards.visit(centre, 36, 2)

    section = boards.board(country.here.zone).result["safety"]

    assert section["tables"]["outside"] == []
    assert [note["code"] for note in section["notes"]] == ["mean", "by_chance"]


@pytest.mark.parametrize(
    ("centres", "said", "reason"),
    [(10, (19, 0), "zero_variance"), (3, (18, 1), "too_few_clusters"), (0, (), "no_events")],
)
def test_safety_that_cannot_be_compared_says_why(country, centres, said, reason):
    for centre in boards.centres(country.here.zone, centres, rooms=0):
        boards.visit(centre, *said)

    assert boards.board(country.here.zone).result["safety"]["reason"] == reason


def test_board_asks_the_same_queries_for_more_centres(country, observer):
    def queries() -> int:
        Run.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            boards.board(country.here.region)
        return len(caught)

    for centre in observed(country.here.zone, observer, [[1, 2]] * 3):
        boards.visit(centre, 5, 1)
    queries()
    before = queries()
    for centre in observed(make.unit("zone", country.here.region), observer, [[1, 2]] * 3):
        boards.visit(centre, 5, 1)

    assert queries() == before
