"""From mentoring rows to pandas."""

import datetime

import pandas as pd
from django.db.models import Count, Q, QuerySet, Sum

from mentoring.enums import CycleStatus
from mentoring.models import CycleStep, MentoringCycle
from organisations.enums import UnitKind
from organisations.models import Unit

COUNTS = [
    "cycles_opened",
    "cycles_completed",
    "modelled",
    "planned_minutes",
    "actual_minutes",
]


def doses(rooms: QuerySet[Unit], start: datetime.date, end: datetime.date) -> pd.DataFrame:
    """Mentoring that ``rooms`` had from ``start`` to ``end`` (both days count), a row per room.

    ==================  =======  ==========================================================
    room                int64    id of the room, each of ``rooms`` once, in tree order
    centre              int64    id of its centre
    cycles_opened       int64    cycles opened in the period
    cycles_completed    int64    cycles completed in it
    modelled            int64    completed cycles in which the mentor modelled the practice
    planned_minutes     int64    minutes of steps planned for days of the period, without
                                 those of cancelled cycles that were never done
    actual_minutes      int64    minutes of steps done in the period
    ==================  =======  ==========================================================

    A room without mentoring has zeros: it had none. Seven queries, however many rooms.
    """
    places = list(rooms.order_by("path").values_list("pk", "path"))
    centre_length = UnitKind.CENTRE.depth * Unit.steplen
    centres = dict(Unit.objects.of_kind(UnitKind.CENTRE).values_list("path", "pk"))
    frame = pd.DataFrame(
        {
            "room": [pk for pk, _path in places],
            "centre": [centres[path[:centre_length]] for _pk, path in places],
        },
        dtype="int64",
    ).set_index("room")
    period = (start, end)
    here = rooms.order_by().values("pk")
    cycles = MentoringCycle.objects.filter(room__in=here).order_by()
    opened = cycles.filter(opened_on__range=period).values("room")
    completed = cycles.filter(status=CycleStatus.COMPLETED, ended_on__range=period).values("room")
    steps = CycleStep.objects.filter(cycle__room__in=here).order_by().values("cycle__room")
    kept = ~Q(cycle__status=CycleStatus.CANCELLED) | Q(done_on__isnull=False)
    found = [
        opened.values_list("room", Count("pk")),
        completed.values_list("room", Count("pk")),
        completed.filter(modelled=True).values_list("room", Count("pk")),
        steps.filter(kept, planned_on__range=period).values_list(
            "cycle__room", Sum("planned_minutes")
        ),
        steps.filter(done_on__range=period).values_list("cycle__room", Sum("actual_minutes")),
    ]
    for column, rows in zip(COUNTS, found, strict=True):
        frame[column] = pd.Series(dict(rows), dtype="float64")
    frame[COUNTS] = frame[COUNTS].fillna(0)
    return frame.astype("int64").reset_index()


def completed(rooms: QuerySet[Unit], start: datetime.date, end: datetime.date) -> pd.DataFrame:
    """Cycles completed in ``rooms`` from ``start`` to ``end``: those that ``doses`` counts.

    One row per cycle: room (int64, id), day (object, the date on which it was completed). One
    query.
    """
    here = rooms.order_by().values("pk")
    cycles = MentoringCycle.objects.filter(
        room__in=here, status=CycleStatus.COMPLETED, ended_on__range=(start, end)
    )
    rows = cycles.order_by("room", "ended_on").values_list("room", "ended_on")
    return pd.DataFrame.from_records(list(rows), columns=["room", "day"]).astype({"room": "int64"})


def cycles(rooms: QuerySet[Unit], start: datetime.date, end: datetime.date) -> pd.DataFrame:
    """The cycles of ``completed`` with what was done in them.

    One row per cycle: room (int64, id), day (object, date), minutes (int64, of all its steps),
    modelled (int64, 1 where the mentor modelled the practice). One query.
    """
    here = rooms.order_by().values("pk")
    done = MentoringCycle.objects.filter(
        room__in=here, status=CycleStatus.COMPLETED, ended_on__range=(start, end)
    )
    rows = done.annotate(minutes=Sum("steps__actual_minutes", default=0))
    found = rows.order_by("room", "ended_on", "pk").values_list(
        "room", "ended_on", "minutes", "modelled"
    )
    frame = pd.DataFrame.from_records(list(found), columns=["room", "day", "minutes", "modelled"])
    return frame.astype(dict.fromkeys(("room", "minutes", "modelled"), "int64"))
