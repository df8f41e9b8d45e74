"""Analysis plans: written, frozen, computed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views import View
from django.views.generic import DetailView, FormView, ListView
from django.views.generic.detail import SingleObjectMixin

from analytics import policies, queries
from analytics.actions import plans, runs
from analytics.enums import Observers, RunKind
from analytics.forms import PlanForm
from analytics.models import EvaluationPlan
from organisations.adapters import ScopedMixin, SignedInRequest


class PlanListView(ScopedMixin, ListView):
    """The plans within one's jurisdiction, the newest first."""

    permission = "analytics.run"
    queryset = EvaluationPlan.objects.select_related("unit", "version__instrument")
    template_name = "analytics/plan_list.html"
    context_object_name = "plans"
    paginate_by = 20


class PlanWriteView(ScopedMixin, FormView):
    """Write a plan, filled in or as a file."""

    permission = "analytics.run"
    request: SignedInRequest
    form_class = PlanForm
    template_name = "analytics/plan_write.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form) -> HttpResponse:
        names = ("code", "unit", "version", "content", "assignment")
        plan = plans.write(
            **{name: form.cleaned_data[name] for name in names}, by=self.request.user
        )
        return redirect("analytics:plan_detail", pk=plan.pk)


class PlanDetailView(ScopedMixin, DetailView):
    """A plan, what may be done with it, and what it found."""

    permission = "analytics.run"
    queryset = EvaluationPlan.objects.select_related("unit", "version__instrument")
    template_name = "analytics/plan_detail.html"
    context_object_name = "plan"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        found = {"runs": queries.of_plan(self.object).visible_to(self.person, self.permission)}
        return super().get_context_data(**kwargs) | found


class PlanFreezeView(ScopedMixin, SingleObjectMixin, View):
    """Fix a plan, and go back to it."""

    permission = "analytics.run"
    http_method_names = ["post"]
    queryset = EvaluationPlan.objects.all()

    def post(self, request: SignedInRequest, **kwargs) -> HttpResponse:
        plan = plans.freeze(plan=self.get_object(), by=request.user)
        return redirect("analytics:plan_detail", pk=plan.pk)


class PlanComputeView(PlanFreezeView):
    """Compute a frozen plan, and go to its progress."""

    queryset = EvaluationPlan.objects.select_related("unit", "version__dataset__unit")

    def post(self, request: SignedInRequest, **kwargs) -> HttpResponse:
        plan = self.get_object()
        policies.plan_is_frozen(plan)
        asked = queries.plan_run(plan, timezone.localdate(), Observers.OFFICIAL)
        run = runs.request(kind=RunKind.EVALUATION, by=request.user, **asked)
        return redirect("analytics:run_detail", pk=run.pk)
