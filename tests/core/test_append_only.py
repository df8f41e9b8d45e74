"""The audit trail cannot be changed by anybody: on the database in use, not only in Python."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from core import append_only
from core.models import AuditRecord
from tests.files import ROOT


@pytest.fixture
def record(db) -> AuditRecord:
    append_only.install(connection)
    return AuditRecord.objects.create(action="first", detail={"code": "a"})


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def save(record: AuditRecord) -> None:
    record.action = "forged"
    record.save()


@pytest.mark.parametrize(
    "attempt",
    [
        save,
        lambda record: record.delete(),
        lambda record: AuditRecord.objects.filter(pk=record.pk).update(action="forged"),
        lambda record: AuditRecord.objects.bulk_update(
            [AuditRecord(pk=record.pk, action="forged")], ["action"]
        ),
        lambda record: AuditRecord.objects.all().delete(),
        lambda record: AuditRecord.objects.filter(pk=record.pk)._raw_delete("default"),
        lambda record: raw("UPDATE core_auditrecord SET action = 'forged'"),
        lambda record: raw("DELETE FROM core_auditrecord"),
    ],
    ids=["save", "delete", "update", "bulk", "delete all", "raw delete", "SQL", "SQL delete"],
)
def test_audit_record_is_neither_changed_nor_deleted(record, attempt):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        attempt(record)

    assert list(AuditRecord.objects.values_list("action", flat=True)) == ["first"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can replace")
def test_audit_record_is_not_replaced(record):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        raw(
            "REPLACE INTO core_auditrecord "
            "(id, at, action, model, object_id, unit_path, detail) "
            "SELECT id, at, 'forged', model, object_id, unit_path, detail FROM core_auditrecord"
        )

    assert list(AuditRecord.objects.values_list("action", flat=True)) == ["first"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL can truncate")
def test_audit_trail_is_not_truncated(record):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        raw("TRUNCATE core_auditrecord")

    assert AuditRecord.objects.count() == 1


def test_audit_record_is_still_added(record):
    AuditRecord.objects.create(action="second")

    assert AuditRecord.objects.count() == 2


def test_triggers_are_installed_again_without_harm(record):
    append_only.install(connection)

    with pytest.raises(IntegrityError), transaction.atomic():
        record.delete()


def test_migration_that_alters_a_frozen_table_lifts_its_triggers_first():
    frozen = {rule.model.lower() for rule in append_only._rules}
    # By file: most tests run without migrations, and Django's loader then finds none.
    files = [file for file in ROOT.glob("*/migrations/0*.py") if not file.name.startswith("0001")]
    migrations = [
        import_module(f"{file.parts[-3]}.migrations.{file.stem}").Migration(
            file.stem, file.parts[-3]
        )
        for file in files
    ]
    altering = [
        one
        for one in migrations
        if any(
            f"{one.app_label}.{getattr(operation, 'model_name', '')}" in frozen
            for operation in one.operations
        )
    ]

    assert "0003_session_facts" in [migration.name for migration in altering]
    assert [one.name for one in altering if not lifts(one)] == []


def lifts(migration) -> bool:
    return getattr(migration.operations[0], "code", None) is append_only.lift
