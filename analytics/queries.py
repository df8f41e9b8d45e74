"""Questions asked of runs in more than one place."""

import datetime

from django.db.models import QuerySet

from analytics.enums import RunKind, RunStatus
from analytics.models import Run
from organisations.models import Unit


def latest(kind: RunKind, unit: Unit) -> QuerySet[Run]:
    """Finished runs of ``kind`` for ``unit``, the newest first."""
    return Run.objects.filter(kind=kind, unit=unit, status=RunStatus.DONE)


def of_period(
    kind: RunKind, unit: Unit, starts_on: datetime.date, ends_on: datetime.date
) -> QuerySet[Run]:
    """Runs of ``kind`` for exactly this unit and period, whatever their status, newest first."""
    return Run.objects.filter(kind=kind, unit=unit, starts_on=starts_on, ends_on=ends_on)
