"""A stored result and its declaration, put together in the language being read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from analytics.reports import drawings
from analytics.reports.declaration import NUMERIC, Column, Kind, Report, Section, Table
from analytics.reports.gates import LIGHTS, State, meaning
from core import charts
from core.fields import Translated
from core.numerals import written
from core.templatetags.estimates import interval, reason_words


@dataclass(frozen=True)
class Cell:
    """What a cell says: its figure, and smaller beside it what the figure rests on."""

    text: str
    beside: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class ShownTable:
    title: str
    note: str
    heads: list[Cell]
    rows: list[list[Cell]]
    chart: charts.Chart | None = None


@dataclass(frozen=True)
class ShownSection:
    key: str
    title: str
    says: str
    notes: list[str]
    tables: list[ShownTable]


@dataclass(frozen=True)
class ShownGate:
    title: str
    subject: str
    status: str
    state: str
    found: Cell
    asked: str
    meaning: str


@dataclass(frozen=True)
class Document:
    """Everything a reader sees of a report, whatever it is drawn on."""

    title: str
    lead: str
    gates: list[ShownGate] = field(default_factory=list)
    sections: list[ShownSection] = field(default_factory=list)


def build(report: Report, result: dict[str, Any]) -> Document:
    """The report of ``result``: a section without figures says why it has none."""
    names = result.get("names", {})
    return Document(
        title=str(report.title),
        lead=str(report.lead),
        gates=[_gate(gate, names) for gate in gates_of(report, result)],
        sections=[
            _section(section, result[section.key], report, names)
            for section in report.sections
            if section.key in result
        ],
    )


def gates_of(report: Report, result: dict[str, Any]) -> list[dict[str, Any]]:
    """The gates of all sections, in the order of the report."""
    found = (result.get(section.key, {}).get("gates", []) for section in report.sections)
    return [gate for gates in found for gate in gates]


def _section(section: Section, found: dict[str, Any], report: Report, names: dict) -> ShownSection:
    return ShownSection(
        key=section.key,
        title=str(section.title),
        says=str(section.says),
        notes=list(_notes(found, report, names)),
        tables=[
            _table(table, found["tables"][table.key], names)
            for table in section.tables
            if found.get("tables", {}).get(table.key)
        ],
    )


def _notes(found: dict[str, Any], report: Report, names: dict) -> Iterator[str]:
    if found.get("reason"):
        yield _("Insufficient data: %(reason)s.") % {"reason": reason_words(found["reason"])}
    for note in found.get("notes", []):
        facts = {key: _fact(key, value, names) for key, value in note.get("facts", {}).items()}
        yield str(report.notes[note["code"]]) % facts


def _fact(kind: str, value: Any, names: dict) -> str:
    """What stands in a sentence: a number as people write it, a reason or a name in words."""
    if isinstance(value, float):
        return written(value, 2)
    return str(reason_words(value)) if kind == "reason" else named(kind, value, names)


def _table(table: Table, rows: list[dict[str, Any]], names: dict) -> ShownTable:
    # A column that no row has anything for says nothing: a data set without centres, say.
    columns = [one for one in table.columns if any(row.get(one.key) is not None for row in rows)]
    listed = rows if table.listed else []
    return ShownTable(
        title=str(table.title),
        note=str(table.note) if listed else "",
        heads=[Cell(str(one.title), numeric=one.kind in NUMERIC) for one in columns],
        rows=[[cell(column, row.get(column.key), names) for column in columns] for row in listed],
        chart=_chart(table, columns, rows, names) if table.chart else None,
    )


def _chart(
    table: Table, columns: list[Column], rows: list[dict[str, Any]], names: dict
) -> charts.Chart | None:
    labels = [one for one in columns if one.kind not in NUMERIC]
    words = [[cell(one, row.get(one.key), names).text for one in labels] for row in rows]
    return drawings.draw(table, columns, rows, words)


def cell(column: Column, value: Any, names: dict) -> Cell:
    """A stored value as a reader sees it."""
    if value is None:
        return Cell("–", numeric=column.kind in NUMERIC)
    if column.kind == Kind.ESTIMATE:
        return estimate(value, column.places)
    if column.key == "item":
        # By its code, which stays short in a narrow column; what it says stands beside it.
        return Cell(str(value), "" if (name := named("item", value, names)) == value else name)
    return Cell(_WRITTEN[column.kind](column, value, names), numeric=column.kind in NUMERIC)


def estimate(found: dict[str, Any], places: int = 2) -> Cell:
    """An estimate: its value, and beside it interval and n, or why there is none."""
    n = _("n = %(n)s") % {"n": written(found["n"], 0)}
    if not found["sufficient"]:
        told = f"{reason_words(found['reason'])}; {n}"
        return Cell(_("insufficient data"), told, numeric=True)
    beside = [part for part in (interval(found, places), n) if part]
    return Cell(written(found["value"], places), "; ".join(beside), numeric=True)


def named(kind: str, code: Any, names: dict[str, dict[str, dict[str, str]]]) -> str:
    """The name of a ``kind``'s code in the language being read; the code where it has none."""
    known = names.get(kind, {})
    return str(Translated(known[code])) if str(code) in known else str(code)


def _p(value: float) -> str:
    """A p-value to three decimals; smaller ones as below .001."""
    return _("below %(p)s") % {"p": written(0.001, 3)} if value < 0.001 else written(value, 3)


def _share(value: float) -> str:
    return f"{written(100 * value, 0)}\N{NO-BREAK SPACE}%"


def _guarded(value: int | str) -> str:
    return str(reason_words(value)) if isinstance(value, str) else written(value, 0)


_WRITTEN: dict[Kind, Callable[[Column, Any, dict], str]] = {
    Kind.TEXT: lambda column, value, names: str(value),
    Kind.NAME: lambda column, value, names: named(column.key, value, names),
    Kind.WORD: lambda column, value, names: str(column.words.get(str(value), value)),
    Kind.COUNT: lambda column, value, names: written(value, 0),
    Kind.NUMBER: lambda column, value, names: written(value, column.places),
    Kind.SHARE: lambda column, value, names: _share(value),
    Kind.P: lambda column, value, names: _p(value),
    Kind.GUARDED: lambda column, value, names: _guarded(value),
}


def _gate(gate: dict[str, Any], names: dict) -> ShownGate:
    asked = _("at most %(good)s") if gate["at_most"] else _("at least %(good)s")
    if gate["provisional"] != gate["good"]:
        asked = _("provisional from %(provisional)s, good from %(good)s")
    told = {name: written(gate[name], 2) for name in ("provisional", "good")}
    return ShownGate(
        title=str(Translated(gate["title"])),
        subject=named("domain", gate["subject"], names),
        status=LIGHTS[State(gate["state"])],
        state=str(State(gate["state"]).label),
        found=estimate(gate["estimate"]),
        asked=asked % told,
        meaning=meaning(gate),
    )
