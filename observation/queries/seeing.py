"""What the pages of rooms, groups, centres and regions, and the exports, are made from."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.db.models.functions import Left, TruncMonth

from observation.enums import ItemKind, Purpose, RatingState
from observation.models import InstrumentVersion, ObservationSession, Rating, ShowingRule
from observation.queries.official import once, unflagged
from observation.queries.sessions import CHECKLIST, Sessions, current, of_the_programme
from organisations.enums import UnitKind
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit, User

PERMISSION = "observation.view"
DEIDENTIFIED = "observation.deidentified"


@dataclass(frozen=True)
class Reading:
    """Scores that may stand side by side: of one version, for one purpose."""

    version: InstrumentVersion
    purpose: str
    sessions: int
    last: datetime.date

    @property
    def key(self) -> str:
        return f"{self.version.pk}-{self.purpose}"

    @property
    def name(self) -> str:
        return f"{self.version} · {Purpose(self.purpose).label}"


def showing_rule() -> ShowingRule:
    """The rules in force; those of the house where the programme has changed none."""
    return ShowingRule.objects.first() or ShowingRule()


def countable(sessions: Sessions) -> Sessions:
    """Sessions that a figure may count: current ones of the programme, each visit once."""
    return once(of_the_programme(current(sessions)))


def readings(sessions: QuerySet[ObservationSession]) -> list[Reading]:
    """What there is of ``sessions``: the programme's checklist first, the newest version before
    others, official before formative."""
    rows = list(
        sessions.order_by()
        .values("version", "purpose")
        .annotate(n=Count("pk"), last=Max("observed_on"))
    )
    versions = InstrumentVersion.objects.select_related("instrument").in_bulk(
        [row["version"] for row in rows]
    )
    found = [
        Reading(versions[row["version"]], row["purpose"], row["n"], row["last"]) for row in rows
    ]
    return sorted(
        found,
        key=lambda one: (
            one.version.instrument.code != CHECKLIST,
            one.version.instrument.code,
            -one.version.number,
            one.purpose != Purpose.OFFICIAL,
        ),
    )


def of_reading(
    sessions: ScopedQuerySet, reading: Reading, days: tuple[datetime.date, datetime.date]
) -> ScopedQuerySet:
    """Those of ``sessions`` that belong to ``reading`` and to ``days``, first and last included.

    Of official ones those that official figures count.
    """
    found = all_of_reading(sessions, reading, days)
    return unflagged(found) if reading.purpose == Purpose.OFFICIAL else found


def all_of_reading(
    sessions: ScopedQuerySet, reading: Reading, days: tuple[datetime.date, datetime.date]
) -> ScopedQuerySet:
    """As ``of_reading``, with those that official figures leave out."""
    return sessions.filter(
        version=reading.version, purpose=reading.purpose, observed_on__range=days
    )


def item_means_by_month(sessions: QuerySet[ObservationSession]) -> QuerySet[Rating, Any]:
    """Rows of ``item`` (id), ``at`` (first day of a month), ``mean`` in points, ``n`` values."""
    return _item_means(sessions, TruncMonth("cycle__session__observed_on"))


def item_means_by_room(sessions: QuerySet[ObservationSession]) -> QuerySet[Rating, Any]:
    """Rows of ``item``, ``at`` (ids of item and room), ``mean`` in points, ``n`` values."""
    return _item_means(sessions, F("cycle__session__unit"))


def _item_means(sessions: QuerySet[ObservationSession], at) -> QuerySet[Rating, Any]:
    given = Rating.objects.filter(
        cycle__session__in=sessions.order_by().values("pk"),
        item__kind=ItemKind.SCORED,
        state=RatingState.SCORED,
    )
    return given.values("item", at=at).annotate(mean=Avg("value"), n=Count("pk")).order_by()


def places(user: User) -> ScopedQuerySet:
    """Rooms, centres and regions that ``user`` may see; of a room, also where she was observed."""
    hers = ObservationSession.objects.visible_to(user, PERMISSION)
    below = Unit.objects.visible_to(user, PERMISSION)
    seen = Unit.objects.filter(
        Q(pk__in=below.order_by().values("pk")) | Q(pk__in=hers.order_by().values("unit"))
    )
    return seen.filter(kind__in=[UnitKind.ROOM, UnitKind.CENTRE, UnitKind.REGION])


def uppermost(places: ScopedQuerySet) -> ScopedQuerySet:
    """Of ``places`` the regions; where there are none the centres, else the rooms."""
    for kind in (UnitKind.REGION, UnitKind.CENTRE):
        if (found := places.filter(kind=kind)).exists():
            return found
    return places.filter(kind=UnitKind.ROOM)


@dataclass(frozen=True)
class Seen:
    """What was observed in a unit: how many sessions count, and the day of the last."""

    sessions: int
    last: datetime.date


def seen(sessions: ScopedQuerySet, kind: UnitKind) -> dict[str, Seen]:
    """By tree path of the units of ``kind`` in which ``sessions`` lie; no unit without any."""
    rows = (
        sessions.order_by()
        .values(at=Left("unit__path", kind.depth * Unit.steplen))
        .annotate(n=Count("pk"), last=Max("observed_on"))
    )
    return {row["at"]: Seen(row["n"], row["last"]) for row in rows}


def above(unit: Unit, kind: UnitKind) -> Unit | None:
    """The unit of ``kind`` that ``unit`` lies in, or is."""
    return Unit.objects.filter(path=unit.path[: kind.depth * Unit.steplen], kind=kind).first()
