"""What the board of a unit and period is computed from.

Slow to import: tasks and commands only.
"""

import datetime
from collections import Counter

import pandas as pd
from django.db.models import QuerySet

from analytics.frames.judged import judged
from lms import frames as lms_frames
from mentoring import frames as mentoring_frames
from observation import frames as observation_frames
from observation.queries import CHECKLIST
from organisations.enums import UnitKind
from organisations.models import Post, Unit
from organisations.roles import RoleCode
from visits import frames as visits_frames
from visits.models import Visit

# Before any record: who has begun earlier has begun.
FIRST_DAY = datetime.date(2000, 1, 1)


def board_inputs(
    unit: Unit,
    starts_on: datetime.date,
    ends_on: datetime.date,
    instrument: str = CHECKLIST,
) -> dict[str, pd.DataFrame]:
    """The records of ``unit`` from ``starts_on`` to ``ends_on`` (both count).

    centres: centre (id), code, name, region (name), provision, by code; sessions: centre, room,
    observer (ids), score (overall, 0 to 100) of official sessions of ``instrument`` (code) that
    have one; judged (one row): versions (numbers, as text) that they are of, others (official
    sessions that do not compare with them and are left out); answers: centre, parents (guides
    received), yes, no (items of the safety index); findings: severity, raised_on, due_on,
    cleared_on (ordinals; the last missing while it is open); reach: tier, month ("2026-03", missing
    for not yet) of the first mentoring cycle completed in each room that is open on the last day
    ("rooms"), and of the first lesson completed by each person who then works as a caregiver
    ("caregivers") or mentor ("mentors").
    """
    period = (starts_on, ends_on)
    official = judged(unit, *period, instrument)
    scores = observation_frames.scores(official.sessions)
    overall = scores[(scores["domain"] == observation_frames.ALL) & scores["score"].notna()]
    visits = Visit.objects.within(unit).filter(visited_on__range=period)
    return {
        "centres": _centres(unit),
        "sessions": overall[["centre", "room", "observer", "score"]]
        .astype({"centre": "int64", "room": "int64"})
        .sort_values(["centre", "room", "observer", "score"], ignore_index=True),
        "judged": pd.DataFrame({"versions": [official.told], "others": [official.others]}),
        "answers": visits_frames.safety(unit, *period)[["centre", "parents", "yes", "no"]],
        "findings": _findings(visits_frames.findings(visits)),
        "reach": pd.concat(
            [
                _rooms(unit, ends_on),
                _learners(unit, ends_on, RoleCode.CAREGIVER, "caregivers"),
                _learners(unit, ends_on, RoleCode.MENTOR, "mentors"),
            ],
            ignore_index=True,
        ),
    }


def _centres(unit: Unit) -> pd.DataFrame:
    rows = Unit.objects.within(unit).of_kind(UnitKind.CENTRE)
    found = rows.order_by("code").values_list("pk", "code", "name", "path", "provision")
    frame = pd.DataFrame(list(found), columns=["centre", "code", "name", "path", "provision"])
    regions = _names(Unit.objects.of_kind(UnitKind.REGION))
    frame["region"] = frame["path"].str.slice(0, UnitKind.REGION.depth * Unit.steplen).map(regions)
    frame["name"] = frame["path"].map(_names(rows))
    return frame[["centre", "code", "name", "region", "provision"]]


def _names(units: QuerySet[Unit]) -> dict[str, str]:
    """Names by path, with the code where several have the same."""
    found = list(units.values_list("path", "name", "code"))
    times = Counter(name for _path, name, _code in found)
    return {path: f"{name} ({code})" if times[name] > 1 else name for path, name, code in found}


def _findings(found: pd.DataFrame) -> pd.DataFrame:
    days = pd.DataFrame({"severity": found["severity"]})
    days["raised_on"] = _ordinals(found["visited_on"])
    days["due_on"] = _ordinals(found["due_on"])
    # Nobody records yet when a finding is cleared; visits' frame will have the day once one does.
    days["cleared_on"] = _ordinals(found["cleared_on"]) if "cleared_on" in found else float("nan")
    return days.sort_values(list(days.columns), ignore_index=True)


def _ordinals(days: pd.Series) -> pd.Series:
    numbers = [None if pd.isna(day) else float(day.toordinal()) for day in days]
    return pd.Series(numbers, days.index, dtype=float)


def _rooms(unit: Unit, on: datetime.date) -> pd.DataFrame:
    rooms = Unit.objects.within(unit).of_kind(UnitKind.ROOM).exclude(closed_on__lte=on)
    cycles = mentoring_frames.completed(rooms, FIRST_DAY, on)
    return _months("rooms", list(rooms.values_list("pk", flat=True)), cycles, "room")


def _learners(unit: Unit, on: datetime.date, role: RoleCode, tier: str) -> pd.DataFrame:
    posts = Post.objects.in_force(on).within(unit).filter(role=role)
    people = list(posts.order_by("user").values_list("user", flat=True).distinct())
    return _months(tier, people, lms_frames.first_completed(posts, on), "person")


def _months(tier: str, members: list[int], done: pd.DataFrame, key: str) -> pd.DataFrame:
    """A row for each of ``members``: the month of the first day that stands beside it."""
    first = done.groupby(key)["day"].min().map(lambda day: f"{day:%Y-%m}")
    months = pd.Series(members, dtype="int64").map(first).astype(object)
    # In the order of months: the places of people in a list would tell who is who.
    return pd.DataFrame({"tier": tier, "month": months}).sort_values(
        "month", kind="stable", ignore_index=True
    )
