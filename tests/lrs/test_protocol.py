"""Versions, alternate requests, headers, rates: what holds for every resource."""

import json
import uuid
from urllib.parse import urlencode

import pytest
from django.db import connection

from lrs.api import rates
from lrs.enums import Scope
from lrs.models import Credential, Document, Statement
from tests.factories.learning import statement
from tests.lrs.conftest import RecordStore, client_with

UUID = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
VERSION = "X-Experience-API-Version"
# Queries of a page: the statements, and on PostgreSQL the oldest transaction that is open
READ = 1 + (connection.vendor == "postgresql")
FORM = "application/x-www-form-urlencoded"
AGENT = json.dumps({"mbox": "mailto:ana@x.example"})


def test_request_that_names_no_version_is_answered_in_the_one_its_client_speaks(db):
    for version in ("1.0.3", "2.0.0"):
        store = client_with(version=version)
        assert store.get().status_code == 200
        del store.headers[VERSION]

        answer = store.get()

        assert (answer.status_code, answer[VERSION]) == (400, version)


def test_version_that_a_client_speaks_is_written_once(store, django_assert_num_queries):
    store.get()

    with django_assert_num_queries(READ):
        store.get()
    assert Credential.objects.get().speaks == "1.0.3"


@pytest.mark.parametrize("path", ["activities", "agents", "activities/state", "about"])
def test_every_answer_says_its_version_and_how_far_it_is_consistent(store, path):
    for answer in (store.get(f"/xapi/{path}"), store.get(f"/xapi/{path}", colour="red")):
        assert answer[VERSION] == "1.0.3"
        assert "X-Experience-API-Consistent-Through" in answer


def test_about_is_open_and_names_the_versions(client, db):
    answer = client.get("/xapi/about")

    assert answer.status_code == 200
    assert answer.json()["version"] == ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"]


@pytest.mark.parametrize(
    "path",
    [
        f"/xapi/statements?statementId={UUID}",
        "/xapi/statements",
        f"/xapi/agents?{urlencode({'agent': AGENT})}",
        "/xapi/activities?activityId=https://x.example/a",
        "/xapi/about",
    ],
)
def test_head_is_get_without_its_body(store, path):
    store.post(statement(id=UUID))

    head = store.client.head(path, headers=store.headers)

    assert (head.status_code, head.content) == (200, b"")
    assert set(head.headers) >= {VERSION, "Content-Type"}


def alternate(store: RecordStore, method: str, url: str = "/xapi/statements", **form):
    headers = {name: store.headers[name] for name in store.headers if name != VERSION}
    named = {VERSION: store.headers[VERSION], "Content-Type": "application/json"} | form
    return store.client.post(
        f"{url}?method={method}", urlencode(named), content_type=FORM, headers=headers
    )


def test_alternate_requests_are_what_they_stand_for(store):
    sent = statement(id=UUID)
    assert alternate(store, "PUT", statementId=UUID, content=json.dumps(sent)).status_code == 204
    assert alternate(store, "POST", content=json.dumps([statement()])).status_code == 200

    assert alternate(store, "GET", statementId=UUID).json()["id"] == UUID
    assert len(alternate(store, "GET").json()["statements"]) == 2


def test_alternate_request_brings_its_key_and_its_tag(store):
    place = {"activityId": "https://x.example/a", "profileId": "p"}
    url = "/xapi/activities/profile"
    key = {"Authorization": store.headers.pop("Authorization")}
    new = place | key | {"content": '{"a": 1}', "If-None-Match": "*"}

    assert alternate(store, "PUT", url, **place, content="{}").status_code == 401
    assert alternate(store, "PUT", url, **new).status_code == 204
    assert alternate(store, "PUT", url, **new).status_code == 412
    assert alternate(store, "GET", url, **place, **key).json() == {"a": 1}
    assert alternate(store, "DELETE", url, **place, **key).status_code == 204


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("method=PUT&statementId=" + UUID, {"content": json.dumps(statement())}),
        ("method=PUT", {"statementId": UUID}),
        ("method=PATCH", {}),
        ("method=put", {"statementId": UUID, "content": json.dumps(statement())}),
    ],
)
def test_alternate_request_malformed_is_refused(store, address, form):
    named = {VERSION: "1.0.3"} | form

    answer = store.client.post(
        f"/xapi/statements?{address}", urlencode(named), content_type=FORM, headers=store.headers
    )

    assert (answer.status_code, Statement.objects.count()) == (400, 0)


