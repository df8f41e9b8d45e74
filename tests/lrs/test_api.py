import json
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from lrs.actions import credentials
from lrs.enums import Scope
from lrs.models import Statement
from tests.factories import learning as make
from tests.factories.learning import statement
from tests.lrs.conftest import RecordStore, client_with

UUID = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
# Queries of a page: the statements, and on PostgreSQL the oldest transaction that is open
READ = 1 + (connection.vendor == "postgresql")


def test_post_answers_ids_in_order(store):
    bodies = [statement(id=str(uuid.uuid4())) for _ in range(3)]

    answer = store.post(bodies)

    assert answer.json() == [body["id"] for body in bodies]


def test_get_gives_statement_as_it_came_with_what_the_store_adds(store):
    body = statement(id=UUID, result={"extensions": {"https://x.example/e": [1, "ñ", None]}})
    store.post(body)

    found = store.get(statementId=UUID).json()

    assert {name: found[name] for name in body} == body
    assert set(found) - set(body) == {"timestamp", "stored", "authority", "version"}
    assert found["authority"]["account"]["name"] == Statement.objects.get().credential.key


def test_post_again_same_content_is_accepted_and_changes_nothing(store):
    store.post(statement(id=UUID))
    before = Statement.objects.values().get()

    answer = store.post(statement(id=UUID))

    assert (answer.status_code, answer.json()) == (200, [UUID])
    assert Statement.objects.values().get() == before


def test_post_of_what_get_gave_is_accepted(store):
    store.post(statement(id=UUID))

    answer = store.post(store.get(statementId=UUID).json())

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "other",
    [
        {"object": {"id": "https://trenza.example/other"}},
        {"result": {"completion": True}},
        {"timestamp": "2001-01-31T09:30:00Z"},
    ],
)
def test_post_other_content_under_same_id_is_refused_and_changes_nothing(store, other):
    store.post(statement(id=UUID))
    before = Statement.objects.values().get()

    answer = store.post([statement(), statement(id=UUID, **other)])

    assert answer.status_code == 409
    assert UUID in answer.json()["error"]
    assert Statement.objects.values().get() == before


def test_post_same_id_twice_in_batch_is_refused(store):
    answer = store.post([statement(id=UUID), statement(id=UUID.upper())])

    assert (answer.status_code, answer.json()["property"]) == (400, "[1].id")
    assert Statement.objects.count() == 0


@pytest.mark.parametrize("method", ["delete", "patch"])
def test_other_methods_are_answered_with_what_is_allowed(store, method):
    answer = store.send(method, store.url)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, PUT, POST, OPTIONS"


def test_body_too_large_is_413(store, settings):
    settings.XAPI_LARGEST_BODY = 1000

    answer = store.post([statement() for _ in range(10)])

    assert answer.status_code == 413
    assert Statement.objects.count() == 0


def test_body_that_is_no_json_by_its_type_is_refused(store):
    answer = store.post(json.dumps(statement()), content_type="text/plain")

    assert (answer.status_code, answer.json()["property"]) == (400, "Content-Type")


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.0.9", "2.0.0"])
def test_version_is_answered_as_asked(store, version):
    store.headers["X-Experience-API-Version"] = version

    answer = store.get()

    assert (answer.status_code, answer["X-Experience-API-Version"]) == (200, version)


@pytest.mark.parametrize("version", [None, "0.95", "3.0", "1.0.x"])
def test_version_missing_or_unknown_is_refused(db, version):
    credential, secret = make.credential()

    answer = RecordStore(credential.key, secret, version).get()

    assert (answer.status_code, answer.json()["property"]) == (400, "X-Experience-API-Version")


def test_anonymous_is_asked_for_credentials(client, db):
    answer = client.get("/xapi/statements", headers={"X-Experience-API-Version": "1.0.3"})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Basic realm="xapi"'


def test_person_signed_in_is_no_client(client, country):
    from tests.factories import organisations  # noqa: PLC0415 — only here

    client.force_login(organisations.person("national", country.country))

    answer = client.get("/xapi/statements", headers={"X-Experience-API-Version": "1.0.3"})

    assert answer.status_code == 401


