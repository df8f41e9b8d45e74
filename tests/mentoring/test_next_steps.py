import pytest
from django.urls import reverse
from django.utils import timezone, translation

from mentoring.enums import CycleStatus
from mentoring.views import next_steps
from tests.factories import mentoring as mentor
from tests.factories import organisations as make
from tests.factories.mentoring import another


def test_home_of_caregiver_asks_her_to_read_her_goal(english, pair):
    cycle = mentor.cycle(pair, CycleStatus.AGREE)
    item = cycle.first_session.version.items.get(code="CAL1")
    mentor.cycles.agree_goal(cycle=cycle, item=item, text="Esperar", by=pair.mentor)

    shown = english(pair.caregiver).get(reverse("home")).context["steps"]

    steps = [step for step in shown if step.strand == "mentoring"]
    assert [step.text for step in steps] == ["Read your goal and say whether it is yours"]


def test_home_of_mentor_lists_the_soonest_due_first(english, pair):
    mentor.cycle(another(pair), opened=0)
    late = mentor.cycle(pair, opened=9)

    shown = english(pair.mentor).get(reverse("home")).context["steps"]

    steps = [step for step in shown if step.strand == "mentoring"]
    assert [step.due for step in steps] == [late.opened_on, timezone.localdate()]


@pytest.mark.parametrize(
    ("role", "texts"),
    [
        ("zonal", ["2 mentoring cycles have an overdue step"]),
        ("director", ["2 mentoring cycles have an overdue step"]),
        ("mentor", []),  # each of hers has its own card
        ("witness", []),
    ],
)
def test_home_counts_overdue_cycles_for_those_above(pair, country, role, texts):
    mentor.cycle(pair, opened=9)
    mentor.cycle(another(pair), opened=3)
    mentor.cycle(another(pair), CycleStatus.OBSERVE, opened=0)
    mentor.cycle(mentor.pair(country.elsewhere), opened=9)
    at = country.here.zone if role == "zonal" else country.here.centre

    with translation.override("en"):
        steps = list(next_steps.overdue(make.person(role, at)))

    assert [step.text for step in steps] == texts
    assert {step.url for step in steps} <= {"/mentoria/?status=overdue"}


def test_home_of_caregiver_does_not_count_her_own_cycle_as_overdue(pair):
    mentor.cycle(pair, opened=9)

    assert list(next_steps.overdue(pair.caregiver)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_home_of_mentor_asks_two_queries_whatever_the_cycles(pair, rows, django_assert_num_queries):
    for _row in range(rows):
        mentor.cycle(another(pair))

    with django_assert_num_queries(2):  # the cycles, the centres of their rooms
        steps = list(next_steps.for_mentor(pair.mentor))

    assert {step.detail for step in steps} == {pair.room.place}
