"""Opening a mentoring cycle and moving it through its steps. Every write leaves a record."""

import datetime
import uuid
from functools import partial
from typing import cast

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from mentoring import policies, queries, signals
from mentoring.enums import OBSERVED, REPORTED, CycleStatus, StepKind
from mentoring.models import CycleStep, MentoringCycle, PracticeGoal, StepDefault
from observation.enums import SessionStatus
from observation.models import Item, ObservationSession
from organisations.models import Unit, User


@transaction.atomic
def open(  # noqa: A001 — read aloud as cycles.open(…)
    *, room: Unit, caregiver: User, by: User, on: datetime.date | None = None
) -> MentoringCycle:
    """Open a cycle of ``by`` with ``caregiver``; its six steps are planned from the defaults."""
    on = on or timezone.localdate()
    policies.not_in_the_future(on)
    policies.room_open(room, on)
    policies.leads_in(room, by)
    policies.not_herself(caregiver, by)
    policies.works_in(room, caregiver, on)
    # Two mentors at once: the second waits here, then reads the first one's cycle.
    User.objects.select_for_update().get(pk=caregiver.pk)
    policies.no_open_cycle(caregiver)
    pair = MentoringCycle.objects.filter(mentor=by, caregiver=caregiver)
    number = (pair.aggregate(last=Max("number"))["last"] or 0) + 1
    cycle = MentoringCycle.objects.create(
        room=room, mentor=by, caregiver=caregiver, number=number, opened_on=on
    )
    CycleStep.objects.bulk_create(_planned(cycle))
    audit.record("mentoring.open", cycle, by=by, detail={"number": number})
    return cycle


def _planned(cycle: MentoringCycle) -> list[CycleStep]:
    """The steps of a new cycle with the programme's planned days and minutes."""
    defaults = {default.kind: default for default in StepDefault.objects.all()}
    if missing := [kind.label for kind in StepKind if kind not in defaults]:
        raise Refusal(
            _("The planned minutes of these steps are not set: %(steps)s. Ask the coordinator.")
            % {"steps": ", ".join(map(str, missing))}
        )
    return [
        CycleStep(
            cycle=cycle,
            kind=kind,
            planned_on=cycle.opened_on + datetime.timedelta(defaults[kind].days_after_opening),
            planned_minutes=defaults[kind].minutes,
        )
        for kind in StepKind
    ]


@transaction.atomic
def complete_step(
    *,
    cycle: MentoringCycle,
    kind: str,
    on: datetime.date,
    minutes: int,
    by: User,
    note: str = "",
    modelled: bool = False,
) -> CycleStep:
    """Report a step that is done by hand (prepare, reflect, practise) and go on to the next."""
    cycle = _locked(cycle)
    policies.led_by(cycle, by)
    policies.step_is_next(cycle, kind)
    policies.step_reported_by_hand(kind)
    step = _do_step(cycle, on=on, minutes=minutes, note=note)
    if kind == StepKind.PRACTISE:
        cycle.modelled = modelled
    _move(cycle, REPORTED[CycleStatus(kind)])
    audit.record("mentoring.complete_step", cycle, by=by, detail={"step": kind, "minutes": minutes})
    _attach_waiting(cycle)
    return step


def _attach_waiting(cycle: MentoringCycle) -> None:
    """A session closed before the step ahead of it was reported does its step now."""
    if cycle.status not in OBSERVED:
        return
    sessions = queries.sessions_without_reaction().filter(
        unit=cycle.room_id, observer=cycle.mentor_id
    )
    for session in sessions.values_list("pk", flat=True):
        attach_session(session)


@transaction.atomic
def attach_session(session_id: uuid.UUID | str) -> MentoringCycle | None:
    """Let a closed session do the step of the cycle that waits for it; again is harmless.

    Returns the cycle, or None where no cycle (or more than one) waits for this session. A
    correction takes the place of the session that it supersedes.
    """
    session = ObservationSession.objects.filter(pk=session_id).first()
    if session is None:
        return None
    linked = Q(first_session=session) | Q(second_session=session)
    if done := MentoringCycle.objects.filter(linked).first():
        return done
    if session.supersedes_id and (corrected := _follow_correction(session)):
        return corrected
    waiting = MentoringCycle.objects.select_for_update().filter(
        room=session.unit_id, mentor=session.observer_id, status__in=list(OBSERVED)
    )
    fitting = [cycle for cycle in waiting if policies.session_fits(cycle, session)]
    if len(fitting) != 1:
        return None
    return _observed(fitting[0], session)


def _observed(cycle: MentoringCycle, session: ObservationSession) -> MentoringCycle:
    kind = cycle.status
    step = cycle.steps.get(kind=kind)
    minutes = _minutes_of(session) or step.planned_minutes
    day = cast(datetime.date, session.observed_on)  # policies.session_fits saw to it
    _do_step(cycle, on=day, minutes=minutes)
    setattr(cycle, "first_session" if kind == CycleStatus.OBSERVE else "second_session", session)
    _move(cycle, OBSERVED[CycleStatus(kind)], on=day)
    audit.record(
        "mentoring.attach_session", cycle, by=session.observer, detail={"session": str(session.pk)}
    )
    if cycle.status == CycleStatus.COMPLETED:
        transaction.on_commit(
            partial(signals.cycle_completed.send_robust, sender=MentoringCycle, cycle_id=cycle.pk)
        )
    return cycle


