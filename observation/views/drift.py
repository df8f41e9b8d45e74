"""Drift: who moves away from partners and experts, and who is due to be checked."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views import View

from core import charts
from observation import queries
from observation.forms.drift import VersionForm
from observation.models import InstrumentVersion
from observation.queries import drift, experts
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.models import Post, User

PER_PAGE = 25


class DriftMixin(ScopedMixin):
    permission = "observation.quality"

    def version(self) -> tuple[VersionForm, InstrumentVersion | None]:
        """The one asked for, else the newest checklist."""
        newest = queries.checklist_versions().select_related("instrument").first()
        form = VersionForm(self.request.GET or {"version": newest.pk if newest else ""})
        return form, form.cleaned_data["version"] if form.is_valid() else newest

    def drifts(self, observers: list[int], version: InstrumentVersion | None):
        """By observer (of these ids) her drift and her checks."""
        rules = queries.rules()
        judged = drift.judged(observers, version, rules) if version else {}
        return drift.with_checks(observers, judged, rules)


class DriftList(DriftMixin, View):
    """Observers within jurisdiction: last check, next due, agreement and difference."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        form, version = self.version()
        observers = drift.observers_of(request.user)
        found = self.drifts(list(observers.values_list("pk", flat=True)), version)
        today = timezone.localdate()
        # Sorting keeps the order of their names among equals.
        pressing = sorted(found.values(), key=lambda one: (not one.alarming, not one.is_due(today)))
        page = Paginator(pressing, PER_PAGE).get_page(request.GET.get("page"))
        posts = Post.objects.in_force().select_related("unit")
        held = User.objects.prefetch_related(Prefetch("posts", posts, to_attr="held"))
        people = held.in_bulk([one.observer for one in page.object_list])
        context = {
            "form": form,
            "version": version,
            "page": page,
            "query": f"version={version.pk}" if version else "",
            "rows": [(people[one.observer], one, one.is_due(today)) for one in page.object_list],
            "rules": queries.rules(),
        }
        return render(request, "observation/drift_list.html", context)


class DriftDetail(DriftMixin, View):
    """One observer by month, on control charts; against clips and settled codes."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(drift.observers_of(request.user), pk=pk)
        form, version = self.version()
        found, today = self.drifts([pk], version)[pk], timezone.localdate()
        context = {
            "form": form,
            "person": person,
            "drift": found,
            "rules": queries.rules(),
            "charts": _charts(found),
            "masters": experts.against_masters(person.pk, today),
            "agreed": experts.against_agreed(person.pk, today),
            "partners": _partners(found),
        }
        return render(request, "observation/drift_detail.html", context)


def _charts(found: drift.Drift) -> list[charts.Chart]:
    drawn = []
    if found.months:
        drawn.append(
            charts.control(
                _("Exact agreement by month"),
                [date_format(month, "M Y") for month, _point in found.months],
                [point for _month, point in found.months],
                value=_("Share of values that are her partner’s"),
                strand="observation",
                note=_("Between the limits: no more than chance and ordinary differences."),
            )
        )
    if found.moving:
        drawn.append(
            charts.control(
                _("Moving mean of the difference from partners"),
                [date_format(one.on, "SHORT_DATE_FORMAT") for one in found.comparisons],
                found.moving,
                value=_("Points above (+) or below (−) her partners"),
                strand="observation",
                note=_("The newest double coding weighs most; a slow drift adds up."),
            )
        )
    return drawn


def _partners(found: drift.Drift) -> list[dict[str, Any]]:
    """Each double coding, the newest first, with her partner."""
    people = User.objects.in_bulk({one.partner for one in found.comparisons})
    return [
        {"partner": people[one.partner], "one": one, "share": one.exact / one.compared}
        for one in reversed(found.comparisons)
    ]
