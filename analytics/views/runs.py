from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View
from django.views.generic import DetailView, ListView
from django.views.generic.detail import SingleObjectMixin

from analytics import queries, serializers
from analytics.actions import runs
from analytics.enums import RunKind
from analytics.forms import PeriodForm, PlaceForm, ValidityForm, default_period
from analytics.models import Run
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.models import Unit


class BraidView(ScopedMixin, View):
    """The three strands of a unit: the newest result, and a form to compute another."""

    permission = "analytics.braid"

    def get(self, request: SignedInRequest) -> HttpResponse:
        unit = self._unit()
        run = queries.latest(RunKind.BRAID, unit).first() if unit else None
        starts_on, ends_on = default_period(timezone.localdate())
        form = PeriodForm(
            initial={"unit": unit and unit.code, "starts_on": starts_on, "ends_on": ends_on},
            user=request.user,
            chosen=unit,
        )
        return self._page(form, unit, run)

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = PeriodForm(request.POST, user=request.user, chosen=self._unit())
        if not form.is_valid():
            return self._page(form, self._unit(), None, status=400)
        run = runs.request(kind=RunKind.BRAID, by=request.user, **form.cleaned_data)
        return redirect("analytics:run_detail", pk=run.pk)

    def _unit(self) -> Unit | None:
        """The unit asked for by its code, or the largest of one's own."""
        units = self.scoped(Unit.objects.all())
        asked = PlaceForm(self.request.POST or self.request.GET)
        if not asked.is_valid():
            return None
        code = asked.cleaned_data["unit"]
        return units.filter(code=code).first() if code else units.order_by("depth", "path").first()

    def _page(self, form, unit, run, status: int = 200) -> HttpResponse:
        context = {"form": form, "unit": unit, "run": run, **serializers.page(run)}
        return render(self.request, "analytics/braid_detail.html", context, status=status)


class RunDetailView(ScopedMixin, DetailView):
    """One analysis: its progress while it is computed, then its result."""

    permission = "analytics.braid"
    request: SignedInRequest
    queryset = Run.objects.select_related("unit")
    template_name = "analytics/run_detail.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | serializers.page(self.object)
        return context | serializers.waiting(self.object, self.person)

    def get_template_names(self) -> list[str]:
        return ["analytics/_run.html" if self.request.htmx else self.template_name]


class RunCancelView(ScopedMixin, SingleObjectMixin, View):
    """Stop an analysis, and go back to its page."""

    permission = "analytics.run"
    http_method_names = ["post"]
    queryset = Run.objects.all()
    move: Callable[..., Run] = staticmethod(runs.cancel)

    def post(self, request: SignedInRequest, **kwargs) -> HttpResponse:
        run = self.move(run=self.get_object(), by=request.user)
        return redirect("analytics:run_detail", pk=run.pk)


class RunResumeView(RunCancelView):
    """Take an analysis up again where it stopped, and go back to its page."""

    move = staticmethod(runs.resume)


class RunTableView(ScopedMixin, DetailView):
    """The joined table behind an analysis, as CSV."""

    permission = "analytics.braid"
    queryset = Run.objects.exclude(table="")

    def render_to_response(self, context, **kwargs) -> HttpResponse:
        name = f"trenza-{self.object.kind}-{self.object.pk}.csv"
        return HttpResponse(
            "\ufeff" + self.object.table,  # Excel reads UTF-8 only behind a byte order mark
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class ValidityView(ScopedMixin, ListView):
    """Validity reports within one's jurisdiction, and a form to compute another."""

    permission = "analytics.run"
    queryset = Run.objects.filter(kind=RunKind.VALIDITY).select_related("unit").defer("table")
    template_name = "analytics/validity_list.html"
    context_object_name = "runs"
    paginate_by = 20

    def get_context_data(self, **kwargs):
        return {"form": ValidityForm(user=self.request.user)} | super().get_context_data(**kwargs)

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ValidityForm(request.POST, user=request.user)
        if form.is_valid():
            run = runs.request(kind=RunKind.VALIDITY, by=request.user, **form.run())
            return redirect("analytics:run_detail", pk=run.pk)
        self.object_list = self.get_queryset()
        return self.render_to_response(self.get_context_data(form=form), status=400)
