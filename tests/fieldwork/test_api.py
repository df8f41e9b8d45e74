"""The protocol between phone and server, answer by answer."""

import json
import uuid

import pytest
from django.core import signing
from django.utils import timezone

from core.models import AuditRecord
from core.refusals import Refusal
from fieldwork.models import Delivery
from observation.models import ObservationSession
from tests.factories import field, organisations

# ---- me and agenda


def test_me_signed_out_is_401_in_json(client, db):
    answer = client.get("/api/field/me/")

    assert answer.status_code == 401
    assert answer.json()["code"] == "signed_out"


def test_me_says_who_and_gives_a_token(phone, mentor):
    told = phone.browser.get("/api/field/me/").json()

    assert set(told) == {"id", "name", "language", "csrf", "now", "sign_in", "attachments"}
    assert (told["id"], told["name"], told["language"]) == (mentor.pk, str(mentor), "en")
    assert (told["sign_in"], told["attachments"]) == ("/cuenta/login/", True)


def test_agenda_unchanged_is_304_and_changed_is_200(phone, mentor, record):
    first = phone.browser.get("/api/field/agenda/")
    tag = {"If-None-Match": first["ETag"]}

    same = phone.browser.get("/api/field/agenda/", headers=tag)
    phone.put(record)
    changed = phone.browser.get("/api/field/agenda/", headers=tag)

    assert (first.status_code, same.status_code, changed.status_code) == (200, 304, 200)
    # The phone keeps it encrypted; the browser's own cache would keep it in the clear.
    assert (first["Cache-Control"], same["Cache-Control"]) == ("no-store", "no-store")
    assert same["ETag"] == first["ETag"] != changed["ETag"]
    assert first.json()["by"] == mentor.pk
    assert set(first.json()) >= {"made_at", "expires_at", "observation", "mentoring"}


def test_agenda_of_one_is_not_that_of_another(phone, room):
    other = field.Phone(organisations.person("mentor", room.get_parent()))

    tags = {each.browser.get("/api/field/agenda/")["ETag"] for each in (phone, other)}

    assert len(tags) == 2


@pytest.mark.parametrize("role", ["national", "caregiver", "witness", "protection"])
def test_agenda_of_who_records_nowhere_is_empty(country, version, role):
    at = country.here.rooms[0] if role == "caregiver" else country.country
    someone = field.Phone(organisations.person(role, at))

    told = someone.browser.get("/api/field/agenda/").json()["observation"]

    assert (told["rooms"], told["instruments"]) == ([], [])


# ---- records


def test_record_new_is_201_counts_and_is_kept_byte_for_byte(phone, record):
    answer = phone.put(record)

    told = answer.json()
    delivery = Delivery.objects.get()
    session = ObservationSession.objects.get()
    assert (answer.status_code, told["state"], told["reason"]) == (201, "accepted", "")
    assert (str(session.pk), session.status) == (record["id"], "closed")
    assert bytes(delivery.body) == field.canonical(record)
    assert (told["id"], told["sha256"]) == (record["id"], delivery.sha256)


def test_receipt_binds_number_hash_and_time(phone, record):
    told = phone.put(record).json()

    signer = signing.Signer(salt="fieldwork.receipt")
    receipt = signer.unsign_object(told["receipt"])

    assert receipt == {name: told[name] for name in ("id", "sha256", "received_at")}
    with pytest.raises(signing.BadSignature):
        signer.unsign_object("x" + told["receipt"])


def test_record_again_is_200_with_the_same_answer(phone, record):
    first, again = phone.put(record), phone.put(record)

    assert again.status_code == 200
    assert again.json() == first.json()
    assert (Delivery.objects.count(), ObservationSession.objects.count()) == (1, 1)


def test_record_again_in_another_order_of_keys_is_200(phone, record):
    phone.put(record)

    turned = json.dumps(dict(reversed(record.items())), indent=2).encode()
    answer = phone.put(record, turned)

    assert answer.status_code == 200
    assert bytes(Delivery.objects.get().body) == field.canonical(record)


def test_record_with_other_content_is_409_and_both_are_kept(phone, notes, note):
    first = note("One")
    second = note("Two", id=first["id"])

    answers = [phone.put(each) for each in (first, second, second, first)]

    assert [answer.status_code for answer in answers] == [201, 409, 409, 200]
    assert [answer.json()["state"] for answer in answers[:2]] == ["accepted", "conflict"]
    assert {bytes(one.body) for one in Delivery.objects.all()} == {
        field.canonical(first),
        field.canonical(second),
    }
    assert notes.taken == [uuid.UUID(first["id"])]


def test_record_under_the_number_of_somebody_elses_is_a_conflict(phone, room, notes, note):
    other = organisations.person("mentor", room.get_parent())
    mine = note("One")
    hers = note("One", by=other, id=mine["id"])
    phone.put(mine)

    answer = field.Phone(other).put(hers)

    assert answer.status_code == 409
    assert phone.ask(mine).json()["state"] == "accepted"
    assert field.Phone(other).ask(hers).json()["state"] == "conflict"


