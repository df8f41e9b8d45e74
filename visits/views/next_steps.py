"""What parent visits put on the signed-in home page."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations.home import NextStep
from visits import queries
from visits.models import Finding, GuideResponse, Visit
from visits.views.visits import OVERDUE

NEWEST, NAMED = 3, 3


def overdue_findings(user) -> Iterator[NextStep]:
    """Findings whose day has passed, with the centres that have most, for who answers for them."""
    rows = Finding.objects.visible_to(user, "visits.follow_up")
    late = queries.overdue(rows, timezone.localdate()).order_by()
    places = late.values_list("visit__centre__name").annotate(n=Count("pk"))
    found = list(places.order_by("-n", "visit__centre__name", "visit__centre"))
    if found:
        count = sum(n for _name, n in found)
        yield NextStep(
            text=ngettext(
                "%(count)s finding should be fixed by now",
                "%(count)s findings should be fixed by now",
                count,
            )
            % {"count": count},
            url=f"{reverse('visits:visit_list')}?findings={OVERDUE}",
            action=_("See the visits"),
            strand="families",
            detail=_places(found),
        )


def _places(found: list[tuple[str, int]]) -> str:
    """The first centres with their counts, and how many more there are."""
    named = [f"{name}: {n}" for name, n in found[:NAMED]]
    if more := len(found) - len(named):
        named.append(
            ngettext("%(count)s more centre", "%(count)s more centres", more) % {"count": more}
        )
    return " · ".join(named)


def latest_visits(user) -> Iterator[NextStep]:
    """The newest visits of the last months from which guides came in, to read."""
    since = timezone.localdate() - queries.FOLLOWED
    visits = Visit.objects.visible_to(user, "visits.view").filter(visited_on__gte=since)
    answered = visits.filter(Exists(GuideResponse.objects.filter(visit=OuterRef("pk"))))
    for visit in answered.select_related("centre").order_by("-visited_on", "-pk")[:NEWEST]:
        yield NextStep(
            text=_("Read what parents saw in %(centre)s") % {"centre": visit.centre},
            url=reverse("visits:visit_detail", args=[visit.pk]),
            action=_("Open the visit"),
            strand="families",
            detail=_("Visit of %(day)s") % {"day": date_format(visit.visited_on)},
        )
