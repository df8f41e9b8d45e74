import datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from observation import agenda
from observation.actions import instruments
from observation.enums import Moment, Purpose
from observation.models import RoundAssignment
from observation.views import quality_steps
from tests.factories import double as pairing
from tests.factories import field, organisations
from tests.factories import observation as make
from tests.factories.mentoring import days_ago


def room_of(told, room):
    return next(one for one in told["rooms"] if one["code"] == room.code)


def test_agenda_holds_her_rooms_and_no_others(country, mentor):
    told = agenda.of(mentor)

    assert {one["code"] for one in told["rooms"]} == {room.code for room in country.here.rooms}
    assert told["rooms_left_out"] is False


def test_agenda_names_who_works_there_today(country, mentor):
    room = country.here.rooms[0]
    there = organisations.person("caregiver", room)
    floating = organisations.person("caregiver", country.here.centre)
    gone = organisations.post(
        "caregiver", room, ends_on=timezone.localdate() - datetime.timedelta(days=1)
    )

    told = room_of(agenda.of(mentor), room)

    assert told["caregivers"] == [
        {"id": there.pk, "name": str(there)},
        {"id": floating.pk, "name": str(floating)},
    ]
    assert gone.user_id not in {one["id"] for one in told["caregivers"]}


def test_agenda_tells_how_the_room_stood_last(country, mentor):
    room = country.here.rooms[0]
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    make.closed(room, mentor, value=1, observed_on=yesterday)
    make.closed(room, mentor, value=3)
    make.filled(room, mentor)

    told = agenda.of(mentor)

    assert room_of(told, room)["last"] == {
        "observed_on": str(timezone.localdate()),
        "domains": {"CAL": 100.0, "SEN": 100.0, "LEN": 100.0, "CON": 100.0},
    }
    assert room_of(told, country.here.rooms[1])["last"] is None


def test_agenda_leaves_closed_rooms_out(country, mentor):
    room = country.here.rooms[0]
    room.closed_on = timezone.localdate()
    room.save()

    assert [one["code"] for one in agenda.of(mentor)["rooms"]] == [country.here.rooms[1].code]


def test_agenda_pins_the_newest_published_version(mentor, version):
    rows = make.rows()
    rows[0]["text_en"] = "Greets."
    newer = instruments.publish(version=instruments.load(rows, number=2))
    rows[0]["text_en"] = "A draft."
    instruments.load(rows, number=3)

    (told,) = agenda.of(mentor)["instruments"]

    assert (told["code"], told["version"], told["hash"]) == ("checklist", 2, newer.content_hash)
    assert instruments.content_hash(told["content"]) == newer.content_hash


def test_agenda_says_the_moments_in_both_languages(mentor):
    with override("es"):
        spanish = str(Moment.ALI.label)

    told = agenda.of(mentor)["moments"][1]

    assert told == {
        "value": "ALI",
        "label": {"es": spanish, "en": "feeding"},
        "group": "care",
    }


@pytest.fixture
def judge(room):
    return pairing.observer(room)


def visit(evaluation, room, observer, on=0):
    day = timezone.localdate() + datetime.timedelta(days=on)
    return RoundAssignment.objects.create(
        round=evaluation, room=room, observer=observer, planned_on=day
    )


def test_agenda_holds_the_official_visits_that_she_is_still_to_make(country, room, version, judge):
    evaluation = pairing.evaluation(country.here.region, version)
    over = pairing.evaluation(country.here.region, version, ends_on=days_ago(1))
    later = visit(evaluation, room, judge, 5)
    visit(evaluation, country.here.rooms[1], judge)
    visit(over, room, judge, -3)
    visit(evaluation, room, pairing.observer(room), 6)
    make.closed(country.here.rooms[1], judge, purpose=Purpose.OFFICIAL, caregiver=None)

    assert agenda.of(judge)["appointments"] == [
        {
            "id": later.reference,
            "room": room.code,
            "caregiver": None,
            "planned_on": str(later.planned_on),
            "title": "Invented round",
            "purpose": "official",
            "instruments": [version.content_hash],
        }
    ]


