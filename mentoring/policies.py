"""What a mentoring cycle allows in each state, and the sentences with which it refuses."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.refusals import Refusal
from core.states import Moves
from mentoring.enums import OBSERVED, OVER, CycleStatus, StepKind
from mentoring.models import MentoringCycle, PracticeGoal
from observation.enums import ItemKind, Purpose
from observation.models import Item, ObservationSession
from observation.queries import current
from organisations.models import Post, Unit
from organisations.roles import RoleCode

MOVES = Moves(
    name="mentoring_cycle",
    title="A mentoring cycle",
    start=CycleStatus.PREPARE.value,
    moves={
        "prepare": {"observe": "complete_step", "cancelled": "cancel"},
        "observe": {"reflect": "attach_session", "cancelled": "cancel"},
        "reflect": {"agree": "complete_step", "cancelled": "cancel"},
        "agree": {"practise": "accept_goal", "cancelled": "cancel"},
        "practise": {"observe_again": "complete_step", "cancelled": "cancel"},
        "observe_again": {"completed": "attach_session", "cancelled": "cancel"},
        "completed": {},
        "cancelled": {},
    },
)


def move_allowed(cycle: MentoringCycle, to: str) -> None:
    MOVES.require(
        cycle.status,
        to,
        _("This cycle stands at “%(state)s” and cannot go to “%(to)s” from there.")
        % {"state": cycle.get_status_display(), "to": CycleStatus(to).label},
    )


def led_by(cycle: MentoringCycle, by) -> None:
    if cycle.mentor_id != by.pk:
        raise Refusal(
            _("Only %(mentor)s, the mentor of this cycle, moves it on.") % {"mentor": cycle.mentor}
        )


def received_by(cycle: MentoringCycle, by) -> None:
    if cycle.caregiver_id != by.pk:
        raise Refusal(
            _("Only %(caregiver)s, whose goal it is, can do this.") % {"caregiver": cycle.caregiver}
        )


def leads_in(room: Unit, by) -> None:
    if not room.visible_to(by, "mentoring.lead"):
        raise Refusal(_("You are not a mentor of this room. Choose a room of yours."))


def room_open(room: Unit, on: datetime.date) -> None:
    if room.kind != "room":
        raise Refusal(_("A cycle is opened in a room. Choose a room."))
    if room.closed_on and room.closed_on <= on:
        raise Refusal(
            _("This room is closed since %(day)s.") % {"day": date_format(room.closed_on)}
        )


def works_in(room: Unit, caregiver, on: datetime.date) -> None:
    """Her post lies in the room, or in its centre when she covers several rooms."""
    places = [room.path, room.path[: -Unit.steplen]]
    posts = Post.objects.in_force(on).filter(role=RoleCode.CAREGIVER, user=caregiver)
    if not posts.filter(unit__path__in=places).exists():
        raise Refusal(
            _("%(caregiver)s has no post as caregiver in %(room)s on that day.")
            % {"caregiver": caregiver, "room": room}
        )


def no_open_cycle(caregiver) -> None:
    if MentoringCycle.objects.filter(caregiver=caregiver).exclude(status__in=OVER).exists():
        raise Refusal(
            _("%(caregiver)s already has a cycle under way. Complete or cancel it first.")
            % {"caregiver": caregiver}
        )


def not_herself(caregiver, by) -> None:
    if caregiver.pk == by.pk:
        raise Refusal(_("Nobody mentors herself. Choose another caregiver."))


def not_in_the_future(on: datetime.date) -> None:
    if on > timezone.localdate():
        raise Refusal(
            _("%(day)s is still to come. Give the day on which it was done.")
            % {"day": date_format(on)}
        )


def not_before(on: datetime.date, earliest: datetime.date) -> None:
    if on < earliest:
        raise Refusal(
            _("%(day)s is before the last step, which was on %(earliest)s.")
            % {"day": date_format(on), "earliest": date_format(earliest)}
        )


def minutes_plausible(minutes: int) -> None:
    if not 1 <= minutes <= 480:
        raise Refusal(_("Give the minutes that it took: from 1 to 480."))


def step_is_next(cycle: MentoringCycle, kind: str) -> None:
    """A step is done when its turn has come, and once."""
    if not cycle.is_open:
        raise Refusal(_("This cycle is over; nothing more can be added to it."))
    if kind != cycle.status:
        raise Refusal(
            _("“%(step)s” is not the step that comes next; that is “%(next)s”.")
            % {"step": StepKind(kind).label, "next": StepKind(cycle.status).label}
        )


def step_reported_by_hand(kind: str) -> None:
    if kind in OBSERVED:
        raise Refusal(
            _("An observation does this step: record a session of the room and close it.")
        )
    if kind == StepKind.AGREE:
        raise Refusal(_("Write down the goal that you agree; that does this step."))


def goal_open(cycle: MentoringCycle) -> None:
    """Exactly one goal: it may be reworded until the caregiver accepts it, not after."""
    if cycle.status != CycleStatus.AGREE:
        raise Refusal(
            _(
                "A goal is agreed after you have reflected together. "
                "This cycle stands at “%(state)s”."
            )
            % {"state": cycle.get_status_display()}
        )


def goal_from_what_was_seen(cycle: MentoringCycle, item: Item) -> None:
    session = cycle.first_session
    if session is None or item.version_id != session.version_id or item.kind != ItemKind.SCORED:
        raise Refusal(_("Choose something that was looked at in the observation of this cycle."))


def goal_awaits_acceptance(cycle: MentoringCycle, goal: PracticeGoal | None) -> PracticeGoal:
    if goal is None or cycle.status != CycleStatus.AGREE:
        raise Refusal(_("There is no goal to accept here now."))
    return goal


def goal_practised(
    cycle: MentoringCycle, goal: PracticeGoal | None, on: datetime.date
) -> PracticeGoal:
    practising = {CycleStatus.PRACTISE, CycleStatus.OBSERVE_AGAIN}
    if goal is None or goal.accepted_on is None or cycle.status not in practising:
        raise Refusal(_("There is no goal to practise here now."))
    if on < goal.agreed_on:
        raise Refusal(
            _("This goal was agreed on %(day)s. Give a day since then.")
            % {"day": date_format(goal.agreed_on)}
        )
    return goal


def reason_given(reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("Say in a few words why the cycle is cancelled."))


def session_fits(cycle: MentoringCycle, session: ObservationSession) -> bool:
    """Whether a closed session, uncorrected, does the step that ``cycle`` stands at.

    It must be formative (who helps is not the judge of the same room), by the mentor of the
    cycle, of its caregiver where one is named, in its room, and not before the last step.
    """
    return (
        cycle.status in OBSERVED
        and session.purpose == Purpose.FORMATIVE
        and session.dataset_id is None
        and session.unit_id == cycle.room_id
        and session.observer_id == cycle.mentor_id
        and session.caregiver_id in {None, cycle.caregiver_id}
        and session.observed_on is not None
        and session.observed_on >= last_day(cycle)
        and current(ObservationSession.objects.filter(pk=session.pk)).exists()
    )


def last_day(cycle: MentoringCycle) -> datetime.date:
    """The day of the last thing done in the cycle; at first the day it was opened."""
    done = cycle.steps.exclude(done_on=None).values_list("done_on", flat=True)
    return max([cycle.opened_on, *(day for day in done if day is not None)])
