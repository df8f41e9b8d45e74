"""What the database itself refuses, whoever asks."""

import copy
import uuid

import pytest
from django.db import connection

from core import append_only
from observation.actions import instruments, sessions
from observation.enums import RatingState, SessionStatus, VersionStatus
from observation.models import (
    Cycle,
    InstrumentVersion,
    Item,
    ObservationSession,
    Rating,
    SafeguardingAlert,
    SessionScore,
)
from tests.factories import observation as make
from tests.triggers import refused

ONE = {"state": RatingState.SCORED, "value": 1}


@pytest.fixture
def triggers(db):
    """The append-only triggers of this test's connection, rolled back with it."""
    append_only.install(connection)


def replace(model, **given):
    """Write the rows of ``model`` once more, with what is ``given`` (SQL) in place of their own."""
    table = model._meta.db_table
    values = {field.column: f'"{field.column}"' for field in model._meta.concrete_fields} | given
    names = ", ".join(f'"{name}"' for name in values)
    rows = f"SELECT {', '.join(values.values())} FROM {table}"  # noqa: S608 — tables and columns of our own models
    with connection.cursor() as cursor:
        cursor.execute(f"REPLACE INTO {table} ({names}) {rows}")


def save(session, number=1, **entry):
    entry = {"number": number, **entry}
    return sessions.save_draft(session=session, cycles=[entry], by=session.observer)


def test_published_version_cannot_change_in_the_database(version, triggers):
    item = version.items.first()

    assert refused(lambda: Item.objects.filter(pk=item.pk).update(weight=2))
    assert refused(lambda: Item.objects.filter(pk=item.pk).delete())
    assert refused(lambda: version.domains.update(order=9))
    assert refused(lambda: version.scales.update(maximum=9))
    assert refused(lambda: InstrumentVersion.objects.update(minimum_answered="0.10"))
    added = copy.copy(item)
    added.pk, added.code, added.order = None, "NEW1", 99
    assert refused(added.save)


def test_published_version_can_be_retired_and_nothing_else(version, triggers):
    both = {"status": VersionStatus.RETIRED, "minimum_cycles": 1}
    assert refused(lambda: InstrumentVersion.objects.update(**both))

    instruments.retire(version=version)

    assert refused(lambda: InstrumentVersion.objects.update(status=VersionStatus.PUBLISHED))
    assert refused(lambda: InstrumentVersion.objects.update(status=VersionStatus.DRAFT))


def test_draft_version_may_change_with_triggers(db, triggers):
    version = instruments.load(make.rows())

    assert version.items.filter(code="CAL1").update(weight=2) == 1


def test_closed_session_cannot_change_in_the_database(room):
    append_only.install(connection)
    session = make.closed(room)  # the order of writes in close passes the triggers
    rating = Rating.objects.first()
    other = session.version.items.get(code="ALE1")

    assert refused(lambda: ObservationSession.objects.update(observed_on="2020-01-01"))
    assert refused(lambda: ObservationSession.objects.update(status=SessionStatus.DRAFT))
    assert refused(lambda: ObservationSession.objects.all().delete())
    assert refused(lambda: Cycle.objects.update(number=5))
    assert refused(lambda: Rating.objects.filter(pk=rating.pk).update(note="x"))
    assert refused(lambda: Rating.objects.filter(pk=rating.pk).delete())
    assert refused(lambda: Rating.objects.create(cycle=rating.cycle, item=other, state="missing"))
    assert refused(lambda: SessionScore.objects.update(score=100))
    assert refused(lambda: SessionScore.objects.first().delete())
    assert refused(lambda: Cycle.objects.create(session=session, number=3))


def test_draft_may_change_and_correct_with_triggers(room):
    append_only.install(connection)
    session = make.closed(room)

    draft = sessions.correct(session=session, reason="A slip", by=session.observer)
    save(draft, ratings={"CAL2": ONE})
    sessions.close(session=draft, by=draft.observer)

    assert ObservationSession.objects.filter(status=SessionStatus.CLOSED).count() == 2


def test_nothing_is_moved_into_what_is_closed(room):
    append_only.install(connection)
    closed, draft = make.closed(room), make.filled(room)
    ours, theirs = closed.cycles.first(), draft.cycles.first()
    item = Item.objects.filter(version=instruments.load(make.rows(), number=2))

    assert refused(lambda: draft.cycles.filter(pk=theirs.pk).update(session=closed, number=3))
    assert refused(lambda: theirs.ratings.update(cycle=ours))
    assert refused(lambda: item.update(version=closed.version))


needs_replace = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can replace")


@needs_replace
@pytest.mark.parametrize(
    "model", [ObservationSession, Cycle, Rating, SessionScore, InstrumentVersion, Item]
)
def test_what_is_closed_is_not_replaced(room, model):
    append_only.install(connection)
    make.closed(room)

    assert refused(lambda: replace(model))


@needs_replace
def test_what_is_frozen_is_not_replaced_under_another_id(draft):
    append_only.install(connection)
    save(draft, alerts={"ALE1": "Shouted."})

    assert refused(lambda: replace(SafeguardingAlert, id="id + 1", description="'Nothing.'"))
    assert refused(lambda: replace(InstrumentVersion, id="id + 1", status="'draft'"))


@needs_replace
def test_closed_session_is_not_replaced_by_its_row_number(room):
    append_only.install(connection)
    make.closed(room)
    other = f"'{uuid.uuid4().hex}'"

    assert refused(lambda: replace(ObservationSession, rowid="rowid", id=other, status="'draft'"))


@needs_replace
def test_row_of_a_draft_does_not_take_the_place_of_one_that_is_closed(room):
    append_only.install(connection)
    closed, draft = make.closed(room), make.filled(room)
    ours, theirs = (Rating.objects.filter(cycle__session=one).first().pk for one in (closed, draft))
    statement = "UPDATE OR REPLACE observation_rating SET id = %s WHERE id = %s"

    assert refused(lambda: connection.cursor().execute(statement, [ours, theirs]))


def test_alert_is_described_once_and_stays_in_the_database(draft):
    append_only.install(connection)
    save(draft, alerts={"ALE1": ""})
    save(draft, alerts={"ALE1": "Shouted."})

    assert refused(lambda: SafeguardingAlert.objects.update(description="Nothing."))
    assert refused(lambda: SafeguardingAlert.objects.all().delete())
