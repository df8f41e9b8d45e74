"""What the record store puts on the signed-in home page."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrs.models import Delivery
from organisations.home import NextStep
from organisations.models import User


def refused(user: User) -> Iterator[NextStep]:
    """Statements that another store refused, which only a person sends again."""
    dead = Delivery.objects.filter(dead_at__isnull=False).order_by()
    rows = dead.values("destination", "destination__name")
    for row in rows.annotate(count=Count("pk"), oldest=Min("dead_at")).order_by("destination"):
        yield NextStep(
            text=ngettext(
                "See why %(store)s refused %(count)s statement",
                "See why %(store)s refused %(count)s statements",
                row["count"],
            )
            % {"store": row["destination__name"], "count": row["count"]},
            url=reverse("destination_detail", args=[row["destination"]]),
            action=_("See what was refused"),
            due=timezone.localdate(row["oldest"]),
        )
