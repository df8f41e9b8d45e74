"""What holds for whatever valid statements come: they are kept as they are, and found."""

import json
import uuid
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
import simplejson
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.actions import references
from lrs.models import Statement
from lrs.validation.rules import moment
from tests.factories import learning as make
from tests.lrs import generated, oracle
from tests.lrs.conftest import RecordStore

pytestmark = pytest.mark.django_db
versions = pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
often = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ADDED = {"id", "stored", "authority", "version", "timestamp"}


@contextmanager
def empty_store(version: str):
    """A store of its own for each example."""
    with transaction.atomic():
        credential, secret = make.credential()
        yield RecordStore(credential.key, secret, version)
        transaction.set_rollback(True)


def sent(store: RecordStore, batch: list[dict[str, Any]]) -> None:
    body = batch if len(batch) > 1 else batch[0]
    answer = store.post(simplejson.dumps(body, use_decimal=True))
    assert (answer.status_code, answer.json()) == (200, [one["id"] for one in batch])


def pages(store: RecordStore, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """All that is found, over as many pages as there are."""
    page = store.get(**asked).json()
    rows = page["statements"]
    while page["more"]:
        page = store.get(page["more"]).json()
        assert page["statements"]
        rows += page["statements"]
    return rows


def digits(text: str) -> tuple[str, Any]:
    """A number as it was written: 1.0 is not 1."""
    return "number", Decimal(text).as_tuple()


def read(text: str | bytes) -> Any:
    return json.loads(text, parse_float=digits, parse_int=digits)


def as_given_back(statement: dict[str, Any], version: str) -> dict[str, Any]:
    """What may change of what came: one context activity becomes a list, 2.0 wants UTC."""
    same = {name: value for name, value in statement.items() if name not in ADDED}
    if "contextActivities" in same.get("context", {}):
        listed = {
            name: some if isinstance(some, list) else [some]
            for name, some in same["context"]["contextActivities"].items()
        }
        same["context"] = same["context"] | {"contextActivities": listed}
    if statement["object"].get("objectType") == "SubStatement":
        inner = statement["object"]
        same["object"] = as_given_back(inner, version)
        if "timestamp" in inner:
            same["object"]["timestamp"] = moment(inner["timestamp"], "")
    return same


@versions
@often
@given(data=st.data())
def test_what_goes_in_comes_out_equal(version, data):
    with empty_store(version) as store:
        came = data.draw(generated.statements(version)) | {"id": generated.IDS[0]}
        sent(store, [came])

        answer = store.get(statementId=came["id"])
        again = store.post(answer.content)

    back, came = read(answer.content), read(simplejson.dumps(came, use_decimal=True))
    assert as_given_back(back, version) == as_given_back(came, version)
    assert back["id"] == came["id"]
    if "timestamp" in came:
        assert moment(back["timestamp"], "") == moment(came["timestamp"], "")
    assert again.status_code == 200


@versions
@often
@given(data=st.data())
def test_search_finds_what_a_look_at_every_statement_finds(version, data):
    with empty_store(version) as store:
        batches = data.draw(generated.batches(version))
        for batch in batches:
            sent(store, batch)
        everything = [json.loads(row.raw) for row in Statement.objects.order_by("position")]
        drawn = data.draw(st.lists(generated.searches(), min_size=2, max_size=5))
        client = {"account": everything[0]["authority"]["account"]}
        for asked in [*drawn, *generated.WIDE, {"agent": client, "related_agents": True}]:
            wanted = oracle.found(everything, asked)
            limit = data.draw(st.integers(1, 3)) if asked in drawn else 9
            got = pages(store, parameters(asked, everything, limit))

            assert [one["id"] for one in got] == wanted, asked


def parameters(asked: dict[str, Any], everything: list[dict[str, Any]], limit: int) -> dict:
    """``asked`` as a client writes it."""
    written: dict[str, Any] = {"limit": limit}
    for name, value in asked.items():
        if name in {"since", "until"}:
            written[name] = everything[min(value, len(everything) - 1)]["stored"]
        elif isinstance(value, bool):
            written[name] = str(value).lower()
        else:
            written[name] = json.dumps(value) if name == "agent" else value
    return written


@settings(often, max_examples=15)
@given(
    order=st.permutations(range(references.LONGEST)),
    cut=st.integers(1, references.LONGEST),
)
def test_chain_is_found_by_its_end_in_whatever_order_it_came(order, cut):
    ids = [uuid.UUID(int=n + 1, version=4) for n in range(references.LONGEST)]
    end = {"id": "https://x.example/the-end"}
    chain = [
        make.statement(
            id=str(ids[n]),
            object={"objectType": "StatementRef", "id": str(ids[n + 1])}
            if n + 1 < len(ids)
            else end,
        )
        for n in range(len(ids))
    ]
    with empty_store("1.0.3") as store:
        for batch in (order[:cut], order[cut:]):
            if batch:
                sent(store, [chain[n] for n in batch])

        got = pages(store, {"activity": end["id"], "limit": 7})

    assert {one["id"] for one in got} == {str(one) for one in ids}
    assert len(got) == len(ids)
