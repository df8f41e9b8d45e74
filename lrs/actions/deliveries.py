"""What is owed to other stores: written with the statements, claimed, settled, sent again."""

import datetime
import time
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import task

from core import audit
from lrs.models import Delivery, Destination, Statement

# A worker that has not settled what it claimed by then is dead, and another may send it.
LEASE = datetime.timedelta(minutes=10)
BATCH = 50
CHUNK = 1000
# For so long a process believes that there is no destination. What it stores meanwhile is owed by
# ``catch_up``.
BRIEFLY = 5.0  # seconds
# A worker is asked once for all that is stored in this time.
TOGETHER = datetime.timedelta(seconds=5)
# What this process believes, each until a moment: that no destination is there, that a worker is
# asked already
_until = {"none": 0.0, "asked": 0.0}


def owe(rows: list[Statement]) -> None:
    """Owe new ``rows`` to every destination, in the transaction that stores them."""
    # A batch pays for one query willingly, a single statement goes by what was read before.
    if len(rows) == 1 and time.monotonic() < _until["none"]:
        return
    destinations = list(Destination.objects.in_use().values_list("pk", flat=True))
    if not destinations:
        _believe_in_none()
        return
    now = timezone.now()
    Delivery.objects.bulk_create(
        [
            Delivery(destination_id=destination, statement_id=row.pk, made_at=now, next_at=now)
            for row in rows
            for destination in destinations
        ],
        batch_size=CHUNK,
    )
    transaction.on_commit(_ask_together, robust=True)


def _believe_in_none() -> None:
    _until["none"] = time.monotonic() + BRIEFLY


def look_again() -> None:
    """Believe no more that there is no destination, nor that a worker has been asked."""
    _until.update(none=0.0, asked=0.0)


@task()
def forward() -> None:
    """Send what is owed, as a background task."""
    from lrs.actions import forwarding  # noqa: PLC0415 — it stands on this module, and httpx is slow

    forwarding.work()


def ask(*, after: datetime.timedelta | None = None) -> None:
    """Ask a worker to send what is owed, once this transaction is through."""
    later = forward
    if after is not None:
        if not forward.get_backend().supports_defer:
            return
        later = forward.using(run_after=timezone.now() + after)
    transaction.on_commit(later.enqueue, robust=True)


def _ask_together() -> None:
    if time.monotonic() < _until["asked"]:
        return
    if forward.get_backend().supports_defer:
        _until["asked"] = time.monotonic() + TOGETHER.total_seconds()
        # When it begins all is there that was stored without asking again.
        ask(after=TOGETHER)
    else:
        ask()


def catch_up(*, destination: Destination) -> bool:
    """Owe ``destination`` a further chunk of what it is behind with; whether there may be more."""
    with transaction.atomic():
        locked = Destination.objects.select_for_update(no_key=True).get(pk=destination.pk)
        if locked.owed_from is None or locked.removed_at:
            return False
        behind = Statement.objects.filter(
            position__gte=locked.owed_from, position__lt=locked.owed_to
        )
        chunk = list(behind.order_by("position").values_list("pk", "position")[:CHUNK])
        now = timezone.now()
        Delivery.objects.bulk_create(
            [
                Delivery(destination=locked, statement_id=pk, made_at=now, next_at=now)
                for pk, _position in chunk
            ],
            ignore_conflicts=True,
        )
        locked.owed_from = chunk[-1][1] + 1 if len(chunk) == CHUNK else None
        locked.save(update_fields=["owed_from"])
    return locked.owed_from is not None


@transaction.atomic
def claim(*, destination: Destination, most: int = BATCH) -> list[Delivery]:
    """Take up to ``most`` of what waits, oldest first, for the caller alone to send."""
    now = timezone.now()
    waiting = Delivery.objects.filter(destination=destination, dead_at=None, next_at__lte=now)
    # Two at once: the second passes by what the first has locked, or finds ``next_at`` moved.
    rows = waiting.select_for_update(skip_locked=True).order_by("next_at", "pk")
    token = uuid.uuid4()
    waiting.filter(pk__in=list(rows.values_list("pk", flat=True)[:most])).update(
        claim=token, next_at=now + LEASE, attempts=F("attempts") + 1
    )
    return list(
        Delivery.objects.filter(claim=token).select_related("statement").order_by("made_at", "pk")
    )


def _ours(rows: Iterable[Delivery]) -> QuerySet[Delivery]:
    """Those of ``rows`` whose claim has not lapsed and been taken up by another."""
    rows = list(rows)
    tokens = {row.claim for row in rows}
    return Delivery.objects.filter(pk__in=[row.pk for row in rows], claim__in=tokens)


def hold(*, rows: list[Delivery]) -> bool:
    """Lengthen the claim on ``rows``; whether it still stood for all of them."""
    return _ours(rows).update(next_at=timezone.now() + LEASE) == len(rows)


def delivered(*, rows: list[Delivery]) -> None:
    """The other store has them: nothing is owed any more."""
    _ours(rows).delete()


def release(*, rows: list[Delivery], error: str = "") -> None:
    """Give ``rows`` back to be sent again."""
    _ours(rows).update(claim=None, next_at=timezone.now(), error=error)


def give_up(*, row: Delivery, error: str) -> None:
    """Make ``row`` a dead letter: the other store will not have it, and said ``error``."""
    _ours([row]).update(claim=None, dead_at=timezone.now(), error=error)


@transaction.atomic
def send_again(*, destination: Destination, by, only: int | None = None) -> int:
    """Let dead letters wait anew, all or the one with the pk ``only``; how many there were."""
    dead = Delivery.objects.filter(destination=destination, dead_at__isnull=False)
    if only is not None:
        dead = dead.filter(pk=only)
    count = dead.update(dead_at=None, claim=None, attempts=0, next_at=timezone.now())
    if count:
        audit.record("deliveries.send_again", destination, by=by, detail={"statements": count})
        ask()
    return count
