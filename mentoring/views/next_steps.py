"""What mentors and caregivers should do next, for their home page."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring import queries
from mentoring.enums import CycleStatus
from mentoring.models import MentoringCycle
from mentoring.views.cycles import OVERDUE
from organisations import jurisdiction
from organisations.home import NextStep
from organisations.queries import read_centres

ON_HOME = 50  # home itself shows the first few and leads to the others


def for_mentor(user) -> Iterator[NextStep]:
    """Her cycles under way, the soonest due first, as many as a home page bears."""
    mine = queries.open_cycles(MentoringCycle.objects.filter(mentor=user))
    cycles = list(queries.with_due(mine).select_related("room", "caregiver", "goal")[:ON_HOME])
    read_centres(cycle.room for cycle in cycles)
    for cycle in cycles:
        yield NextStep(
            text=_to_do(cycle) % {"caregiver": cycle.caregiver},
            url=reverse("mentoring:cycle_detail", args=[cycle.pk]),
            action=_("Open the cycle"),
            strand="mentoring",
            due=cycle.due,
            detail=cycle.room.place,
        )


def _to_do(cycle: MentoringCycle) -> str:
    """What the mentor does next in ``cycle``, as a sentence that names the caregiver."""
    if cycle.status == CycleStatus.AGREE and hasattr(cycle, "goal"):
        return _("Ask %(caregiver)s to accept her goal")
    return {
        CycleStatus.PREPARE: _("Prepare the cycle with %(caregiver)s"),
        CycleStatus.OBSERVE: _("Observe the room of %(caregiver)s"),
        CycleStatus.REFLECT: _("Reflect with %(caregiver)s on what was seen"),
        CycleStatus.AGREE: _("Agree a goal with %(caregiver)s"),
        CycleStatus.PRACTISE: _("Practise the goal with %(caregiver)s"),
        CycleStatus.OBSERVE_AGAIN: _("Observe the room of %(caregiver)s again"),
    }[CycleStatus(cycle.status)]


def overdue(user) -> Iterator[NextStep]:
    """Cycles of others that stand still; who takes part in cycles has a card for each of hers."""
    if jurisdiction.permissions(user) & {"mentoring.lead", "mentoring.practise"}:
        return
    steps = queries.overdue_steps(timezone.localdate()).visible_to(user, "mentoring.view")
    late = steps.aggregate(cycles=Count("pk"), oldest=Min("planned_on"))
    if late["cycles"]:
        yield NextStep(
            text=ngettext(
                "%(count)s mentoring cycle has an overdue step",
                "%(count)s mentoring cycles have an overdue step",
                late["cycles"],
            )
            % {"count": late["cycles"]},
            url=f"{reverse('mentoring:cycle_list')}?status={OVERDUE}",
            action=_("See the cycles"),
            strand="mentoring",
            detail=_("The oldest was due on %(day)s.") % {"day": date_format(late["oldest"])},
        )


def for_caregiver(user) -> Iterator[NextStep]:
    """Her goal: to accept, then to practise."""
    mine = queries.open_cycles(MentoringCycle.objects.filter(caregiver=user))
    for cycle in queries.with_due(mine.filter(goal__isnull=False)).select_related("goal"):
        url = reverse("mentoring:own")
        if cycle.status == CycleStatus.AGREE:
            yield NextStep(
                _("Read your goal and say whether it is yours"),
                url,
                _("See the goal"),
                "mentoring",
                cycle.due,
                cycle.goal.text,
            )
        elif cycle.goal.practised_on is None:
            yield NextStep(
                _("Practise your goal"),
                url,
                _("See the goal"),
                "mentoring",
                cycle.due,
                cycle.goal.text,
            )