def test_secret_wrong_or_revoked_is_401(db):
    credential, secret = make.credential()
    assert RecordStore(credential.key, "wrong").get().status_code == 401
    assert RecordStore(credential.key, secret).get().status_code == 200

    credentials.revoke(credential=credential)

    assert RecordStore(credential.key, secret).get().status_code == 401


def test_key_with_null_character_is_401(db):
    assert RecordStore("a\x00b", "secret").get().status_code == 401


def test_client_that_may_not_write_is_403(db):
    store = client_with(Scope.ALL_READ)

    assert store.post(statement()).status_code == 403
    assert store.get().status_code == 200


def test_pages_follow_each_other_while_new_statements_come_in(store):
    sent = [statement(id=str(uuid.uuid4())) for _ in range(5)]
    for body in sent:
        store.post(body)
    first = store.get(limit=2).json()
    store.post(statement())

    found = [row["id"] for row in first["statements"]]
    more = first["more"]
    while more:
        page = store.get(more).json()
        found += [row["id"] for row in page["statements"]]
        more = page["more"]

    assert found == [body["id"] for body in reversed(sent)]


def test_pages_of_one_batch_ascending_are_complete(store):
    sent = {body["id"] for body in (statement(id=str(uuid.uuid4())) for _ in range(7))}
    store.post([statement(id=identity) for identity in sent])

    page = store.get(limit=3, ascending="true").json()
    found = [row["id"] for row in page["statements"]]
    while page["more"]:
        page = store.get(page["more"]).json()
        found += [row["id"] for row in page["statements"]]

    assert len(found) == 7
    assert set(found) == sent


def test_cursor_goes_with_nothing_else(store):
    store.post([statement(), statement()])
    more = store.get(limit=1).json()["more"]

    answer = store.get(f"{more}&limit=2")

    assert (answer.status_code, answer.json()["property"]) == (400, "limit")


def test_cursor_altered_is_refused(store):
    answer = store.get(cursor="made:up:one")

    assert (answer.status_code, answer.json()["property"]) == (400, "cursor")


def test_filters_find_what_they_name(store):
    ana = {"account": {"homePage": "https://trenza.example", "name": "person-2"}}
    registration = str(uuid.uuid4())
    wanted = statement(
        id=UUID,
        actor=ana,
        verb={"id": "https://x.example/verb"},
        object={"id": "https://x.example/" + "long" * 200},
        context={"registration": registration},
    )
    store.post([wanted, *(statement() for _ in range(3))])
    for name, value in {
        "agent": json.dumps(ana),
        "verb": wanted["verb"]["id"],
        "activity": wanted["object"]["id"],
        "registration": registration,
    }.items():
        found = store.get(**{name: value}).json()["statements"]

        assert [row["id"] for row in found] == [UUID], name


def test_since_and_until_split_at_the_moment(store):
    store.post(statement(id=UUID))
    moment = Statement.objects.get().stored.isoformat()
    store.post(statement())

    before = store.get(until=moment).json()["statements"]
    after = store.get(since=moment).json()["statements"]

    assert [row["id"] for row in before] == [UUID]
    assert len(after) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("agent", "me"),
        ("agent", "{}"),
        ("verb", "done"),
        ("activity", "lesson"),
        ("registration", "1"),
        ("since", "yesterday"),
        ("limit", "-1"),
        ("ascending", "yes"),
        ("format", "short"),
        ("statementId", "1"),
    ],
)
def test_parameter_malformed_is_refused_by_name(store, name, value):
    answer = store.get(**{name: value})

    assert (answer.status_code, answer.json()["property"]) == (400, name)


def test_statement_unknown_is_404(store):
    assert store.get(statementId=UUID).status_code == 404


def test_statement_id_goes_with_no_filter(store):
    answer = store.get(statementId=UUID, limit=3)

    assert (answer.status_code, answer.json()["property"]) == (400, "limit")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_statements(store, rows, django_assert_num_queries):
    store.post([statement() for _ in range(rows)])

    with django_assert_num_queries(READ):
        assert len(store.get().json()["statements"]) == rows


def test_consistent_through_is_now(store):
    before = timezone.now().isoformat()

    assert store.get()["X-Experience-API-Consistent-Through"] >= before
