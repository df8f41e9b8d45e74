"""Pictures of a session: with consent, kept for good, shown to those who may read it alone."""

import uuid

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError
from django.urls import reverse

from fieldwork.actions import blobs
from fieldwork.models import Delivery
from observation.actions import deliveries
from observation.models import ObservationSession, SessionPicture
from tests.factories import field, organisations

WHO = {"shows": "The reading corner", "agreed_by": "The director"}
COMES = "It has not arrived yet"


@pytest.fixture
def content() -> bytes:
    return field.picture()


@pytest.fixture
def phone(mentor):
    return field.Phone(mentor)


@pytest.fixture
def put(phone, mentor, room):
    """Send a session with ``pictures``: what the server said of it."""

    def send(*pictures):
        record = field.envelope(mentor, field.session(room, pictures=list(pictures)))
        return phone.put(record).json()

    return send


def address(told, number=1) -> str:
    return reverse("observation:session_picture", args=[told["id"], number])


def test_picture_is_kept_with_its_consent_and_comes_later(put, phone, content, sign_in, mentor):
    told = put(field.pictured(content))
    page = reverse("observation:session_detail", args=[told["id"]])
    before = sign_in(mentor).get(page).content.decode()
    missing = sign_in(mentor).get(address(told)).status_code

    phone.upload(content)

    after = sign_in(mentor).get(page).content.decode()
    kept = SessionPicture.objects.get()
    assert told["state"] == "accepted", told
    assert (str(kept.session_id), kept.shows, kept.agreed_by, kept.no_child) == (
        *(told["id"], WHO["shows"], WHO["agreed_by"], True),
    )
    assert (missing, COMES in before, COMES in after) == (404, True, False)
    assert f'src="{address(told)}" alt="The reading corner"' in after


def test_picture_may_come_before_its_record(put, phone, content, sign_in, mentor):
    phone.upload(content)

    told = put(field.pictured(content))

    answer = sign_in(mentor).get(address(told))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline; filename=")


def test_picture_is_shown_to_those_who_may_read_the_session_alone(
    put, phone, content, sign_in, country
):
    phone.upload(content)
    told = put(field.pictured(content))
    people = [
        organisations.person("regional", country.here.region),
        organisations.person("regional", country.elsewhere.region),
        organisations.person("mentor", country.elsewhere.centre),
    ]

    found = [sign_in(person).get(address(told)).status_code for person in people]

    assert found == [200, 404, 404]
    assert sign_in(people[0]).get(address(told, 2)).status_code == 404
    assert sign_in(people[0]).get(address({"id": uuid.uuid4()})).status_code == 404


def test_same_picture_of_another_person_does_not_count_as_come(put, content, sign_in, mentor, room):
    """Who knows a hash does not get at what somebody else has sent under it."""
    other = field.Phone(organisations.person("mentor", room.get_parent()))
    other.upload(content)

    told = put(field.pictured(content))

    assert sign_in(mentor).get(address(told)).status_code == 404


def test_picture_whose_file_is_gone_is_404(put, phone, content, sign_in, mentor):
    phone.upload(content)
    told = put(field.pictured(content))
    storages["field"].delete(blobs.file_name(field.pictured(content)["sha256"]))

    assert sign_in(mentor).get(address(told)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"no_child": False},
        {"no_child": 1},
        {"no_child": "yes"},
        {"agreed_by": ""},
        {"agreed_by": " \n"},
        {"agreed_by": None},
        {"agreed_by": "x" * 201},
        {"shows": ""},
        {"shows": ["The corner"]},
        {"sha256": "0"},
        {"sha256": "Z" * 64},
        {"sha256": "../../etc"},
        {"more": 1},
    ],
)
def test_picture_without_consent_or_sense_is_held_and_nothing_is_lost(put, content, wrong):
    told = put(field.pictured(content, **wrong))

    delivery = Delivery.objects.get()
    assert (told["state"], told["code"]) == ("held", "content")
    assert (str(delivery.record), bool(told["reason"])) == (told["id"], True)
    assert ObservationSession.objects.count() == 0


def test_picture_that_stands_twice_is_held(put, content):
    told = put(field.pictured(content), field.pictured(content, shows="Again"))

    assert (told["state"], told["code"]) == ("held", "content")


def test_more_pictures_than_agreed_are_held(put):
    many = [field.pictured(b"", sha256=f"{number:064x}") for number in range(11)]

    assert put(*many)["state"] == "held"
    assert put(*many[:10])["state"] == "accepted"


def test_picture_needs_consent_in_the_database_too(put, content):
    told = put(field.pictured(content))
    session = ObservationSession.objects.get(pk=told["id"])

    with pytest.raises(IntegrityError):
        SessionPicture.objects.create(
            session=session, number=2, sha256="0" * 64, shows="x", agreed_by="x", no_child=False
        )


def test_pictures_switched_off_are_nowhere_and_the_session_counts(
    put, phone, content, sign_in, mentor, settings
):
    phone.upload(content)
    settings.FIELD_ATTACHMENTS = False

    told = put(field.pictured(content))

    page = sign_in(mentor).get(reverse("observation:session_detail", args=[told["id"]]))
    assert told["state"] == "accepted"
    assert sign_in(mentor).get(address(told)).status_code == 404
    assert "Pictures of the room" not in page.content.decode()


def test_coordinator_reads_of_pictures_before_she_decides(content, room):
    said = deliveries.readable(field.session(room, pictures=[field.pictured(content)]))

    assert ("Picture", "The reading corner (The director)") in said
