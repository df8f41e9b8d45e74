"""Official rounds: opened, rooms given to observers, and who may evaluate."""

import datetime
from html import unescape

import pytest
from django.urls import reverse

from core.refusals import Refusal
from observation.actions import evaluations, sessions
from observation.enums import Purpose
from observation.models import EvaluationRound, ObservationSession, RoundAssignment
from observation.queries import planned
from observation.queries import rounds as queries
from observation.views import quality_steps
from tests.factories import double as pairing
from tests.factories import observation as make
from tests.factories import organisations

DAY = datetime.timedelta(days=1)
TOMORROW = pairing.today() + DAY
HUGE = 10**20  # beyond any column


@pytest.fixture
def evaluation(country, version):
    return pairing.evaluation(country.here.region, version)


@pytest.fixture
def zonal(room):
    return pairing.observer(room)


def assign(evaluation, room, observer, on=None):
    (visit,) = evaluations.assign(
        evaluation=evaluation,
        rooms=[room],
        observer=observer,
        planned_on=on or pairing.today(),
        by=observer,
    )
    return visit


def test_visit_is_given_once_and_to_one_a_day(evaluation, room, zonal):
    visit = assign(evaluation, room, zonal)

    assert assign(evaluation, room, zonal) == visit
    with pytest.raises(Refusal, match="Choose another day"):
        assign(evaluation, room, pairing.observer(room))


def test_visit_lies_in_the_round(country, evaluation, room, zonal):
    stranger = pairing.observer(country.elsewhere.rooms[0])
    with pytest.raises(Refusal, match="day within it"):
        assign(evaluation, room, zonal, evaluation.ends_on + DAY)
    with pytest.raises(Refusal, match=f"{stranger} holds no post"):
        evaluations.assign(
            evaluation=evaluation,
            rooms=[room],
            observer=stranger,
            planned_on=pairing.today(),
            by=zonal,
        )
    with pytest.raises(Refusal, match="does not lie in"):
        assign(evaluation, country.elsewhere.rooms[0], zonal)


@pytest.mark.parametrize(("starts", "ends"), [(-30, -9), (9, None), (-1, 1)])
def test_mentor_of_any_day_of_the_round_gets_no_visit(
    country, evaluation, room, zonal, starts, ends
):
    today = pairing.today()
    ends_on = None if ends is None else today + ends * DAY
    fields = {"starts_on": today + starts * DAY, "ends_on": ends_on}
    organisations.post("mentor", country.here.centre, zonal, **fields)

    with pytest.raises(Refusal, match="mentors in"):
        assign(evaluation, room, zonal)


def test_room_with_an_observer_is_evaluated_by_nobody_else(evaluation, room, zonal):
    assign(evaluation, room, zonal)
    other = pairing.observer(room)

    with pytest.raises(Refusal, match="In this round others evaluate"):
        make.draft(room, other, purpose=Purpose.OFFICIAL)
    assert make.draft(room, zonal, purpose=Purpose.OFFICIAL)
    assert make.draft(room, other)
    pairing.pair(room, zonal, pairing.observer(room), planned_on=pairing.today() + DAY)


def test_progress_counts_visits_that_their_observer_made(country, evaluation, room, zonal):
    assign(evaluation, room, zonal)
    assign(evaluation, country.here.rooms[1], zonal)
    make.closed(room, zonal, purpose=Purpose.OFFICIAL)

    found = queries.with_planned(EvaluationRound.objects.all()).get()
    queries.read_progress([found])
    assert (found.planned, found.done) == (2, 1)


def sent_for(visit, session):
    """``session`` as the recorder sends it from the agenda."""
    session.appointment = visit.reference
    session.save(update_fields=["appointment"])
    return sessions.close(session=session, by=visit.observer)


def test_two_visits_of_a_room_need_two_sessions(evaluation, room, zonal):
    first, second = assign(evaluation, room, zonal), assign(evaluation, room, zonal, TOMORROW)

    done = make.closed(room, zonal, purpose=Purpose.OFFICIAL)
    assert queries.made(RoundAssignment.objects.all()) == {first: done.pk}
    assert list(queries.still_to_make(zonal)) == [second]

    correction = sessions.correct(session=done, reason="A slip", by=zonal)
    sessions.close(session=correction, by=zonal)
    assert queries.made(RoundAssignment.objects.all()) == {first: correction.pk}

    another = make.closed(room, zonal, purpose=Purpose.OFFICIAL)
    found = queries.made(RoundAssignment.objects.filter(pk=second.pk))
    assert found[second] == another.pk
    assert list(queries.still_to_make(zonal)) == []


def test_visit_made_on_another_day_is_the_one_that_was_meant(evaluation, room, zonal):
    first, second = assign(evaluation, room, zonal), assign(evaluation, room, zonal, TOMORROW)

    session = sent_for(second, make.filled(room, zonal, purpose=Purpose.OFFICIAL))

    assert queries.made(RoundAssignment.objects.all()) == {second: session.pk}
    assert list(queries.still_to_make(zonal)) == [first]
    tomorrows = planned.official_visits(evaluation.unit, TOMORROW, TOMORROW)
    assert list(tomorrows) == []
    draft = sessions.correct(session=session, reason="A slip", by=zonal)
    corrected = sessions.close(session=draft, by=zonal)
    assert queries.made(RoundAssignment.objects.all()) == {second: corrected.pk}


