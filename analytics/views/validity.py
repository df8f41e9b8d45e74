"""Validity reports: to see what there is, to compute one, and to compare two."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import ListView

from analytics import queries
from analytics.actions import runs
from analytics.enums import RunKind, RunStatus
from analytics.forms import ValidityForm, default_period
from analytics.models import Run
from analytics.serializers import REPORTS, comparison, readiness
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.models import Unit

PAIR = 2
DIGITS = 18  # more is no number that a database can look for


class ValidityView(ScopedMixin, ListView):
    """Validity reports within one's jurisdiction, and a form to compute another.

    Whoever only looks sees what there is and what is missing before anything is computed.
    """

    permission = "analytics.run"
    request: SignedInRequest
    queryset = Run.objects.filter(kind=RunKind.VALIDITY).select_related("unit").defer("table")
    template_name = "analytics/validity_list.html"
    context_object_name = "runs"
    paginate_by = 20

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        starts_on, ends_on = default_period(timezone.localdate())
        form = ValidityForm(
            user=self.request.user, initial={"starts_on": starts_on, "ends_on": ends_on}
        )
        hers = Unit.objects.visible_to(self.request.user, "analytics.configure").exists()
        return {"form": form, "may_configure": hers} | super().get_context_data(**kwargs)

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ValidityForm(request.POST, user=request.user)
        if form.is_valid() and "look" not in request.POST:
            run = runs.request(kind=RunKind.VALIDITY, by=request.user, **form.run())
            return redirect("analytics:run_detail", pk=run.pk)
        self.object_list = self.get_queryset()
        found = readiness.told(queries.readiness(**form.run())) if form.is_valid() else None
        context = self.get_context_data(form=form, readiness=found)
        return self.render_to_response(context, status=200 if form.is_valid() else 400)


class ValidityCompareView(ScopedMixin, View):
    """Two finished reports side by side."""

    permission = "analytics.run"
    request: SignedInRequest

    def get(self, request: SignedInRequest) -> HttpResponse:
        done = Run.objects.filter(kind=RunKind.VALIDITY, status=RunStatus.DONE)
        asked = {pk for pk in request.GET.getlist("run") if pk.isdecimal() and len(pk) <= DIGITS}
        found = list(self.scoped(done).filter(pk__in=asked).select_related("unit").order_by("pk"))
        if len(found) != PAIR:
            messages.warning(request, _("Tick two finished reports, then press “Compare two”."))
            return redirect("analytics:validity")
        context = comparison.compare(REPORTS[RunKind.VALIDITY], *found)
        return render(request, "analytics/validity_compare.html", context)
