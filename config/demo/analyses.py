"""A first result to look at: the braid of the country over the last twelve months."""

from datetime import date

from analytics.actions import runs
from analytics.enums import RunKind
from analytics.forms import default_period
from organisations.models import Unit


def braid(today: date) -> None:
    """Compute it here and now, as the worker would."""
    starts_on, ends_on = default_period(today)
    run = runs.request(
        kind=RunKind.BRAID,
        unit=Unit.objects.get(depth=1),
        starts_on=starts_on,
        ends_on=ends_on,
        background=False,
    )
    runs.compute(run=run)
