"""What is owed to other stores, claimed by workers, and no more."""

import datetime
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tasks import default_task_backend

from core.models import AuditRecord
from core.refusals import Refusal
from lrs import positions, sealing
from lrs.actions import deliveries, destinations, forwarding, statements
from lrs.models import Delivery, Destination, Statement
from tests.factories import organisations as people
from tests.factories.forwarding import SECRET, destination, stored
from tests.factories.learning import statement
from tests.lrs.others import misbehaving, took

pytestmark = pytest.mark.usefixtures("no_worker")


@pytest.fixture
def who(db):
    return people.person("national", people.country().country)


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


def test_wait_has_a_limit(db):
    one = destination("https://a.example")
    Destination.objects.filter(pk=one.pk).update(failures=1000)
    one.refresh_from_db()

    until = destinations.failed(destination=one, error="")

    assert until <= timezone.now() + datetime.timedelta(hours=1)


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


@pytest.fixture
def asked(no_worker):
    """The tasks that workers were asked for."""
    default_task_backend.clear()
    yield default_task_backend.results
    default_task_backend.clear()


def test_worker_is_asked_once_for_what_is_stored_within_seconds(
    db, asked, django_capture_on_commit_callbacks
):
    destination("https://a.example")
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            stored(1)

    (task,) = (result.task for result in asked)
    assert task.module_path == "lrs.actions.deliveries.forward"
    assert timezone.now() < task.run_after <= timezone.now() + deliveries.TOGETHER


def test_worker_is_asked_again_by_the_one_that_failed_and_by_no_other(
    db, asked, django_capture_on_commit_callbacks
):
    with misbehaving(lambda asked: (500, {}, b"")) as (_server, endpoint):
        one = destination(endpoint)
        stored(1)
        for _ in range(3):
            with django_capture_on_commit_callbacks(execute=True):
                forwarding.work()

    one.refresh_from_db()
    (task,) = (result.task for result in asked)
    assert abs(task.run_after - one.waits_until) < datetime.timedelta(seconds=1)


def test_task_sends_what_is_owed(db, settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with misbehaving() as (_server, endpoint):
        one = destination(endpoint)
        with django_capture_on_commit_callbacks(execute=True):
            stored(2)

    assert one.deliveries.count() == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:99999/",
        "http:///xapi",
        "http://[::1/",
        "https://no\u00a0host.example/",
        "gopher://a.example/",
        "http://127.0.0.1:1/" + "a" * 400,
    ],
)
def test_address_that_is_none_lets_only_its_destination_wait(db, endpoint):
    one = destination(endpoint)
    with misbehaving() as (_server, sound):
        other = destination(sound)
        stored(1)
        assert forwarding.drain().taken == 1

    one.refresh_from_db()
    assert (one.failures, one.deliveries.count(), other.deliveries.count()) == (1, 1, 0)
