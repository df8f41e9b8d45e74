"""What a double coding allows: who sits where, and who may settle a difference."""

import datetime
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation.enums import RatingState
from observation.models import CodingPair, Item, ObservationSession
from observation.policies.draft import value_fits
from organisations.models import Unit


def month_is_not_over(month: datetime.date) -> None:
    if month < timezone.localdate().replace(day=1):
        raise Refusal(_("This month is over. Draw from visits that are still to be made."))


def visits_are_left(visits: Collection) -> None:
    if not visits:
        raise Refusal(
            _(
                "There are no planned visits to draw from, or all of them were drawn from already. "
                "Plan visits first: those of official rounds, and observations of mentoring."
            )
        )


def pair_is_open(pair: CodingPair) -> None:
    if not pair.is_open:
        raise Refusal(_("This double coding is over; nothing of it changes any more."))


def are_two(first, second) -> None:
    if first == second:
        raise Refusal(_("Nobody codes twice: choose two observers."))


def seat_is_free(pair: CodingPair) -> None:
    if pair.codings.filter(second=True).exists():
        raise Refusal(_("The second observer has begun already. She stays the second observer."))


def nobody_has_begun(room: Unit, people: Collection, on: datetime.date) -> None:
    """A pair is made before either observes: who has closed could have been read by the other."""
    begun = ObservationSession.objects.filter(unit=room, observer__in=people, observed_on=on)
    if begun.exists():
        raise Refusal(
            _(
                "One of the two has already begun in “%(room)s” on that day, so it would not be "
                "blind. Pair them before they observe."
            )
            % {"room": room}
        )


def not_paired_already(room: Unit, people: Collection, on: datetime.date) -> None:
    pairs = CodingPair.objects.filter(room=room, planned_on=on, cancelled_at=None)
    if pairs.filter(first__in=people, second__in=people).exists():
        raise Refusal(_("These two are paired in this room on that day already."))


def day_is_to_come(on: datetime.date) -> None:
    if on < timezone.localdate():
        raise Refusal(_("That day is over. Choose today or a later day."))


def pair_is_complete(pair: CodingPair) -> None:
    if pair.completed_at is None:
        raise Refusal(_("Both observers must have closed their sessions first."))


def adjudicator_did_not_code(pair: CodingPair, by) -> None:
    if by.pk in {pair.first_id, pair.second_id}:
        raise Refusal(
            _("You coded this room yourself. Somebody else settles what you two differ on.")
        )


def code_fits(item: Item, state: str, value: int | None, reason: str) -> None:
    """An agreed code lies on the scale, or is not applicable where the item allows it."""
    if not reason.strip():
        raise Refusal(_("%(item)s: say why this is the code.") % {"item": item.code})
    if state == RatingState.SCORED:
        value_fits(item, value)
    elif state != RatingState.NOT_APPLICABLE or value is not None or not item.na_allowed:
        raise Refusal(_("%(item)s: choose a step of the scale.") % {"item": item.code})
