"""Sessions that phones bring: which count at once, and which are held and why."""

import datetime
import uuid

import pytest
from django.utils import timezone

from fieldwork.models import Delivery
from observation.actions import instruments
from observation.models import ObservationSession, Rating
from tests.factories import field, organisations
from tests.factories import instruments as other
from tests.factories import observation as make
from tests.factories.instruments import LOOKS, SEGMENTS


def last() -> Delivery:
    return Delivery.objects.latest("pk")


def counted() -> int:
    return ObservationSession.objects.filter(status="closed").count()


# ---- what counts


def test_session_says_what_the_phone_said(room, caregiver, mentor, send):
    content = field.session(room, caregiver, value=3, appointment="cycle-7-observe")
    content["cycles"][0] |= {
        "pauses": [["10:02:05", "10:04:00"]],
        "notes": [{"at": "10:05:00", "item": "CAL1", "text": "Greeted each by name"}],
        "context": {"CTX1": [8, 2]},
    }

    told = send(content)

    session = ObservationSession.objects.get()
    cycle = session.cycles.get(number=1)
    assert told["state"] == "accepted", told
    assert (str(session.pk), session.unit, session.caregiver) == (told["id"], room, caregiver)
    assert (session.observer, session.appointment) == (mentor, "cycle-7-observe")
    assert (cycle.started_at, cycle.ended_at) == (datetime.time(10, 0), datetime.time(10, 18))
    assert (cycle.pauses, cycle.context) == ([["10:02:05", "10:04:00"]], {"CTX1": [8, 2]})
    assert cycle.notes == content["cycles"][0]["notes"]
    assert session.scores.get(domain=None).score == 100


def test_session_tells_the_apps_above_once(
    room, caregiver, send, heard, django_capture_on_commit_callbacks
):
    content = field.session(room, caregiver)
    number = str(uuid.uuid4())

    with django_capture_on_commit_callbacks(execute=True):
        send(content, id=number)
        send(content, id=number)

    assert heard == [{"session_id": uuid.UUID(number)}]


def test_session_of_an_older_published_version_counts(room, caregiver, send, version):
    rows = make.rows()
    rows[0]["text_en"] = "Greets."
    instruments.publish(version=instruments.load(rows, number=2))

    told = send(field.session(room, caregiver, version=version))

    assert told["state"] == "accepted"
    assert ObservationSession.objects.get().version == version


def test_looks_of_a_phone_are_kept_one_by_one_and_enter_the_hash(room, caregiver, send):
    version = other.published(other.content(LOOKS, segments=SEGMENTS))
    content = field.session(room, caregiver, version=version, leave_missing=True)
    del content["cycles"][1]

    def sent(*marks: int | None):
        scored = {"state": "scored", "value": 0, "note": "", "marks": [0, 0, 0]}
        seen = {"state": "missing", "value": None, "note": "", "marks": list(marks)}
        content["cycles"][0]["ratings"] = {"A1": scored, "A2": seen}
        told = send(content | {"appointment": f"cycle-{len(set(marks))}-{marks[0]}-observe"})
        return told, ObservationSession.objects.filter(pk=told["id"]).first()

    told, first = sent(1, None, 1)
    _told, second = sent(0, None, 1)

    assert told["state"] == "accepted", told
    given = Rating.objects.filter(cycle__session=first).values_list("item__code", "value", "marks")
    assert list(given.order_by("item__code")) == [("A1", 0, [0, 0, 0]), ("A2", None, [1, None, 1])]
    assert first.content_hash != second.content_hash


@pytest.mark.parametrize("marks", [[1, 1], [1, 1, 0], [1, 1, None], []])
def test_looks_that_do_not_make_the_value_are_held(room, caregiver, send, marks):
    version = other.published(other.content(LOOKS, segments=SEGMENTS))
    content = field.session(room, caregiver, version=version, leave_missing=True)
    content["cycles"][0]["ratings"]["A1"] = {"state": "scored", "value": 3, "marks": marks}

    assert send(content)["state"] == "held"
    assert counted() == 0


def test_session_keeps_the_age_group_that_the_observer_saw(country, send, version):
    room = country.here.rooms[0]
    content = field.session(room)
    room.age_group = "LC"
    room.save()

    assert send(content)["state"] == "accepted"
    assert ObservationSession.objects.get().age_group == "LB"


# ---- what is held


def retire(version, room, content):
    instruments.retire(version=version)


def unknown_room(version, room, content):
    content["room"] = "no-such-room"


def centre(version, room, content):
    content["room"] = room.get_parent().code


def unknown_version(version, room, content):
    content["instrument"]["version"] = 9


def unknown_instrument(version, room, content):
    content["instrument"]["code"] = "other"


def another_content(version, room, content):
    content["instrument"]["hash"] = "0" * 64


def unknown_caregiver(version, room, content):
    content["caregiver"] = 999_999


def caregiver_of_elsewhere(version, room, content):
    content["caregiver"] = organisations.person("caregiver", room.get_siblings().last()).pk


def no_caregiver(version, room, content):
    content["caregiver"] = None


