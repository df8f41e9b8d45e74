"""Writers of SQLite take turns: with no patience at all none finds the database locked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections
from django.db.backends.sqlite3 import base as plain

from config.sqlite import base as queued

pytestmark = pytest.mark.django_db  # connections of its own, to files of its own
WRITERS, TIMES = 6, 25


def wrapper(kind, file):
    """A connection to ``file`` that does not wait for a lock."""
    filled = connections.settings["default"] | {
        "ENGINE": kind.__module__.removesuffix(".base"),
        "NAME": str(file),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0},
    }
    return kind(filled, "queued")


def count_up(kind, file) -> None:
    connection = wrapper(kind, file)
    connection.inc_thread_sharing()
    try:
        for _time in range(TIMES):
            connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT n FROM counted")
                (n,) = cursor.fetchone()
                cursor.execute("UPDATE counted SET n = %s", [n + 1])
            connection.commit()
            connection.set_autocommit(True)
    finally:
        connection.close()


def written(kind, file) -> int:
    connection = wrapper(kind, file)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE counted (n integer)")
        cursor.execute("INSERT INTO counted VALUES (0)")
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda _writer: count_up(kind, file), range(WRITERS)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM counted")
        (n,) = cursor.fetchone()
    connection.close()
    return n


def test_writers_pass_one_after_the_other(tmp_path):
    assert written(queued.DatabaseWrapper, tmp_path / "queued.sqlite3") == WRITERS * TIMES


def test_writers_without_a_queue_find_it_locked(tmp_path):
    with pytest.raises(OperationalError, match="locked"):
        written(plain.DatabaseWrapper, tmp_path / "plain.sqlite3")


def test_turn_is_passed_on_by_who_fails(tmp_path):
    file = tmp_path / "queued.sqlite3"
    first = wrapper(queued.DatabaseWrapper, file)
    for end in (first.rollback, first.close):
        first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        end()
        if first.connection is not None:
            first.set_autocommit(True)

    assert written(queued.DatabaseWrapper, file) == WRITERS * TIMES
