from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View
from django.views.generic import DetailView
from django.views.generic.detail import SingleObjectMixin

from analytics import queries, serializers
from analytics.actions import runs
from analytics.enums import RunKind, RunStatus
from analytics.forms import PeriodForm, PlaceForm, default_period
from analytics.models import Run
from analytics.reports import provenance
from observation.queries import PERMISSION as ROOMS
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.enums import UnitKind
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit


class BraidView(ScopedMixin, View):
    """The three strands of a unit: the newest result, and a form to compute another."""

    permission = "analytics.braid"
    kind = RunKind.BRAID
    template_name = "analytics/braid_detail.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        unit = self._unit()
        run = queries.latest(self.kind, unit).first() if unit else None
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
        fields = form.cleaned_data | {"options": self.run_options()}
        run = runs.request(kind=self.kind, by=request.user, **fields)
        return redirect("analytics:run_detail", pk=run.pk)

    def run_options(self) -> dict[str, Any]:
        """What else the analysis is computed with."""
        return {}

    def _unit(self) -> Unit | None:
        """The unit asked for by its code, or the largest of one's own."""
        units = self.scoped(Unit.objects.exclude(kind=UnitKind.ROOM))
        asked = PlaceForm(self.request.POST or self.request.GET)
        if not asked.is_valid():
            return None
        code = asked.cleaned_data["unit"]
        return units.filter(code=code).first() if code else units.order_by("depth", "path").first()

    def _page(self, form, unit, run, status: int = 200) -> HttpResponse:
        context = {"form": form, "unit": unit, "run": run, **serializers.page(run, self.person)}
        return render(self.request, self.template_name, context, status=status)


class BoardView(BraidView):
    """The board of a unit: the newest result, and a form to compute another."""

    kind = RunKind.BOARD
    template_name = "analytics/board_detail.html"

    def run_options(self) -> dict[str, Any]:
        return queries.board_options()


class RunDetailView(ScopedMixin, DetailView):
    """One analysis: its progress while it is computed, then its result."""

    permission = "analytics.braid"
    request: SignedInRequest
    queryset = Run.objects.select_related("unit")
    template_name = "analytics/run_detail.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | serializers.page(self.object, self.person)
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
    """The joined table behind an analysis, as CSV; for those who may read scores room by room.

    Where one caregiver works in a room, the score of the room is hers.
    """

    permission = "analytics.braid"
    queryset = Run.objects.exclude(table="")

    def scoped(self, queryset: ScopedQuerySet) -> ScopedQuerySet:
        return super().scoped(queryset).visible_to(self.person, ROOMS)

    def render_to_response(self, context, **kwargs) -> HttpResponse:
        name = f"trenza-{self.object.kind}-{self.object.pk}.csv"
        return HttpResponse(
            "\ufeff" + self.object.table,  # Excel reads UTF-8 only behind a byte order mark
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class RunFileView(ScopedMixin, DetailView):
    """A report in one of its forms: PDF, workbook, JSON with its schema, data with codebook."""

    permission = "analytics.run"
    queryset = Run.objects.filter(kind__in=serializers.REPORTS, status=RunStatus.DONE)

    def render_to_response(self, context, **kwargs) -> HttpResponse:
        from analytics.reports import bundle  # noqa: PLC0415 — slow to import

        run, form = self.object, self.kwargs["form"]
        if form not in bundle.FORMS:
            raise Http404
        made, kind = bundle.FORMS[form]
        return HttpResponse(
            made(serializers.REPORTS[run.kind], run),
            content_type=kind,
            headers={
                "Content-Disposition": f'attachment; filename="{provenance.stem(run)}.{form}"'
            },
        )
