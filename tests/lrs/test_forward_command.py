"""Forwarding between processes: to a real record store, and through a power cut."""

import signal
import socket
import time
import uuid
from contextlib import ExitStack

import pytest
from django.db import connection

from tests.factories.learning import statement
from tests.lrs.others import OtherStore, database, killed, misbehaving, took, waited_for


@pytest.fixture
def start(tmp_path, django_db_setup, django_db_blocker):
    """Starts a record store in a process of its own that forwards to an endpoint."""
    with django_db_blocker.unblock(), ExitStack() as ends:

        def one(forward_to: str = "", port: int = 0) -> OtherStore:
            where = ends.enter_context(database(tmp_path))
            store = OtherStore(tmp_path / uuid.uuid4().hex, where, forward_to, port)
            ends.callback(store.stop)
            store.start()
            return store

        yield one


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def bodies(number: int) -> list[dict]:
    return [statement(id=str(uuid.uuid4())) for _ in range(number)]


def ids(some: list[dict]) -> list[str]:
    return sorted(one["id"] for one in some)


def test_statements_arrive_in_another_store_and_another_of_their_id_is_a_dead_letter(start):
    there = start()
    here = start(there.endpoint)
    (target,) = bodies(1)
    voider = statement(
        id=str(uuid.uuid4()),
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": target["id"]},
    )
    sent = [one | {"timestamp": "2026-01-31T09:30:00Z"} for one in bodies(120)]
    there.put([sent[0], sent[1] | {"object": {"id": "https://trenza.example/other"}}])
    here.put([voider])
    here.put([target])
    here.put(sent)

    said = here.run("lrs_forward")

    assert said.splitlines() == ["121 statements sent.", "there: 0 wait, 1 refused"]
    came = there.all()
    assert ids(came) == ids([*sent, voider])
    found = there.ask("GET", f"?voidedStatementId={target['id']}").json()
    assert found["id"] == target["id"]
    kept = {one["id"]: one["timestamp"] for one in here.all()}
    assert all(one["timestamp"] == kept[one["id"]] for one in came)


def test_two_stores_that_forward_to_each_other_come_to_rest(start):
    port = free_port()
    here = start(f"http://127.0.0.1:{port}/xapi")
    there = start(here.endpoint, port)
    sent = bodies(3)
    here.put(sent)

    assert here.run("lrs_forward").startswith("3 ")
    assert there.run("lrs_forward").startswith("3 ")
    assert here.run("lrs_forward").startswith("0 ")
    assert ids(here.all()) == ids(there.all()) == ids(sent)


def test_store_that_was_away_gets_all_when_it_is_back(start):
    there = start()
    here = start(there.endpoint)
    here.put(bodies(5))
    there.stop()
    assert "there: 5 wait, 0 refused; tried again at" in here.run("lrs_forward")
    there.start()

    worker = here.command("lrs_forward", "--keep-on")
    try:
        waited_for(lambda: len(there.all()) == 5)
    finally:
        worker.send_signal(signal.SIGTERM)
        said, _ = worker.communicate(timeout=30)

    assert worker.returncode == 0
    assert said.splitlines()[-1] == "there: 0 wait, 0 refused"


def slow(asked):
    time.sleep(0.1)
    return took(asked)


LAPSED = (
    "from lrs.models import Delivery; from django.utils import timezone; "
    "Delivery.objects.update(next_at=timezone.now())"
)


def test_worker_killed_midway_loses_nothing_and_repeats_only_what_was_under_way(start):
    with misbehaving(slow) as (server, endpoint):
        here = start(endpoint)
        sent = bodies(500)
        here.put(sent)
        worker = here.command("lrs_forward")
        waited_for(lambda: len(server.posts()) >= 3)
        killed(worker)
        asked_before = len(server.posts())
        here.run("shell", "-v", "0", "-c", LAPSED)  # as if ten minutes were over
        said = here.run("lrs_forward")

        came = [one for asked in server.posts() for one in asked.ids]
    assert asked_before < 10
    assert said.splitlines()[-1] == "there: 0 wait, 0 refused"
    assert set(came) == {one["id"] for one in sent}
    assert 0 <= len(came) - 500 <= 50


def test_two_workers_share_the_work_and_send_nothing_twice(start):
    with misbehaving(slow) as (server, endpoint):
        here = start(endpoint)
        sent = [one for _ in range(4) for one in bodies(500)]
        for n in range(0, 2000, 500):
            here.put(sent[n : n + 500])
        workers = [here.command("lrs_forward") for _ in range(2)]
        said = [worker.communicate(timeout=60)[0] for worker in workers]

        came = [one for asked in server.posts() for one in asked.ids]
    shares = [int(text.split()[0]) for text in said]
    assert (sum(shares), min(shares) > 0) == (2000, True)
    assert sorted(came) == ids(sent)


def test_worker_outlives_its_connection_to_the_database(start):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no connection to lose")
    with misbehaving() as (server, endpoint):
        here = start(endpoint)
        worker = here.command("lrs_forward", "--keep-on")
        try:
            here.put(bodies(1))
            waited_for(lambda: len(server.posts()) == 1)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [here.database["DATABASE_URL"].rpartition("/")[2]],
                )
            here.ask("GET")  # its own connections are gone as well
            here.put(bodies(1))
            waited_for(lambda: len(server.posts()) == 2)
        finally:
            worker.send_signal(signal.SIGTERM)
            said, _ = worker.communicate(timeout=30)

    assert worker.returncode == 0
    assert said.splitlines()[-1] == "there: 0 wait, 0 refused"
