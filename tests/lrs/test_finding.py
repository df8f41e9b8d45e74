"""Agents and activities wherever they stand, and each parameter beside another."""

import json
import uuid

import pytest

from lrs.enums import Scope
from tests.factories.learning import statement
from tests.lrs.conftest import client_with

ANA, EVA = ({"mbox": f"mailto:{name}@x.example"} for name in ("ana", "eva"))
GROUP = {"objectType": "Group", "member": [ANA, {"mbox": "mailto:third@x.example"}]}
COURSE = {"id": "https://x.example/course"}
SUB = {
    "objectType": "SubStatement",
    "actor": ANA,
    "verb": {"id": "https://x.example/planned"},
    "object": COURSE,
}
WHERE = [
    # where, the statement's parts, found as the agent, found as a related one
    ("actor", {"actor": ANA}, True, True),
    ("member of the actor", {"actor": GROUP}, True, True),
    ("object", {"object": ANA | {"objectType": "Agent"}}, True, True),
    ("instructor", {"context": {"instructor": ANA}}, False, True),
    ("member of the team", {"context": {"team": GROUP}}, False, True),
    ("sub-statement", {"object": SUB}, False, True),
    ("nowhere", {}, False, False),
]
IN_CONTEXT = [
    ("context agent", {"contextAgents": [{"objectType": "contextAgent", "agent": ANA}]}),
    ("context group", {"contextGroups": [{"objectType": "contextGroup", "group": GROUP}]}),
]


@pytest.mark.parametrize(("parts", "direct", "related"), [row[1:] for row in WHERE])
def test_agent_is_found_where_it_stands(store, parts, direct, related):
    store.post(statement(id=str(uuid.uuid4()), **({"actor": EVA} | parts)))

    assert bool(store.ids(agent=json.dumps(ANA))) is direct
    assert bool(store.ids(agent=json.dumps(ANA), related_agents="true")) is related


@pytest.mark.parametrize("context", [row[1] for row in IN_CONTEXT])
def test_agent_is_found_in_the_context_of_2_0(second, context):
    second.post(statement(actor=EVA, context=context))

    assert second.ids(agent=json.dumps(ANA)) == []
    assert len(second.ids(agent=json.dumps(ANA), related_agents="true")) == 1


def test_agent_is_found_as_authority(store):
    store.post(statement())
    authority = store.get().json()["statements"][0]["authority"]

    assert len(store.ids(agent=json.dumps(authority), related_agents="true")) == 1
    assert store.ids(agent=json.dumps(authority)) == []


def test_agent_without_identifier_is_refused(store):
    answer = store.get(agent=json.dumps(GROUP))

    assert (answer.status_code, answer.json()["property"]) == (400, "agent")


@pytest.mark.parametrize(
    ("parts", "direct", "related"),
    [
        ({"object": COURSE}, True, True),
        ({"context": {"contextActivities": {"parent": COURSE}}}, False, True),
        ({"context": {"contextActivities": {"other": [COURSE]}}}, False, True),
        ({"object": SUB}, False, True),
        ({}, False, False),
    ],
)
def test_activity_is_found_where_it_stands(store, parts, direct, related):
    store.post(statement(**parts))

    assert bool(store.ids(activity=COURSE["id"])) is direct
    assert bool(store.ids(activity=COURSE["id"], related_activities="true")) is related


def test_all_filters_together(store):
    registration = str(uuid.uuid4())
    wanted = statement(
        id=str(uuid.uuid4()),
        actor=ANA,
        verb={"id": "https://x.example/v"},
        object=COURSE,
        context={"registration": registration.upper()},
    )
    store.post([wanted, statement(actor=ANA), statement(object=COURSE)])

    found = store.ids(
        agent=json.dumps(ANA),
        verb="https://x.example/v",
        activity=COURSE["id"],
        registration=registration,
        related_agents="true",
        related_activities="true",
    )

    assert found == [wanted["id"]]


def test_client_that_reads_its_own_sees_no_others(store):
    mine = client_with(Scope.WRITE, Scope.READ_MINE)
    store.post(statement(id=(theirs := str(uuid.uuid4()))))
    mine.post(statement(id=(own := str(uuid.uuid4()))))

    assert mine.ids() == [own]
    assert mine.ids(verb="http://adlnet.gov/expapi/verbs/completed") == [own]
    assert mine.get(statementId=theirs).status_code == 404
    assert set(store.ids()) == {own, theirs}


def test_cursor_of_another_client_shows_no_more_than_its_own_door(store):
    mine = client_with(Scope.WRITE, Scope.READ_MINE)
    store.post([statement() for _ in range(3)])
    more = store.get(limit=1).json()["more"]

    assert mine.get(more).json() == {"statements": [], "more": ""}
