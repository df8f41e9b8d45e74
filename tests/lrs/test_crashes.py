"""A server that is killed while batches come in: each batch is there whole, or not at all."""

import http.client
import json
import os
import signal
import sqlite3
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.factories import learning as make
from tests.journeys.site import free_port, settings, wait_until_healthy
from tests.lrs.conftest import RecordStore
from tools.processes import Together

WRITERS, BATCH = 4, 40
ENOUGH = 12  # answered batches, before the server is killed


@pytest.fixture
def environ(transactional_db, tmp_path) -> dict[str, str]:
    """Settings of a server process on the test's own database, or on a copy of it."""
    given = settings(tmp_path)
    if connection.vendor == "sqlite":
        return given
    named = connection.settings_dict
    return given | {"DATABASE_URL": f"postgres://{named['USER']}@/{named['HOST']}/{named['NAME']}"}


def batches(store: RecordStore, port: int, stop: threading.Event) -> Iterator[tuple[list, bool]]:
    """Post batches one after the other; the ids of each, and whether it was answered."""
    headers = store.headers | {"Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        while not stop.is_set():
            batch = [
                make.statement(
                    id=str(uuid.uuid4()),
                    object={
                        "id": f"https://x.example/{n % 7}",
                        "definition": {"name": {"en": str(n)}},
                    },
                )
                for n in range(BATCH)
            ]
            ids = [one["id"] for one in batch]
            try:
                line.request("POST", store.url, json.dumps(batch), headers)
                answer = line.getresponse()
                answered = answer.status == 200 and json.loads(answer.read()) == ids
            except (OSError, http.client.HTTPException):
                answered = False
            yield ids, answered
            if not answered:
                return


def test_kill_leaves_whole_batches_only(environ, tmp_path):
    store = RecordStore(*_client())
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "trenza.sqlite3")])
    port, sent, stop = free_port(), [], threading.Event()
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--threads", "4"]

    def write() -> None:
        sent.extend(batches(store, port, stop))

    def answered() -> int:
        return sum(answer for _ids, answer in list(sent))

    with Together() as programs:
        address = ["--no-control-socket", "--bind", f"127.0.0.1:{port}"]
        programs.start("web", [*gunicorn, *address], tmp_path / "web.log", **environ)
        wait_until_healthy(programs, f"http://127.0.0.1:{port}", tmp_path)
        writers = [threading.Thread(target=write) for _nth in range(WRITERS)]
        for writer in writers:
            writer.start()
        until = time.monotonic() + 30
        while answered() < ENOUGH and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(programs.running["web"].pid, signal.SIGKILL)
        for writer in writers:
            writer.join()

    kept = _kept(tmp_path)
    whole = [set(ids) <= kept for ids, _answer in sent]
    assert answered() >= ENOUGH
    assert sum(whole) * BATCH == len(kept)
    assert [ids for (ids, answer), there in zip(sent, whole, strict=True) if answer > there] == []


def _client() -> tuple[str, str]:
    credential, secret = make.credential()
    return credential.key, secret


def _kept(folder: Path) -> set[str]:
    """Ids of statements that the database has, each with what finds it."""
    found = (
        "SELECT id FROM lrs_statement s WHERE EXISTS "
        "(SELECT 1 FROM lrs_mention m WHERE m.position = s.position)"
    )
    every = "SELECT id FROM lrs_statement"
    if connection.vendor == "sqlite":
        with sqlite3.connect(folder / "trenza.sqlite3") as file:
            answers = [file.execute(query).fetchall() for query in (found, every)]
        file.close()
    else:
        _wait_for_the_others()
        with connection.cursor() as cursor:
            answers = [cursor.execute(query).fetchall() for query in (found, every)]
    with_mentions, ids = ({str(uuid.UUID(str(one))) for (one,) in rows} for rows in answers)
    assert with_mentions == ids
    return ids


def _wait_for_the_others() -> None:
    """PostgreSQL notices a moment later that nobody is there to take its answer."""
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    until = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < until and cursor.execute(others).fetchone() != (0,):
            time.sleep(0.05)
