"""Taking records in: each content is kept once and for good, whatever then becomes of it."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.bodies import Malformed
from core.refusals import Refusal
from fieldwork import kinds, queries
from fieldwork.enums import DeliveryState
from fieldwork.kinds import Hold, Kind, Record
from fieldwork.models import Delivery
from fieldwork.serializers import envelopes
from organisations.models import Unit, User

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt: accepted, or held with its reason."""

    state: str
    code: str = ""
    reason: str = ""
    rival: uuid.UUID | None = None


ACCEPTED = Outcome(DeliveryState.ACCEPTED)


def receive(*, record: Record, body: bytes, by: User) -> tuple[Delivery, bool]:
    """Keep ``body``, the bytes of ``record``, and let its kind take it in, in one transaction.

    The same content again gives the same delivery; whether it is new comes second. Other content
    under a known id is kept beside the first, for a person to decide.
    """
    if known := _known(record):
        return known, False
    try:
        return _keep(record, body, by), True
    except IntegrityError:
        # Another request brought the same record in between: what it brought is there to compare.
        if known := _known(record):
            return known, False
        return _keep(record, body, by), True


@transaction.atomic
def try_again(*, delivery: Delivery, by: User | None) -> Delivery:
    """Let its kind take the waiting ``delivery`` in, past the rules that people passed over."""
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if delivery.state not in (DeliveryState.HELD, DeliveryState.SET_ASIDE):
        return delivery
    kind = kind_of(delivery)
    record = read_again(delivery)
    unit, outcome = _place(kind, record)
    if delivery.unit is None and unit is not None:
        delivery.unit = unit
    if outcome is ACCEPTED:
        overrides = queries.passed_over(delivery)
        outcome = attempt(lambda: kind.handle(record, overrides))
    move(delivery, outcome)
    leave_audit(delivery, "retry", by=by)
    return delivery


def kind_of(delivery: Delivery) -> Kind:
    """The kind of a delivery that came earlier; Refusal where it is known no more."""
    kind = kinds.find(delivery.kind)
    if kind is None:
        raise Refusal(_("Nobody here reads records of this kind."))
    return kind


def read_again(delivery: Delivery) -> Record:
    """The record as it was read when it came."""
    return envelopes.read(bytes(delivery.body), by=delivery.by)


def move(delivery: Delivery, outcome: Outcome) -> None:
    """Write what became of ``delivery``; its bytes and who sent them stay as they are."""
    delivery.state, delivery.code = outcome.state, outcome.code
    delivery.reason, delivery.rival = outcome.reason, outcome.rival
    delivery.save(update_fields=["state", "code", "reason", "rival", "unit"])


def leave_audit(delivery: Delivery, verb: str, *, by: User | None) -> None:
    """Say in the audit trail what was done with ``delivery``, in the words of its kind."""
    kind = kinds.find(delivery.kind)
    noun = kind.audited_as if kind else Kind.audited_as
    detail = {"state": delivery.state, "code": delivery.code}
    audit.record(f"{noun}.{verb}", delivery, by=by, detail=detail)


def attempt(step: Callable[[], None]) -> Outcome:
    """Do ``step`` wholly or not at all; no way in which it fails may lose the record."""
    try:
        with transaction.atomic():
            step()
    except Malformed as error:
        sentence = f"{error.where}: {error}" if error.where else str(error)
        return Outcome(DeliveryState.HELD, "content", sentence)
    except Hold as hold:
        return Outcome(DeliveryState.HELD, hold.code, str(hold), hold.rival)
    except Refusal as refusal:
        return Outcome(DeliveryState.HELD, "refused", str(refusal))
    except Exception:
        logger.exception("delivery_failed")
        sentence = _("Something broke on our side. The record is kept and will be tried again.")
        return Outcome(DeliveryState.HELD, "error", sentence)
    return ACCEPTED


def _known(record: Record) -> Delivery | None:
    same = Delivery.objects.filter(record=record.id, canonical_hash=record.canonical_hash)
    return same.defer("body").first()


@transaction.atomic
def _keep(record: Record, body: bytes, by: User) -> Delivery:
    delivery = Delivery(
        record=record.id,
        kind=record.kind,
        by=by,
        device=record.device,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        canonical_hash=record.canonical_hash,
        state=DeliveryState.HELD,
        code="received",
    )
    kind = kind_of(delivery)
    delivery.unit, outcome = _place(kind, record)
    if delivery.unit is None or not delivery.unit.visible_to(by, kind.sent_with):
        delivery.sender_unit = queries.post_of(by)
    if Delivery.objects.filter(record=record.id).exists():
        delivery.state, delivery.code, delivery.rival = (
            DeliveryState.CONFLICT,
            "conflict",
            record.id,
        )
        delivery.reason = _(
            "Another content came earlier under the same number. Both are kept until a "
            "coordinator decides."
        )
        delivery.save(force_insert=True)
    else:
        # First the row: whoever brings the same record at the same moment waits for it here.
        delivery.save(force_insert=True)
        if outcome is ACCEPTED:
            outcome = attempt(lambda: kind.handle(record, frozenset()))
        move(delivery, outcome)
    leave_audit(delivery, "receive", by=by)
    return delivery


def _place(kind: Kind, record: Record) -> tuple[Unit | None, Outcome]:
    """Where a record lies, and whether its content is of its kind."""
    found: list[Unit | None] = [None]

    def look() -> None:
        kind.check(record.content)
        found[0] = kind.place(record.content)

    outcome = attempt(look)
    return found[0], outcome
