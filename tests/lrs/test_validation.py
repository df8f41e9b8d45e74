"""Every malformed body is a 400 that names the property, and nothing is kept."""

import json
import tracemalloc

import pytest

from lrs.models import Statement
from lrs.validation import Malformed, parse
from tests.factories.learning import statement

ACCOUNT = {"homePage": "https://trenza.example", "name": "person-1"}
AGENT = {"account": ACCOUNT}
ACTIVITY = {"id": "https://trenza.example/lesson"}
UUID = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
DEEP = {"https://x.example/e": None}
for _ in range(70):
    DEEP = {"https://x.example/e": DEEP}

MALFORMED = [
    ("actor", statement(actor=None)),
    ("verb", statement(verb=None)),
    ("object", statement(object=None)),
    ("verb.id", statement(verb={})),
    ("verb.id", statement(verb={"id": "completed"})),
    ("verb.display", statement(verb={"id": "https://x.example/v", "display": "done"})),
    ("verb.display.e_s", statement(verb={"id": "https://x.example/v", "display": {"e_s": "a"}})),
    ("colour", statement(colour="red")),
    ("actor.colour", statement(actor=AGENT | {"colour": "red"})),
    ("actor", statement(actor="person-1")),
    ("actor", statement(actor={})),
    ("actor", statement(actor=AGENT | {"mbox": "mailto:a@trenza.example"})),
    ("actor.mbox", statement(actor={"mbox": "a@trenza.example"})),
    ("actor.mbox_sha1sum", statement(actor={"mbox_sha1sum": "abc"})),
    ("actor.openid", statement(actor={"openid": "me"})),
    ("actor.account.name", statement(actor={"account": {"homePage": "https://x.example"}})),
    ("actor.account.homePage", statement(actor={"account": ACCOUNT | {"homePage": "x"}})),
    ("actor.name", statement(actor=AGENT | {"name": 3})),
    ("actor.member", statement(actor={"objectType": "Group"})),
    ("actor.member[0]", statement(actor={"objectType": "Group", "member": [{}]})),
    ("actor.objectType", statement(actor=AGENT | {"objectType": "Robot"})),
    ("object.id", statement(object={"id": "lesson"})),
    ("object.objectType", statement(object={"objectType": "Thing"})),
    ("object.objectType", statement(object={"objectType": ["Activity"]})),
    ("object.definition.type", statement(object=ACTIVITY | {"definition": {"type": "x"}})),
    (
        "object.definition.interactionType",
        statement(object=ACTIVITY | {"definition": {"choices": []}}),
    ),
    ("object.id", statement(object={"objectType": "StatementRef", "id": "1"})),
    (
        "object.object",
        statement(
            object={
                "objectType": "SubStatement",
                **statement(object={"objectType": "SubStatement"}),
            }
        ),
    ),
    ("object.id", statement(object={"objectType": "SubStatement", "id": UUID, **statement()})),
    ("object", statement(verb={"id": "http://adlnet.gov/expapi/verbs/voided"})),
    ("id", statement(id="1")),
    ("id", statement(id=7)),
    ("timestamp", statement(timestamp="yesterday")),
    ("timestamp", statement(timestamp="2026-01-31T09:30:00")),
    ("timestamp", statement(timestamp="2026-02-31T09:30:00Z")),
    ("timestamp", statement(timestamp="2026-01-31T09:30:00-00:00")),
    ("timestamp", statement(timestamp="0001-01-01T00:00:00+14:00")),
    ("version", statement(version="0.95")),
    ("result.success", statement(result={"success": "yes"})),
    ("result.duration", statement(result={"duration": "10 minutes"})),
    ("result.score.scaled", statement(result={"score": {"scaled": 1.5}})),
    ("result.score.raw", statement(result={"score": {"raw": 11, "max": 10}})),
    ("result.score.raw", statement(result={"score": {"raw": True}})),
    ("result.extensions.note", statement(result={"extensions": {"note": 1}})),
    ("context.registration", statement(context={"registration": "1"})),
    ("context.language", statement(context={"language": "español de México"})),
    (
        "context.contextActivities.parent.id",
        statement(context={"contextActivities": {"parent": {}}}),
    ),
    (
        "context.platform",
        statement(object=AGENT | {"objectType": "Agent"}, context={"platform": "x"}),
    ),
    ("context.contextAgents", statement(context={"contextAgents": []})),
    ("attachments", statement(attachments={})),
    ("attachments[0].usageType", statement(attachments=[{}])),
    ("result.response", statement(result={"response": "a\u0000b"})),
    ("result.response", statement(result={"response": "\ud800"})),
]


