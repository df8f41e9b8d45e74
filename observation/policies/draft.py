"""What a session may do while it is a draft, and what its answers may be."""

from django.utils.translation import gettext as _

from core.refusals import Refusal
from core.states import Moves
from observation.enums import SessionStatus
from observation.models import Item, ObservationSession

MOVES = Moves(
    name="observation_session",
    title="An observation session",
    start=SessionStatus.DRAFT.value,
    moves={
        SessionStatus.DRAFT.value: {SessionStatus.CLOSED.value: "close"},
        SessionStatus.CLOSED.value: {},
    },
)


def is_her_own(session: ObservationSession, person) -> None:
    if session.observer_id is None or session.observer_id != person.pk:
        raise Refusal(_("Only the person who observed may change this session."))


def is_draft(session: ObservationSession) -> None:
    MOVES.require(
        session.status,
        SessionStatus.CLOSED,
        _("This session is closed and cannot change. Correct it with a new session instead."),
    )


def may_be_corrected(session: ObservationSession, reason: str) -> None:
    if session.status != SessionStatus.CLOSED:
        raise Refusal(_("This session is still a draft: go on with it instead of correcting it."))
    if not reason.strip():
        raise Refusal(_("Say why the session needs a correction."))


def value_fits(item: Item, value: int | None) -> None:
    low, high = item.scale.minimum, item.scale.maximum
    if value is None or (low is not None and value < low) or (high is not None and value > high):
        raise Refusal(
            _("%(item)s: %(value)s is not on the scale from %(low)s to %(high)s.")
            % {"item": item.code, "value": value, "low": low, "high": high}
        )


def not_applicable_is_allowed(item: Item, note: str) -> None:
    """By hand, only where the item allows it and with a reason."""
    if not item.na_allowed:
        raise Refusal(
            _("%(item)s always applies: give it a value, or leave it unanswered.")
            % {"item": item.code}
        )
    if not note.strip():
        raise Refusal(_("%(item)s: say why it is not applicable.") % {"item": item.code})
