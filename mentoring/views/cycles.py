"""Pages that show cycles: the list, the mentor's day, the caregiver's own, one cycle."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, TemplateView

from mentoring import queries
from mentoring.enums import CycleStatus
from mentoring.models import CycleStep, MentoringCycle
from mentoring.views.next_actions import next_action
from observation import queries as observation_queries
from observation.models import SessionScore
from organisations.adapters import ScopedMixin
from organisations.queries import read_centres

OVERDUE = "overdue"


class CycleList(ScopedMixin, ListView):
    """Cycles within one's jurisdiction, the newest first; filtered by state."""

    permission = "mentoring.view"
    model = MentoringCycle
    paginate_by = 25
    template_name = "mentoring/cycle_list.html"

    def get_queryset(self):
        cycles = super().get_queryset().select_related("room", "mentor", "caregiver", "goal")
        status = self.request.GET.get("status", "")
        if status == OVERDUE:
            return cycles.filter(pk__in=queries.overdue_steps(timezone.localdate()).values("cycle"))
        return cycles.filter(status=status) if status in CycleStatus.values else cycles

    def get_context_data(self, **kwargs):
        chosen = self.request.GET.get("status", "")
        states = [(OVERDUE, _("with an overdue step")), *CycleStatus.choices]
        query = f"status={chosen}" if chosen in dict(states) else ""
        context = super().get_context_data(states=states, chosen=chosen, query=query, **kwargs)
        read_centres(cycle.room for cycle in context["object_list"])
        return context


class Today(ScopedMixin, TemplateView):
    """What is next for a mentor: overdue first, each with one thing to do."""

    permission = "mentoring.lead"
    template_name = "mentoring/today.html"

    def get_context_data(self, **kwargs):
        user, today = self.request.user, timezone.localdate()
        mine = queries.open_cycles(MentoringCycle.objects.filter(mentor=user.pk))
        cycles = list(queries.with_due(queries.for_page(mine)))
        read_centres(cycle.room for cycle in cycles)
        limit = queries.load_limit()
        lines = [(cycle, next_action(cycle, user)) for cycle in cycles]
        return super().get_context_data(
            overdue=[line for line in lines if line[0].due < today],
            today=[line for line in lines if line[0].due == today],
            later=[line for line in lines if line[0].due > today],
            mentees=len(cycles),
            limit=limit,
            overloaded=limit is not None and len(cycles) > limit,
            **kwargs,
        )


class Own(ScopedMixin, TemplateView):
    """A caregiver's own page: her goal, her next step, her feedback."""

    permission = "mentoring.practise"
    template_name = "mentoring/own.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        mine = queries.for_page(MentoringCycle.objects.filter(caregiver=user.pk))
        cycle = queries.open_cycles(mine).first() or mine.first()
        return super().get_context_data(
            cycle=cycle,
            steps=step_lines(cycle) if cycle else [],
            action=next_action(cycle, user) if cycle else None,
            previous=queries.previous(cycle, reader=user) if cycle else None,
            scores=latest_scores(cycle, user) if cycle else [],
            today=timezone.localdate(),
            **kwargs,
        )


class CycleDetail(ScopedMixin, DetailView):
    """One cycle: its steps as planned and as done, the goal before and the goal now."""

    permission = "mentoring.view"
    model = MentoringCycle
    template_name = "mentoring/cycle_detail.html"
    context_object_name = "cycle"

    def get_queryset(self):
        return queries.for_page(super().get_queryset())

    def get_context_data(self, **kwargs):
        cycle, user = self.object, self.request.user
        return super().get_context_data(
            steps=step_lines(cycle),
            notes=[step for step in cycle.steps.all() if step.note],
            action=next_action(cycle, user),
            leads=cycle.mentor_id == user.pk,
            previous=queries.previous(cycle, reader=user),
            sessions=[each for each in (cycle.first_session, cycle.second_session) if each],
            **kwargs,
        )


def step_lines(cycle: MentoringCycle) -> list[dict]:
    """The steps in their order for the component ``step_list``."""
    order = list(CycleStatus.values)
    steps = sorted(cycle.steps.all(), key=lambda step: order.index(step.kind))
    return [
        {
            "label": step.get_kind_display(),
            "state": _step_state(step, cycle),
            "detail": _step_detail(step),
        }
        for step in steps
    ]


def _step_state(step: CycleStep, cycle: MentoringCycle) -> str:
    if step.kind == cycle.status:
        return "current"
    return "done" if step.done_on else "todo"


def _step_detail(step: CycleStep) -> str:
    about = {"planned": date_format(step.planned_on), "minutes": step.planned_minutes}
    if step.done_on is None:
        return _("Planned for %(planned)s, %(minutes)s min") % about
    done = {"day": date_format(step.done_on), "actual": step.actual_minutes}
    return _("%(day)s, %(actual)s min. Planned: %(planned)s, %(minutes)s min") % (about | done)


def latest_scores(
    cycle: MentoringCycle, user
) -> list[tuple[SessionScore, observation_queries.ScoreRange]]:
    """Domain scores of the latest observation of ``cycle`` that ``user`` may see, each with its
    ends."""
    session = cycle.second_session_id or cycle.first_session_id
    scores = SessionScore.objects.filter(session=session, domain__isnull=False)
    visible = scores.visible_to(user, "observation.view")
    found = list(visible.select_related("domain__version").order_by("domain__order"))
    ranges = observation_queries.score_ranges(score.domain.version for score in found)
    return [(score, ranges[score.domain.version_id][score.domain.code]) for score in found]
