"""How statements are sent, and what becomes of them where the other store misbehaves."""

import hashlib
import json

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from core.models import AuditRecord
from lrs import multipart
from lrs.actions import deliveries, forwarding, statements
from lrs.models import Destination, Statement
from tests.factories import organisations as people
from tests.factories.forwarding import destination, stored, with_picture
from tests.lrs.others import misbehaving, took

pytestmark = pytest.mark.usefixtures("no_worker")


@pytest.fixture
def who(db):
    return people.person("national", people.country().country)


def due(one: Destination) -> None:
    """As if the wait were over."""
    Destination.objects.filter(pk=one.pk).update(waits_until=None)


def test_batch_is_sent_as_stored(db):
    with misbehaving() as (server, endpoint):
        one = destination(endpoint, version="2.0.0")
        ids = stored(60, result={"score": {"raw": 1.50}})

        drained = forwarding.drain()

    assert drained == forwarding.Drained(60, None)
    assert [len(asked.ids) for asked in server.posts()] == [50, 10]
    assert sorted(one for asked in server.posts() for one in asked.ids) == sorted(ids)
    sent = {one["id"]: one for asked in server.posts() for one in json.loads(asked.body)}
    kept = Statement.objects.get(pk=ids[0])
    assert sent[ids[0]] == json.loads(kept.raw)
    headers = server.asked[0].headers
    assert (headers["X-Experience-API-Version"], server.asked[0].path) == (
        "2.0.0",
        "/xapi/statements",
    )
    one.refresh_from_db()
    assert (one.deliveries.count(), one.last_success_at is not None) == (0, True)


def test_attachments_go_with_their_statement(db):
    content = b"\r\n--bytes\x00\xff"
    body, files = with_picture(content)
    sha2 = hashlib.sha256(content).hexdigest()

    def takes(asked):
        parts = multipart.parts(asked.body, asked.headers["Content-Type"])
        came.append((json.loads(parts[0].content)[0]["id"], parts[1].hash, parts[1].content))
        return 200, {}, json.dumps([came[-1][0]]).encode()

    came: list = []
    with misbehaving(takes) as (_server, endpoint):
        destination(endpoint)
        statements.store([body], files=files)
        drained = forwarding.drain()

    assert drained.taken == 1
    assert came == [(body["id"], sha2, content)]


def test_attachment_that_is_gone_makes_a_dead_letter(db):
    content = b"lost"
    body, files = with_picture(content)
    sha2 = hashlib.sha256(content).hexdigest()
    with misbehaving() as (_server, endpoint):
        one = destination(endpoint)
        statements.store([body], files=files)
        stored(1)
        storages["xapi"].delete(f"{sha2[:2]}/{sha2}")
        drained = forwarding.drain()

    assert drained.taken == 1
    assert one.deliveries.get().dead_at is not None


def test_one_bad_statement_of_a_batch_is_a_dead_letter_alone(db, who):
    def refuses(asked):
        if bad in asked.ids:
            return 400, {}, b'{"error": "I do not like \x00 it"}'
        return took(asked)

    with misbehaving(refuses) as (server, endpoint):
        one = destination(endpoint)
        bad = stored(5)[2]
        drained = forwarding.drain()
        dead = one.deliveries.get()

        assert (drained.taken, str(dead.statement_id)) == (4, bad)
        assert dead.error == 'HTTP 400 {"error": "I do not like it"}'
        assert [len(asked.ids) for asked in server.posts()] == [5, 1, 1, 1, 1, 1]
        assert forwarding.drain().taken == 0

        server.behave = took
        assert deliveries.send_again(destination=one, by=who) == 1
        assert forwarding.drain().taken == 1
    assert AuditRecord.objects.filter(action="deliveries.send_again", actor_id=who.pk).count() == 1
    assert one.deliveries.count() == 0


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503, 301, 302, 204])
def test_trouble_that_is_not_of_the_statements_lets_the_destination_wait(db, status):
    with misbehaving(lambda asked: (status, {}, b"not now")) as (server, endpoint):
        one = destination(endpoint)
        stored(3)
        drained = forwarding.drain()
        forwarding.drain()

    one.refresh_from_db()
    assert len(server.asked) == 1
    assert drained.taken == 0
    assert drained.waits_until == one.waits_until
    assert one.waits_until > timezone.now()
    assert one.last_error.startswith(f"HTTP {status}")
    assert one.deliveries.filter(dead_at=None, claim=None).count() == 3


