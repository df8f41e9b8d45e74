"""Sessions as a table to take away: its variables with their labels, and its rows bit by bit.

Treatment alerts have no place in it, nor has anything that was written freely: notes and reasons
may name somebody. People are ids or drawn numbers, never names.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from core.fields import Translated
from observation import frames
from observation.actions.export_facts import Facts, Variable
from observation.enums import (
    STEP_WORDS,
    ExportLevel,
    ItemKind,
    RatingState,
    ScaleKind,
)
from observation.models import Cycle, InstrumentVersion, Item, ObservationSession

# Below whatever a scale allows: not applicable, and no answer (or no valid score).
NOT_APPLICABLE, MISSING = -97, -99
# Written freely, or told by the minutes of the cycle.
APART = (ScaleKind.TEXT, ScaleKind.TIME_RANGE)
TOGETHER = 500  # sessions read at a time
LONGEST_NAME = 32  # what Stata takes for the name of a variable


@dataclass(frozen=True)
class Table:
    """``variables`` in order, and ``rows``: lists of their values, a list for some sessions.

    Each list comes with the number of sessions that it holds. A number is None where it is empty.
    """

    variables: list[Variable]
    rows: Callable[[], Iterator[tuple[int, list[list[Any]]]]]


def build(version: InstrumentVersion, facts: Facts, level: str) -> Table:
    """The table of the sessions of ``facts``, all of ``version``, in the language being read."""
    levels: dict[ExportLevel, type[_Sessions]] = {
        ExportLevel.LONG: _Long,
        ExportLevel.WIDE: _Wide,
        ExportLevel.SCORES: _Scores,
    }
    table = levels[ExportLevel(level)](version, facts)
    ids = facts.ids()

    def rows() -> Iterator[tuple[int, list[list[Any]]]]:
        for start in range(0, len(ids), TOGETHER):
            part = ids[start : start + TOGETHER]
            yield len(part), table.rows(ObservationSession.objects.filter(pk__in=part))

    return Table(table.variables, rows)


class _Sessions(ABC):
    """What every level begins with: the session, where, when and who."""

    def __init__(self, version: InstrumentVersion, facts: Facts):
        self.version = version
        self.facts = facts
        self.items = list(
            version.items.filter(kind=ItemKind.SCORED)
            .select_related("domain", "scale")
            .order_by("order")
        )
        self.variables = list(facts.variables)
        self.taken = {one.name for one in self.variables}

    @abstractmethod
    def rows(self, sessions) -> list[list[Any]]:
        """The rows of these sessions, a value for each of ``variables``."""

    def named(self, code: str) -> str:
        return variable_name(code, self.taken)

    def item(self, item: Item) -> Variable:
        values = range(item.scale.minimum or 0, (item.scale.maximum or -1) + 1)
        steps = {
            int(step): str(Translated(text)) for step, text in item.anchors.items() if _whole(step)
        }
        told = {value: steps.get(value) or item.scale.word(value) for value in values}
        labels = (
            {value: told[value] or str(value) for value in values} if any(told.values()) else {}
        )
        label = f"{item.code}: {item.text}"
        name, level = self.named(item.code), _level(item)
        return Variable(name, label, "number", labels, _no_answers(), level)


class _Wide(_Sessions):
    """A row for each cycle, with a column for each item and each field of the context."""

    def __init__(self, version: InstrumentVersion, facts: Facts):
        super().__init__(version, facts)
        fields = version.items.filter(kind=ItemKind.CONTEXT).exclude(scale__kind__in=APART)
        self.context = list(fields.select_related("scale").order_by("order"))
        self.variables = [
            *facts.variables,
            Variable("cycle", _("number of the cycle"), "number", level="ordinal"),
            Variable("moments", _("moments of the day that were seen")),
            Variable("minutes", _("minutes from beginning to end"), "number"),
            *(self.item(item) for item in self.items),
            *(variable for one in self.context for variable in self._around(one)),
        ]

    def _around(self, item: Item) -> Iterator[Variable]:
        """The columns of a field of the context."""
        label, kind = f"{item.code}: {item.text}", item.scale.kind
        if kind == ScaleKind.INTEGER_PAIR:
            for number in (1, 2):
                name = self.named(f"{item.code}_{number}")
                yield Variable(name, f"{label} ({number}/2)", "number")
        elif kind == ScaleKind.CHOICE:
            yield Variable(self.named(item.code), label)
        else:
            words = {1: item.scale.word(1), 0: item.scale.word(0)} if kind in STEP_WORDS else {}
            yield Variable(self.named(item.code), label, "number", words)

    def rows(self, sessions) -> list[list[Any]]:
        given: dict[tuple[Any, int], dict[str, float | None]] = {}
        for session, cycle, item, value in _values(frames.ratings(sessions)):
            given.setdefault((session, cycle), {})[item] = value
        facts, found = self.facts.of(sessions), []
        for seen in _cycles(sessions):
            answers = given.get((seen.session_id, seen.number), {})
            found.append([
                *facts[seen.session_id],
                seen.number,
                " ".join(seen.moments),
                seen.minutes,
                *(answers.get(item.code, MISSING) for item in self.items),
                *(part for one in self.context for part in _told(one, seen.context.get(one.code))),
            ])  # fmt: skip
        return _in_order(found, facts)


class _Long(_Sessions):
    """A row for each rating."""

    def __init__(self, version: InstrumentVersion, facts: Facts):
        super().__init__(version, facts)
        self.domains = {item.code: item.domain.code for item in self.items}
        self.variables = [
            *facts.variables,
            Variable("cycle", _("number of the cycle"), "number", level="ordinal"),
            Variable("item", _("item, by its code")),
            Variable("domain", _("domain, by its code")),
            Variable(
                "value",
                _("value in points of the item’s scale"),
                "number",
                {},
                _no_answers(),
                "scale" if "scale" in map(_level, self.items) else "ordinal",
            ),
        ]

    def rows(self, sessions) -> list[list[Any]]:
        facts = self.facts.of(sessions)
        found = [
            [*facts[session], cycle, item, self.domains[item], value]
            for session, cycle, item, value in _values(frames.ratings(sessions))
            if item in self.domains
        ]
        return _in_order(found, facts)


class _Scores(_Sessions):
    """A row for each session, with score and valid cycles of each domain and over all."""

    def __init__(self, version: InstrumentVersion, facts: Facts):
        super().__init__(version, facts)
        names = {item.domain.code: str(item.domain.name) for item in self.items}
        self.domains = {frames.ALL: _("over all"), **names}
        nothing = {MISSING: _("not enough answers for a valid score")}
        for code, name in self.domains.items():
            label = _("score: %(domain)s") % {"domain": name}
            self.variables.append(
                Variable(self.named(f"score_{code}"), label, "number", {}, nothing)
            )
            label = _("valid cycles: %(domain)s") % {"domain": name}
            self.variables.append(Variable(self.named(f"cycles_{code}"), label, "number"))

    def rows(self, sessions) -> list[list[Any]]:
        scores = frames.scores(sessions)
        given = {
            (session, domain): (MISSING if pd.isna(score) else score, cycles)
            for session, domain, score, cycles in zip(
                scores["session"].tolist(),
                scores["domain"].tolist(),
                scores["score"].tolist(),
                scores["cycles"].tolist(),
                strict=True,
            )
        }
        return [
            [
                *facts,
                *(part for code in self.domains for part in given.get((pk, code), (MISSING, 0))),
            ]
            for pk, facts in self.facts.of(sessions).items()
        ]


def variable_name(code: str, taken: set[str]) -> str:
    """A name for ``code`` that every program takes, none of ``taken``; it is added to them."""
    name = re.sub(r"\W", "_", code, flags=re.ASCII)
    name = (name if name[:1].isalpha() else f"v_{name}")[:LONGEST_NAME]
    number, stem = 2, name
    while name.lower() in taken:
        ending = f"_{number}"
        name, number = stem[: LONGEST_NAME - len(ending)] + ending, number + 1
    taken.add(name.lower())
    return name


def _values(ratings: pd.DataFrame) -> Iterator[tuple[Any, int, str, float]]:
    """Session, cycle, item and value of each rating; what is no value by its number."""
    number = {RatingState.NOT_APPLICABLE: NOT_APPLICABLE, RatingState.MISSING: MISSING}
    columns = [ratings[name].tolist() for name in ("session", "cycle", "item", "value", "state")]
    for session, cycle, item, value, state in zip(*columns, strict=True):
        yield session, cycle, item, number.get(state, value)


def _cycles(sessions) -> Iterator[Cycle]:
    fields = ("session_id", "number", "moments", "started_at", "ended_at", "context")
    rows = Cycle.objects.filter(session__in=sessions.order_by().values("pk"))
    yield from rows.only(*fields).order_by("session_id", "number")


def _in_order(rows: list[list[Any]], facts: dict[Any, list[Any]]) -> list[list[Any]]:
    """By session in the order of the table; within one as they came."""
    place = {told[0]: number for number, told in enumerate(facts.values())}
    return sorted(rows, key=lambda row: place[row[0]])


def _no_answers() -> dict[int, str]:
    return {NOT_APPLICABLE: _("not applicable"), MISSING: _("not answered")}


def _whole(step: str) -> bool:
    return bool(re.fullmatch(r"-?\d+", str(step)))


def _level(item: Item) -> str:
    """How the values of an item may be read: counts are metric, steps have an order."""
    if item.scale.kind in (ScaleKind.INTEGER, ScaleKind.SNAPSHOTS):
        return "scale"
    return "nominal" if item.scale.kind in STEP_WORDS else "ordinal"


def _told(item: Item, value: Any) -> Sequence[Any]:
    """A field of the context in the cells of its columns; what was not said is empty."""
    if item.scale.kind == ScaleKind.CHOICE:
        return ["" if value is None else str(value)]
    pair = item.scale.kind == ScaleKind.INTEGER_PAIR
    parts = value if pair and isinstance(value, list) else [value]
    found = [int(part) if isinstance(part, int | float) else None for part in parts]
    return [*found, None][:2] if pair else found
