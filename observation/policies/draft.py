"""What a session may do while it is a draft, and what its answers may be."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.refusals import Refusal
from core.states import Moves
from observation.enums import RatingState, ScaleKind, SessionStatus
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
        if high is None:
            raise Refusal(
                _("%(item)s: %(value)s is not a count from %(low)s upwards.")
                % {"item": item.code, "value": value, "low": low or 0}
            )
        raise Refusal(
            _("%(item)s: %(value)s is not on the scale from %(low)s to %(high)s.")
            % {"item": item.code, "value": value, "low": low, "high": high}
        )


def marks_fit(item: Item, state: str, value: int | None, marks: Sequence[int | None]) -> None:
    """Of an item seen or not at set minutes: a mark per look, and the value counts those seen.

    With a look left out there is no value: two of three seen and one not looked at is neither 2 nor
    3, and nothing is ever filled in. The marks stay, so that nothing that was seen is lost.
    """
    looks = item.scale.maximum if item.scale.kind == ScaleKind.SNAPSHOTS else 0
    if not marks and (not looks or state != RatingState.SCORED):
        return
    whole = RatingState.MISSING if None in marks else RatingState.SCORED
    seen = None if None in marks else marks.count(1)
    known = all(mark in (0, 1, None) for mark in marks)
    if not known or len(marks) != looks or state != whole or value != seen:
        raise Refusal(
            _("%(item)s: say of each of its %(looks)s looks whether it was seen.")
            % {"item": item.code, "looks": looks}
            if looks
            else _("%(item)s is not looked at from time to time: give it a value.")
            % {"item": item.code}
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
