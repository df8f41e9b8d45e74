"""Sending what is owed: in batches, one by one where a batch was refused, later where all fails.

At least once: a worker that dies after the other store has taken a statement, and before it has
noted that, leaves it to be sent again. The other store knows it by its id.
"""

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import simplejson
import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from lrs import positions, queries, remote, sealing
from lrs.actions import attachments, deliveries, destinations
from lrs.models import Attachment, Delivery, Destination
from lrs.remote import Answer, File
from lrs.sameness import fingerprint
from lrs.validation.rules import moment

logger = structlog.get_logger(__name__)
LARGEST = 8 * 1024 * 1024  # bytes of a batch, unless one statement alone has more
A_WHILE = 20.0  # seconds: other background work waits its turn
# They tell of the address, the key or the moment, and nothing of what was sent.
NOT_OF_STATEMENTS = {401, 402, 403, 404, 405, 407, 408, 421, 425, 426, 429}


@dataclass(frozen=True)
class Drained:
    """How many statements other stores took, and until when one waits that failed meanwhile."""

    taken: int
    waits_until: datetime.datetime | None


def drain(*, stop: Callable[[], bool] = lambda: False) -> Drained:
    """Send until nothing is due, or ``stop``. A destination that fails waits; the others go on."""
    taken, waits = 0, []
    catch_up()
    busy = True
    while busy and not stop():
        busy = False
        for destination in _due():
            took = _send_some(destination)
            taken, busy = taken + (took or 0), busy or took is not None
            if took is None and destination.waits_until:
                waits.append(destination.waits_until)
    return Drained(taken, min(waits, default=None))


def work() -> None:
    """``drain`` for a while, and ask to be called again where that was not enough."""
    ends = time.monotonic() + A_WHILE
    drained = drain(stop=lambda: time.monotonic() > ends)
    if time.monotonic() > ends:
        deliveries.ask()
    elif drained.waits_until:
        # Only whoever saw it fail: what finds it waiting asks for nothing.
        deliveries.ask(after=drained.waits_until - timezone.now())


def catch_up() -> None:
    """Owe new destinations what was stored before everybody knew of them."""
    for destination in Destination.objects.in_use().filter(owed_from__isnull=False):
        # What is still being stored might lie below the last position that can be seen.
        if positions.first(queries.consistent_through()) < destination.owed_to:
            continue
        while deliveries.catch_up(destination=destination):
            pass
    Delivery.objects.filter(destination__removed_at__isnull=False).delete()


def _due() -> list[Destination]:
    rows = Destination.objects.in_use().filter(paused_at=None)
    return list(rows.exclude(waits_until__gt=timezone.now()))


def _send_some(destination: Destination) -> int | None:
    """Send a batch; how many were taken, None if nothing was due or the destination failed."""
    rows = deliveries.claim(destination=destination)
    if not rows:
        return None
    try:
        secret = sealing.unseal(destination.sealed_secret)
    except sealing.Unreadable:
        _wait(destination, rows, _("Its secret can no longer be read. Enter it again."))
        return None
    taken = 0
    with remote.RecordStore(
        destination.endpoint, destination.key, secret, destination.version
    ) as store:
        portions = list(_portions(rows))
        for n, portion in enumerate(portions):
            if n and not deliveries.hold(rows=portion):
                deliveries.release(rows=portion)
                continue  # those before took so long that another worker has some of it
            done = _send(store, destination, portion)
            if done is None:
                deliveries.release(rows=[row for part in portions[n + 1 :] for row in part])
                return None
            taken += done
    return taken


def _portions(rows: list[Delivery]) -> Iterator[list[Delivery]]:
    """``rows`` in batches of no more than ``LARGEST`` bytes, attachments included."""
    hashes = {row.pk: _hashes(row) for row in rows}
    known = Attachment.objects.filter(pk__in={one for some in hashes.values() for one in some})
    lengths = dict(known.values_list("pk", "length"))
    portion: list[Delivery] = []
    size = 0
    for row in rows:
        own = len(row.statement.raw) + sum(lengths.get(one, 0) for one in hashes[row.pk])
        if portion and size + own > LARGEST:
            yield portion
            portion, size = [], 0
        portion.append(row)
        size += own
    yield portion


def _hashes(row: Delivery) -> set[str]:
    if '"sha2"' not in row.statement.raw:
        return set()
    statement = simplejson.loads(row.statement.raw)
    return {one["sha2"].lower() for one in attachments.described(statement)}


def _send(store: remote.RecordStore, destination: Destination, rows: list[Delivery]) -> int | None:
    """Send ``rows`` together; how many were taken, None if the destination has to wait."""
    statements = [row.statement for row in rows]
    try:
        files: list[File] = list(attachments.of_statements(statements))
        answer = store.send([one.raw for one in statements], files)
    except OSError as trouble:  # of our own storage
        return _refused(store, destination, rows, None, str(trouble)[:500])
    except remote.Unreachable as trouble:
        _wait(destination, rows, str(trouble))
        return None
    if _took(answer, rows):
        deliveries.delivered(rows=rows)
        destinations.succeeded(destination=destination)
        return len(rows)
    if 400 <= answer.status < 500 and answer.status not in NOT_OF_STATEMENTS:
        return _refused(store, destination, rows, answer, answer.said)
    _wait(destination, rows, answer.said, answer.retry_after)
    return None


def _took(answer: Answer, rows: list[Delivery]) -> bool:
    """Whether a record store said that it has them: any page answers 200, none with their ids."""
    if answer.status != 200:
        return False
    said = answer.json()
    ids = {one.lower() for one in said if isinstance(one, str)} if isinstance(said, list) else set()
    return ids.issuperset(str(row.statement_id) for row in rows)


def _refused(
    store: remote.RecordStore,
    destination: Destination,
    rows: list[Delivery],
    answer: Answer | None,
    said: str,
) -> int | None:
    """Something is wrong with one of ``rows``: each goes alone; that one becomes a dead letter."""
    if len(rows) == 1:
        return _settle(store, destination, rows[0], answer, said)
    taken = 0
    for n, row in enumerate(rows):
        if not deliveries.hold(rows=[row]):
            continue  # another worker has it
        done = _send(store, destination, [row])
        if done is None:
            deliveries.release(rows=rows[n + 1 :])
            return None
        taken += done
    return taken


def _settle(
    store: remote.RecordStore,
    destination: Destination,
    row: Delivery,
    answer: Answer | None,
    said: str,
) -> int | None:
    """409: some stores refuse what they have, equal or not. If it is the same, it was delivered."""
    if answer is not None and answer.status == 409:
        try:
            there = store.statement(str(row.statement_id))
        except remote.Unreachable as trouble:
            _wait(destination, [row], str(trouble))
            return None
        if there is not None and _same(there, row):
            deliveries.delivered(rows=[row])
            destinations.succeeded(destination=destination)
            return 1
    deliveries.give_up(row=row, error=said)
    return 0


def _same(there: dict, row: Delivery) -> bool:
    try:
        happened = moment(there["timestamp"], "timestamp")
        return (fingerprint(there), happened) == (
            row.statement.fingerprint,
            row.statement.timestamp,
        )
    except (KeyError, TypeError, ValueError, AttributeError):  # no statement
        return False


def _wait(
    destination: Destination,
    rows: list[Delivery],
    error: str,
    asked: datetime.datetime | None = None,
) -> None:
    deliveries.release(rows=rows, error=error)
    until = destinations.failed(destination=destination, error=error, asked=asked)
    logger.warning("forwarding waits", destination=destination.pk, until=until.isoformat())
