"""Pages of places: who sees what, which sessions count, how sure a score is, what is not shown."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from measurement.occasions import mean_of_visits, spread
from observation import frames, queries
from observation.actions import sessions
from observation.enums import Purpose
from observation.models import ObservationSession, ShowingRule
from observation.views import next_steps
from tests.factories import instruments as other
from tests.factories import observation as make
from tests.factories import organisations
from tests.factories.mentoring import checklist
from tests.observation.looking import judge, observed, page, visits


def test_room_shows_scores_with_the_interval_of_its_visits(country, regional, sign_in):
    here, next_door = country.here.rooms
    visits(here, [1, 2, 3, 1, 2, 3])
    visits(next_door, [2, 3, 2, 3, 2, 3])

    answer = page(sign_in(regional), "room", here.code)

    shown = answer.context["results"].whole["ALL"]
    rows = frames.scores(ObservationSession.objects.all())
    rows = rows[rows["domain"] == "ALL"]
    mine = rows[rows["room"] == here.pk]["score"]
    expected = mean_of_visits(mine, spread(rows["score"], rows["room"]))
    assert shown == expected
    assert (shown.n, shown.value) == (6, pytest.approx(200 / 3))
    assert shown.low < shown.value < shown.high


def test_checklist_is_shown_first(country, version):
    room = country.here.rooms[0]
    make.closed(room)
    session = make.draft(room, version=other.published(code="before", number=2))
    ratings = {code: {"state": "scored", "value": 1} for code in ("A1", "A2")}
    sessions.close(session=session, cycles=[{"number": 1, "ratings": ratings}], by=session.observer)

    readings = queries.readings(ObservationSession.objects.filter(status="closed"))

    assert [one.version.instrument.code for one in readings] == ["checklist", "before"]


def test_a_score_without_enough_visits_stands_without_interval_and_says_why(
    country, regional, sign_in
):
    visits(country.here.rooms[0], [2])

    answer = page(sign_in(regional), "room", country.here.rooms[0].code)

    assert answer.context["results"].whole["ALL"].low is None
    assert b"too few observations" in answer.content


def test_formative_and_official_stand_apart(country, regional, sign_in):
    room = country.here.rooms[0]
    visits(room, [3])
    make.closed(room, value=0)
    client = sign_in(regional)

    first = page(client, "room", room.code)
    key = next(
        one for one, name in first.context["form"].fields["reading"].choices if "formative" in name
    )
    second = page(client, "room", room.code, f"?reading={key}")

    assert first.context["results"].whole["ALL"].value == pytest.approx(100)
    assert second.context["results"].whole["ALL"].value == pytest.approx(0)


def test_versions_stand_apart(country, regional, sign_in):
    room = country.here.rooms[0]
    (old,) = visits(room, [3])
    other = checklist()
    observer = old.observer
    entry = {"moments": ["ALI", "JUE"], "ratings": {
        f"CAL{n}": {"state": "scored", "value": 0} for n in (1, 2, 3)
    }}  # fmt: skip
    fresh = make.draft(room, observer, caregiver=None, version=other, purpose=Purpose.OFFICIAL)
    sessions.close(session=fresh, cycles=[{"number": 1, **entry}], by=observer)

    answer = page(sign_in(regional), "room", room.code)

    assert len(answer.context["form"].fields["reading"].choices) == 2
    assert answer.context["results"].whole["ALL"].n == 1


def test_a_correction_stands_in_place_of_what_it_corrects(country, regional, sign_in):
    room = country.here.rooms[0]
    (old,) = visits(room, [3])
    draft = sessions.correct(session=old, by=old.observer, reason="Una errata")
    entries = [make.cycle(draft, number, value=1) for number in (1, 2)]
    sessions.close(session=draft, cycles=entries, by=draft.observer)

    answer = page(sign_in(regional), "room", room.code)

    shown = answer.context["results"].whole["ALL"]
    assert (shown.n, shown.value) == (1, pytest.approx(100 / 3))


def test_months_without_a_visit_leave_a_gap(country, regional, sign_in):
    room = country.here.rooms[0]
    observer = judge(room)
    today = timezone.localdate()
    for day in (today - datetime.timedelta(days=80), today):
        make.closed(room, observer, observed_on=day, purpose=Purpose.OFFICIAL, caregiver=None)

    results = page(sign_in(regional), "room", room.code).context["results"]

    seen = [one is not None for one in results.over_time["ALL"]]
    assert (seen[0], seen[-1], sum(seen)) == (True, True, 2)
    assert len(seen) >= 3


def test_heat_map_holds_the_means_of_items(country, regional, sign_in):
    here, next_door = country.here.rooms
    visits(here, [1, 3])
    visits(next_door, [0])

    answer = page(sign_in(regional), "centre", country.here.centre.code)

    by_month, by_room = answer.context["heats"]
    row = next(row for row in by_room.rows if row[0].startswith("CAL2"))
    assert by_room.columns[1:] == [here.name, next_door.name]
    assert row[1:] == ["2.0", "0.0"]
    assert len(by_month.rows) == 24
    assert "<svg" in by_month.wide


def test_caregiver_sees_of_a_room_only_what_is_about_her(country, version, sign_in):
    room = country.here.rooms[0]
    mine = make.closed(room, value=3)
    make.closed(room, value=0)

    answer = page(sign_in(mine.caregiver), "room", room.code)

    assert answer.context["results"].whole["ALL"].value == pytest.approx(100)
    assert [one.pk for one in answer.context["newest"]] == [mine.pk]
    for kind, unit in (("centre", country.here.centre), ("group", room)):
        assert page(sign_in(mine.caregiver), kind, unit.code).status_code == 404


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("room", "sur-z1-c1-lb"),
        ("centre", "sur-z1-c1"),
        ("region", "sur"),
        ("group", "sur"),
        ("room", "norte"),
        ("region", "norte-z1"),
        ("centre", "nowhere"),
    ],
)
def test_what_is_elsewhere_or_of_another_kind_is_not_there(country, regional, sign_in, kind, code):
    make.closed(country.elsewhere.rooms[0])

    assert page(sign_in(regional), kind, code).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["reading=x", "reading=1-official'", "starts_on=soon", "ends_on=2026-13-01",
     "starts_on=2026-02-01&ends_on=2026-01-01", "starts_on=1990-01-01&ends_on=2026-01-01"],
)  # fmt: skip
def test_what_cannot_be_shown_is_said_in_the_form(country, regional, sign_in, query):
    visits(country.here.rooms[0], [2])

    answer = page(sign_in(regional), "region", "norte", f"?{query}")

    assert answer.status_code == 400
    assert b"Please correct this" in answer.content


def test_empty_places_and_periods_say_what_to_do(country, regional, sign_in):
    client = sign_in(regional)
    assert b"Nobody has observed here yet" in page(client, "region", "norte").content

    visits(country.here.rooms[0], [2])
    early = "?starts_on=2020-01-01&ends_on=2020-02-01"
    assert b"Nobody observed here in this period" in page(client, "region", "norte", early).content


def test_an_old_place_is_shown_up_to_its_last_session(country, regional, sign_in):
    room = country.here.rooms[0]
    observer = judge(room)
    day = datetime.date(2021, 5, 4)
    make.closed(room, observer, observed_on=day, purpose=Purpose.OFFICIAL, caregiver=None)

    answer = page(sign_in(regional), "room", room.code)

    assert answer.context["results"].whole["ALL"].n == 1


def test_pages_lead_from_the_list_to_the_room_and_back(country, regional, sign_in):
    room = country.here.rooms[0]
    (session,) = visits(room, [2])
    client = sign_in(regional)

    def links(answer) -> str:
        assert answer.status_code == 200
        return answer.content.decode()

    top = links(client.get(reverse("observation:place_list")))
    region = links(page(client, "region", "norte"))
    centre = links(page(client, "centre", "norte-z1-c1"))
    here = links(page(client, "room", room.code))
    detail = links(client.get(reverse("observation:session_detail", args=[session.pk])))

    assert "/observacion/regiones/norte/" in top
    assert "/observacion/centros/norte-z1-c1/" in region
    assert f"/observacion/salas/{room.code}/" in centre
    assert "/observacion/regiones/norte/" in here
    assert "/observacion/centros/norte-z1-c1/" in here
    assert f"/observacion/{session.pk}/" in here
    assert f"/observacion/salas/{room.code}/" in detail


def test_way_up_ends_at_ones_own_place(country, version, sign_in):
    director = organisations.person("director", country.here.centre)
    visits(country.here.rooms[0], [2])

    answer = page(sign_in(director), "room", country.here.rooms[0].code)

    assert [name for name, _href in answer.context["crumbs"]] == [
        "Results by place",
        country.here.centre.name,
        country.here.rooms[0].name,
    ]


def test_home_leads_to_ones_own_place(country, version):
    director = organisations.person("director", country.here.centre)
    national = organisations.person("national", country.country)
    stranger = organisations.person("caregiver", country.here.rooms[0])

    assert [step.url for step in next_steps.results(director)] == [
        "/observacion/centros/norte-z1-c1/"
    ]
    assert [step.url for step in next_steps.results(national)] == ["/observacion/lugares/"]
    assert list(next_steps.results(stranger)) == []


@pytest.mark.parametrize("kind", ["room", "centre", "region", "group"])
def test_pages_ask_as_often_for_many_sessions_as_for_one(country, regional, sign_in, kind):
    ShowingRule.objects.create(pk=1, minimum_caregivers=1)
    room = country.here.rooms[0]
    code = {"room": room.code, "centre": "norte-z1-c1", "region": "norte", "group": "norte"}[kind]
    observed(room, 1)
    client = sign_in(regional)
    page(client, kind, code)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, kind, code)
        return len(asked)

    one = count()
    observed(room, 1, value=1)
    observed(country.here.rooms[1], 2)
    assert count() == one
    assert one < 40
