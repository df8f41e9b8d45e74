"""What fieldwork puts on the signed-in home page."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fieldwork import queries
from organisations.home import NextStep
from organisations.models import User


def held(
    user: User, permission: str = "fieldwork.settle", space: str = "fieldwork"
) -> Iterator[NextStep]:
    """Records that wait for a decision: how many and since when."""
    waiting = queries.waiting(queries.settled_with(user, permission))
    found = waiting.order_by().aggregate(count=Count("pk"), oldest=Min("received_at"))
    if found["count"]:
        since = timezone.localdate(found["oldest"])
        yield NextStep(
            text=ngettext(
                "Decide about %(count)s record from a phone that does not count yet",
                "Decide about %(count)s records from phones that do not count yet",
                found["count"],
            )
            % {"count": found["count"]},
            url=reverse(f"{space}:held_list"),
            action=_("See what is held"),
            due=since,
            detail=_("The oldest waits since %(day)s.")
            % {"day": date_format(since, "SHORT_DATE_FORMAT")},
        )
