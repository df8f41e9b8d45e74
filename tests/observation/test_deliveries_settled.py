"""What coordinators decide about sessions that phones brought."""

import datetime
import uuid

import pytest
from django.utils import timezone

from core.refusals import Refusal
from fieldwork.actions import settlements
from fieldwork.models import Delivery
from observation.actions import instruments, sessions
from observation.models import ObservationSession
from organisations.models import Post
from tests.factories import field, organisations
from tests.factories import observation as make

WHY = "I telephoned her."


def last() -> Delivery:
    return Delivery.objects.latest("pk")


def counted() -> int:
    return ObservationSession.objects.filter(status="closed").count()


def test_retired_version_is_taken_in_by_a_coordinator(room, caregiver, version, send, zonal):
    content = field.session(room, caregiver)
    instruments.retire(version=version)
    send(content)

    settled = settlements.take_in(delivery=last(), reason=WHY, by=zonal)

    assert settled.state == "accepted"
    assert counted() == 1


def test_post_that_ended_is_passed_over_by_who_answers_for_the_room(
    room, caregiver, mentor, send, zonal
):
    content = field.session(room, caregiver)
    Post.objects.filter(user=mentor).update(ends_on=timezone.localdate() - datetime.timedelta(1))
    told = send(content)

    settled = settlements.take_in(delivery=last(), reason=WHY, by=zonal)

    assert told["code"] == "jurisdiction"
    assert (settled.state, counted()) == ("accepted", 1)


def test_post_entered_later_lets_the_session_in(country, version, mentor, send):
    there = country.elsewhere.rooms[0]
    send(field.session(there))
    organisations.post("mentor", country.elsewhere.centre, mentor)
    head = organisations.person("regional", country.elsewhere.region)

    settled = settlements.take_in(delivery=last(), reason="The post is entered now.", by=head)

    assert settled.state == "accepted"


def test_draft_version_is_passed_over_by_nobody(room, caregiver, send, zonal):
    rows = make.rows()
    rows[0]["text_en"] = "Greets."
    draft = instruments.load(rows, number=2)
    content = field.session(room, caregiver)
    content["instrument"] |= {"version": draft.number, "hash": "0" * 64}
    send(content)

    settled = settlements.take_in(delivery=last(), reason=WHY, by=zonal)

    assert (settled.state, settled.code, counted()) == ("held", "unknown_version", 0)


def test_both_sessions_of_one_appointment_may_count(room, caregiver, send, zonal):
    for value in (1, 2):
        send(field.session(room, caregiver, value=value, appointment="cycle-1-observe"))

    settlements.take_in(delivery=last(), reason="Two halves of a day.", by=zonal)

    assert counted() == 2
    assert ObservationSession.objects.exclude(supersedes=None).count() == 0


def test_second_session_chosen_supersedes_the_first(room, caregiver, send, zonal):
    first = send(field.session(room, caregiver, appointment="cycle-1-observe"))
    second = send(field.session(room, caregiver, value=1, appointment="cycle-1-observe"))

    settlements.choose(delivery=last(), reason=WHY, by=zonal)

    session = ObservationSession.objects.get(pk=second["id"])
    assert (str(session.supersedes_id), session.reason) == (first["id"], WHY)
    states = dict(Delivery.objects.values_list("record", "state"))
    assert states == {
        uuid.UUID(first["id"]): "replaced",
        uuid.UUID(second["id"]): "accepted",
    }


def test_second_session_chosen_over_one_from_the_page_supersedes_it(
    room, caregiver, mentor, send, zonal
):
    closed = make.closed(room, mentor, caregiver=caregiver)
    told = send(field.session(room, caregiver, value=1))

    settlements.choose(delivery=last(), reason=WHY, by=zonal)

    assert str(ObservationSession.objects.get(supersedes=closed).pk) == told["id"]


def test_other_content_chosen_supersedes_under_a_number_of_its_own(
    room, caregiver, mentor, send, zonal
):
    content = field.session(room, caregiver)
    record = field.envelope(mentor, content)
    phone = field.Phone(mentor)
    phone.put(record)
    phone.put(record | {"content": field.session(room, caregiver, value=1)})

    settlements.choose(delivery=last(), reason=WHY, by=zonal)

    correction = ObservationSession.objects.get(supersedes=record["id"])
    assert str(correction.pk) != record["id"]
    assert correction.scores.get(domain=None).score == pytest.approx(100 / 3)


def test_choice_goes_to_the_end_of_the_corrections(room, caregiver, mentor, send, zonal):
    first = send(field.session(room, caregiver, appointment="cycle-1-observe"))
    send(field.session(room, caregiver, value=1, appointment="cycle-1-observe"))
    held = last()
    session = ObservationSession.objects.get(pk=first["id"])
    correction = sessions.correct(session=session, reason="A slip.", by=mentor)

    with pytest.raises(Refusal, match="under way"):
        settlements.choose(delivery=held, reason=WHY, by=zonal)
    sessions.close(session=correction, by=mentor)
    settlements.choose(delivery=held, reason=WHY, by=zonal)

    assert ObservationSession.objects.get(pk=held.record).supersedes == correction


def test_choice_over_a_session_of_another_region_is_refused(country, room, caregiver, send, zonal):
    there = country.elsewhere.rooms[0]
    stranger = organisations.person("mentor", country.elsewhere.centre)
    send(field.session(there, appointment="cycle-1-observe"), by=stranger)
    send(field.session(room, caregiver, appointment="cycle-1-observe"))

    with pytest.raises(Refusal, match="do not coordinate"):
        settlements.choose(delivery=last(), reason=WHY, by=zonal)

    assert counted() == 1