def test_visit_begun_in_the_browser_is_official_and_keeps_its_name(
    evaluation, room, zonal, sign_in
):
    visit, client = assign(evaluation, room, zonal, TOMORROW), sign_in(zonal)
    page = client.get(reverse("observation:visit_own")).content.decode()
    link = next(part for part in page.split('"') if "appointment=" in part)

    form = client.get(unescape(link)).context["form"]
    fields = ("room", "purpose", "appointment", "id")
    chosen = {name: form[name].value() for name in fields}
    today = {"observed_on": pairing.today().isoformat()}
    client.post(reverse("observation:session_begin"), chosen | today)

    session = ObservationSession.objects.get()
    assert (session.purpose, session.appointment) == ("official", visit.reference)


def test_session_does_no_visit_of_another_round_or_as_a_second_coding(
    country, version, evaluation, room, zonal
):
    assign(evaluation, room, zonal)
    other = pairing.evaluation(country.here.region, version, days=0)
    visit = assign(other, room, zonal, pairing.today())
    old = make.closed(room, zonal, purpose=Purpose.OFFICIAL, observed_on=pairing.today() - 2 * DAY)

    assert old.pk not in {queries.made(RoundAssignment.objects.all()).get(visit)}

    pair = pairing.pair(room, pairing.observer(room), zonal)
    pairing.code(pair, zonal)
    assert list(queries.still_to_make(zonal)) == [visit]


def test_home_tells_the_observer_of_her_visits(evaluation, room, zonal):
    assign(evaluation, room, zonal)
    pair = pairing.pair(room, pairing.observer(room), zonal, purpose=Purpose.FORMATIVE)

    texts = [step.text for step in quality_steps.own_visits(zonal)]
    assert texts == [f"Evaluate {room.place} officially", f"Double-code {room.place}"]
    make.closed(room, zonal, purpose=Purpose.OFFICIAL)
    pairing.code(pair, zonal)
    assert list(quality_steps.own_visits(zonal)) == []


def test_pages_open_change_give_and_take_back(country, room, zonal, version, sign_in):
    client = sign_in(organisations.person("regional", country.here.region))
    today = pairing.today()
    form = {
        "name_es": "Ronda",
        "unit": country.here.region.pk,
        "starts_on": today.isoformat(),
        "ends_on": (today + 9 * DAY).isoformat(),
        "versions": [version.pk],
    }
    where = reverse("observation:round_open")
    early = (today - DAY).isoformat()
    assert client.post(where, form | {"ends_on": early}).status_code == 400
    assert client.post(where, form | {"unit": country.elsewhere.region.pk}).status_code == 400
    assert client.post(where, form | {"name_es": "a\x00"}).status_code == 400
    assert client.post(where, form | {"versions": []}).status_code == 400
    assert client.post(where, form | {"versions": [HUGE]}).status_code == 400
    assert client.post(where, form).status_code == 302
    made = EvaluationRound.objects.get()
    detail = reverse("observation:round_detail", args=[made.pk])

    found = client.get(detail, {"place": country.here.centre.name}).content.decode()
    label = f"{country.here.centre.name} · {room.name}"
    assert label in found
    nothing = client.get(detail, {"place": "nowhere"}).content.decode()
    assert label not in nothing
    visit = {"rooms": [room.pk], "observer": zonal.pk, "planned_on": today.isoformat()}
    far = country.elsewhere.rooms[0].pk
    assert client.post(detail, visit | {"rooms": [far]}).status_code == 400
    assert client.post(detail, visit | {"rooms": [HUGE]}).status_code == 400
    assert client.post(detail, visit | {"planned_on": early}).status_code == 400
    assert client.post(detail, visit).status_code == 302
    assert room.place in client.get(detail).content.decode()
    release = reverse("observation:visit_release", args=[RoundAssignment.objects.get().pk])
    assert client.post(release).url == detail
    assert not RoundAssignment.objects.exists()

    change = reverse("observation:round_change", args=[made.pk])
    assert "Ronda" in client.get(change).content.decode()
    client.post(change, form | {"name_en": "Round"})
    made.refresh_from_db()
    assert made.name == {"es": "Ronda", "en": "Round"}


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_as_many_queries_for_three_as_for_one(
    country, evaluation, zonal, version, rows, client, django_assert_num_queries
):
    room = country.here.rooms[0]
    for number in range(rows):
        assign(evaluation, room, zonal, pairing.today() + number * DAY)
        if number:
            pairing.evaluation(country.here.region, version)
    client.force_login(organisations.person("regional", country.here.region))

    with django_assert_num_queries(7):
        client.get(reverse("observation:round_list"))
    with django_assert_num_queries(13):
        client.get(reverse("observation:round_detail", args=[evaluation.pk]))
