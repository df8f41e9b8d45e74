"""Inserting many rows at once, past the ORM: a batch of 50 statements is some 600 of them.

``bulk_create`` hands PostgreSQL its texts as arrays, escaped letter by letter: ten times as slow
for statements as COPY, and it makes an object of every mention.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], rows: Iterable[Sequence[Any]]) -> None:
    """Insert ``rows`` of ``model``: the values of its fields, in their order; none is there yet."""
    if connection.vendor != "postgresql":
        model._base_manager.bulk_create([model(*row) for row in rows])
        return
    fields = model._meta.concrete_fields
    prepared = [
        [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in rows
    ]
    into = f"{model._meta.db_table} ({', '.join(str(field.column) for field in fields)})"
    with (
        connection.cursor() as cursor,
        # Past Django's cursor an error is psycopg's own, unless it is made Django's.
        connection.wrap_database_errors,
        cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy,
    ):
        for row in prepared:
            copy.write_row(row)


def values(row: models.Model) -> list[Any]:
    """What ``insert`` takes for an object."""
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]
