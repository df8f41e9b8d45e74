"""What lies between two scores of a room, strand by strand.

Slow to import: tasks and commands only.
"""

import datetime

import pandas as pd
from django.db.models import Count

from analytics.frames.judged import judged
from lms import frames as lms_frames
from mentoring import frames as mentoring_frames
from observation import frames as observation_frames
from observation.queries import CHECKLIST
from organisations.enums import UnitKind
from organisations.models import Post, Unit
from organisations.roles import RoleCode
from visits import frames as visits_frames


def linkage_inputs(
    unit: Unit,
    starts_on: datetime.date,
    ends_on: datetime.date,
    instrument: str = CHECKLIST,
) -> dict[str, pd.DataFrame]:
    """The strands of ``unit`` from ``starts_on`` to ``ends_on``, each with its days (ordinals).

    scores: room, centre (ids), date, score (overall, of official sessions of ``instrument`` alone);
    rooms: room, centre, learners, staff (caregivers on the last day); cycles: room, date, minutes,
    modelled, fidelity (NaN: its steps are not recorded yet); lessons: room, date; departures: room,
    date, a caregiver's post that ended; answers: centre, date, yes, no.
    """
    period = (starts_on, ends_on)
    rooms = Unit.objects.within(unit).of_kind(UnitKind.ROOM)
    scores = observation_frames.scores(judged(unit, *period, instrument).sessions)
    overall = scores[(scores["domain"] == observation_frames.ALL) & scores["score"].notna()]
    posts = Post.objects.within(unit).filter(role=RoleCode.CAREGIVER, unit__in=rooms)
    left = posts.filter(ends_on__range=period).order_by("unit", "ends_on")
    return {
        "scores": _dated(overall, "observed_on")[["room", "centre", "date", "score"]].astype(
            {"room": "int64", "centre": "int64"}
        ),
        "rooms": _rooms(rooms, posts, *period),
        "cycles": _dated(mentoring_frames.cycles(rooms, *period), "day").assign(
            fidelity=float("nan")
        ),
        "lessons": _dated(lms_frames.completed(rooms, *period), "day"),
        "departures": _dated(_frame(left.values_list("unit", "ends_on"), ["room", "day"]), "day"),
        "answers": _dated(visits_frames.safety_by_day(unit, *period), "day"),
    }


def _rooms(rooms, posts, starts_on: datetime.date, ends_on: datetime.date) -> pd.DataFrame:
    """Each room with its centre, its learners of the period and its caregivers on the last day."""
    found = lms_frames.learning(rooms, starts_on, ends_on)[["room", "learners"]]
    staff = dict(posts.in_force(ends_on).order_by().values_list("unit").annotate(n=Count("user")))
    doses = mentoring_frames.doses(rooms, starts_on, ends_on).set_index("room")["centre"]
    return found.assign(
        staff=found["room"].map(staff).fillna(0).astype("int64"), centre=found["room"].map(doses)
    )


def _frame(rows, columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame.from_records(list(rows), columns=columns).astype({"room": "int64"})


def _dated(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The frame with its days as ordinals, in a column ``date``."""
    days = [day.toordinal() for day in frame[column]]
    return frame.drop(columns=column).assign(date=pd.Series(days, frame.index, dtype="int64"))
