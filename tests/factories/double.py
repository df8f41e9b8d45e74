"""Double codings: the least that makes one, and one that both have closed."""

import datetime
from collections.abc import Mapping

from django.utils import timezone

from observation.actions import pairs, sessions
from observation.enums import Purpose
from observation.models import CodingPair, EvaluationRound, ObservationSession
from organisations.models import Unit, User
from tests.factories import observation as make
from tests.factories import organisations


def today() -> datetime.date:
    return timezone.localdate()


def observer(room: Unit) -> User:
    """A zonal coordinator: she observes in the room and mentors nowhere."""
    return organisations.person("zonal", room.get_parent().get_parent())


def pair(room: Unit, first: User | None = None, second: User | None = None, **fields) -> CodingPair:
    """Two observers paired by hand for an official double coding today."""
    defaults = {"planned_on": today(), "purpose": Purpose.OFFICIAL, "reason": "Both are there"}
    first, second = first or observer(room), second or observer(room)
    by = organisations.person("regional", room.get_parent().get_parent().get_parent())
    return pairs.make(room=room, first=first, second=second, by=by, **(defaults | fields))


def code(
    pair: CodingPair, who: User, value=2, changed: Mapping[tuple[int, str], int] | None = None
) -> ObservationSession:
    """``who`` observes for ``pair`` and closes, all items at ``value`` but those ``changed``."""
    caregiver = None
    if pair.purpose == Purpose.FORMATIVE:
        caregiver = organisations.person("caregiver", pair.room)
    session = make.draft(
        pair.room, who, caregiver=caregiver, purpose=pair.purpose, observed_on=pair.planned_on
    )
    entries = [make.cycle(session, number, value=value) for number in (1, 2)]
    for (number, item), other in (changed or {}).items():
        entries[number - 1]["ratings"][item] = {"state": "scored", "value": other}
    return sessions.close(session=session, by=who, cycles=entries)


def completed(room: Unit, first=None, second=None, values=(2, 2), **changes) -> CodingPair:
    """A pair of which both have closed; ``changed``, by cycle and item, what the second gave."""
    made = pair(room, first, second)
    code(made, made.first, values[0])
    code(made, made.second, values[1], changes.get("changed"))
    made.refresh_from_db()
    return made


def evaluation(unit: Unit, version, days=10, **fields) -> EvaluationRound:
    """A round around today."""
    defaults = {
        "name": {"es": "Ronda inventada", "en": "Invented round"},
        "starts_on": today() - datetime.timedelta(days=days),
        "ends_on": today() + datetime.timedelta(days=days),
    }
    made = EvaluationRound.objects.create(unit=unit, **(defaults | fields))
    made.versions.set([version])
    return made
