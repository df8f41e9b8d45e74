"""What mentoring puts on a mentor's phone: the goals under way and the observations planned."""

from typing import Any

from mentoring import queries
from mentoring.enums import OBSERVED
from mentoring.models import CycleStep, MentoringCycle, PracticeGoal

MOST = 200  # a mentor has some forty cycles at once


def of(user) -> dict[str, Any]:
    """Of the cycles that ``user`` leads and that are under way."""
    hers = queries.open_cycles(MentoringCycle.objects.filter(mentor=user))
    goals = PracticeGoal.objects.filter(cycle__in=hers).select_related("cycle__room")
    steps = CycleStep.objects.filter(cycle__in=hers, done_on=None, kind__in=list(OBSERVED))
    planned = steps.select_related("cycle__room").order_by("planned_on", "pk")
    return {
        "goals": [
            {
                "room": goal.cycle.room.code,
                "caregiver": goal.cycle.caregiver_id,
                "text": goal.text,
                "agreed_on": str(goal.agreed_on),
            }
            for goal in goals.order_by("-agreed_on", "-pk")[:MOST]
        ],
        "appointments": [
            {
                "id": step.reference,
                "room": step.cycle.room.code,
                "caregiver": step.cycle.caregiver_id,
                "planned_on": str(step.planned_on),
                "title": str(step.get_kind_display()),
            }
            for step in planned[:MOST]
        ],
    }
