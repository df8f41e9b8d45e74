"""What people decide about records that wait: taken in, chosen or set aside, never deleted."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.refusals import Refusal
from fieldwork import kinds, policies, queries
from fieldwork.actions import deliveries
from fieldwork.actions.deliveries import Outcome
from fieldwork.enums import Decision, DeliveryState
from fieldwork.kinds import Kind
from fieldwork.models import Delivery, Settlement
from organisations.models import User


@transaction.atomic
def take_in(*, delivery: Delivery, reason: str, by: User) -> Delivery:
    """Let its kind take ``delivery`` in, past the rule that held it where that may be passed over.

    Another rule may hold it again: what was decided stays written down, and the next decision
    starts from there.
    """
    delivery, kind = _opened(delivery, Decision.TAKE_IN, reason, by)
    policies.nothing_else_stands(delivery, queries.standing(delivery.record))
    passes_over = delivery.code in kind.passable
    if passes_over:
        policies.answers_for_the_place(delivery, by, kind)
    _write(delivery, Decision.TAKE_IN, reason, by, passes_over=passes_over)
    return deliveries.try_again(delivery=delivery, by=by)


@transaction.atomic
def choose(*, delivery: Delivery, reason: str, by: User) -> Delivery:
    """Let ``delivery`` count instead of the record that it collides with, which stays kept."""
    delivery, kind = _opened(delivery, Decision.CHOOSE, reason, by)
    replace, rival = kind.replace, delivery.rival
    if replace is None or rival is None:
        raise Refusal(_("There is nothing to choose between."))
    policies.answers_for_the_place(delivery, by, kind)
    record = deliveries.read_again(delivery)
    other = queries.standing(rival)
    _write(delivery, Decision.CHOOSE, reason, by, passes_over=True)
    # Of two contents under one number the first may be held or set aside: it never counted.
    counts = rival != delivery.record or (other and other.state == DeliveryState.ACCEPTED)

    def take() -> None:
        kind.check(record.content)
        if counts:
            replace(rival, record, reason, by)
        else:
            kind.handle(record, frozenset(kind.passable))

    outcome = deliveries.attempt(take)
    if outcome is not deliveries.ACCEPTED:
        raise Refusal(outcome.reason)
    if other is not None and other.pk != delivery.pk:
        # First: one delivery alone stands for a record.
        deliveries.move(other, Outcome(DeliveryState.REPLACED, "replaced", reason.strip()))
    deliveries.move(delivery, outcome)
    deliveries.leave_audit(delivery, "choose", by=by)
    return delivery


@transaction.atomic
def set_aside(*, delivery: Delivery, reason: str, by: User) -> Delivery:
    """Keep ``delivery`` for good without ever counting it."""
    delivery = _locked(delivery, Decision.SET_ASIDE, reason, by)
    _write(delivery, Decision.SET_ASIDE, reason, by)
    outcome = Outcome(DeliveryState.SET_ASIDE, "set_aside", reason.strip(), delivery.rival)
    deliveries.move(delivery, outcome)
    deliveries.leave_audit(delivery, "set_aside", by=by)
    return delivery


DECIDE = {
    Decision.TAKE_IN: take_in,
    Decision.CHOOSE: choose,
    Decision.SET_ASIDE: set_aside,
}


def _locked(delivery: Delivery, decision: Decision, reason: str, by: User) -> Delivery:
    """The row as it is now, where ``by`` may decide so about it."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("unit", "by")
    delivery = rows.get(pk=delivery.pk)
    policies.may_decide(delivery, kinds.find(delivery.kind), decision)
    policies.is_not_her_own(delivery, by)
    policies.reason_is_given(reason)
    return delivery


def _opened(delivery: Delivery, decision: Decision, reason: str, by: User) -> tuple[Delivery, Kind]:
    """Likewise, with its kind."""
    delivery = _locked(delivery, decision, reason, by)
    return delivery, deliveries.kind_of(delivery)


def _write(
    delivery: Delivery, decision: Decision, reason: str, by: User, *, passes_over: bool = False
) -> None:
    Settlement.objects.create(
        delivery=delivery,
        by=by,
        decision=decision,
        code=delivery.code,
        passes_over=passes_over,
        reason=reason.strip(),
    )
