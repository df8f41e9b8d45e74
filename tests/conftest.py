"""Fixtures for all tests. Whoever needs a row makes it with the factories."""

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from wagtail.models import Collection, Locale, Page

from tests.factories import organisations

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.hookimpl(tryfirst=True)  # before -m chooses by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for rows: only that can differ from one database to another.

    What asks for the tables alone is marked for pytest-django too, which would else make no
    database for it: run on its own it would write into the developer's.
    """
    for item in items:
        asked = {"db", "transactional_db", "django_db_setup"}.intersection(item.fixturenames)
        marked = item.get_closest_marker("django_db")
        if asked or marked:
            item.add_marker("database")
        if asked == {"django_db_setup"} and not marked:
            item.add_marker("django_db")


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end; to look through it again and again for
    garbage took more than a quarter of the time of all tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """The rows that Wagtail's migrations leave behind, for tables made without migrations."""
    with django_db_blocker.unblock():
        Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        if not Page.get_first_root_node():
            Page.add_root(title="Root", slug="root")
        if not Collection.get_first_root_node():
            Collection.add_root(name="Root")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are compared as they stand in the source; a request leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def shared_data() -> Path:
    """Reference data beside the project; a test that needs them skips where they are absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the reference data beside the project are absent")
    return SHARED_DATA


@pytest.fixture
def country(db) -> organisations.Country:
    """Two regions, each with a zone, a centre and two rooms."""
    return organisations.country()


@pytest.fixture
def meanwhile(transactional_db) -> Iterator[Callable[[Callable], Future]]:
    """Starts a write on a connection of its own; returns once it is through or waits for a lock.

    Call it inside a transaction, and ask for the result once that is over.
    """
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")

    def start(write: Callable) -> Future:
        process: Future[int] = Future()

        def apart():
            try:
                connection.ensure_connection()
                process.set_result(connection.connection.info.backend_pid)
                with translation.override("en"):  # each thread has a language of its own
                    return write()
            finally:
                connection.close()

        done = pool.submit(apart)
        while not done.done() and not waits(process.result()):
            time.sleep(0.01)
        return done

    with ThreadPoolExecutor(1) as pool:
        yield start


def waits(process: int) -> bool:
    """Whether the database holds the server process ``process`` up for somebody's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [process])
        return cursor.fetchone()[0]
