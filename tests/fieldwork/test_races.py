"""The same moment, several phones: on SQLite as on PostgreSQL."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection, connections

from fieldwork.actions import settlements
from fieldwork.models import Delivery
from observation.models import ObservationSession
from tests.factories import field, organisations

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def at_once(*calls):
    """What each call gave; all begin at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture(autouse=True)
def _database_of_several_connections(transactional_db, tmp_path):
    """The tests' SQLite lives in the memory of one connection: copied to a file, as in use."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = str(tmp_path / "races.sqlite3")
    with closing(sqlite3.connect(file)) as copy:
        memory.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, file
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


def test_same_record_at_the_same_moment_is_201_once_and_200_else(mentor, record):
    phones = [field.Phone(mentor) for _phone in range(AT_ONCE)]

    answers = at_once(*(lambda phone=phone: phone.put(record) for phone in phones))

    assert sorted(answer.status_code for answer in answers) == [200] * (AT_ONCE - 1) + [201]
    assert {answer.json()["state"] for answer in answers} == {"accepted"}
    assert (Delivery.objects.count(), ObservationSession.objects.count()) == (1, 1)


def test_other_contents_at_the_same_moment_are_one_record_and_conflicts(mentor, notes, note):
    first = note("0")
    records = [first, *(note(str(n), id=first["id"]) for n in range(1, AT_ONCE))]
    phones = [field.Phone(mentor) for _record in records]

    answers = at_once(
        *(
            lambda phone=phone, record=record: phone.put(record)
            for phone, record in zip(phones, records, strict=True)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (AT_ONCE - 1)
    assert len(notes.taken) == 1
    assert Delivery.objects.count() == AT_ONCE


def test_two_sessions_for_one_appointment_at_the_same_moment_hold_one(mentor, room):
    caregiver = organisations.person("caregiver", room)
    contents = [
        field.session(room, caregiver, value, appointment="cycle-1-observe") for value in (1, 2)
    ]
    records = [field.envelope(mentor, content) for content in contents]
    phones = [field.Phone(mentor) for _record in records]

    answers = at_once(
        *(
            lambda phone=phone, record=record: phone.put(record)
            for phone, record in zip(phones, records, strict=True)
        )
    )

    assert sorted(answer.json()["state"] for answer in answers) == ["accepted", "held"]
    assert ObservationSession.objects.filter(status="closed").count() == 1


def test_two_coordinators_at_the_same_moment_decide_once(country, mentor, notes, note):
    phone = field.Phone(mentor)
    phone.put(note(hold="late"))
    delivery = Delivery.objects.get()
    people = [organisations.person("regional", country.here.region) for _person in range(2)]

    def decide(act, person):
        try:
            return act(delivery=delivery, reason="Because.", by=person).state
        except Exception as error:  # noqa: BLE001 — compared below by its name
            return type(error).__name__

    outcomes = at_once(
        lambda: decide(settlements.set_aside, people[0]),
        lambda: decide(settlements.set_aside, people[1]),
    )

    assert sorted(outcomes) == ["Refusal", "set_aside"]
    assert delivery.settlements.count() == 1
