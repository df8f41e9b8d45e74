"""Scores of one figure are those of one instrument, and of versions that compare."""

import html

import pytest

from analytics import queries
from analytics.forms import ValidityForm
from analytics.frames import board_inputs, braid_inputs, linkage_inputs
from analytics.models import Run
from observation.actions import sessions
from observation.enums import Purpose
from observation.queries import CHECKLIST
from tests.factories import boards
from tests.factories import instruments as other
from tests.factories import observation as observe
from tests.factories import organisations as make
from tests.factories.mentoring import days_ago

PERIOD = (days_ago(300), days_ago(0))
FORM = dict(zip(("starts_on", "ends_on"), (f"{day:%Y-%m-%d}" for day in PERIOD), strict=True))


def judge(country, version, value: int = 2, day: int = 20) -> None:
    """An official session whose items A1, A2 … all have ``value``."""
    session = observe.draft(
        country.here.rooms[0],
        make.person("zonal", country.here.zone),
        version=version,
        purpose=Purpose.OFFICIAL,
        caregiver=None,
        observed_on=days_ago(day),
    )
    codes = version.items.values_list("code", flat=True)
    ratings = {code: {"state": "scored", "value": value} for code in codes}
    entry = {"number": 1, "ratings": ratings}
    sessions.close(session=session, cycles=[entry], by=session.observer)


@pytest.fixture
def judged(country):
    """Two official sessions of the checklist, one of another list, one of another version of it."""
    make_official = {"purpose": Purpose.OFFICIAL, "caregiver": None}
    zonal = make.person("zonal", country.here.zone)
    observe.checklist()
    for day in (60, 20):
        observed_on = {"observed_on": days_ago(day)}
        observe.closed(country.here.rooms[0], zonal, 3, **make_official | observed_on)
    judge(country, other.published(), value=0)
    judge(country, other.published(other.content(items=3), number=2), value=0, day=10)
    return country


def scores(unit, *instrument) -> list[list[float]]:
    """What the board, the strands and their links are computed from."""
    asked = (unit, *PERIOD, *instrument)
    return [
        sorted(board_inputs(*asked)["sessions"]["score"]),
        sorted(braid_inputs(*asked)["scores"]["score"]),
        sorted(linkage_inputs(*asked)["scores"]["score"]),
    ]


def test_scores_are_those_of_the_checklist_alone(judged):
    region = judged.here.region

    assert scores(region) == [[100, 100]] * 3
    told = braid_inputs(region, *PERIOD)["sessions"].iloc[0].to_dict()
    assert told == {"all": 4, "official": 2, "others": 2, "versions": "1"}


def test_versions_that_do_not_compare_stay_apart_and_the_newest_of_equals_counts(judged):
    region = judged.here.region

    assert scores(region, "other") == [[0]] * 3
    told = board_inputs(region, *PERIOD, "other")["judged"].iloc[0].to_dict()
    assert told == {"versions": "2", "others": 3}


def test_versions_that_compare_count_together(country):
    said = other.content()
    judge(country, other.published(said))
    said["items"][0]["text"] = other.words("Dicho de otra manera")
    judge(country, other.published(said, number=2), day=10)

    told = board_inputs(country.here.region, *PERIOD, "other")

    assert told["judged"].iloc[0].to_dict() == {"versions": "1, 2", "others": 0}
    assert len(told["sessions"]) == 2


def test_board_says_whose_scores_it_shows_and_how_many_are_left_out(judged):
    result = boards.board(judged.here.region).result

    assert result["about"]["instrument"] == CHECKLIST
    assert result["scores"]["notes"][:2] == [
        {"code": "judged_by", "facts": {"instrument": CHECKLIST, "versions": "1"}},
        {"code": "judged_otherwise", "facts": {"n": 2}},
    ]


def test_instrument_is_chosen_where_several_have_official_sessions(
    judged, client, django_capture_on_commit_callbacks
):
    client.force_login(make.person("national", judged.country))
    form = FORM | {"unit": judged.here.region.code}
    asked = client.get("/trenza/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/trenza/", form | {"instrument": "other"})
    page = html.unescape(client.get(answer.url, headers={"accept-language": "en"}).content.decode())
    wrong = client.post("/trenza/", form | {"instrument": "luna"})

    assert asked.index('value="checklist"') < asked.index('value="other"')
    assert Run.objects.get().options == {"instrument": "other"}
    assert "those of “Otra lista (en)” (versions that compare: 2)" in page
    assert "3 official sessions are left out" in page
    assert wrong.status_code == 400


def test_validity_offers_the_checklist_first(country):
    other.published(code="before")
    observe.checklist()
    user = make.person("national", country.country)

    versions = ValidityForm(user=user).fields["version"].queryset

    assert [version.instrument.code for version in versions] == [CHECKLIST, "before"]


@pytest.mark.parametrize("numbers", [[], [1]])
def test_instrument_is_not_asked_where_there_is_no_choice(country, client, numbers):
    for number in numbers:
        judge(country, other.published(number=number))
    client.force_login(make.person("national", country.country))

    page = client.get("/tableros/").content.decode()
    client.post("/tableros/", FORM | {"unit": country.here.region.code})

    assert 'name="instrument"' not in page
    assert queries.judged_by(Run.objects.get()) == ("other" if numbers else CHECKLIST)