@pytest.mark.parametrize(("where", "body"), MALFORMED)
def test_statement_malformed_is_refused_by_name(store, where, body):
    answer = store.post(body)

    assert answer.status_code == 400
    assert answer.json()["property"] == where
    assert answer.json()["error"]
    assert Statement.objects.count() == 0


def test_statement_with_null_is_refused(store):
    answer = store.post(statement() | {"result": None})

    assert (answer.status_code, answer.json()["property"]) == (400, "result")


def test_second_of_batch_malformed_is_named_and_first_not_kept(store):
    answer = store.post([statement(), statement(verb=None)])

    assert (answer.status_code, answer.json()["property"]) == (400, "[1].verb")
    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'"text"',
        b"7",
        b"[1]",
        json.dumps(statement())[:-1].encode() + b', "result": {"score": {"raw": NaN}}}',
        json.dumps(statement())[:-1].encode() + b', "result": {"score": {"raw": 1e999}}}',
        json.dumps(statement())[:-1].encode() + b', "verb": {"id": "https://x.example/v"}}',
        json.dumps(statement(result={"extensions": DEEP})).encode(),
        b"[" * 100_000,
        b'{"a":' * 2_000,
        b'{"a": 1' + b"0" * 5_000 + b"}",
    ],
    ids=lambda body: body[:20].decode(errors="replace"),
)
def test_body_that_is_no_sound_json_is_refused(store, body):
    answer = store.post(body)

    assert answer.status_code == 400
    assert answer.json()["error"]
    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        statement(timestamp="2026-01-31T09:30:00.1234567-0600"),
        statement(actor={"objectType": "Group", "member": [AGENT]}),
        statement(object=AGENT | {"objectType": "Agent"}),
        statement(object={"objectType": "SubStatement", **statement()}),
        statement(object={"objectType": "StatementRef", "id": UUID}),
        statement(result={"duration": "PT10M30.5S", "extensions": {"https://x.example/e": None}}),
        statement(context={"contextActivities": {"parent": ACTIVITY, "other": [ACTIVITY]}}),
    ],
)
def test_statement_well_formed_is_kept(store, body):
    answer = store.post(body)

    assert answer.status_code == 200, answer.content
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'[{"a": [[1], {"b": "\\u0000"}]}]', "[0].a[1].b"),
        (b'{"a": {"b\\u0000": 1}}', "a"),
        (b'{"a": [0, 1e999]}', "a[1]"),
        (b'["\\ud800"]', "[0]"),
        (b'"\\u0000"', ""),
        (b"[" * 65 + b"]" * 65, "[0]" * 64),
        (b'{"a": 1, "b": 2, "c": 3, "b": 4, "c": 5}', "b"),
    ],
)
def test_place_of_what_is_unsound_is_named(body, where):
    with pytest.raises(Malformed) as refusal:
        parse(body)

    assert refusal.value.where == where


def test_body_as_deep_as_allowed_is_read():
    deepest = b"[" * 64 + b"]" * 64

    assert json.dumps(parse(deepest)).encode() == deepest


def test_long_name_over_a_long_list_takes_no_copy_for_each_element():
    body = json.dumps({"a" * 10_000: [0] * 1_000}).encode()

    tracemalloc.start()
    parse(body)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 20 * len(body)
