from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from core import append_only
from fieldwork.models import Delivery, Settlement


def retried() -> str:
    out = StringIO()
    call_command("retry_deliveries", stdout=out)
    return out.getvalue().strip()


def test_retry_takes_in_what_broke_and_leaves_what_people_decide(phone, notes, note):
    notes.raises = [ValueError("a bug")]
    for number in range(2):
        phone.put(note(str(number)))
    notes.raises = []
    phone.put(note(hold="late"))

    said = retried()

    assert said == "2 records tried again, 2 taken in."
    assert sorted(Delivery.objects.values_list("state", flat=True)) == [
        "accepted",
        "accepted",
        "held",
    ]
    assert retried() == "0 records tried again, 0 taken in."


def test_retry_of_what_still_breaks_keeps_it(phone, notes, note):
    notes.raises = [ValueError("a bug")]
    phone.put(note())

    assert retried() == "1 records tried again, 0 taken in."
    assert Delivery.objects.get().code == "error"


def test_retry_finds_a_room_that_was_unknown(country, phone, notes, note):
    notes.raises = [ValueError("a bug")]
    phone.put(note(room="new-room"))
    room = country.here.rooms[0]
    room.code = "new-room"
    room.save()
    notes.raises = []

    retried()

    assert Delivery.objects.get().unit == room


# ---- what the database itself refuses


@pytest.fixture
def delivery(phone, notes, note):
    append_only.install(connection)
    phone.put(note(hold="late"))
    return Delivery.objects.get()


@pytest.mark.parametrize(
    "fields",
    [{"body": b"{}"}, {"sha256": "0" * 64}, {"canonical_hash": "0" * 64}, {"kind": "x"}],
    ids=lambda fields: next(iter(fields)),
)
def test_delivery_keeps_its_content(delivery, fields):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**fields)


def test_delivery_is_never_deleted(delivery):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk)._raw_delete("default")


def test_delivery_keeps_the_unit_once_it_has_one(delivery, country):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(unit=country.elsewhere.rooms[0])


def test_delivery_moves_from_state_to_state(delivery):
    Delivery.objects.filter(pk=delivery.pk).update(state="accepted", code="", reason="")

    assert Delivery.objects.get().state == "accepted"


def test_two_deliveries_of_one_record_never_both_stand(delivery):
    second = Delivery.objects.get()
    second.pk, second.canonical_hash = None, "1" * 64

    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_settlement_is_never_changed(delivery, mentor):
    row = Settlement.objects.create(
        delivery=delivery, by=mentor, decision="set_aside", code="late", reason="Because."
    )

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Settlement.objects.filter(pk=row.pk).update(reason="Other.")
