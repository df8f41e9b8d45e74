"""Tables whose rows the database itself refuses to change or delete.

A guard in Python alone does not hold: ``QuerySet.update``, a shell or another program pass it by.
Triggers are installed after every ``migrate``, since SQLite drops them when Django rebuilds a
table for an ``ALTER``. A migration that alters such a table begins with ``RunPython(lift)``.
"""

from dataclasses import asdict, dataclass

from django.apps import apps as installed
from django.conf import settings
from django.db import connections, router
from django.db.models.options import Options

NEVER = "1=0"


@dataclass(frozen=True)
class Rule:
    """Rows of ``model`` where ``frozen`` (SQL over OLD) holds stay as they are.

    ``move`` (SQL over OLD and NEW) names the one change they may still make; ``full`` (SQL over
    NEW) says where no row may be added or moved to. Both are written so that they are never
    unknown (NULL).
    """

    model: str
    frozen: str
    move: str = NEVER
    full: str = NEVER


_rules: list[Rule] = []


def register(model: str, *, frozen: str = "1=1", move: str = NEVER, full: str = NEVER) -> None:
    """Freeze rows of ``model`` ("app.Model"); call it in ``AppConfig.ready``. See ``Rule``."""
    rule = Rule(model, frozen, move, full)
    if rule not in _rules:
        _rules.append(rule)


def install(connection) -> None:
    """Create the triggers on ``connection``; again is harmless."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in _rules:
            options = installed.get_model(rule.model)._meta
            if options.db_table in tables:
                values = asdict(rule) | {
                    "table": options.db_table,
                    "kept": rule.frozen.replace("OLD.", "kept."),
                    "same_key": _same_key(options),
                }
                for statement in _STATEMENTS[connection.vendor]:
                    cursor.execute(statement.format(**values))


def _same_key(options: Options) -> str:
    """Whether the rows ``kept`` and NEW share a key (SQL for SQLite).

    Keys are SQLite's own row number, the primary key and unique constraints. Those with a condition
    are left out: the one there is holds within a closed session, which is full.
    """
    columns = {field.name: field.column for field in options.local_concrete_fields}
    keys: list[list[str | None]] = [["rowid"]]
    keys += [[field.column] for field in options.local_concrete_fields if field.unique]
    keys += [[columns[name] for name in one.fields] for one in options.total_unique_constraints]
    return " OR ".join(
        " AND ".join(f"kept.{column} = NEW.{column}" for column in key) for key in keys
    )


def lift(apps, schema_editor) -> None:
    """First operation of a migration that alters a frozen table: takes SQLite's triggers away.

    Django rebuilds the table under another name, and SQLite refuses to rename it while a trigger of
    a third table reads it. In the migration's own transaction: if that fails they stay.
    """
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            for rule in _rules:
                table = installed.get_model(rule.model)._meta.db_table
                for event in ("insert", "update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only_{event}")


def install_after_migrate(sender, using: str, **kwargs) -> None:
    """Receiver of ``post_migrate``."""
    if getattr(settings, "APPEND_ONLY_TRIGGERS", True) and router.allow_migrate(using, "core"):
        install(connections[using])


_STATEMENTS = {
    # The conditions stand in the function: PostgreSQL allows no subquery in a trigger's WHEN.
    "postgresql": [
        (
            "CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger "
            "LANGUAGE plpgsql AS $$ DECLARE refused boolean; BEGIN "
            "IF TG_OP = 'TRUNCATE' THEN refused := true; "
            "ELSIF TG_OP = 'INSERT' THEN refused := {full}; "
            "ELSIF TG_OP = 'DELETE' THEN refused := {frozen}; "
            "ELSE refused := (({frozen}) OR ({full})) AND NOT ({move}); END IF; "
            "IF refused THEN RAISE EXCEPTION "
            "'append-only: rows of {table} cannot be added, changed or deleted here' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE OR REPLACE TRIGGER {table}_append_only BEFORE INSERT OR UPDATE OR DELETE "
            "ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        ),
        (
            "CREATE OR REPLACE TRIGGER {table}_never_empty BEFORE TRUNCATE "
            "ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        ),
    ],
    # REPLACE INTO and UPDATE OR REPLACE delete every row that has a key of the new one, the primary
    # or any other, and fire no trigger for it: so it is looked for before. Whether it is frozen is
    # selected and no filter, for which SQLite would read all rows with that status.
    "sqlite": [
        "DROP TRIGGER IF EXISTS {table}_append_only_insert",
        (
            "CREATE TRIGGER {table}_append_only_insert BEFORE INSERT ON {table} "
            "WHEN ({full}) OR 1 IN (SELECT {kept} FROM {table} AS kept WHERE {same_key}) "
            "BEGIN SELECT RAISE(ABORT, 'append-only: rows of {table} cannot be added here'); END"
        ),
        "DROP TRIGGER IF EXISTS {table}_append_only_update",
        (
            "CREATE TRIGGER {table}_append_only_update BEFORE UPDATE ON {table} "
            "WHEN (({frozen}) OR ({full})) AND NOT ({move}) "
            "OR 1 IN (SELECT {kept} FROM {table} AS kept "
            "WHERE ({same_key}) AND kept.rowid <> OLD.rowid) "
            "BEGIN SELECT RAISE(ABORT, 'append-only: rows of {table} cannot be changed'); END"
        ),
        "DROP TRIGGER IF EXISTS {table}_append_only_delete",
        (
            "CREATE TRIGGER {table}_append_only_delete BEFORE DELETE ON {table} WHEN {frozen} "
            "BEGIN SELECT RAISE(ABORT, 'append-only: rows of {table} cannot be deleted'); END"
        ),
    ],
}
