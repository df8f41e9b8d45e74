"""Pages of parent visits: the list, and what one visit says."""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from observation.models import Domain, Item
from organisations import jurisdiction
from organisations.adapters import ScopedMixin
from visits import queries
from visits.enums import Answer
from visits.models import Finding, GuideAnswer, Visit

OVERDUE = "overdue"

BANDS = {
    "100": _("100 %: every answer is yes"),
    "90-99": _("90 % or more, with at least one no"),
    "80-89": _("80 % or more, less than 90 %"),
    "below-80": _("less than 80 %"),
}
BAND_STATUS = {"100": "good", "90-99": "info", "80-89": "caution", "below-80": "problem"}


@dataclass(frozen=True)
class Safety:
    """The safety index of a visit: a percentage with its interval, its band, and n answers."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    band: str | Promise
    status: str


def safety_of(yes: int, no: int) -> Safety:
    """The index rounded down to one decimal, so that it is 100 only when every answer is yes."""
    from measurement import indicators  # noqa: PLC0415 — brings scipy, which starts slowly

    found = indicators.safety_index_of_counts(yes, no)
    band = indicators.safety_band(yes, no)
    if band is None or found.value is None:
        return Safety(None, None, None, 0, "", "info")
    value = (1000 * yes // (yes + no)) / 10
    return Safety(value, found.low, found.high, found.n, BANDS[band], BAND_STATUS[band])


@dataclass
class Line:
    """What parents answered to one item: counts by word, and the numbers given."""

    item: Item
    words: Counter = field(default_factory=Counter)
    numbers: list[str] = field(default_factory=list)


def areas_of(visit: Visit) -> list[tuple[Domain, list[Line]]]:
    """Answers per area and item, in the order of the walk; nobody's guide as a whole."""
    items = visit.version.items.select_related("domain", "guide_item").order_by("order")
    lines = {item.pk: Line(item) for item in items}
    given = GuideAnswer.objects.filter(response__visit=visit).order_by("number", "second_number")
    for item, value, first, second in given.values_list("item", "value", "number", "second_number"):
        line = lines[item]
        line.words[value] += 1
        if first is not None:
            line.numbers.append(f"{first}/{second}" if second is not None else str(first))
    areas: dict[Domain, list[Line]] = {}
    for line in lines.values():
        if line.words:
            areas.setdefault(line.item.domain, []).append(line)
    return list(areas.items())


class VisitList(ScopedMixin, ListView):
    """Visits within one's jurisdiction, the newest first."""

    permission = "visits.view"
    model = Visit
    paginate_by = 25
    template_name = "visits/visit_list.html"

    def get_queryset(self):
        visits = super().get_queryset().select_related("centre")
        if centre := self.chosen("centre"):
            visits = visits.filter(centre__code=centre)
        if self.chosen("findings") == OVERDUE:
            late = queries.overdue(Finding.objects.all(), timezone.localdate())
            visits = visits.filter(pk__in=late.values("visit"))
        return visits

    def chosen(self, name: str) -> str:
        return self.request.GET.get(name, "").strip()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        shown = [visit.pk for visit in context["object_list"]]
        counted = queries.with_counts(Visit.objects.filter(pk__in=shown)).in_bulk()
        lines = [(visit, counted[visit.pk]) for visit in context["object_list"]]
        return context | {
            "may_import": "visits.import" in jurisdiction.permissions(self.request.user),
            "query": urlencode({name: self.chosen(name) for name in ("centre", "findings")}),
            "lines": [(visit, more, safety_of(more.yes, more.no)) for visit, more in lines],
            "centre": self.chosen("centre"),
            "overdue": self.chosen("findings") == OVERDUE,
        }


class VisitDetail(ScopedMixin, DetailView):
    """One visit: who came, the safety index with its band, answers per area, findings."""

    permission = "visits.view"
    model = Visit
    template_name = "visits/visit_detail.html"
    context_object_name = "visit"

    def get_queryset(self):
        visits = super().get_queryset().select_related("centre", "version__instrument")
        return queries.with_counts(visits)

    def get_context_data(self, **kwargs):
        visit = self.object
        minimum = queries.minimum_parents()
        areas = areas_of(visit)
        return super().get_context_data(
            safety=safety_of(visit.yes, visit.no),
            not_seen=sum(
                line.words[Answer.NOT_SEEN]
                for _area, lines in areas
                for line in lines
                if line.item.guide_item.in_safety_index
            ),
            areas=areas,
            findings=visit.findings.select_related("item").order_by("due_on", "item__order"),
            minimum=minimum,
            too_few=minimum is not None and visit.parents < minimum,
            bands=BANDS.values(),
            today=timezone.localdate(),
            **kwargs,
        )