def test_alternate_request_is_no_part_of_2_0(second):
    answer = alternate(second, "PUT", statementId=UUID, content=json.dumps(statement()))

    assert (answer.status_code, answer.json()["property"]) == (400, "method")
    assert Statement.objects.count() == 0


def test_client_that_asks_too_often_waits(store, settings, monkeypatch):
    settings.XAPI_REQUESTS_PER_MINUTE = 2
    monkeypatch.setattr(rates.time, "time", lambda: 600.0)

    codes = [store.get().status_code for _ in range(3)]

    answer = store.get()
    assert [*codes, answer.status_code] == [200, 200, 429, 429]
    assert answer["Retry-After"] == "60"
    assert client_with().get().status_code == 200


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        ((Scope.ALL,), 200, 200),
        ((Scope.ALL_READ,), 200, 403),
        ((Scope.READ,), 200, 403),
        ((Scope.READ_MINE,), 200, 403),
        ((Scope.WRITE,), 403, 200),
        ((Scope.STATE, Scope.PROFILE, Scope.DEFINE), 403, 403),
    ],
)
def test_scopes_open_statements(db, scopes, reads, writes):
    store = client_with(*scopes)

    assert store.get().status_code == reads
    assert store.post(statement()).status_code == writes


def test_client_that_may_not_define_leaves_activities_as_they_are(store):
    thing = {"id": "https://x.example/a", "definition": {"name": {"en": "Mine"}}}
    writer = client_with(Scope.WRITE)

    writer.post(statement(object=thing))

    known = store.get("/xapi/activities", activityId=thing["id"]).json()
    assert known == {"objectType": "Activity", "id": thing["id"]}
    assert store.get().json()["statements"][0]["object"] == thing


def test_put_stores_under_the_id_in_the_address(store):
    url = f"/xapi/statements?statementId={UUID}"

    assert store.put(statement(), url).status_code == 204
    assert store.put(statement(id=UUID.upper()), url).status_code == 204
    assert store.get(statementId=UUID).json()["id"] == UUID


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/xapi/statements", statement(id=UUID)),
        ("/xapi/statements?statementId=1", statement()),
        (f"/xapi/statements?statementId={UUID}", statement(id=str(uuid.uuid4()))),
        (f"/xapi/statements?statementId={UUID}", [statement()]),
        (f"/xapi/statements?statementId={UUID}&limit=1", statement()),
    ],
)
def test_put_malformed_is_refused(store, url, body):
    assert store.put(body, url).status_code == 400
    assert Statement.objects.count() == 0


def test_unknown_address_is_404_in_json(store):
    answer = store.get("/xapi/nothing")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


@pytest.mark.parametrize("place", ["activities/state", "agents/profile", "activities/profile"])
def test_address_that_is_not_utf_8_is_refused(store, place):
    named = {"activities/state": "stateId"}.get(place, "profileId")

    answer = store.post({}, f"/xapi/{place}?{named}=%FF")

    assert (answer.status_code, Document.objects.count()) == (400, 0)


def test_alternate_form_that_is_not_utf_8_is_refused(store):
    sent = urlencode({VERSION: "1.0.3", "statementId": UUID, "content": json.dumps(statement())})

    answer = store.client.post(
        "/xapi/statements?method=PUT",
        sent.replace("lesson", "l%FFsson"),
        content_type=FORM,
        headers=store.headers,
    )

    assert (answer.status_code, Statement.objects.count()) == (400, 0)
