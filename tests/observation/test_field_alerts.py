"""Treatment alerts from phones: a case at once, whatever becomes of the session."""

import uuid

import pytest

from core.models import AuditRecord
from fieldwork.models import Delivery
from observation.models import ObservationSession, SafeguardingAlert, SafeguardingCase
from observation.views import next_steps
from tests.factories import field, organisations


@pytest.fixture
def said(room, version):
    return {
        "session": str(uuid.uuid4()),
        "room": room.code,
        "cycle": 1,
        "item": "ALE1",
        "instrument": {
            "code": version.instrument.code,
            "version": version.number,
            "hash": version.content_hash,
        },
        "happened_at": "2026-11-25T10:02:05Z",
        "description": "Invented fact",
    }


@pytest.fixture
def alert(mentor):
    """Sends an alert as a phone does; what the server answers."""

    def put(content, by=None, **fields):
        by = by or mentor
        envelope = field.envelope(by, content, kind="observation.alert", **fields)
        return field.Phone(by).put(envelope).json()

    return put


def test_alert_opens_its_case_before_the_session_comes(said, alert, room, mentor):
    assert alert(said)["state"] == "accepted"

    case = SafeguardingCase.objects.get()
    one = case.alerts.get()
    assert (str(case.session_uid), case.unit) == (said["session"], room)
    assert (one.description, one.observer) == ("Invented fact", mentor)
    assert one.happened_at.isoformat() == "2026-11-25T10:02:05+00:00"


def test_alert_sent_twice_is_one(said, alert):
    same = {
        "id": str(uuid.uuid4()),
        "made_at": said["happened_at"],
        "closed_at": said["happened_at"],
    }

    assert {alert(said, **same)["state"] for _again in range(2)} == {"accepted"}
    assert SafeguardingAlert.objects.count() == 1


def test_alert_from_outside_ones_rooms_is_taken_in(country, said, alert):
    stranger = organisations.person("mentor", country.elsewhere.centre)

    assert alert(said, by=stranger)["state"] == "accepted"


def test_alert_of_a_session_in_another_room_is_a_case_of_its_own(country, said, alert):
    alert(said)
    other = country.here.rooms[1]

    assert alert(said | {"room": other.code})["state"] == "accepted"
    assert {case.unit for case in SafeguardingCase.objects.all()} == {country.here.rooms[0], other}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"room": "no-such-room"}, "unknown_room"),
        ({"item": "CAL1"}, "unknown_item"),
        ({"item": "ALE99"}, "unknown_item"),
        ({"happened_at": "yesterday"}, "content"),
        ({"happened_at": "2026-11-25T10:02:05"}, "content"),
        ({"happened_at": 0}, "content"),
        ({"session": 7}, "content"),
        ({"description": None}, "content"),
        ({"description": "x" * 2001}, "content"),
        ({"cycle": 0}, "content"),
        ({"more": 1}, "content"),
    ],
)
def test_alert_that_cannot_be_read_is_held_for_officers_alone(
    country, said, alert, change, code, client, mentor
):
    told = alert(said | change)

    assert (told["state"], told["code"]) == ("held", code)
    assert not SafeguardingCase.objects.exists()
    seen = {}
    for role, place in (("protection", country.country), ("national", country.country)):
        client.force_login(organisations.person(role, place))
        addresses = "/observacion/casos/retenidas/", "/campo/retenidos/"
        seen[role] = [client.get(address).status_code for address in addresses]
        if role == "national":
            page = client.get("/campo/retenidos/").content.decode()
            assert "Invented fact" not in page
            assert f"retenidos/{Delivery.objects.get().pk}/" not in page
    assert seen == {"protection": [200, 403], "national": [403, 200]}
    assert [step.url for step in next_steps.held_alerts(mentor)] == []
    officer = organisations.person("protection", country.country)
    assert [step.url for step in next_steps.held_alerts(officer)] == [
        "/observacion/casos/retenidas/"
    ]


def test_session_and_alert_come_in_any_order(said, alert, send, room):
    content = field.session(room)
    record = {"id": said["session"]}

    assert send(content, **record)["state"] == "accepted"
    assert alert(said)["state"] == "accepted"
    assert str(ObservationSession.objects.get().pk) == said["session"]
    assert "Invented fact" not in str(Delivery.objects.get(kind="observation.session").body)


def test_nothing_of_an_alert_is_in_the_audit_of_deliveries(said, alert):
    alert(said)

    actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert {one for one in actions if one.startswith("deliveries.")} == set()
