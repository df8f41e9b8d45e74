import pytest

from mentoring import agenda, queries
from mentoring.actions import cycles
from mentoring.enums import CycleStatus
from tests.factories import mentoring as make


def test_agenda_holds_the_goal_under_way_and_the_next_observation(pair):
    cycle = make.cycle(pair, CycleStatus.PRACTISE)

    told = agenda.of(pair.mentor)

    step = cycle.steps.get(kind="observe_again")
    assert told["goals"] == [
        {
            "room": pair.room.code,
            "caregiver": pair.caregiver.pk,
            "text": cycle.goal.text,
            "agreed_on": str(cycle.goal.agreed_on),
        }
    ]
    assert told["appointments"] == [
        {
            "id": f"cycle-{cycle.pk}-observe-again",
            "room": pair.room.code,
            "caregiver": pair.caregiver.pk,
            "planned_on": str(step.planned_on),
            "title": "Observe again",
        }
    ]


def test_agenda_plans_both_observations_of_a_new_cycle(pair):
    cycle = make.cycle(pair, CycleStatus.OBSERVE)

    told = agenda.of(pair.mentor)

    assert [one["id"] for one in told["appointments"]] == [
        f"cycle-{cycle.pk}-observe",
        f"cycle-{cycle.pk}-observe-again",
    ]


def test_agenda_of_a_cycle_that_is_over_is_empty(pair):
    cycles.cancel(cycle=make.cycle(pair, CycleStatus.OBSERVE), reason="She left.", by=pair.mentor)

    assert agenda.of(pair.mentor) == {"goals": [], "appointments": []}


def test_agenda_holds_nothing_of_other_mentors(pair):
    make.cycle(pair, CycleStatus.PRACTISE)

    assert agenda.of(make.another(pair).caregiver) == {"goals": [], "appointments": []}


@pytest.mark.parametrize("rows", [1, 3])
def test_agenda_asks_as_many_queries_for_three_cycles_as_for_one(
    pair, rows, django_assert_num_queries
):
    for _row in range(rows):
        make.cycle(make.another(pair), CycleStatus.PRACTISE)

    with django_assert_num_queries(2):  # goals, steps
        told = agenda.of(pair.mentor)

    assert len(told["goals"]) == rows


def test_agenda_and_draws_call_a_visit_by_one_name(pair):
    cycle = make.cycle(pair, CycleStatus.OBSERVE)
    days = [step.planned_on for step in cycle.steps.all()]

    planned = queries.planned_observations(pair.room, min(days), max(days))

    told = agenda.of(pair.mentor)["appointments"]
    assert {one["id"] for one in told} == {visit.visit for visit in planned}