def test_page_that_answers_200_is_not_taken_for_a_store(db):
    with misbehaving(lambda asked: (200, {}, b"<html>Sign in</html>")) as (_server, endpoint):
        one = destination(endpoint)
        stored(1)
        assert forwarding.drain().taken == 0

    assert one.deliveries.count() == 1


def test_connection_cut_or_refused_lets_the_destination_wait_and_others_go_on(db):
    with misbehaving(lambda asked: None) as (_server, cut), misbehaving() as (_other, sound):
        one, other = destination(cut), destination(sound)
        nobody = destination("http://127.0.0.1:9/xapi")
        stored(3)
        drained = forwarding.drain()

    assert drained.taken == 3
    assert [row.deliveries.count() for row in (one, nobody, other)] == [3, 3, 0]


def test_waits_grow_and_success_ends_them(db):
    with misbehaving(lambda asked: (500, {}, b"")) as (server, endpoint):
        one = destination(endpoint)
        stored(1)
        waits = []
        for _ in range(4):
            due(one)
            begun = timezone.now()
            waits.append((forwarding.drain().waits_until - begun).total_seconds())
        server.behave = took
        due(one)
        forwarding.drain()

    for n, wait in enumerate(waits):
        assert 0.5 * 5 * 2**n <= wait <= 5 * 2**n + 1
    one.refresh_from_db()
    assert (one.failures, one.waits_until, one.deliveries.count()) == (0, None, 0)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("120", 119, 121),
        ("Fri, 31 Dec 2100 23:59:59 GMT", 86_390, 86_400),
        ("99999999", 86_390, 86_400),
        ("soon", 0, 5),
        ("-5", 0, 5),
    ],
)
def test_retry_after_is_kept_to_up_to_a_day(db, header, least, most):
    answer = (429, {"Retry-After": header}, b"")
    with misbehaving(lambda asked: answer) as (_server, endpoint):
        destination(endpoint)
        stored(1)
        begun = timezone.now()
        wait = (forwarding.drain().waits_until - begun).total_seconds()

    assert least <= wait <= most + 1


def test_conflict_with_an_equal_statement_counts_as_delivered(db):
    def refuses(asked):
        if asked.method == "GET":
            return 200, {}, kept.encode()
        return 409, {}, b"I have one"

    with misbehaving(refuses) as (_server, endpoint):
        one = destination(endpoint)
        stored(1)
        kept = Statement.objects.get().raw
        assert forwarding.drain().taken == 1
        stored(1)
        assert forwarding.drain().taken == 0

    assert one.deliveries.get().error == "HTTP 409 I have one"


@pytest.mark.parametrize(
    "there", [(404, b""), (403, b""), (200, b"[]"), (200, b'{"actor": 1}'), (200, b"\xff")]
)
def test_conflict_that_cannot_be_read_back_is_a_dead_letter(db, there):
    def refuses(asked):
        return (there[0], {}, there[1]) if asked.method == "GET" else (409, {}, b"")

    with misbehaving(refuses) as (_server, endpoint):
        one = destination(endpoint)
        stored(1)
        forwarding.drain()

    assert one.deliveries.get().dead_at is not None


def test_batch_is_no_larger_than_a_store_may_take(db):
    with misbehaving() as (server, endpoint):
        destination(endpoint)
        stored(5, result={"response": "x" * 3_000_000})
        assert forwarding.drain().taken == 5

    assert [len(asked.ids) for asked in server.posts()] == [2, 2, 1]


def test_failure_midway_gives_back_those_that_were_not_sent(db):
    def tires(asked):
        if len(asked.ids) > 1:
            return 400, {}, b""
        return took(asked) if len(server.posts()) < 4 else (503, {}, b"")

    with misbehaving(tires) as (server, endpoint):
        one = destination(endpoint)
        stored(5)
        drained = forwarding.drain()

    one.refresh_from_db()
    assert (drained.taken, drained.waits_until) == (2, one.waits_until)
    assert one.deliveries.filter(dead_at=None, claim=None).count() == 3
