"""Voiding, and statements found under what they refer to."""

import uuid

import pytest

from lrs.actions import references
from lrs.models import Statement
from tests.factories.learning import statement

VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}
VERB, OTHER = "https://x.example/verb", "https://x.example/other"


def new() -> str:
    return str(uuid.uuid4())


def about(target: str, **parts) -> dict:
    """A statement that refers to another."""
    reference = {"objectType": "StatementRef", "id": target}
    return statement(**{"id": new(), "verb": {"id": OTHER}, "object": reference} | parts)


def test_voided_is_found_by_its_own_door_alone_and_its_voider_by_filters(store):
    target = statement(id=new(), verb={"id": VERB})
    voider = about(target["id"], verb=VOIDED)
    store.post([target])
    store.post(voider)

    assert store.get(statementId=target["id"]).status_code == 404
    assert store.get(voidedStatementId=target["id"]).json()["id"] == target["id"]
    assert store.ids() == [voider["id"]]
    assert store.ids(verb=VERB) == [voider["id"]]


def test_voided_before_it_came_is_voided_when_it_comes(store):
    target = statement(id=new())
    store.post(about(target["id"], verb=VOIDED))

    assert store.post(target).status_code == 200

    assert store.get(statementId=target["id"]).status_code == 404
    assert store.get(voidedStatementId=target["id"]).status_code == 200


def test_voider_is_not_voided(store):
    target = statement(id=new())
    voider = about(target["id"], verb=VOIDED)
    store.post([target, voider, about(voider["id"], verb=VOIDED)])

    assert store.get(statementId=voider["id"]).status_code == 200
    assert store.get(voidedStatementId=voider["id"]).status_code == 404
    assert store.get(statementId=target["id"]).status_code == 404


def test_statement_not_voided_is_not_behind_the_door_of_voided_ones(store):
    store.post(statement(id=(known := new())))

    assert store.get(voidedStatementId=known).status_code == 404


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_chain_is_found_under_its_end_in_whatever_order_it_came(store, order):
    end = statement(id=new(), verb={"id": VERB})
    middle = about(end["id"])
    start = about(middle["id"])
    chain = [end, middle, start]

    for n in order:
        store.post(chain[n])

    assert set(store.ids(verb=VERB)) == {one["id"] for one in chain}
    assert set(store.ids(verb=OTHER)) == {start["id"], middle["id"]}


def test_filters_hold_together_on_one_statement_of_a_chain(store):
    end = statement(id=new(), verb={"id": VERB}, object={"id": "https://x.example/end"})
    start = about(end["id"])
    store.post([end, start])

    assert store.ids(verb=OTHER, activity="https://x.example/end") == []
    assert store.ids(verb=VERB, activity="https://x.example/end") == [start["id"], end["id"]]


def test_statements_that_refer_to_each_other_end(store):
    one, other = new(), new()

    store.post([about(one, id=other), about(other, id=one)])

    assert set(store.ids(verb=OTHER)) == {one, other}


def test_statement_found_twice_comes_once_and_pages_stay_whole(store):
    end = statement(id=new(), verb={"id": OTHER})
    starts = [about(end["id"]) for _ in range(7)]
    store.post([end, *starts])

    found = store.ids(verb=OTHER, limit=2)

    assert found == [one["id"] for one in reversed([end, *starts])]


def test_chain_is_followed_as_far_as_it_says(store):
    chain = [statement(id=new(), verb={"id": VERB})]
    for _step in range(references.LONGEST + 2):
        chain.append(about(chain[-1]["id"]))
    for one in chain:
        store.post(one)

    found = store.ids(verb=VERB)

    assert len(found) == references.LONGEST
    assert Statement.objects.count() == len(chain)
