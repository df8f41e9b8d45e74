"""Stores to which statements are forwarded."""

import datetime
import random

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from lrs import positions, sealing
from lrs.actions import deliveries
from lrs.models import Destination

FIRST_WAIT, LONGEST_WAIT = 5.0, 3600.0  # seconds
LONGEST_ASKED = datetime.timedelta(days=1)  # of what a store may ask for by Retry-After
# Until then every process knows of a new destination (``deliveries.BRIEFLY``).
KNOWN_AFTER = datetime.timedelta(minutes=1)


@transaction.atomic
def add(
    *, name: str, endpoint: str, version: str, key: str, secret: str, everything: bool = False, by
) -> Destination:
    """Forward to ``endpoint`` what is stored from now on; ``everything``: and what is here."""
    now = timezone.now()
    destination = Destination(
        name=name,
        endpoint=endpoint,
        version=version,
        key=key,
        sealed_secret=sealing.seal(secret),
        owed_from=0 if everything else positions.first(now),
        owed_to=positions.first(now + KNOWN_AFTER),
    )
    _save(destination)
    audit.record("destinations.add", destination, by=by, detail={"everything": everything})
    transaction.on_commit(deliveries.look_again)
    deliveries.ask(after=2 * KNOWN_AFTER)
    return destination


@transaction.atomic
def change(
    *, destination: Destination, name: str, endpoint: str, version: str, key: str, secret: str, by
) -> Destination:
    """Write it anew, with the ``secret`` that it had where none is given, and try at once."""
    destination.name, destination.endpoint = name, endpoint
    destination.version, destination.key = version, key
    if secret:
        destination.sealed_secret = sealing.seal(secret)
    destination.waits_until, destination.failures = None, 0
    _save(destination)
    audit.record("destinations.change", destination, by=by, detail={"secret": bool(secret)})
    deliveries.ask()
    return destination


def _save(destination: Destination) -> None:
    try:
        with transaction.atomic():
            destination.save()
    except IntegrityError:
        raise Refusal(_("There is a destination with this name. Choose another.")) from None


@transaction.atomic
def pause(*, destination: Destination, by) -> None:
    """Send nothing for now; what is stored meanwhile waits."""
    if _in_use(destination, paused_at=None).update(paused_at=timezone.now()):
        audit.record("destinations.pause", destination, by=by)


@transaction.atomic
def resume(*, destination: Destination, by) -> None:
    """Send again, at once."""
    paused = _in_use(destination, paused_at__isnull=False)
    if paused.update(paused_at=None, waits_until=None, failures=0):
        audit.record("destinations.resume", destination, by=by)
        deliveries.ask()


@transaction.atomic
def remove(*, destination: Destination, by) -> None:
    """Owe it nothing any more and forget its secret; that it was there stays on record."""
    gone = _in_use(destination).update(removed_at=timezone.now(), sealed_secret=b"", owed_from=None)
    if gone:
        count = destination.deliveries.all().delete()[0]
        audit.record("destinations.remove", destination, by=by, detail={"waiting": count})


def succeeded(*, destination: Destination) -> None:
    """The store has taken something: whatever was wrong is over."""
    destination.failures, destination.waits_until = 0, None
    Destination.objects.filter(pk=destination.pk).update(
        failures=0, waits_until=None, last_success_at=timezone.now()
    )


def failed(
    *, destination: Destination, error: str, asked: datetime.datetime | None = None
) -> datetime.datetime:
    """Wait, each time twice as long as before and not all at the same moment; until when.

    ``asked`` is the moment before which the store does not want to be asked again.
    """
    now = timezone.now()
    seconds = min(FIRST_WAIT * 2 ** min(destination.failures, 20), LONGEST_WAIT)
    until = now + datetime.timedelta(seconds=seconds * random.SystemRandom().uniform(0.5, 1.0))
    if asked:
        until = max(until, min(asked, now + LONGEST_ASKED))
    destination.failures += 1
    destination.waits_until = until
    Destination.objects.filter(pk=destination.pk).update(
        failures=destination.failures, waits_until=until, last_failure_at=now, last_error=error
    )
    return until


def _in_use(destination: Destination, **fields):
    return Destination.objects.in_use().filter(pk=destination.pk, **fields)
