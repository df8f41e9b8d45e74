import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import append_only
from lrs import frames, keys, queries
from lrs.actions import statements
from lrs.models import Credential, Statement
from tests.factories.learning import statement

VERB = "https://x.example/verb"


def test_store_many_again_adds_nothing(db):
    append_only.install(connection)
    bodies = [statement(id=str(uuid.uuid4())) for _ in range(5)]

    statements.store_many(bodies)
    statements.store_many(iter(bodies))

    assert Statement.objects.count() == 5


def test_store_many_is_found_under_by_what_refers_to_it(db):
    target = str(uuid.uuid4())
    about = {"objectType": "StatementRef", "id": target}
    statements.store_many([statement(id=str(uuid.uuid4()), object=about, verb={"id": VERB})])

    statements.store_many([statement(id=target)])

    verb = keys.of_verb(statement()["verb"]["id"]).hex()
    found, _more = queries.page(queries.Search(keys=[verb]))
    assert [row.verb for row in found] == [statement()["verb"]["id"], VERB]


def test_store_many_keeps_the_moment_of_storing(db):
    statements.store_many([statement(id=str(uuid.uuid4()), stored="2026-01-31T09:30:00Z")])

    assert Statement.objects.get().stored.isoformat() == "2026-01-31T09:30:00+00:00"


def test_statement_is_not_changed_nor_deleted_by_the_database(db):
    append_only.install(connection)
    statements.store([statement()])

    for change in (
        lambda: Statement.objects.update(object="other"),
        lambda: Statement.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_counts_are_by_day_verb_and_object(db):
    statements.store(
        [statement(timestamp=f"2026-01-{day}T18:00:00Z") for day in ("30", "31", "31")]
    )

    table = frames.counts(Statement.objects.all())

    assert list(table.columns) == list(frames.COLUMNS)
    assert list(table["day"].dt.day) == [30, 31]
    assert list(table["statements"]) == [1, 2]


def test_counts_of_nothing_have_their_columns(db):
    table = frames.counts(Statement.objects.none())

    assert dict(table.dtypes.astype(str)) == frames.COLUMNS


def test_credential_command_prints_the_secret_once(db, capsys):
    call_command("lrs_credential", "moodle")

    lines = capsys.readouterr().out.splitlines()
    secret = lines[1].split()[1]
    credential = Credential.objects.get()
    assert lines[0].split()[1] == credential.key
    assert secret not in credential.secret_hash
    with pytest.raises(CommandError, match="Choose another name"):
        call_command("lrs_credential", "moodle")
