"""Keeping under which keys statements are found. In SQL: eleven rows for every statement."""

from collections.abc import Iterable

from django.db import connection

# key, position of the statement found, position of the one that has the key
Row = tuple[bytes, int, int]
VALUES = (
    "INSERT INTO lrs_mention (key, position, source) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
)
ARRAYS = (
    "INSERT INTO lrs_mention (key, position, source) "
    "SELECT * FROM unnest(%s::bytea[], %s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING"
)


def keep(rows: Iterable[Row]) -> None:
    """Keep ``rows``; those there already are passed over.

    One array for a column is three times as fast here as values for every row.
    """
    ordered = sorted(rows)
    if not ordered:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(ARRAYS, [list(column) for column in zip(*ordered, strict=True)])
        else:
            cursor.executemany(VALUES, ordered)