def test_record_signed_out_is_401_and_stores_nothing(record):
    assert field.Phone().put(record).status_code == 401
    assert Delivery.objects.count() == 0


def test_record_of_somebody_else_is_403_and_stores_nothing(room, record):
    other = field.Phone(organisations.person("mentor", room.get_parent()))

    answer = other.put(record)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert Delivery.objects.count() == 0


def test_record_without_a_token_is_403_by_another_word(mentor, record):
    phone = field.Phone(mentor, csrf=True)

    answer = phone.put(record)
    token = phone.browser.get("/api/field/me/").json()["csrf"]

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert phone.put(record, **{"X-CSRFToken": token}).status_code == 201


def test_record_signed_out_without_a_token_is_401(db, record):
    assert field.Phone(csrf=True).put(record).status_code == 401


def test_record_of_an_unknown_kind_is_404(phone, note):
    answer = phone.put(note())  # nobody registered it here

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_kind")
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("sha256", ["", "0" * 64, "x", "ü"])
def test_record_with_another_hash_is_400_and_stores_nothing(phone, record, sha256):
    answer = phone.put(record, **{"X-Content-SHA256": sha256.encode().decode("latin-1")})

    assert (answer.status_code, answer.json()["code"]) == (400, "hash")
    assert Delivery.objects.count() == 0


def test_record_cut_off_on_the_way_is_400_and_stores_nothing(phone, record):
    body = field.canonical(record)
    whole = phone.put(record, body[:-1], **{"X-Content-SHA256": "f" * 64})

    assert (whole.status_code, Delivery.objects.count()) == (400, 0)


def test_record_larger_than_the_door_is_413(phone, notes, note):
    large = note("x" * 1024 * 1024)

    answer = phone.put(large)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert Delivery.objects.count() == 0


def test_record_nearly_as_large_as_the_door_is_taken_in(phone, notes, note):
    large = note("x" * (1024 * 1024 - 500))

    assert phone.put(large).status_code == 201
    assert bytes(Delivery.objects.get().body) == field.canonical(large)


def test_record_asked_after_tells_its_state_today(phone, notes, note):
    record = note(hold="late")
    held = phone.put(record).json()

    assert phone.ask(record).json() == held
    assert (held["state"], held["code"], held["reason"]) == ("held", "late", "Held for late.")


def test_record_asked_after_by_its_hash_is_the_one_with_it(phone, notes, note):
    first = note("One")
    told = [phone.put(each).json() for each in (first, note("Two", id=first["id"]))]

    assert [phone.ask(first, each["sha256"]).json() for each in told] == told
    assert phone.ask(first).json() == told[1]


def test_record_of_others_cannot_be_asked_after(room, phone, notes, note):
    record = note()
    phone.put(record)
    other = field.Phone(organisations.person("zonal", room.get_parent().get_parent()))

    assert other.ask(record).status_code == 404
    assert phone.ask(note()).status_code == 404


def test_too_many_records_within_the_hour_are_429(phone, notes, note, settings):
    settings.FIELD_RECORDS_PER_HOUR = 2
    answers = [phone.put(note(str(n))) for n in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2]["Retry-After"] == "600"


def test_honest_phone_after_weeks_without_a_network_is_not_stopped(settings):
    # Three visits a day over eight weeks, each with an alert, and each sent twice.
    assert settings.FIELD_RECORDS_PER_HOUR > 3 * 5 * 8 * 2 * 2


# ---- what becomes of a record


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Refusal("Not so."), "refused"),
        (ValueError("a bug"), "error"),
        (KeyError("another"), "error"),
    ],
)
def test_record_that_the_handler_does_not_take_is_held(phone, notes, note, trouble, code):
    notes.raises = [trouble]

    answer = phone.put(note())

    assert (answer.status_code, answer.json()["state"]) == (201, "held")
    assert answer.json()["code"] == Delivery.objects.get().code == code


def test_record_whose_handler_breaks_says_nothing_of_the_bug(phone, notes, note):
    notes.raises = [ValueError("name of a person")]

    told = phone.put(note()).json()

    assert "name of a person" not in told["reason"]
    assert told["reason"].startswith("Something broke on our side.")


def test_record_whose_content_is_not_of_its_kind_is_held(phone, notes, note):
    record = note()
    record["content"] = {"text": 7}

    told = phone.put(record).json()

    assert (told["state"], told["code"], told["reason"]) == (
        "held",
        "content",
        "text: This must be text.",
    )
    assert notes.taken == []


def test_record_leaves_an_audit_record_without_its_content(phone, notes, note, mentor):
    phone.put(note())

    left = AuditRecord.objects.get(action="deliveries.receive")

    assert (left.actor_id, left.detail) == (mentor.pk, {"state": "accepted", "code": ""})


def test_record_names_no_time_that_is_not_its_own(phone, notes, note):
    before = timezone.now()
    told = phone.put(note()).json()

    assert before.isoformat() <= told["received_at"] <= timezone.now().isoformat()
