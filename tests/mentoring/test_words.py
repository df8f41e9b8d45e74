"""Whom a page speaks to, and what it says first."""

import pytest
from django.urls import reverse

from mentoring.enums import CycleStatus
from tests.factories import mentoring as mentor


@pytest.fixture
def waiting(pair):
    """A cycle whose goal the caregiver has not accepted yet."""
    cycle = mentor.cycle(pair, CycleStatus.AGREE)
    item = cycle.first_session.version.items.get(code="CAL1")
    mentor.cycles.agree_goal(cycle=cycle, item=item, text="Esperar", by=pair.mentor)
    return cycle


def page(client, name, *args) -> str:
    return client.get(reverse(f"mentoring:{name}", args=args)).content.decode()


def test_own_page_says_to_her_that_she_has_not_accepted(english, pair, waiting):
    hers = page(english(pair.caregiver), "own")

    assert "You have not accepted it yet." in hers
    assert "the caregiver" not in hers


def test_goal_that_waits_names_its_item_and_leaves_rewording_aside(english, pair, waiting):
    cycle = page(english(pair.mentor), "cycle_detail", waiting.pk)
    reword = reverse("mentoring:goal_agree", args=[waiting.pk])

    assert "It builds on CAL1: Does something 1" in cycle
    assert f'<a class="button button-secondary" href="{reword}">Reword the goal</a>' in cycle


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (CycleStatus.PREPARE, "Prepare"),
        (CycleStatus.REFLECT, "Reflect and give feedback"),
        (CycleStatus.PRACTISE, "Practise"),
    ],
)
def test_step_is_the_title_of_its_page(english, pair, state, title):
    cycle = mentor.cycle(pair, state)

    assert f"<h1>{title}</h1>" in page(english(pair.mentor), "step_complete", cycle.pk)
