"""The one thing that a person can do next in a cycle."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mentoring.enums import OBSERVED, CycleStatus
from mentoring.models import CycleStep, MentoringCycle


@dataclass(frozen=True)
class Action:
    """A button: what it says and where it leads."""

    label: str
    url: str


def next_action(cycle: MentoringCycle, user) -> Action | None:
    """What ``user`` can do next in ``cycle``; None where it is somebody else's turn."""
    if cycle.mentor_id == user.pk and cycle.is_open:
        return _for_mentor(cycle)
    awaits_her = cycle.status == CycleStatus.AGREE and hasattr(cycle, "goal")
    if cycle.caregiver_id == user.pk and awaits_her:
        return Action(_("See the goal"), reverse("mentoring:own"))
    return None


def after_session(session, user) -> Iterator[tuple[str, str]]:
    """From a session back to the cycle that it serves, for its mentor."""
    served = Q(first_session=session) | Q(second_session=session)
    cycles = MentoringCycle.objects.filter(served, mentor=user.pk)
    for cycle in cycles.visible_to(user, "mentoring.view"):
        label = _("Back to the cycle")
        if cycle.status == CycleStatus.REFLECT:
            label = _("Back to the cycle, to note the conversation")
        yield label, reverse("mentoring:cycle_detail", args=[cycle.pk])


def _for_mentor(cycle: MentoringCycle) -> Action:
    if cycle.status in OBSERVED:
        visit = CycleStep(cycle=cycle, kind=cycle.status).reference
        chosen = {"room": cycle.room_id, "caregiver": cycle.caregiver_id, "appointment": visit}
        about = urlencode(chosen)
        return Action(_("Observe the room"), f"{reverse('observation:session_begin')}?{about}")
    if cycle.status == CycleStatus.AGREE:
        label = _("Reword the goal") if hasattr(cycle, "goal") else _("Agree the goal")
        return Action(label, reverse("mentoring:goal_agree", args=[cycle.pk]))
    labels = {
        CycleStatus.PREPARE: _("Mark as prepared"),
        CycleStatus.REFLECT: _("Note the conversation"),
        CycleStatus.PRACTISE: _("Note the practice"),
    }
    return Action(
        labels[CycleStatus(cycle.status)], reverse("mentoring:step_complete", args=[cycle.pk])
    )