def tomorrow(version, room, content):
    content["observed_on"] = str(timezone.localdate() + datetime.timedelta(days=1))


def closed_room(version, room, content):
    room.closed_on = timezone.localdate()
    room.save()


def item_left_out(version, room, content):
    del content["cycles"][0]["ratings"]["CAL2"]


def value_off_the_scale(version, room, content):
    content["cycles"][0]["ratings"]["CAL2"]["value"] = 9


def unknown_item(version, room, content):
    content["cycles"][0]["ratings"]["XXX"] = {"state": "missing", "value": None}


def one_cycle(version, room, content):
    content["cycles"].pop()


def ends_first(version, room, content):
    content["cycles"][0]["ended_at"] = "08:00:00"


def judges_her_own_room(version, room, content):
    content["purpose"] = "official"


HELD = [
    (retire, "retired_version", "was retired before this session arrived"),
    (unknown_room, "unknown_room", "no room with the code “no-such-room”"),
    (centre, "refused", "is not a room"),
    (unknown_version, "unknown_version", "No version “checklist 9”"),
    (unknown_instrument, "unknown_version", "No version “other 1”"),
    (another_content, "version_differs", "another content of “checklist 1”"),
    (unknown_caregiver, "unknown_caregiver", "Nobody has the number"),
    (caregiver_of_elsewhere, "refused", "does not work in"),
    (no_caregiver, "refused", "Choose the caregiver"),
    (tomorrow, "refused", "still to come"),
    (closed_room, "refused", "closed on"),
    (item_left_out, "refused", "cycle 1: CAL2"),
    (value_off_the_scale, "refused", "not on the scale"),
    (unknown_item, "refused", "not a scored item"),
    (one_cycle, "refused", "at least 2 cycles"),
    (ends_first, "refused", "ends before it begins"),
    (judges_her_own_room, "refused", "An official evaluation needs another observer"),
]


@pytest.mark.parametrize(
    ("change", "code", "says"), HELD, ids=lambda one: getattr(one, "__name__", "")
)
def test_session_is_held_with_its_reason_and_does_not_count(
    room, caregiver, version, send, change, code, says
):
    content = field.session(room, caregiver)
    change(version, room, content)

    told = send(content)

    assert (told["state"], told["code"]) == ("held", code), told
    assert says in told["reason"]
    assert ObservationSession.objects.count() == 0
    assert Delivery.objects.count() == 1


def test_session_of_elsewhere_is_held(country, version, mentor, send):
    there = country.elsewhere.rooms[0]

    told = send(field.session(there))

    assert (told["state"], told["code"]) == ("held", "jurisdiction")
    assert told["reason"].startswith(f"{mentor} holds no post to observe in")
    assert counted() == 0


# ---- a second session of one visit


def test_second_session_for_one_appointment_is_held(room, caregiver, send, zonal):
    first = send(field.session(room, caregiver, appointment="cycle-1-observe"))

    second = send(field.session(room, caregiver, value=1, appointment="cycle-1-observe"), by=zonal)

    assert (second["state"], second["code"]) == ("held", "second_session")
    assert str(last().rival) == first["id"]
    assert counted() == 1


def at(content, hours: int):
    """The same content, begun so many hours later."""
    for cycle in content["cycles"]:
        for name in ("started_at", "ended_at"):
            cycle[name] = f"{int(cycle[name][:2]) + hours:02}{cycle[name][2:]}"
    return content


@pytest.mark.parametrize(
    ("hours", "appointments", "state"),
    [
        (0, ("", ""), "held"),  # typed twice
        (1, ("", ""), "held"),  # still overlapping: 10:00-11:18 and 11:00-12:18
        (2, ("", ""), "accepted"),  # a second visit in the afternoon
        (0, ("cycle-1-observe", ""), "held"),
        (0, ("cycle-1-observe", "cycle-2-observe"), "accepted"),  # the agenda tells them apart
    ],
)
def test_second_session_without_an_appointment_goes_by_its_times(
    room, caregiver, send, hours, appointments, state
):
    send(field.session(room, caregiver, appointment=appointments[0]))

    again = field.session(room, caregiver, value=1, appointment=appointments[1])

    assert send(at(again, hours))["state"] == state


def test_session_for_another_caregiver_of_the_room_is_another_visit(room, caregiver, send):
    send(field.session(room, caregiver))

    assert send(field.session(room))["state"] == "accepted"


def test_session_of_a_second_observer_at_the_same_time_counts(room, caregiver, send, zonal):
    send(field.session(room, caregiver))

    assert send(field.session(room, caregiver, value=1), by=zonal)["state"] == "accepted"


def test_session_without_times_cannot_be_told_from_another(room, caregiver, send):
    send(field.session(room, caregiver))
    other = field.session(room, caregiver)
    for cycle in other["cycles"]:
        cycle["started_at"] = cycle["ended_at"] = None

    assert send(other)["code"] == "second_session"


def test_second_session_of_one_recorded_on_the_page_is_held(room, caregiver, mentor, send):
    closed = make.closed(room, mentor, caregiver=caregiver)

    told = send(field.session(room, caregiver))

    assert told["code"] == "second_session"
    assert last().rival == closed.pk