def _follow_correction(session: ObservationSession) -> MentoringCycle | None:
    """Point the cycle of the session that ``session`` corrects to the correction."""
    for field in ("first_session", "second_session"):
        cycle = (
            MentoringCycle.objects.select_for_update()
            .filter(**{field: session.supersedes_id})
            .first()
        )
        if cycle is not None and session.status == SessionStatus.CLOSED:
            setattr(cycle, field, session)
            cycle.save(update_fields=[field])
            detail = {"session": str(session.pk), "supersedes": str(session.supersedes_id)}
            audit.record("mentoring.follow_correction", cycle, by=session.observer, detail=detail)
            return cycle
    return None


def _minutes_of(session: ObservationSession) -> int:
    """Minutes from the times of the session's cycles; 0 where they were not noted."""
    day = datetime.date.min
    seconds = sum(
        max(
            0,
            (
                datetime.datetime.combine(day, cycle.ended_at)
                - datetime.datetime.combine(day, cycle.started_at)
            ).total_seconds(),
        )
        for cycle in session.cycles.all()
        if cycle.started_at and cycle.ended_at
    )
    return min(480, round(seconds / 60))


@transaction.atomic
def agree_goal(
    *,
    cycle: MentoringCycle,
    item: Item,
    text: str,
    by: User,
    on: datetime.date | None = None,
    minutes: int | None = None,
) -> PracticeGoal:
    """Write down the one goal; until the caregiver accepts it, it may be worded anew.

    ``on`` is today and ``minutes`` the planned ones by default. The cycle moves on when the
    caregiver accepts (``accept_goal``).
    """
    cycle = _locked(cycle)
    policies.led_by(cycle, by)
    policies.goal_open(cycle)
    policies.goal_from_what_was_seen(cycle, item)
    step = cycle.steps.get(kind=StepKind.AGREE)
    # Wording it anew may move the day; it is then measured against the step before this one.
    CycleStep.objects.filter(pk=step.pk).update(done_on=None, actual_minutes=None)
    on = on or timezone.localdate()
    _do_step(cycle, on=on, minutes=minutes or step.planned_minutes)
    goal, _created = PracticeGoal.objects.update_or_create(
        cycle=cycle, defaults={"item": item, "text": text.strip(), "agreed_on": on}
    )
    audit.record("mentoring.agree_goal", cycle, by=by, detail={"item": item.code})
    return goal


@transaction.atomic
def accept_goal(*, cycle: MentoringCycle, by: User) -> PracticeGoal:
    """The caregiver takes the goal as hers; the cycle goes on to practice. Again is harmless."""
    cycle = _locked(cycle)
    policies.received_by(cycle, by)
    goal = PracticeGoal.objects.filter(cycle=cycle).first()
    if goal is not None and goal.accepted_on:
        return goal
    goal = policies.goal_awaits_acceptance(cycle, goal)
    goal.accepted_on = timezone.localdate()
    goal.save(update_fields=["accepted_on"])
    _move(cycle, CycleStatus.PRACTISE)
    audit.record("mentoring.accept_goal", cycle, by=by)
    return goal


@transaction.atomic
def mark_practised(*, cycle: MentoringCycle, on: datetime.date, by: User) -> PracticeGoal:
    """The caregiver says on which day she practised; it moves nothing, her mentor sees it."""
    cycle = _locked(cycle)
    policies.received_by(cycle, by)
    policies.not_in_the_future(on)
    found = PracticeGoal.objects.filter(cycle=cycle).first()
    goal = policies.goal_practised(cycle, found, on)
    goal.practised_on = on
    goal.save(update_fields=["practised_on"])
    audit.record("mentoring.mark_practised", cycle, by=by)
    return goal


@transaction.atomic
def cancel(*, cycle: MentoringCycle, reason: str, by: User) -> MentoringCycle:
    """End a cycle before its time; what was done in it stays."""
    cycle = _locked(cycle)
    policies.led_by(cycle, by)
    policies.reason_given(reason)
    cycle.cancel_reason = reason.strip()
    _move(cycle, CycleStatus.CANCELLED, on=timezone.localdate())
    audit.record("mentoring.cancel", cycle, by=by)
    return cycle


def _locked(cycle: MentoringCycle) -> MentoringCycle:
    """The cycle as it stands now, held until the write is over."""
    return MentoringCycle.objects.select_for_update().get(pk=cycle.pk)


def _do_step(
    cycle: MentoringCycle, *, on: datetime.date, minutes: int, note: str = ""
) -> CycleStep:
    """Note day and minutes of the step that the cycle stands at."""
    policies.not_in_the_future(on)
    policies.not_before(on, policies.last_day(cycle))
    policies.minutes_plausible(minutes)
    step = cycle.steps.get(kind=cycle.status)
    step.done_on, step.actual_minutes, step.note = on, minutes, note.strip()
    step.save(update_fields=["done_on", "actual_minutes", "note"])
    return step


def _move(cycle: MentoringCycle, to: str, on: datetime.date | None = None) -> None:
    """Bring ``cycle`` to the state ``to``; ``on`` is the day it ended, where it ends."""
    policies.move_allowed(cycle, to)
    cycle.status = to
    if not cycle.is_open:
        cycle.ended_on = on
    cycle.save()
