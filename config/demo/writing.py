"""Rows in bulk: columns in, INSERT (SQLite) or COPY (PostgreSQL) out.

``bulk_create`` builds an instance and prepares each value on its own, which for millions of rows
takes longer than the database does. Here a column is prepared as a whole, and a field that is not
given takes its default, as the model would.
"""

import datetime
import json
import math
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

ROWS_AT_ONCE = 50_000
Column = Sequence[Any] | np.ndarray


def next_id(model: type[models.Model]) -> int:
    """The first free number of ``model``'s integer key."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def insert(model: type[models.Model], count: int, **columns: Any) -> np.ndarray:
    """Insert ``count`` rows of ``model``; each keyword is an attribute name ("unit_id").

    A column is a list or array of ``count`` values, or one value for all rows; NaN in a float
    array is NULL. Values stand as the database keeps them: see ``moment``, ``days``, ``texts``.
    Returns the keys of the rows. Raises ValueError for an
    unknown column, a column of another length, or a field that has neither value nor default.
    """
    fields = model._meta.concrete_fields
    by_attname = {field.attname: field for field in fields}
    if unknown := set(columns) - set(by_attname):
        raise ValueError(f"{model._meta.label} has no {', '.join(sorted(unknown))}.")
    key = model._meta.pk.attname
    if key not in columns:
        columns[key] = np.arange(count) + next_id(model)
    ids = np.asarray(columns[key])
    if not count:
        return ids
    lists = [_values(field, columns, count) for field in fields]
    names = [str(field.column) for field in fields]
    _write(model._meta.db_table, names, zip(*lists, strict=True))
    return ids


def _values(field: models.Field, columns: dict[str, Any], count: int) -> list:
    if field.attname not in columns:
        if not (field.has_default() or field.null or field.empty_strings_allowed):
            raise ValueError(f"{field} needs a value.")
        return [_constant(field.get_db_prep_save(field.get_default(), connection))] * count
    column = columns[field.attname]
    if isinstance(column, str) or column is None or np.isscalar(column):
        return [column] * count
    values = column.tolist() if isinstance(column, np.ndarray) else column
    if len(values) != count:
        raise ValueError(f"{field}: {len(values)} values for {count} rows.")
    if isinstance(column, np.ndarray) and column.dtype.kind == "f":
        return [None if math.isnan(value) else value for value in values]
    return values


def _constant(value: Any) -> Any:
    """A prepared default as a plain value that INSERT and COPY both take."""
    return json.dumps(value.obj) if hasattr(value, "obj") else value


def _write(table: str, columns: list[str], rows: Iterable[tuple]) -> None:
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        # Names of our own models, quoted; the values are parameters.
        sql = f"INSERT INTO {table} ({quoted}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608 — no value stands in it
        rows = list(rows)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            cursor.executemany(sql, rows[start : start + ROWS_AT_ONCE])


def settle() -> None:
    """Let the database's own counters follow the keys that were given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def analyse() -> None:
    """Give the query planner statistics of what is now in the tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def uuids(rng: np.random.Generator, count: int) -> list[str]:
    """Random UUIDs (version 4) that follow from ``rng``, as 32 hexadecimal digits."""
    drawn = rng.bytes(16 * count)
    return [uuid.UUID(bytes=drawn[16 * i : 16 * i + 16], version=4).hex for i in range(count)]


def days(dates: np.ndarray) -> list[Any]:
    """datetime64 of any unit as the database keeps a date; NaT is NULL."""
    text = np.datetime_as_string(dates, unit="D").tolist()
    return [None if day == "NaT" else day for day in text]


def whole(numbers: np.ndarray) -> list[int | None]:
    """Whole numbers in a float array; NaN is NULL."""
    return [None if math.isnan(number) else int(number) for number in numbers.tolist()]


def moment(day: str | datetime.date, minutes: int = 0) -> str:
    """Minutes after 15:00 UTC, a morning in Mexico, of ``day`` as the database keeps time."""
    hour, minute = divmod(15 * 60 + minutes, 60)
    return f"{day} {hour:02d}:{minute:02d}:00"


def text(value: Any) -> str:
    """JSON as the database keeps it."""
    return json.dumps(value, ensure_ascii=False)
