"""What parent visits put on the signed-in home page."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisations.home import NextStep
from visits.models import Visit

RECENT = datetime.timedelta(days=90)


def latest_visit(user) -> Iterator[NextStep]:
    """The newest visit of the last months in her units, to read."""
    visits = Visit.objects.visible_to(user, "visits.view").select_related("centre")
    since = timezone.localdate() - RECENT
    visit = visits.filter(visited_on__gte=since).order_by("-visited_on", "-pk").first()
    if visit is not None:
        yield NextStep(
            text=_("Read what parents saw in %(centre)s") % {"centre": visit.centre},
            url=reverse("visits:visit_detail", args=[visit.pk]),
            action=_("Open the visit"),
            strand="families",
            detail=_("Visit of %(day)s") % {"day": date_format(visit.visited_on)},
        )
