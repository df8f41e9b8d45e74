"""Several clients at once, on a database that has several writers."""

import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from lrs.models import Activity, Mention, Statement
from tests.factories import learning as make
from tests.lrs.conftest import RecordStore

CLIENTS, BATCHES, SIZE = 8, 6, 20


@pytest.fixture
def clients(transactional_db) -> list[RecordStore]:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    credential, secret = make.credential()
    return [RecordStore(credential.key, secret) for _nth in range(CLIENTS)]


def at_once(*work: Callable) -> list:
    """What each of ``work`` returns, done in threads of their own."""

    def apart(one: Callable):
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [done.result() for done in [pool.submit(apart, one) for one in work]]


def statements(count: int) -> list[dict]:
    """Statements about few activities, each described anew; some refer to others."""
    made: list[dict] = []
    for n in range(count):
        definition = {"name": {"en": f"lesson {n}"}, "extensions": {f"https://x.example/{n}": n}}
        thing = {"id": f"https://x.example/lesson/{n % 5}", "definition": definition}
        if n % 10 == 9:
            thing = {"objectType": "StatementRef", "id": made[n - 3]["id"]}
        made.append(make.statement(id=str(uuid.uuid4()), object=thing))
    return made


def test_batches_with_statements_in_common_are_all_kept_once(clients):
    common = statements(CLIENTS * SIZE)

    def post(client: RecordStore, seed: int) -> list[int]:
        rng = random.Random(seed)  # noqa: S311 — an order, no secret
        return [client.post(rng.sample(common, SIZE)).status_code for _nth in range(BATCHES)]

    statuses = at_once(*(lambda c=client, n=n: post(c, n) for n, client in enumerate(clients)))
    left = clients[0].post(common)

    assert statuses == [[200] * BATCHES] * CLIENTS
    assert left.status_code == 200
    assert Statement.objects.count() == len(common)
    assert set(Mention.objects.values_list("statement_id", flat=True)) == set(
        Statement.objects.values_list("position", flat=True)
    )
    assert Activity.objects.count() == 5


def test_pages_repeat_nothing_while_others_write(clients):
    before = statements(60)
    clients[0].post(before)
    reader, *writers = clients

    def write(client: RecordStore) -> list[int]:
        return [client.post(statements(SIZE)).status_code for _nth in range(BATCHES)]

    def read(**asked: str) -> list[str]:
        page = reader.get(limit=3, **asked).json()
        found = page["statements"]
        while page["more"]:
            page = reader.get(page["more"]).json()
            found += page["statements"]
        return [one["id"] for one in found]

    def read_twice() -> list[list[str]]:
        return [read(), read(verb="http://adlnet.gov/expapi/verbs/completed")]

    seen, *statuses = at_once(read_twice, *(lambda c=one: write(c) for one in writers))

    assert statuses == [[200] * BATCHES] * len(writers)
    for ids in seen:
        assert len(ids) == len(set(ids))
        assert {one["id"] for one in before} <= set(ids)
