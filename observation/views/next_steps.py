"""What observation puts on the signed-in home page."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from observation import queries
from observation.models import SafeguardingAlert
from observation.views.seeing import address
from organisations.home import NextStep
from organisations.models import User
from organisations.queries import read_centres

MOST = 10
RECENT = datetime.timedelta(days=30)


def alerts(user: User) -> Iterator[NextStep]:
    """Treatment alerts of the last days: how many, and nothing of what they say."""
    visible = SafeguardingAlert.objects.visible_to(user, "observation.safeguarding")
    count = visible.filter(raised_at__gte=timezone.now() - RECENT).count()
    if count:
        yield NextStep(
            text=ngettext(
                "Read %(count)s treatment alert", "Read %(count)s treatment alerts", count
            )
            % {"count": count},
            url=reverse("observation:alert_list"),
            action=_("See the alerts"),
            detail=_("Raised in the last %(days)s days.") % {"days": RECENT.days},
        )


def drafts(user: User) -> Iterator[NextStep]:
    """Sessions begun and not closed, the oldest first."""
    sessions = list(queries.drafts_of(user).select_related("unit", "caregiver")[:MOST])
    read_centres(session.unit for session in sessions)
    for session in sessions:
        yield NextStep(
            text=_("Finish the observation in %(room)s") % {"room": session.unit.place},
            url=reverse("observation:session_review", args=[session.pk]),
            action=_("Go on"),
            strand="observation",
            due=session.observed_on,
            detail=str(session.caregiver or ""),
        )


def results(user: User) -> Iterator[NextStep]:
    """The results of the place that is hers, or the list of them."""
    found = queries.uppermost(queries.places(user)).order_by("path")[:2]
    places = list(found)
    if not places:
        return
    read_centres(places)
    one = len(places) == 1
    yield NextStep(
        text=_("See how %(place)s does over time") % {"place": places[0].place}
        if one
        else _("See how your places do over time"),
        url=address(places[0]) if one else reverse("observation:place_list"),
        action=_("See the results"),
        strand="observation",
        detail=_("Scores by domain and item, with how far they can be trusted."),
    )
