"""Visits that are planned, from which double codings are drawn; apps above add theirs."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from observation.enums import Purpose
from observation.models import ObservationSession, RoundAssignment
from observation.queries import rounds
from organisations.models import Unit


@dataclass(frozen=True)
class PlannedVisit:
    """``visit`` is its name, the same however often it is asked for; ids of room and observer."""

    visit: str
    observer: int
    room: int
    on: datetime.date
    purpose: str


Provider = Callable[[Unit, datetime.date, datetime.date], Iterable[PlannedVisit]]


def official_visits(
    unit: Unit, since: datetime.date, until: datetime.date
) -> Iterator[PlannedVisit]:
    """Official visits below ``unit``, planned ``since`` to ``until``, not begun and not made."""
    begun = ObservationSession.objects.filter(
        unit=OuterRef("room"), observer=OuterRef("observer"), observed_on=OuterRef("planned_on")
    )
    rows = RoundAssignment.objects.within(unit).filter(
        ~Exists(begun), planned_on__range=(since, until)
    )
    made = rounds.made(rows)
    for row in rows.order_by("pk"):
        if row not in made:
            yield PlannedVisit(
                row.reference, row.observer_id, row.room_id, row.planned_on, Purpose.OFFICIAL.value
            )


_providers: list[Provider] = [official_visits]


def register(provider: Provider) -> None:
    """``provider(unit, since, until)`` yields visits still to be made; again is harmless."""
    if provider not in _providers:
        _providers.append(provider)


def visits(unit: Unit, since: datetime.date, until: datetime.date) -> list[PlannedVisit]:
    """All planned visits below ``unit`` from ``since`` to ``until``, both included."""
    found = [visit for give in _providers for visit in give(unit, since, until)]
    return sorted(found, key=lambda each: (each.observer, each.on, each.visit))
