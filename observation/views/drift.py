"""Drift: who moves away from partners and experts, and who is due to be checked."""

from typing import Any

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
from observation.models import CodingPair, InstrumentVersion
from observation.queries import drift
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.models import Post, User


class DriftMixin(ScopedMixin):
    permission = "observation.quality"

    def version(self) -> tuple[VersionForm, InstrumentVersion | None]:
        """The one asked for, else the newest checklist."""
        newest = queries.checklist_versions().select_related("instrument").first()
        form = VersionForm(self.request.GET or {"version": newest.pk if newest else ""})
        return form, form.cleaned_data["version"] if form.is_valid() else newest

    def judged(self, version: InstrumentVersion | None) -> dict[int, drift.Drift]:
        """By observer; limits come from the double codings of the whole programme."""
        if version is None:
            return {}
        found = drift.comparisons(CodingPair.objects.all(), version, timezone.localdate())
        return drift.judge(found, queries.rules())


class DriftList(DriftMixin, View):
    """Observers within jurisdiction: last check, next due, agreement and difference."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        form, version = self.version()
        posts = Post.objects.in_force().select_related("unit")
        observers = drift.observers_of(request.user)
        people = list(observers.prefetch_related(Prefetch("posts", posts, to_attr="held")))
        found = drift.with_checks(people, self.judged(version), queries.rules())
        today = timezone.localdate()
        rows = [(person, found[person.pk], found[person.pk].is_due(today)) for person in people]
        rows.sort(key=lambda row: (not row[1].alarming, not row[2]))
        context = {"form": form, "version": version, "rows": rows, "rules": queries.rules()}
        return render(request, "observation/drift_list.html", context)


class DriftDetail(DriftMixin, View):
    """One observer by month, on control charts; against clips and settled codes."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(drift.observers_of(request.user), pk=pk)
        form, version = self.version()
        today, rules = timezone.localdate(), queries.rules()
        found = drift.with_checks([person], self.judged(version), rules)[person.pk]
        context = {
            "form": form,
            "person": person,
            "drift": found,
            "rules": rules,
            "charts": _charts(found),
            "masters": drift.against_masters(person.pk, today),
            "agreed": drift.against_agreed(person.pk, today),
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
