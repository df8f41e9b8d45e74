"""What each exported table begins with: the session, where, when and who.

Either as the platform knows them, or as numbers that are drawn for one table and forgotten with it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from observation import queries
from observation.enums import Purpose
from organisations.enums import UnitKind
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit

DRAWN = ("session", "region", "centre", "room", "observer", "caregiver")
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Variable:
    """A column: its name, what it says, what its numbers mean and which of them are no values."""

    name: str
    label: str
    kind: str = "text"  # text, number, day
    labels: dict[int, str] = field(default_factory=dict)
    missing: dict[int, str] = field(default_factory=dict)
    level: str = ""  # nominal, ordinal, scale; by default texts and named numbers are nominal

    @property
    def measure(self) -> str:
        by_kind = "nominal" if self.kind == "text" or self.labels else "scale"
        return self.level or by_kind


class Facts:
    """As the platform knows them: codes of places, numbers of people, the day."""

    def __init__(self, sessions: ScopedQuerySet):
        self.sessions = sessions
        above = Unit.objects.filter(kind__in=[UnitKind.REGION, UnitKind.CENTRE]).order_by()
        self.codes = dict(above.values_list("path", "code"))

    @property
    def variables(self) -> list[Variable]:
        purposes = dict(enumerate((str(Purpose(one).label) for one in Purpose.values), 1))
        return [
            Variable("session", _("session")),
            Variable("region", _("region, by its code")),
            Variable("centre", _("centre, by its code")),
            Variable("room", _("room, by its code")),
            Variable("purpose", _("purpose"), "number", purposes),
            Variable(
                "left_out",
                _("official, but left out of official figures"),
                "number",
                {0: _("no"), 1: _("yes")},
            ),
            Variable("observed_on", _("day of the session"), "day"),
            Variable("age_group", _("age group of the room")),
            Variable("observer", _("observer, by her number"), "number", level="nominal"),
            Variable("caregiver", _("caregiver, by her number"), "number", level="nominal"),
        ]

    def ids(self) -> Sequence[Any]:
        """The sessions, in the order of the table."""
        return list(self.sessions.order_by("observed_on", "pk").values_list("pk", flat=True))

    def of(self, sessions) -> dict[Any, list[Any]]:
        """The values of ``variables`` by session, in the order of the table."""
        rows = queries.with_flags(sessions).order_by("observed_on", "pk").values_list(
            "pk", "unit__path", "unit__code", "purpose", "flagged", "observed_on", "age_group",
            "observer_id", "caregiver_id",
        )  # fmt: skip
        purposes = {purpose: number for number, purpose in enumerate(Purpose.values, 1)}
        depth = {kind: kind.depth * Unit.steplen for kind in (UnitKind.REGION, UnitKind.CENTRE)}
        return {
            pk: [
                str(pk),
                self.codes.get(path[: depth[UnitKind.REGION]], ""),
                self.codes.get(path[: depth[UnitKind.CENTRE]], ""),
                room,
                purposes[purpose],
                int(flagged),
                *rest,
            ]
            for pk, path, room, purpose, flagged, *rest in rows
        }


class DrawnFacts(Facts):
    """Numbers in place of sessions, places and people, weeks in place of days, in a drawn order.

    The draw is made anew for each table and its key kept nowhere: nobody can tell from two tables
    that a number of the one is that of the other.
    """

    def __init__(self, sessions: ScopedQuerySet):
        super().__init__(sessions)
        known = super().of(sessions)
        self.names = [one.name for one in super().variables]
        columns = dict(zip(self.names, zip(*known.values(), strict=True), strict=False))
        self.numbers = {name: _drawn(columns.get(name, ())) for name in DRAWN}
        self.first = min(columns.get("observed_on", ()), default=None)
        self.order = sorted(known, key=lambda pk: self.numbers["session"][str(pk)])

    @property
    def variables(self) -> list[Variable]:
        instead = {
            "session": _("session, by a number drawn for this file"),
            "region": _("region, by a number drawn for this file"),
            "centre": _("centre, by a number drawn for this file"),
            "room": _("room, by a number drawn for this file"),
            "observer": _("observer, by a number drawn for this file"),
            "caregiver": _("caregiver, by a number drawn for this file"),
        }
        week = _("week, in place of the day; 1 begins with the first day of this file")
        told = {
            name: Variable(name, label, "number", level="nominal")
            for name, label in instead.items()
        }
        told["observed_on"] = Variable("week", week, "number")
        return [told.get(one.name, one) for one in super().variables]

    def ids(self) -> Sequence[Any]:
        return self.order

    def of(self, sessions) -> dict[Any, list[Any]]:
        found = {pk: self._replaced(told) for pk, told in super().of(sessions).items()}
        return dict(sorted(found.items(), key=lambda pair: pair[1][0]))

    def _replaced(self, told: list[Any]) -> list[Any]:
        return [
            self.numbers[name].get(value)
            if name in DRAWN
            else (value - self.first).days // DAYS_OF_A_WEEK + 1
            if name == "observed_on"
            else value
            for name, value in zip(self.names, told, strict=True)
        ]


def _drawn(values: Sequence[Any]) -> dict[Any, int]:
    """A number for each of ``values`` but None, from 1 on, by a chance that nobody can repeat."""
    known = list({value for value in values if value is not None})
    random.SystemRandom().shuffle(known)
    return {value: number for number, value in enumerate(known, 1)}


def of(sessions: ScopedQuerySet, *, drawn: bool) -> Facts:
    return DrawnFacts(sessions) if drawn else Facts(sessions)
