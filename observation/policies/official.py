"""Who may judge a room officially, and what brings a session back into official figures."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation.enums import Purpose
from observation.models import CodingPair, EvaluationRound, ObservationSession, RoundAssignment
from observation.queries import judges
from organisations.models import Unit


def mentor_is_not_the_judge(
    observer, room: Unit, purpose: str, on: datetime.date | None = None
) -> None:
    """Who mentors a room does not evaluate it officially: on that day, nor in the whole round."""
    if purpose != Purpose.OFFICIAL:
        return
    on = on or timezone.localdate()
    rounds = judges.rounds_of(room, on).values_list("starts_on", "ends_on")
    for since, until in [(on, on), *rounds]:
        if judges.mentors_there(observer, room, since, until):
            raise Refusal(
                _(
                    "%(observer)s mentors in “%(room)s”, so her observations there are formative. "
                    "An official evaluation needs another observer, for the whole of its round."
                )
                % {"observer": observer, "room": room}
            )


def observer_is_assigned(observer, room: Unit, purpose: str, on: datetime.date) -> None:
    """Where a round names who evaluates the room, nobody else does, but for a second observer."""
    if purpose != Purpose.OFFICIAL:
        return
    named = RoundAssignment.objects.filter(round__in=judges.rounds_of(room, on), room=room)
    if not named.exists() or named.filter(observer=observer).exists():
        return
    if CodingPair.objects.filter(room=room, second=observer, cancelled_at=None).exists():
        return
    raise Refusal(
        _(
            "In this round others evaluate “%(room)s”. Observe it as mentoring, or ask your "
            "coordinator for the visit."
        )
        % {"room": room}
    )


def lies_in_the_round(evaluation: EvaluationRound, room: Unit, on: datetime.date) -> None:
    if not room.path.startswith(evaluation.unit.path):
        raise Refusal(
            _("“%(room)s” does not lie in %(unit)s, where the round takes place.")
            % {"room": room, "unit": evaluation.unit}
        )
    if not evaluation.starts_on <= on <= evaluation.ends_on:
        raise Refusal(
            _("The round goes from %(since)s to %(until)s. Choose a day within it.")
            % {
                "since": date_format(evaluation.starts_on),
                "until": date_format(evaluation.ends_on),
            }
        )


def is_left_out(session: ObservationSession) -> None:
    """``session`` as ``queries.with_flags`` gives it."""
    if session.reinstated:  # type: ignore[attr-defined]  # annotated
        raise Refusal(_("This session was brought back already."))
    if not session.flagged:  # type: ignore[attr-defined]  # annotated
        raise Refusal(_("This session counts in official figures: there is nothing to bring back."))


def another_brings_it_back(session: ObservationSession, by) -> None:
    if session.observer_id == by.pk:
        raise Refusal(_("Somebody other than its observer brings a session back."))


def reason_is_given(reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("Give the reason; it is kept and cannot be changed."))
