"""What may be decided about a delivery in which state; each rule says no in a sentence."""

from django.utils.translation import gettext as _

from core.refusals import Refusal
from core.states import Moves
from fieldwork.enums import WAITING, Decision, DeliveryState
from fieldwork.kinds import Kind
from fieldwork.models import Delivery

ACCEPTED, HELD = DeliveryState.ACCEPTED.value, DeliveryState.HELD.value
CONFLICT, SET_ASIDE = DeliveryState.CONFLICT.value, DeliveryState.SET_ASIDE.value
REPLACED = DeliveryState.REPLACED.value

MOVES = Moves(
    name="delivery",
    title="A record from a phone",
    start=HELD,
    moves={
        HELD: {ACCEPTED: "take in", SET_ASIDE: "set aside", REPLACED: "choose another"},
        CONFLICT: {ACCEPTED: "choose", SET_ASIDE: "set aside"},
        SET_ASIDE: {ACCEPTED: "take in after all", HELD: "take in, and another rule holds it"},
        ACCEPTED: {REPLACED: "choose another"},
        REPLACED: {},
    },
)


def choices(delivery: Delivery, kind: Kind | None) -> list[Decision]:
    """What a person may decide about ``delivery``."""
    undecided = delivery.state in (*WAITING, SET_ASIDE)
    found = []
    if kind is not None and delivery.state in (HELD, SET_ASIDE):
        found.append(Decision.TAKE_IN)
    if kind is not None and undecided and delivery.rival and kind.replace is not None:
        found.append(Decision.CHOOSE)
    if delivery.state in WAITING:
        found.append(Decision.SET_ASIDE)
    return found


def may_decide(delivery: Delivery, kind: Kind | None, decision: Decision) -> None:
    if decision not in choices(delivery, kind):
        raise Refusal(_("This record was decided already. Look at it again."))


def is_not_her_own(delivery: Delivery, person) -> None:
    if delivery.by_id == person.pk:
        raise Refusal(_("Somebody else decides about what you sent yourself."))


def reason_is_given(reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("Say why, for whoever asks later."))


def answers_for_the_place(delivery: Delivery, person, kind: Kind) -> None:
    """Only those above the room pass over a rule there; those above the sender alone do not."""
    if delivery.unit is None or not delivery.unit.visible_to(person, kind.settled_with):
        raise Refusal(_("Only who coordinates the place of this record may pass over the rule."))


def nothing_else_stands(delivery: Delivery, other: Delivery | None) -> None:
    if other is not None and other.pk != delivery.pk:
        raise Refusal(_("Another content with this number is in already. Choose between them."))
