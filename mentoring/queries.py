"""Questions asked of cycles in more than one place."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Avg, Exists, F, OuterRef, Q, QuerySet

from mentoring.enums import OBSERVED, OVER, CycleStatus
from mentoring.models import CycleStep, LoadLimit, MentoringCycle
from observation.enums import ItemKind, Purpose, RatingState, SessionStatus
from observation.models import Item, ObservationSession
from observation.queries import current
from observation.queries.planned import PlannedVisit
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit


def open_cycles(cycles: QuerySet[MentoringCycle]) -> QuerySet[MentoringCycle]:
    """Those under way."""
    return cycles.exclude(status__in=OVER)


def for_page(cycles: QuerySet[MentoringCycle]) -> QuerySet[MentoringCycle]:
    """With all that a line or page about a cycle shows, in a fixed number of queries."""
    related = ("room", "mentor", "caregiver", "goal", "goal__item")
    return cycles.select_related(*related).prefetch_related("steps")


def with_due(cycles: QuerySet[MentoringCycle]) -> QuerySet[Any]:
    """Each cycle with ``due``: the day planned for the step that comes next, soonest first."""
    step = CycleStep.objects.filter(cycle=OuterRef("pk"), kind=OuterRef("status"))
    return cycles.annotate(due=step.values("planned_on")[:1]).order_by("due", "id")


def overdue_steps(on: datetime.date) -> ScopedQuerySet:
    """Of each cycle under way, the step that comes next, where its day is before ``on``."""
    steps = CycleStep.objects.filter(done_on=None, planned_on__lt=on)
    return steps.filter(kind=F("cycle__status"))


def previous(cycle: MentoringCycle, *, reader) -> MentoringCycle | None:
    """The completed cycle before this one of the same caregiver, with its goal.

    It may lie where she worked before: the pair of ``cycle`` go on from it, anybody else reads it
    only where she may see it anyway.
    """
    earlier = MentoringCycle.objects.filter(
        caregiver=cycle.caregiver_id, status=CycleStatus.COMPLETED, ended_on__lte=cycle.opened_on
    ).exclude(pk=cycle.pk)
    last = earlier.select_related("goal__item").order_by("-ended_on", "-id").first()
    if last is None or reader.pk in {cycle.mentor_id, cycle.caregiver_id}:
        return last
    return last if last.visible_to(reader, "mentoring.view") else None


def goal_items(cycle: MentoringCycle) -> QuerySet[Item]:
    """Scored items of the cycle's observation, the lowest ``mean`` first; those unseen last."""
    session = cycle.first_session_id
    mean = Avg(
        "ratings__value",
        filter=Q(ratings__cycle__session=session, ratings__state=RatingState.SCORED),
    )
    items = Item.objects.filter(
        version=cycle.first_session.version_id if cycle.first_session else None,
        kind=ItemKind.SCORED,
    )
    return items.annotate(mean=mean).order_by(F("mean").asc(nulls_last=True), "order")


def mentees(mentor) -> int:
    """Caregivers with whom ``mentor`` has a cycle under way: one open cycle is one caregiver."""
    return open_cycles(MentoringCycle.objects.filter(mentor=mentor)).count()


def load_limit() -> int | None:
    """Mentees above which a mentor is warned; None where the programme has set none."""
    return LoadLimit.objects.values_list("mentees", flat=True).first()


def sessions_without_reaction() -> QuerySet[ObservationSession]:
    """Closed sessions that an open cycle may be waiting for, and corrections not yet followed."""
    waiting = MentoringCycle.objects.filter(
        status__in=list(OBSERVED),
        room=OuterRef("unit"),
        mentor=OuterRef("observer"),
        opened_on__lte=OuterRef("observed_on"),
    )
    old = OuterRef("supersedes")
    corrected = MentoringCycle.objects.filter(Q(first_session=old) | Q(second_session=old))
    closed = ObservationSession.objects.filter(
        status=SessionStatus.CLOSED,
        purpose=Purpose.FORMATIVE,
        opened_feedback_in=None,
        closed_cycle=None,
    )
    # A session that was corrected does no step; its correction does, or takes its place.
    waited_for = current(closed).filter(Exists(waiting))
    reactions = waited_for | closed.filter(Exists(corrected))
    return reactions.order_by("observed_on", "closed_at")


def current_step(cycle: MentoringCycle, steps: Iterable[CycleStep]) -> CycleStep | None:
    """The step that comes next, None once the cycle is over."""
    return next((step for step in steps if step.kind == cycle.status), None)


def planned_observations(
    unit: Unit, since: datetime.date, until: datetime.date
) -> Iterator[PlannedVisit]:
    """Observations of cycles below ``unit`` that are still to be made, ``since`` to ``until``."""
    steps = CycleStep.objects.within(unit).filter(
        kind__in=list(OBSERVED), done_on=None, planned_on__range=(since, until)
    )
    rows = steps.exclude(cycle__status__in=OVER).select_related("cycle").order_by("pk")
    for step in rows:
        cycle = step.cycle
        yield PlannedVisit(
            step.reference,
            cycle.mentor_id,
            cycle.room_id,
            step.planned_on,
            Purpose.FORMATIVE.value,
        )
