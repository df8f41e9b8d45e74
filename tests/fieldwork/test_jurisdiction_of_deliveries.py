"""Who sees what is held: those above the place, and where that says little, above the sender."""

import pytest
from django.test import Client

from core.models import AuditRecord
from core.refusals import Refusal
from fieldwork import kinds, queries
from fieldwork.actions import settlements
from fieldwork.kinds import Kind
from fieldwork.models import Delivery
from tests.factories import field, organisations

SETTLE = "fieldwork.settle"


def seen(person, permission=SETTLE):
    return queries.settled_with(person, permission).count()


@pytest.fixture
def people(country):
    """Coordinators of both regions, and of the country."""
    return {
        "here": organisations.person("zonal", country.here.zone),
        "elsewhere": organisations.person("zonal", country.elsewhere.zone),
        "nation": organisations.person("national", country.country),
    }


def who_sees(people, permission=SETTLE):
    return {name for name, person in people.items() if seen(person, permission)}


def test_held_within_the_room_of_the_sender_is_for_those_above_it(people, phone, notes, note):
    phone.put(note(hold="late"))

    assert who_sees(people) == {"here", "nation"}


def test_held_for_an_unknown_room_is_for_those_above_the_sender(people, phone, notes, note):
    phone.put(note(hold="late", room="no-such-room"))

    assert who_sees(people) == {"here", "nation"}
    assert Delivery.objects.get().unit is None


def test_held_outside_is_for_those_above_the_room_and_above_the_sender(
    people, country, phone, notes, note
):
    phone.put(note(hold="late", room=country.elsewhere.rooms[0].code))

    assert who_sees(people) == {"here", "elsewhere", "nation"}


def test_held_of_who_has_a_second_post_there_is_not_shown_to_the_first_region(
    people, country, mentor, phone, notes, note
):
    organisations.post("mentor", country.elsewhere.centre, mentor)

    phone.put(note(hold="late", room=country.elsewhere.rooms[0].code))

    assert who_sees(people) == {"elsewhere", "nation"}


def test_held_of_who_has_no_post_at_all_is_for_the_country(people, notes, note):
    nobody = organisations.user()

    field.Phone(nobody).put(note(by=nobody, hold="late", room="no-such-room"))

    assert who_sees(people) == {"nation"}


def test_rule_is_passed_over_by_those_above_the_room_alone(people, country, phone, notes, note):
    phone.put(note(hold="late", room=country.elsewhere.rooms[0].code))
    delivery = Delivery.objects.get()

    with pytest.raises(Refusal, match="coordinates the place"):
        settlements.take_in(delivery=delivery, reason="Yes.", by=people["here"])
    settled = settlements.take_in(delivery=delivery, reason="Yes.", by=people["elsewhere"])

    assert settled.state == "accepted"


@pytest.mark.parametrize("role", ["director", "mentor", "caregiver", "evaluator", "protection"])
def test_held_is_not_for_who_does_not_settle(country, phone, notes, note, role):
    phone.put(note(hold="late"))
    at = country.here.region if role in {"evaluator", "protection"} else country.here.centre

    assert seen(organisations.person(role, at)) == 0


# ---- a kind that only officers of child protection may see


@pytest.fixture
def secret(notes, monkeypatch):
    open_kind = kinds.find("test.note")
    given = vars(open_kind) | {
        "name": "test.secret",
        "settled_with": "observation.safeguarding",
        "audited_as": "alerts",
    }
    monkeypatch.setitem(kinds._kinds, "test.secret", Kind(**given))
    return given


@pytest.fixture
def secret_held(secret, mentor, phone, country):
    content = {"text": "What happened", "room": country.here.rooms[0].code, "hold": "late"}
    phone.put(field.envelope(mentor, content, kind="test.secret"))
    return Delivery.objects.get()


def test_restricted_kind_is_seen_by_its_permission_alone(people, country, secret_held):
    officer = organisations.person("protection", country.here.region)

    assert who_sees(people) == set()
    assert seen(officer, "observation.safeguarding") == 1
    assert seen(officer) == 0


def test_restricted_kind_is_on_no_page_of_ordinary_settlers(people, secret_held):
    browser = Client()
    browser.force_login(people["nation"], "allauth.account.auth_backends.AuthenticationBackend")

    for path in ("", "contenido.json", "reintentar/"):
        assert browser.get(f"/campo/retenidos/{secret_held.pk}/{path}").status_code in (404, 405)
    assert "What happened" not in browser.get("/campo/retenidos/").content.decode()
    assert "/campo/retenidos/" not in browser.get("/inicio/").content.decode().split("<main")[1]


def test_restricted_kind_has_its_own_word_in_the_audit_trail(secret_held):
    left = AuditRecord.objects.filter(model="fieldwork.Delivery", object_id=str(secret_held.pk))

    assert set(left.values_list("action", flat=True)) == {"alerts.receive"}
