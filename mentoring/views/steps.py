"""Forms that open a cycle and move it; each calls one action."""

from typing import Any, cast

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from django.views.generic.base import ContextMixin

from core.refusals import Refusal
from mentoring import policies, queries
from mentoring.actions import cycles
from mentoring.enums import CycleStatus
from mentoring.forms import CancelForm, DoneForm, GoalForm, OpenForm, StepForm
from mentoring.models import MentoringCycle
from organisations.adapters import ScopedMixin
from organisations.models import User


class ActionFormView(ScopedMixin, FormView):
    """A form that calls one action; where a rule refuses, the form comes back with its sentence."""

    permission = "mentoring.lead"
    said: Any = ""  # a sentence, perhaps lazy

    @property
    def person(self) -> User:
        """Who is signed in; ScopedMixin lets nobody else come this far."""
        return cast(User, self.request.user)

    def act(self, data: dict) -> MentoringCycle:
        raise NotImplementedError

    def may_begin(self) -> None:
        """Refuse before the form is filled in what the action would refuse after."""

    def get(self, request, *args, **kwargs):
        self.may_begin()
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            cycle = self.act(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, self.said)
        return self.done(cycle)

    def done(self, cycle: MentoringCycle):
        return redirect("mentoring:cycle_detail", cycle.pk)


class CycleOpen(ActionFormView):
    """Open a cycle with a caregiver who has none under way."""

    form_class = OpenForm
    template_name = "mentoring/cycle_open.html"
    said = gettext_lazy("The cycle is open and its steps are planned.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def act(self, data: dict) -> MentoringCycle:
        return cycles.open(
            room=data["room"], caregiver=data["post"].user, by=self.person, on=data["on"]
        )


class CycleMixin(ScopedMixin, ContextMixin, View):
    """A view about one cycle of the person's own, within her jurisdiction."""

    whose = "mentor"

    @cached_property
    def cycle(self) -> MentoringCycle:
        hers = MentoringCycle.objects.filter(**{self.whose: self.request.user.pk})
        return get_object_or_404(queries.for_page(self.scoped(hers)), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(cycle=self.cycle, **kwargs)


class StepComplete(CycleMixin, ActionFormView):
    """Report the step that the cycle stands at."""

    form_class = StepForm
    template_name = "mentoring/step_complete.html"
    said = gettext_lazy("Noted. Below is what comes next.")

    def may_begin(self) -> None:
        policies.step_is_next(self.cycle, self.cycle.status)
        policies.step_reported_by_hand(self.cycle.status)

    def get_context_data(self, **kwargs):
        step = queries.current_step(self.cycle, self.cycle.steps.all())
        previous = queries.previous(self.cycle, reader=self.person)
        return super().get_context_data(step=step, previous=previous, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cycle": self.cycle}

    def act(self, data: dict) -> MentoringCycle:
        cycles.complete_step(cycle=self.cycle, by=self.person, **data)
        return self.cycle


class GoalAgree(CycleMixin, ActionFormView):
    """Write down the one goal."""

    form_class = GoalForm
    template_name = "mentoring/goal_agree.html"
    said = gettext_lazy("The goal is written down. The caregiver now says whether it is hers.")

    def may_begin(self) -> None:
        policies.goal_open(self.cycle)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cycle": self.cycle}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            previous=queries.previous(self.cycle, reader=self.person), **kwargs
        )

    def act(self, data: dict) -> MentoringCycle:
        return cycles.agree_goal(cycle=self.cycle, by=self.person, **data).cycle


class CycleCancel(CycleMixin, ActionFormView):
    """End a cycle before its time."""

    form_class = CancelForm
    template_name = "mentoring/cycle_cancel.html"
    said = gettext_lazy("The cycle is cancelled. What was done in it stays.")

    def may_begin(self) -> None:
        policies.move_allowed(self.cycle, CycleStatus.CANCELLED)

    def act(self, data: dict) -> MentoringCycle:
        return cycles.cancel(cycle=self.cycle, by=self.person, **data)


class GoalAccept(CycleMixin):
    """The caregiver takes the goal as hers."""

    permission = "mentoring.practise"
    whose = "caregiver"

    def post(self, request, pk: int):
        cycles.accept_goal(cycle=self.cycle, by=request.user)
        messages.success(request, _("The goal is yours. Try it in a routine of the day."))
        return redirect("mentoring:own")


class GoalPractise(CycleMixin, ActionFormView):
    """The caregiver says on which day she practised."""

    permission = "mentoring.practise"
    whose = "caregiver"
    form_class = DoneForm
    template_name = "mentoring/goal_practise.html"
    said = gettext_lazy("Well done. Your mentor can see it.")

    def may_begin(self) -> None:
        goal = getattr(self.cycle, "goal", None)
        policies.goal_practised(self.cycle, goal, timezone.localdate())

    def act(self, data: dict) -> MentoringCycle:
        return cycles.mark_practised(cycle=self.cycle, by=self.person, **data).cycle

    def done(self, cycle: MentoringCycle):
        return redirect("mentoring:own")
