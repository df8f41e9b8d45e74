"""What is owed, claimed, refused, held back and sent again; the other store misbehaves."""

import datetime
import hashlib
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.models import AuditRecord
from core.refusals import Refusal
from lrs import multipart, positions, sealing
from lrs.actions import deliveries, destinations, forwarding, statements
from lrs.models import Delivery, Destination, Statement
from lrs.multipart import Part
from tests.factories import organisations as people
from tests.factories.learning import statement
from tests.lrs.others import misbehaving, took

SECRET = "ñ: not in the clear"


@pytest.fixture(autouse=True)
def _nothing_believed(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    settings.STORAGES = settings.STORAGES | {
        "xapi": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    deliveries.look_again()
    yield
    deliveries.look_again()


@pytest.fixture
def who(db):
    return people.person("national", people.country().country)


def destination(endpoint: str, by=None, **fields) -> Destination:
    made = destinations.add(
        **{
            "name": f"store {uuid.uuid4()}",
            "endpoint": endpoint,
            "version": "1.0.3",
            "key": "key",
            "secret": SECRET,
            "by": by,
        }
        | fields
    )
    deliveries.look_again()
    return made


def stored(number: int, **parts) -> list[str]:
    """The ids of so many new statements."""
    bodies = [statement(id=str(uuid.uuid4()), **parts) for _ in range(number)]
    return [str(one) for one in statements.store(bodies)]


def with_picture(content: bytes) -> tuple[dict, dict[str, Part]]:
    """A statement with an attachment, and that by its hash as it comes in."""
    sha2 = hashlib.sha256(content).hexdigest()
    described = {
        "usageType": "https://x.example/picture",
        "display": {"en": "picture"},
        "contentType": "image/png",
        "length": len(content),
        "sha2": sha2,
    }
    body = statement(id=str(uuid.uuid4()), attachments=[described])
    raw = multipart.joined(json.dumps(body), [(sha2, "image/png", content)], "mark")
    return body, multipart.by_hash(multipart.parts(raw, "multipart/mixed; boundary=mark")[1:])


def due(one: Destination) -> None:
    """As if the wait were over."""
    Destination.objects.filter(pk=one.pk).update(waits_until=None)


def test_statements_are_owed_to_every_destination_in_their_transaction(db):
    first, second = destination("https://a.example"), destination("https://b.example")

    with transaction.atomic():
        stored(2)
        transaction.set_rollback(True)
    ids = stored(2)
    statements.store_many([statement(id=str(uuid.uuid4()), stored="2020-01-31T09:30:00Z")])

    owed = Delivery.objects.values_list("destination", flat=True)
    assert sorted(owed) == [first.pk] * 3 + [second.pk] * 3
    assert {str(one.statement_id) for one in first.deliveries.all()} >= set(ids)


def test_statement_that_comes_again_is_owed_once(db):
    one = destination("https://a.example")
    body = statement(id=str(uuid.uuid4()))

    statements.store([body])
    statements.store([body])

    assert one.deliveries.count() == 1


def test_without_a_destination_nothing_is_asked_for_a_while(db, django_assert_num_queries):
    stored(1)
    with django_assert_num_queries(0):
        deliveries.owe([Statement()])


def test_destination_removed_is_owed_nothing(db, who):
    one = destination("https://a.example")
    stored(2)

    destinations.remove(destination=one, by=who)
    stored(1)

    one.refresh_from_db()
    assert (Delivery.objects.count(), bytes(one.sealed_secret)) == (0, b"")


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


def test_wait_has_a_limit(db):
    one = destination("https://a.example")
    Destination.objects.filter(pk=one.pk).update(failures=1000)
    one.refresh_from_db()

    until = destinations.failed(destination=one, error="")

    assert until <= timezone.now() + datetime.timedelta(hours=1)


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


def test_paused_destination_is_sent_nothing_and_all_when_resumed(db, who):
    with misbehaving() as (server, endpoint):
        one = destination(endpoint)
        destinations.pause(destination=one, by=who)
        stored(2)
        assert (forwarding.drain().taken, len(server.asked)) == (0, 0)
        destinations.resume(destination=one, by=who)
        assert forwarding.drain().taken == 2


def test_claim_is_of_one_worker_until_it_lapses(db):
    one = destination("https://a.example")
    stored(3)

    first = deliveries.claim(destination=one, most=2)
    second = deliveries.claim(destination=one)
    third = deliveries.claim(destination=one)

    assert [len(first), len(second), len(third)] == [2, 1, 0]
    Delivery.objects.update(next_at=timezone.now())
    again = deliveries.claim(destination=one)
    assert len(again) == 3
    assert not deliveries.hold(rows=first)
    deliveries.delivered(rows=first)
    assert one.deliveries.count() == 3  # they are another's now


def test_two_workers_never_send_the_same_statement_at_once(transactional_db, settings):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory is of one connection; the processes' test has two workers")

    def slow(asked):
        time.sleep(0.05)
        return took(asked)

    def work(_number):
        try:
            return forwarding.drain().taken
        finally:
            connection.close()

    with misbehaving(slow) as (server, endpoint):
        destination(endpoint)
        ids = stored(400)
        with ThreadPoolExecutor(4) as pool:
            shares = list(pool.map(work, range(4)))

    sent = [one for asked in server.posts() for one in asked.ids]
    assert sum(shares) == 400
    assert sorted(sent) == sorted(ids)


def test_everything_stored_before_is_owed_where_asked_for(db):
    before = stored(3)
    with misbehaving() as (server, endpoint):
        one = destination(endpoint, everything=True)
        other = destination(endpoint)
        stored(1)
        assert forwarding.drain().taken == 2  # not yet: another process might not know of it
        Destination.objects.update(owed_to=positions.first(timezone.now()))  # a minute later
        assert forwarding.drain().taken >= 3

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.owed_from, other.owed_from) == (None, None)
    assert set(before) <= {one for asked in server.posts() for one in asked.ids}


def test_secret_is_nowhere_in_the_clear_and_read_after_the_key_changed(db, settings, who):
    one = destination("https://a.example", by=who)
    assert SECRET.encode() not in bytes(one.sealed_secret)
    assert SECRET not in str(list(AuditRecord.objects.values()))

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    assert sealing.unseal(one.sealed_secret) == SECRET

    settings.SECRET_KEY_FALLBACKS = []
    stored(1)
    assert forwarding.drain().taken == 0
    one.refresh_from_db()
    assert one.last_error == "Its secret can no longer be read. Enter it again."


def test_name_of_two_is_refused_until_the_first_is_removed(db, who):
    one = destination("https://a.example", name="same", by=who)
    with pytest.raises(Refusal, match="Choose another"):
        destination("https://b.example", name="same", by=who)

    destinations.remove(destination=one, by=who)
    destination("https://b.example", name="same", by=who)

    assert Destination.objects.in_use().get().endpoint == "https://b.example"


def test_delivery_stands_once_for_each_destination(db):
    one = destination("https://a.example")
    stored(1)
    row = one.deliveries.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
