"""Tables whose rows the database itself refuses to change or delete.

A guard in Python alone does not hold: ``QuerySet.update``, a shell or another program pass it by.
Triggers are installed after every ``migrate``, since SQLite drops them when Django rebuilds a
table for an ``ALTER``.
"""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connections, router


@dataclass(frozen=True)
class Rule:
    """Rows of ``model`` where ``frozen`` (SQL over OLD) holds stay as they are."""

    model: str
    frozen: str


_rules: list[Rule] = []


def register(model: str, *, frozen: str = "1=1") -> None:
    """Freeze rows of ``model`` ("app.Model"); call it in ``AppConfig.ready``."""
    rule = Rule(model, frozen)
    if rule not in _rules:
        _rules.append(rule)


def install(connection) -> None:
    """Create the triggers on ``connection``; again is harmless."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in _rules:
            table = apps.get_model(rule.model)._meta.db_table
            if table in tables:
                for statement in _STATEMENTS[connection.vendor]:
                    cursor.execute(statement.format(table=table, frozen=rule.frozen))


def install_after_migrate(sender, using: str, **kwargs) -> None:
    """Receiver of ``post_migrate``."""
    if getattr(settings, "APPEND_ONLY_TRIGGERS", True) and router.allow_migrate(using, "core"):
        install(connections[using])


_STATEMENTS = {
    # The condition stands in the function: PostgreSQL allows no subquery in a trigger's WHEN.
    "postgresql": [
        (
            "CREATE OR REPLACE FUNCTION {table}_append_only() "
            "RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN IF {frozen} THEN RAISE EXCEPTION "
            "'append-only: rows of {table} cannot be changed or deleted' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        ),
    ],
    "sqlite": [
        "DROP TRIGGER IF EXISTS {table}_append_only_update",
        (
            "CREATE TRIGGER {table}_append_only_update BEFORE UPDATE ON {table} WHEN {frozen} "
            "BEGIN SELECT RAISE(ABORT, 'append-only: rows of {table} cannot be changed'); END"
        ),
        "DROP TRIGGER IF EXISTS {table}_append_only_delete",
        (
            "CREATE TRIGGER {table}_append_only_delete BEFORE DELETE ON {table} WHEN {frozen} "
            "BEGIN SELECT RAISE(ABORT, 'append-only: rows of {table} cannot be deleted'); END"
        ),
    ],
}
