"""Questions asked of runs in more than one place."""

import csv
import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from analytics.enums import RunKind, RunStatus
from analytics.models import Gate, Run
from organisations.models import Unit


def latest(kind: RunKind, unit: Unit) -> QuerySet[Run]:
    """Finished runs of ``kind`` for ``unit``, the newest first."""
    return Run.objects.filter(kind=kind, unit=unit, status=RunStatus.DONE)


def of_period(
    kind: RunKind, unit: Unit, starts_on: datetime.date, ends_on: datetime.date
) -> QuerySet[Run]:
    """Runs of ``kind`` for exactly this unit and period, whatever their status, newest first."""
    return Run.objects.filter(kind=kind, unit=unit, starts_on=starts_on, ends_on=ends_on)


def gates() -> list[dict[str, Any]]:
    """The gates in force, in order: those of the content, with the thresholds that were changed."""
    changed = {gate.code: gate for gate in Gate.objects.all()}
    return [
        {name: getattr(changed.get(gate["code"]), name, value) for name, value in gate.items()}
        for gate in _content_gates()
    ]


@cache
def _content_gates() -> list[dict[str, Any]]:
    with (settings.BASE_DIR / "content" / "gates.csv").open(encoding="utf-8", newline="") as file:
        return [
            {
                "code": row["code"],
                "topic": row["topic"],
                "title": {"es": row["title_es"], "en": row["title_en"]},
                "provisional": float(row["provisional"]),
                "good": float(row["good"]),
                "at_most": row["at_most"] == "yes",
                "minimum_n": int(row["minimum_n"]),
            }
            for row in csv.DictReader(file)
        ]
