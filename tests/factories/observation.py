"""The checklist as the programme publishes it, and sessions recorded with it."""

import csv
import datetime
from pathlib import Path

from django.utils import timezone

from observation.actions import instruments, sessions
from observation.enums import ItemKind, RatingState
from observation.models import InstrumentVersion, ObservationSession, SafeguardingCase
from organisations.models import Unit, User
from tests.factories import organisations

CHECKLIST = Path(__file__).resolve().parents[2] / "content" / "checklist.csv"
ROUTINE, PLAY = ["ALI"], ["JUE"]


def rows() -> list[dict[str, str]]:
    with CHECKLIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def checklist() -> InstrumentVersion:
    """Version 1 of the checklist, published."""
    return instruments.publish(version=instruments.load(rows()))


def draft(room: Unit, observer: User | None = None, **fields) -> ObservationSession:
    """A session begun today by a mentor of the centre, for a caregiver of the room."""
    observer = observer or organisations.person("mentor", room.get_parent())
    if "caregiver" not in fields:
        fields["caregiver"] = organisations.person("caregiver", room)
    if "version" not in fields and not InstrumentVersion.objects.exists():
        checklist()
    defaults = {"observed_on": timezone.localdate()}
    return sessions.begin(room=room, by=observer, **(defaults | fields))


def cycle(session: ObservationSession, number: int, moments=None, value=2, **fields) -> dict:
    """An entry of one cycle in which every item that applies has ``value``."""
    moments = moments or (ROUTINE if number == 1 else PLAY)
    items = session.version.items.filter(kind=ItemKind.SCORED)
    return {
        "number": number,
        "moments": moments,
        "started_at": datetime.time(9 + number, 0),
        "ended_at": datetime.time(9 + number, 18),
        "ratings": {
            item.code: {"state": RatingState.SCORED, "value": value}
            for item in items
            if item.applies(session.age_group, moments)
        },
    } | fields


def filled(room: Unit, observer: User | None = None, value=2, **fields) -> ObservationSession:
    """A draft with two full cycles, ready to close."""
    session = draft(room, observer, **fields)
    entries = [cycle(session, number, value=value) for number in (1, 2)]
    return sessions.save_draft(session=session, cycles=entries, by=session.observer)


def closed(room: Unit, observer: User | None = None, value=2, **fields) -> ObservationSession:
    """A closed session with its scores."""
    session = filled(room, observer, value, **fields)
    return sessions.close(session=session, by=session.observer)


def case(room: Unit, item: str = "ALE1", text: str = "Invented fact") -> SafeguardingCase:
    """The case of an alert marked in a draft."""
    session = draft(room)
    entry = {"number": 1, "moments": ROUTINE, "alerts": {item: text}}
    sessions.save_draft(session=session, cycles=[entry], by=session.observer)
    return SafeguardingCase.objects.get(session_uid=session.pk)