def test_agenda_has_the_versions_of_her_rounds_beside_the_newest_but_none_retired(
    country, room, version, judge, mentor
):
    rows = make.rows()
    newer = []
    for number in (2, 3):
        rows[0]["text_en"] = f"Greets {number}."
        newer.append(instruments.publish(version=instruments.load(rows, number=number)))
    retired, newest = newer
    instruments.retire(version=retired, by=judge)
    evaluation = pairing.evaluation(country.here.region, version)
    evaluation.versions.add(retired)
    visit(evaluation, room, judge)

    def told(person):
        return [one["version"] for one in agenda.of(person)["instruments"]]

    assert (told(judge), told(mentor)) == ([newest.number, version.number], [newest.number])


def test_agenda_names_the_programmes_checklist_first(room, version, mentor):
    instruments.publish(version=instruments.load(make.rows(), code="another"))

    codes = [one["code"] for one in agenda.of(mentor)["instruments"]]

    assert codes == ["checklist", "another"]


def test_agenda_tells_both_of_a_pair_by_hand_until_they_have_begun(room, version):
    pair = pairing.pair(room)

    for person, name in ((pair.first, f"pair-{pair.pk}-first"), (pair.second, f"pair-{pair.pk}")):
        (told,) = agenda.of(person)["appointments"]
        assert (told["id"], told["room"], told["purpose"]) == (name, room.code, "official")
        assert len(list(quality_steps.own_visits(person))) == 1

        pairing.code(pair, person)
        assert agenda.of(person)["appointments"] == []


def test_both_of_a_pair_by_hand_can_send_it_on_another_day(room, version):
    pair = pairing.pair(room, planned_on=timezone.localdate() + datetime.timedelta(days=3))

    for person in (pair.first, pair.second):
        (told,) = agenda.of(person)["appointments"]
        content = field.session(room, caregiver=None, purpose="official", appointment=told["id"])
        field.Phone(person).put(field.envelope(person, content))

    pair.refresh_from_db()
    assert pair.first_session.appointment == f"pair-{pair.pk}-first"
    assert pair.compared > 0


def test_both_observers_of_a_visit_can_send_it_by_their_appointments(country, room, version):
    pair = pairing.pair(room)
    evaluation = pairing.evaluation(country.here.region, version)
    visit(evaluation, room, pair.first)

    states = []
    for person in (pair.first, pair.second):
        (told,) = agenda.of(person)["appointments"]
        content = field.session(
            room, caregiver=None, purpose=told["purpose"], appointment=told["id"]
        )
        states.append(field.Phone(person).put(field.envelope(person, content)).json()["state"])

    pair.refresh_from_db()
    assert (states, pair.is_open) == (["accepted", "accepted"], False)


@pytest.mark.parametrize("rows", [1, 3])
def test_agenda_asks_as_many_queries_for_three_visits_as_for_one(
    country, room, version, judge, rows, django_assert_num_queries
):
    for number in range(rows):
        evaluation = pairing.evaluation(country.here.region, version)
        visit(evaluation, room, judge, number)
        pairing.pair(room, second=judge, planned_on=timezone.localdate())
    agenda.of(judge)
    del judge._posts_in_force

    with django_assert_num_queries(11):
        # posts, rooms, centres, caregivers, last days, what of her visits was made (two), visits,
        # their versions, all versions, pairs
        agenda.of(judge)


@pytest.mark.parametrize("rows", [1, 3])
def test_agenda_asks_as_many_queries_for_three_rooms_as_for_one(
    country, mentor, rows, django_assert_num_queries
):
    for number in range(rows):
        room = organisations.unit("room", country.here.centre, f"more-{number}", age_group="LB")
        make.closed(room, mentor)
    agenda.of(mentor)  # the version is kept from here on
    del mentor._posts_in_force

    with django_assert_num_queries(12):
        # posts, rooms, centres, caregivers, last days, sessions, scores, domains, what of her
        # visits was made, visits, versions, pairs
        agenda.of(mentor)


def test_agenda_is_bounded_and_says_so(country, mentor, monkeypatch):
    monkeypatch.setattr(agenda, "MOST_ROOMS", 1)

    told = agenda.of(mentor)

    assert (len(told["rooms"]), told["rooms_left_out"]) == (1, True)
