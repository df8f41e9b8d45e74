import datetime

import pytest
from django.utils import timezone

from core.refusals import Refusal
from mentoring import policies
from mentoring.actions import cycles
from mentoring.enums import OVER, CycleStatus, StepKind
from tests.factories import mentoring as mentor
from tests.factories import organisations as make

OPEN = [state for state in CycleStatus if state not in OVER]
FORWARD = {
    "prepare": "observe",
    "observe": "reflect",
    "reflect": "agree",
    "agree": "practise",
    "practise": "observe_again",
    "observe_again": "completed",
}


@pytest.fixture
def pair(country):
    return mentor.pair(country.here)


@pytest.mark.parametrize("state", CycleStatus)
@pytest.mark.parametrize("to", CycleStatus)
def test_move_is_allowed_only_to_the_next_step_or_to_cancelled(state, to):
    cycle = cycles.MentoringCycle(status=state)
    allowed = FORWARD.get(state) == to or (state in OPEN and to == "cancelled")

    if allowed:
        policies.move_allowed(cycle, to)
    else:
        with pytest.raises(Refusal):
            policies.move_allowed(cycle, to)


@pytest.mark.parametrize("state", CycleStatus)
@pytest.mark.parametrize("kind", StepKind)
def test_step_is_reported_only_when_its_turn_has_come(pair, state, kind):
    cycle = mentor.cycle(pair, state)
    report = {"cycle": cycle, "kind": kind, "minutes": 10, "by": pair.mentor}
    by_hand = {"prepare", "reflect", "practise"}

    if kind == state and kind in by_hand:
        cycles.complete_step(on=timezone.localdate(), **report)
        cycle.refresh_from_db()
        assert cycle.status == FORWARD[state]
    else:
        with pytest.raises(Refusal):
            cycles.complete_step(on=timezone.localdate(), **report)
        cycle.refresh_from_db()
        assert cycle.status == state


@pytest.mark.parametrize("state", CycleStatus)
def test_cancel_is_possible_from_any_open_state_only(pair, state):
    cycle = mentor.cycle(pair, state)

    if state in OVER:
        with pytest.raises(Refusal):
            cycles.cancel(cycle=cycle, reason="Cambió de sala", by=pair.mentor)
    else:
        cycles.cancel(cycle=cycle, reason="Cambió de sala", by=pair.mentor)
        cycle.refresh_from_db()
        assert (cycle.status, cycle.ended_on) == ("cancelled", timezone.localdate())


@pytest.mark.parametrize("state", CycleStatus)
def test_goal_is_agreed_only_after_reflecting(pair, state):
    cycle = mentor.cycle(pair, state)
    version = cycle.first_session.version if cycle.first_session else mentor.checklist()
    goal = {"cycle": cycle, "item": version.items.get(code="CAL1"), "text": "Mirar a los ojos"}

    if state == CycleStatus.AGREE:
        assert cycles.agree_goal(**goal, by=pair.mentor).text == "Mirar a los ojos"
    else:
        with pytest.raises(Refusal):
            cycles.agree_goal(**goal, by=pair.mentor)


@pytest.mark.parametrize("state", CycleStatus)
def test_practice_is_marked_only_while_there_is_a_goal_to_practise(pair, state):
    cycle = mentor.cycle(pair, state)
    mark = {"cycle": cycle, "on": timezone.localdate(), "by": pair.caregiver}

    if state in {CycleStatus.PRACTISE, CycleStatus.OBSERVE_AGAIN}:
        assert cycles.mark_practised(**mark).practised_on == timezone.localdate()
    else:
        with pytest.raises(Refusal, match="no goal to practise"):
            cycles.mark_practised(**mark)


def test_day_to_come_is_refused_with_a_sentence(pair):
    cycle = mentor.cycle(pair)
    tomorrow = timezone.localdate() + datetime.timedelta(1)

    with pytest.raises(Refusal, match="is still to come"):
        cycles.complete_step(cycle=cycle, kind="prepare", on=tomorrow, minutes=10, by=pair.mentor)


def test_day_before_the_last_step_is_refused_with_a_sentence(pair):
    cycle = mentor.cycle(pair, CycleStatus.REFLECT, opened=10)

    with pytest.raises(Refusal, match="is before the last step"):
        cycles.complete_step(
            cycle=cycle, kind="reflect", on=mentor.days_ago(11), minutes=10, by=pair.mentor
        )


@pytest.mark.parametrize(("minutes", "fine"), [(0, 0), (1, 1), (480, 1), (481, 0), (-5, 0)])
def test_minutes_are_from_1_to_480(minutes, fine):
    if fine:
        policies.minutes_plausible(minutes)
    else:
        with pytest.raises(Refusal, match="from 1 to 480"):
            policies.minutes_plausible(minutes)


def test_step_by_another_mentor_is_refused_with_the_name_of_the_right_one(pair, country):
    cycle = mentor.cycle(pair)
    other = make.person("mentor", country.here.centre)

    with pytest.raises(Refusal, match=str(pair.mentor)):
        cycles.complete_step(
            cycle=cycle, kind="prepare", on=timezone.localdate(), minutes=10, by=other
        )


def test_goal_is_accepted_by_nobody_but_the_caregiver(pair):
    cycle = mentor.cycle(pair, CycleStatus.AGREE)
    item = cycle.first_session.version.items.get(code="CAL1")
    cycles.agree_goal(cycle=cycle, item=item, text="Mirar a los ojos", by=pair.mentor)

    with pytest.raises(Refusal, match=str(pair.caregiver)):
        cycles.accept_goal(cycle=cycle, by=pair.mentor)


def test_goal_on_a_treatment_alert_or_another_checklist_is_refused(pair):
    cycle = mentor.cycle(pair, CycleStatus.AGREE)
    alert = cycle.first_session.version.items.get(kind="alert")
    foreign = mentor.checklist().items.get(code="CAL1")

    for item in (alert, foreign):
        with pytest.raises(Refusal, match="looked at in the observation"):
            cycles.agree_goal(cycle=cycle, item=item, text="Otra cosa", by=pair.mentor)
