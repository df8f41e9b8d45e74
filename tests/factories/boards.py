"""What a board is computed from: centres with official sessions and parents' visits."""

import datetime

from analytics import queries
from analytics.actions import runs
from analytics.enums import RunKind
from analytics.models import Run
from observation.enums import Purpose
from observation.models import InstrumentVersion, ObservationSession
from organisations.enums import AgeGroup, Provision, UnitKind
from organisations.models import Unit, User
from tests.factories import observation as observe
from tests.factories import organisations as make
from tests.factories import visits as visiting
from tests.factories.mentoring import days_ago


def centre(zone: Unit, code: str, rooms: int = 2, **fields) -> Unit:
    fields = {"provision": Provision.CONTRACTED} | fields
    made = make.unit(UnitKind.CENTRE, zone, code, **fields)
    for number, age in zip(range(rooms), AgeGroup.values, strict=False):
        make.unit(UnitKind.ROOM, made, f"{code}-{number}", age_group=age)
    return made


def centres(zone: Unit, number: int, rooms: int = 2) -> list[Unit]:
    return [centre(zone, f"{zone.code}-c{n:02d}", rooms) for n in range(10, 10 + number)]


def official(at: Unit, values: list[int], observer: User) -> list[ObservationSession]:
    """An official session in each room of the centre, all items of the n-th with ``values[n]``."""
    rooms = at.get_children().filter(kind=UnitKind.ROOM)
    fields = {"purpose": Purpose.OFFICIAL, "observed_on": days_ago(20)}
    fields["caregiver"] = make.person("caregiver", at)
    return [
        observe.closed(room, observer, value, **fields)
        for room, value in zip(rooms, values, strict=True)
    ]


def visit(at: Unit, yes: int, no: int, on: datetime.date | None = None) -> None:
    """A visit whose parents say so many times yes and no to items of the safety index."""
    made = visiting.visit(at, guide(), visited_on=on or days_ago(30))
    visiting.everybody_says(made, yes, no)


def guide() -> InstrumentVersion:
    published = InstrumentVersion.objects.filter(instrument__kind="guide").first()
    return published or visiting.guide()


def parents(at: Unit, number: int, on: datetime.date | None = None) -> None:
    """A visit from which so many parents' guides were received."""
    made = visiting.visit(at, guide(), visited_on=on or days_ago(30))
    for parent in range(number):
        visiting.response(made, str(parent + 1), {"PSG-ACC01": "yes"})


def board(unit: Unit, **fields) -> Run:
    """The board of ``unit`` over the last 300 days, computed."""
    asked = {
        "unit": unit,
        "starts_on": days_ago(300),
        "ends_on": days_ago(0),
        "options": queries.board_options(),
    }
    return runs.compute(run=runs.request(kind=RunKind.BOARD, background=False, **asked | fields))
