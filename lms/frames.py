"""From learning rows to pandas. Slow to import: tasks and commands only."""

import datetime

import pandas as pd
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from lms.models import Enrolment
from organisations.models import Post, Unit
from organisations.roles import RoleCode


def learning(rooms: QuerySet[Unit], start: datetime.date, end: datetime.date) -> pd.DataFrame:
    """Lessons that the caregivers of ``rooms`` completed from ``start`` to ``end``.

    One row per room, each of ``rooms`` once: room (int64, id), modules (int64, lessons completed
    by all its caregivers together), learners (int64, caregivers who held a post in the room on
    some day of the period). Three queries, however many rooms.
    """
    here = rooms.order_by().values("pk")
    posts = Post.objects.filter(role=RoleCode.CAREGIVER, unit__in=here, starts_on__lte=end)
    by_room = posts.exclude(ends_on__lt=start).order_by().values("unit")
    completed = Enrolment.objects.filter(unit__in=here, completed_at__date__range=(start, end))
    frame = pd.DataFrame({"room": list(rooms.values_list("pk", flat=True))}, dtype="int64")
    counts = {
        "modules": completed.order_by().values("unit").values_list("unit", Count("pk")),
        "learners": by_room.values_list("unit", Count("user", distinct=True)),
    }
    for name, rows in counts.items():
        frame[name] = frame["room"].map(dict(rows)).fillna(0).astype("int64")
    return frame


def completed(rooms: QuerySet[Unit], start: datetime.date, end: datetime.date) -> pd.DataFrame:
    """Lessons completed in ``rooms`` from ``start`` to ``end``: those that ``learning`` counts.

    One row per lesson and caregiver: room (int64, id), day (object, date). One query.
    """
    here = rooms.order_by().values("pk")
    taken = Enrolment.objects.filter(unit__in=here, completed_at__date__range=(start, end))
    rows = taken.order_by("unit", "completed_at").values_list("unit", "completed_at__date")
    return pd.DataFrame.from_records(list(rows), columns=["room", "day"]).astype({"room": "int64"})


def first_completed(posts: QuerySet[Post], until: datetime.date) -> pd.DataFrame:
    """The first lesson that each holder of ``posts`` completed by ``until``, wherever it was.

    One row per person who completed one: person (int64, id), day (object, date). One query.
    """
    people = posts.order_by().values("user")
    taken = Enrolment.objects.filter(user__in=people, completed_at__date__lte=until)
    rows = taken.order_by("user").values_list("user").annotate(first=Min("completed_at"))
    frame = pd.DataFrame(
        [(person, timezone.localdate(first)) for person, first in rows], columns=["person", "day"]
    )
    return frame.astype({"person": "int64"})
