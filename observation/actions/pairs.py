"""Double codings: paired, arranged, coded by both without seeing the other, or cancelled."""

import datetime

from django.db import transaction
from django.utils import timezone

from core import audit
from observation import policies
from observation.models import CodingPair, ObservationSession, PairCoding
from observation.queries import double
from organisations.models import Unit, User


@transaction.atomic
def make(
    *,
    room: Unit,
    planned_on: datetime.date,
    purpose: str,
    first: User,
    second: User,
    reason: str,
    by: User,
) -> CodingPair:
    """Pair two observers by hand, before either of them observes."""
    people = [first, second]
    policies.reason_is_given(reason)
    policies.are_two(first, second)
    policies.room_is_open(room, planned_on)
    policies.day_is_to_come(planned_on)
    for person in people:
        policies.observer_may_record(person, room)
        policies.mentor_is_not_the_judge(person, room, purpose, planned_on)
    policies.not_paired_already(room, people, planned_on)
    policies.nobody_has_begun(room, people, planned_on)
    pair = CodingPair.objects.create(
        room=room,
        planned_on=planned_on,
        purpose=purpose,
        first=first,
        second=second,
        reason=reason.strip(),
    )
    audit.record("pairs.make", pair, by=by, detail={"first": first.pk, "second": second.pk})
    return pair


@transaction.atomic
def arrange(*, pair: CodingPair, second: User, planned_on: datetime.date, by: User) -> CodingPair:
    """Say who goes with the first observer, and when."""
    pair = _locked(pair)
    policies.pair_is_open(pair)
    if second != pair.second:
        policies.seat_is_free(pair)
        policies.are_two(pair.first, second)
        policies.observer_may_record(second, pair.room)
        policies.mentor_is_not_the_judge(second, pair.room, pair.purpose, planned_on)
        policies.nobody_has_begun(pair.room, [second], planned_on)
    if planned_on != pair.planned_on:
        policies.day_is_to_come(planned_on)
        policies.room_is_open(pair.room, planned_on)
    pair.second, pair.planned_on = second, planned_on
    pair.save(update_fields=["second", "planned_on"])
    detail = {"second": second.pk, "on": str(planned_on)}
    audit.record("pairs.arrange", pair, by=by, detail=detail)
    return pair


@transaction.atomic
def cancel(*, pair: CodingPair, reason: str, by: User) -> CodingPair:
    """Give a double coding up, with the reason; sessions made for it then count as any other."""
    pair = _locked(pair)
    policies.pair_is_open(pair)
    policies.reason_is_given(reason)
    pair.cancelled_at, pair.cancel_reason = timezone.now(), reason.strip()
    pair.save(update_fields=["cancelled_at", "cancel_reason"])
    audit.record("pairs.cancel", pair, by=by)
    return pair


def join(session: ObservationSession) -> None:
    """Seat a session just begun in the pair that waits for it, if any."""
    if session.observer is None or session.observed_on is None:
        return  # of an imported data set
    found = double.seat(session)
    if found is not None:
        pair, second = found
        PairCoding.objects.create(pair=pair, session=session, second=second)


def follow(draft: ObservationSession, corrected: ObservationSession) -> None:
    """Seat a correction where what it corrects sits."""
    for coding in PairCoding.objects.filter(session=corrected):
        PairCoding.objects.create(pair_id=coding.pair_id, session=draft, second=coding.second)


def settle(session: ObservationSession, *, by: User) -> None:
    """Once both of a pair have closed, keep their sessions as the pair's and what they compare to.

    Inside the transaction that closes ``session``.
    """
    coding = PairCoding.objects.filter(session=session).first()
    if coding is None:
        return
    pair = _locked(coding.pair)
    first, second = double.current_of(pair, False), double.current_of(pair, True)
    if not pair.is_open or first is None or second is None:
        return
    pair.first_session, pair.second_session = first, second
    pair.completed_at = timezone.now()
    same = first.version_id == second.version_id
    both = [cell.both for cell in double.cells(pair) if cell.both is not None and same]
    pair.compared = len(both)
    pair.exact = sum(one == other for one, other in both)
    pair.difference = sum(other - one for one, other in both) / len(both) if both else None
    pair.save()
    audit.record("pairs.complete", pair, by=by, detail={"compared": pair.compared})


def _locked(pair: CodingPair) -> CodingPair:
    rows = CodingPair.objects.select_for_update(of=("self",))
    return rows.select_related("room", "first", "second").get(pk=pair.pk)
