import hashlib
import json
import uuid

import pytest

from lrs.enums import Scope
from lrs.models import Document
from tests.lrs.conftest import client_with

AGENT = json.dumps({"mbox": "mailto:ana@x.example"})
ACTIVITY = "https://x.example/lesson"
PLACES = {
    "/xapi/activities/state": {"activityId": ACTIVITY, "agent": AGENT, "stateId": "place"},
    "/xapi/activities/profile": {"activityId": ACTIVITY, "profileId": "place"},
    "/xapi/agents/profile": {"agent": AGENT, "profileId": "place"},
}
STATE = "/xapi/activities/state"


def address(url: str, **parameters) -> str:
    from urllib.parse import urlencode  # noqa: PLC0415 — only here

    return f"{url}?{urlencode(PLACES[url] | parameters)}"


@pytest.fixture(params=PLACES)
def place(request) -> str:
    return address(request.param)


def test_document_is_given_back_byte_by_byte(store, place):
    content = bytes(range(256))

    answer = store.put(content, place, "application/octet-stream", If_None_Match="*")

    found = store.get(place)
    assert (answer.status_code, found.content) == (204, content)
    assert found["Content-Type"] == "application/octet-stream"
    assert found["ETag"] == f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'
    assert "Last-Modified" in found


def test_post_lays_properties_over_those_there(store, place):
    store.post({"a": 1, "b": {"c": 1}}, place)
    store.post({"b": {"d": 2.50}, "e": None}, place)

    assert store.get(place).json() == {"a": 1, "b": {"d": 2.5}, "e": None}


@pytest.mark.parametrize("content", [b"[1]", b'"text"', b"not json"])
def test_post_onto_what_is_no_object_is_refused_and_changes_nothing(store, place, content):
    kind = "text/plain" if content == b"not json" else "application/json"
    store.put(content, place, kind, If_None_Match="*")

    answer = store.post({"a": 1}, place)

    assert answer.status_code == 400
    assert store.get(place).content == content


def test_post_of_broken_json_is_refused(store, place):
    answer = store.post(b'{"a": ', place)

    assert answer.status_code == 400
    assert Document.objects.count() == 0


@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_document_changed_meanwhile_is_not_overwritten(store, place, method):
    store.post({"a": 1}, place)
    seen = store.get(place)["ETag"]
    store.post({"a": 2}, place)

    answer = store.send(method, place, {"a": 3}, If_Match=seen)

    assert (answer.status_code, answer.json()["property"]) == (412, "If-Match")
    assert store.get(place).json() == {"a": 2}


def test_put_with_the_tag_seen_is_done(store, place):
    store.post({"a": 1}, place)

    answer = store.put({"a": 3}, place, If_Match=store.get(place)["ETag"])

    assert (answer.status_code, store.get(place).json()) == (204, {"a": 3})


def test_put_only_where_none_is(store, place):
    assert store.put({"a": 1}, place, If_None_Match="*").status_code == 204
    assert store.put({"a": 2}, place, If_None_Match="*").status_code == 412


@pytest.mark.parametrize(
    ("version", "url", "new", "over"),
    [
        ("1.0.3", "/xapi/agents/profile", 400, 409),
        ("1.0.3", "/xapi/activities/profile", 400, 409),
        ("1.0.3", STATE, 204, 204),
        ("2.0.0", "/xapi/agents/profile", 204, 409),
        ("2.0.0", STATE, 204, 409),
    ],
)
def test_put_that_says_nothing_of_what_is_there(db, version, url, new, over):
    client, place = client_with(version=version), address(url)

    assert client.put({"a": 1}, place).status_code == new

    client.post({"a": 1}, place)
    assert client.put({"a": 2}, place).status_code == over


def test_delete_again_changes_nothing(store, place):
    store.post({"a": 1}, place)

    assert [store.send("delete", place).status_code for _ in range(2)] == [204, 204]
    assert store.get(place).status_code == 404


def test_ids_of_a_folder_since_a_moment(store):
    store.post({}, address(STATE, stateId="one"))
    moment = Document.objects.get().updated_at.isoformat()
    store.post({}, address(STATE, stateId="two"))
    folder = {"activityId": ACTIVITY, "agent": AGENT}

    assert sorted(store.get(STATE, **folder).json()) == ["one", "two"]
    assert store.get(STATE, **folder, since=moment).json() == ["two"]


def test_registrations_keep_apart(store):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    store.post({"n": 1}, address(STATE, registration=one))
    store.post({"n": 2}, address(STATE, registration=other.upper()))

    assert store.get(address(STATE, registration=one)).json() == {"n": 1}
    assert store.get(address(STATE, registration=other)).json() == {"n": 2}
    assert store.get(address(STATE)).status_code == 404


def test_state_is_deleted_whole_within_its_registration(store):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    for registration in (one, other):
        store.post({}, address(STATE, registration=registration))
    query = f"{STATE}?activityId={ACTIVITY}&agent={AGENT}&registration={one}"

    assert store.send("delete", query).status_code == 204

    assert store.get(address(STATE, registration=one)).status_code == 404
    assert store.get(address(STATE, registration=other)).status_code == 200


def test_agents_written_otherwise_are_the_same(store):
    store.post({"a": 1}, address(STATE))
    other = json.dumps({"objectType": "Agent", "name": "Ana", "mbox": "mailto:ana@x.example"})

    assert store.get(address(STATE, agent=other)).json() == {"a": 1}


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({"activityId": "lesson"}, "activityId"),
        ({"agent": "{}"}, "agent"),
        ({"registration": "1"}, "registration"),
        ({"colour": "red"}, "colour"),
        ({"stateId": ""}, "stateId"),
    ],
)
def test_parameter_malformed_is_refused_by_name(store, parameters, where):
    answer = store.post({}, address(STATE, **parameters))

    assert (answer.status_code, answer.json()["property"]) == (400, where)
    assert Document.objects.count() == 0


def test_null_character_in_the_address_is_refused_in_json(store):
    answer = store.post({}, address(STATE, stateId="a\x00b"))

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
    assert Document.objects.count() == 0


def test_document_too_large_is_413(store, place, settings):
    settings.XAPI_LARGEST_BODY = 10

    answer = store.post({"a": "x" * 20}, place)

    assert (answer.status_code, Document.objects.count()) == (413, 0)


@pytest.mark.parametrize(
    ("scope", "url", "reads", "writes"),
    [
        (Scope.STATE, STATE, True, True),
        (Scope.STATE, "/xapi/agents/profile", False, False),
        (Scope.PROFILE, "/xapi/agents/profile", True, True),
        (Scope.PROFILE, "/xapi/activities/profile", True, True),
        (Scope.ALL_READ, "/xapi/agents/profile", True, False),
        (Scope.ALL_READ, STATE, True, False),
        (Scope.WRITE, STATE, False, False),
    ],
)
def test_scopes_open_what_they_name(db, scope, url, reads, writes):
    client, place = client_with(scope), address(url)

    assert (client.get(place).status_code != 403) is reads
    assert (client.post({}, place).status_code != 403) is writes
