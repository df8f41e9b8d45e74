"""The results of a room, a group, a centre or a region, for their pages. Slow to import: pandas."""

import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from core import charts
from observation import bands, frames, queries
from observation.bands import Verdict
from observation.enums import Purpose
from observation.models import Item, ObservationSession
from observation.queries import Reading
from observation.views import profiles
from observation.views.profiles import Results
from organisations.enums import UnitKind
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit


@dataclass(frozen=True)
class Place:
    """What is asked: the sessions of ``unit`` that the reader may see, of a reading and period."""

    unit: Unit
    region: Unit | None
    sessions: ScopedQuerySet
    reading: Reading
    days: tuple[datetime.date, datetime.date]


def of_room(place: Place) -> dict[str, Any]:
    return _of_visits(place)


def of_centre(place: Place) -> dict[str, Any]:
    """As of a room, and item by item in each room."""
    told = _of_visits(place)
    if "heats" in told:
        told["heats"].append(_items_by_room(place))
    return told


def _of_visits(place: Place) -> dict[str, Any]:
    """Scores with what other visits would have left; the region says how far visits differ."""
    scores, pool = frames.scores(place.sessions), frames.scores(_pool(place))
    if scores.empty:
        return {}
    estimate = profiles.by_visits(pool, profiles.domains(place.reading.version))
    found = profiles.read(place.reading.version, scores, estimate, "M")
    note = _(
        "The line says where the score of the rooms that were visited would lie after other visits "
        "(95 %): it rests on how much visits to the same room of the region differ in this period. "
        "n is the number of visits."
    )
    return _shown(place, found, note) | _comparison(place, found, pool)


def _pool(place: Place) -> ScopedQuerySet:
    """The sessions of the whole region: only how they spread is shown of them, and never whose."""
    whole = queries.countable(ObservationSession.objects.within(place.region or place.unit))
    return queries.of_reading(whole, place.reading, place.days)


def of_region(place: Place) -> dict[str, Any]:
    """Centres are what is counted, since rooms of one resemble each other."""
    scores = frames.scores(place.sessions)
    if scores.empty:
        return {}
    estimate = profiles.by_centres(profiles.domains(place.reading.version))
    found = profiles.read(place.reading.version, scores, estimate, "M")
    note = _(
        "The line says where the mean of such centres would lie (95 %), since rooms of one centre "
        "resemble each other. n is the number of visits."
    )
    return _shown(place, found, note) | _comparison(place, found, scores)


def of_group(place: Place) -> dict[str, Any]:
    """Each caregiver once, and nothing where they are fewer than the rule asks for."""
    least = queries.showing_rule().minimum_caregivers
    caregivers = place.sessions.order_by().values("caregiver").distinct().count()
    if caregivers < least:
        return {"caregivers": caregivers, "too_few": True}
    scores = frames.scores(place.sessions)
    estimate = profiles.by_caregivers(profiles.domains(place.reading.version), least)
    found = profiles.read(place.reading.version, scores, estimate, "Q")
    note = _(
        "Each caregiver counts once. The line says where the mean of such caregivers would lie "
        "(95 %). n is the number of caregivers."
    )
    told = {"caregivers": caregivers, "results": found, "whole": profiles.whole_chart(found, note)}
    parts = [one for points in found.over_time.values() for one in points if one is not None]
    # What one quarter hides could be worked out of the others: all of them, or none.
    if all(one.value is not None for one in parts):
        told["over_time"] = list(profiles.time_charts(found, _("By quarter.")))
    return told


OF = {
    UnitKind.ROOM: of_room,
    UnitKind.CENTRE: of_centre,
    UnitKind.REGION: of_region,
    "group": of_group,
}


def _shown(place: Place, found: Results, note: str) -> dict[str, Any]:
    return {
        "sessions": place.sessions.count(),
        "results": found,
        "whole": profiles.whole_chart(found, note),
        "over_time": list(profiles.time_charts(found, "")),
        "heats": [_items_by_month(place, found)],
    }


def _items(place: Place) -> list[Item]:
    return list(queries.scored_items(ObservationSession(version=place.reading.version)))


def _items_by_month(place: Place, found: Results) -> charts.Chart:
    labels = profiles.month_labels(found.spans)
    columns = [(day, label, label) for day, label in zip(found.spans, labels, strict=True)]
    means = queries.item_means_by_month(place.sessions)
    return profiles.heat(_("Items by month"), _items(place), columns, means)


def _items_by_room(place: Place) -> charts.Chart:
    seen = Unit.objects.filter(pk__in=place.sessions.order_by().values("unit")).order_by("path")
    columns = [
        (room.pk, room.age_group or str(number), room.name) for number, room in enumerate(seen, 1)
    ]
    means = queries.item_means_by_room(place.sessions)
    return profiles.heat(_("Items by room"), _items(place), columns, means)


def _comparison(place: Place, found: Results, pool: pd.DataFrame) -> dict[str, Any]:
    """The middle half of the region's centres; never who is first."""
    if place.region is None:
        return {}
    verdict = Verdict(False, _("what is observed for mentoring serves the talk in the room."))
    if place.reading.purpose == Purpose.OFFICIAL:
        verdict = bands.verdict(place.region, place.reading.version)
    told: dict[str, Any] = {"verdict": verdict, "region": place.region}
    if verdict.allowed:
        least = queries.showing_rule().minimum_centres
        told |= {"least": least, "compared": profiles.compared(found, profiles.bands(pool, least))}
    return told
