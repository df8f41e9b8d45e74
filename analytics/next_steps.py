"""What analyses put on the signed-in home page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from analytics import queries
from analytics.enums import RunKind
from organisations.home import NextStep
from organisations.models import Unit


def braid(user) -> Iterator[NextStep]:
    """The three strands of the largest of her units: to read, or to compute a first time."""
    units = Unit.objects.visible_to(user, "analytics.braid")
    unit = units.order_by("depth", "path").first()
    if unit is None:
        return
    run = queries.latest(RunKind.BRAID, unit).only("finished_at").first()
    text, action, detail = (
        _("Compute the three strands of %(unit)s"),
        _("Choose the period"),
        _("Mentoring, observation and families side by side."),
    )
    if run is not None and run.finished_at is not None:
        text, action = (
            _("See whether the three strands of %(unit)s pull together"),
            _("Open the braid"),
        )
        detail = _("Computed on %(day)s") % {"day": date_format(localtime(run.finished_at))}
    yield NextStep(
        text=text % {"unit": unit}, url=reverse("analytics:braid"), action=action, detail=detail
    )
