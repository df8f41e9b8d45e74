import datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from observation import agenda
from observation.actions import instruments
from observation.enums import Moment
from tests.factories import observation as make
from tests.factories import organisations


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


@pytest.mark.parametrize("rows", [1, 3])
def test_agenda_asks_as_many_queries_for_three_rooms_as_for_one(
    country, mentor, rows, django_assert_num_queries
):
    for number in range(rows):
        room = organisations.unit("room", country.here.centre, f"more-{number}", age_group="LB")
        make.closed(room, mentor)
    agenda.of(mentor)  # the version is kept from here on
    del mentor._posts_in_force

    with django_assert_num_queries(9):
        # posts, rooms, centres, caregivers, last days, sessions, scores, domains, versions
        agenda.of(mentor)


def test_agenda_is_bounded_and_says_so(country, mentor, monkeypatch):
    monkeypatch.setattr(agenda, "MOST_ROOMS", 1)

    told = agenda.of(mentor)

    assert (len(told["rooms"]), told["rooms_left_out"]) == (1, True)
