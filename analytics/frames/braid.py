"""The three strands of a unit and period, by room and centre.

Slow to import: tasks and commands only.
"""

import datetime

import pandas as pd

from analytics.frames.judged import judged
from lms import frames as lms_frames
from mentoring import frames as mentoring_frames
from observation import frames as observation_frames
from observation.models import ObservationSession
from observation.queries import CHECKLIST, countable
from organisations.enums import UnitKind
from organisations.models import Unit
from visits import frames as visits_frames


def braid_inputs(
    unit: Unit,
    starts_on: datetime.date,
    ends_on: datetime.date,
    instrument: str = CHECKLIST,
) -> dict[str, pd.DataFrame]:
    """The strands of ``unit`` from ``starts_on`` to ``ends_on``, keyed by ids of room and centre.

    dose: room, centre, cycles (completed), minutes (actual); cycles: room, date (ordinal) of each
    completed one; learning: room, centre, modules (completed by its learners), learners; lessons:
    room, date (ordinal) of each completed one; sessions (one row): all, official, others (counts;
    the last are official ones that do not compare, so that their scores are left out), versions
    (numbers, as text); scores: room, centre, date (ordinal), score (overall, 0 to 100, NaN where
    not valid) of official sessions of ``instrument`` (code) alone, since who mentors a room is not
    its judge; findings: centre, visits, parents, yes, no (items of the safety index), findings.
    """
    period = (starts_on, ends_on)
    rooms = Unit.objects.within(unit).of_kind(UnitKind.ROOM)
    dose = mentoring_frames.doses(rooms, *period)
    dose = dose.rename(columns={"cycles_completed": "cycles", "actual_minutes": "minutes"})
    centre_of = dose.set_index("room")["centre"]
    learning = lms_frames.learning(rooms, *period)
    sessions = ObservationSession.objects.within(unit).filter(observed_on__range=period)
    official = judged(unit, *period, instrument)
    scores = observation_frames.scores(official.sessions)
    overall = scores[scores["domain"] == observation_frames.ALL]
    return {
        "dose": dose[["room", "centre", "cycles", "minutes"]],
        "cycles": _dated(mentoring_frames.completed(rooms, *period), "day"),
        "learning": learning.assign(centre=learning["room"].map(centre_of)),
        "lessons": _dated(lms_frames.completed(rooms, *period), "day"),
        "sessions": pd.DataFrame(
            {
                "all": [countable(sessions).count()],
                "official": [official.count],
                "others": [official.others],
                "versions": [official.told],
            }
        ),
        "scores": _dated(overall, "observed_on")[["room", "centre", "date", "score"]].astype(
            {"room": "int64", "centre": "int64"}
        ),
        "findings": visits_frames.safety(unit, *period),
    }


def _dated(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The frame with its days as ordinals, in a column ``date``."""
    days = [day.toordinal() for day in frame[column]]
    return frame.drop(columns=column).assign(date=pd.Series(days, frame.index, dtype="int64"))


def named(table: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """The joined table with the codes of rooms and centres in place of ids, and days as dates."""
    codes = dict(Unit.objects.within(unit).values_list("pk", "code"))
    days = {
        name: pd.Series(
            [None if pd.isna(day) else datetime.date.fromordinal(int(day)) for day in table[name]],
            index=table.index,
            dtype=object,
        )
        for name in ("first_date", "last_date")
    }
    return table.assign(room=table["room"].map(codes), centre=table["centre"].map(codes), **days)
