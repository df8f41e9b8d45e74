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
            rows = deliveries.claim(destination=destination)
            if not rows:
                continue
            took, failed = _send_all(destination, rows)
            taken, busy = taken + took, True
            if failed and destination.waits_until:
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


def _send_all(destination: Destination, rows: list[Delivery]) -> tuple[int, bool]:
    """Send what was claimed; how many were taken, and whether the destination failed."""
    try:
        secret = sealing.unseal(destination.sealed_secret)
    except sealing.Unreadable:
        _wait(destination, rows, _("Its secret can no longer be read. Enter it again."))
        return 0, True
    with remote.RecordStore(
        destination.endpoint, destination.key, secret, destination.version
    ) as store:
        sender = Sender(destination, store)
        failed = not sender.each(list(_portions(rows)))
    return sender.taken, failed


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


@dataclass
class Sender:
    """Sends to one destination; each step says whether to go on, or that it has to wait."""

    destination: Destination
    store: remote.RecordStore
    taken: int = 0

    def each(self, portions: list[list[Delivery]]) -> bool:
        """Send ``portions`` one after the other; those after a failure are given back."""
        for n, portion in enumerate(portions):
            # Those before may have taken so long that another worker has it.
            if n and not deliveries.hold(rows=portion):
                deliveries.release(rows=portion)
            elif not self.send(portion):
                deliveries.release(rows=[row for part in portions[n + 1 :] for row in part])
                return False
        return True

    def send(self, rows: list[Delivery]) -> bool:
        statements = [row.statement for row in rows]
        try:
            files: list[File] = list(attachments.of_statements(statements))
            answer = self.store.send([one.raw for one in statements], files)
        except OSError as trouble:  # of our own storage
            return self._refused(rows, 0, str(trouble)[:500])
        except remote.Unreachable as trouble:
            return _wait(self.destination, rows, str(trouble))
        if _took(answer, rows):
            return self._delivered(rows)
        if 400 <= answer.status < 500 and answer.status not in NOT_OF_STATEMENTS:
            return self._refused(rows, answer.status, answer.said)
        return _wait(self.destination, rows, answer.said, answer.retry_after)

    def _delivered(self, rows: list[Delivery]) -> bool:
        deliveries.delivered(rows=rows)
        destinations.succeeded(destination=self.destination)
        self.taken += len(rows)
        return True

    def _refused(self, rows: list[Delivery], status: int, said: str) -> bool:
        """Something is wrong with one of them: each goes alone, and that one is a dead letter."""
        if len(rows) > 1:
            return self.each([[row] for row in rows])
        (row,) = rows
        # 409: some stores refuse what they have, equal or not. If it is the same, it was delivered.
        if status == 409:
            try:
                there = self.store.statement(str(row.statement_id))
            except remote.Unreachable as trouble:
                return _wait(self.destination, rows, str(trouble))
            if there is not None and _same(there, row):
                return self._delivered(rows)
        deliveries.give_up(row=row, error=said)
        return True


def _took(answer: Answer, rows: list[Delivery]) -> bool:
    """Whether a record store said that it has them: any page answers 200, none with their ids."""
    if answer.status != 200:
        return False
    said = answer.json()
    ids = {one.lower() for one in said if isinstance(one, str)} if isinstance(said, list) else set()
    return ids.issuperset(str(row.statement_id) for row in rows)


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
) -> bool:
    """Give ``rows`` back and let the destination wait: False, there is no going on."""
    deliveries.release(rows=rows, error=error)
    until = destinations.failed(destination=destination, error=error, asked=asked)
    logger.warning("forwarding waits", destination=destination.pk, until=until.isoformat())
    return False
