"""A report as XLSX: every table a sheet, every estimate with all that belongs to it."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from analytics.reports.declaration import Column, Kind, Report
from analytics.reports.documents import cell, gates_of, named
from analytics.reports.gates import State, meaning
from core.fields import Translated
from core.spreadsheets import escape

LONGEST_TITLE = 31  # what a spreadsheet program takes for the name of a sheet
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
# Of a ZIP file, and of what is said of a workbook in it, a time is a part.
NO_TIME = (1980, 1, 1, 0, 0, 0)
PROPERTIES = "docProps/core.xml"
TIME = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
PARTS = ("value", "low", "high", "n", "clusters", "reason", "method")


def render(report: Report, result: dict[str, Any], facts: dict[str, Any]) -> bytes:
    """The workbook: what it was made from, the gates, then a sheet for each table.

    Numbers are numbers at full precision, so that they can be computed with.
    """
    book, names = Workbook(write_only=True), result.get("names", {})
    _fill(book.create_sheet(_("About")), [[_("What"), _("Value")], *map(list, facts.items())])
    if gates := gates_of(report, result):
        _fill(book.create_sheet(_("Gates")), _gates(gates, names))
    used: set[str] = set()
    for section in report.sections:
        found = result.get(section.key, {}).get("tables", {})
        for table in section.tables:
            if rows := found.get(table.key):
                sheet = book.create_sheet(_title(str(table.title), used))
                _fill(sheet, [_heads(table.columns), *_rows(table.columns, rows, names)])
    file = io.BytesIO()
    book.save(file)
    return _without_time(file)


def _without_time(file: io.BytesIO) -> bytes:
    """The workbook without the time at which it was written: the same inputs, the same bytes."""
    timeless = io.BytesIO()
    with zipfile.ZipFile(file) as written, zipfile.ZipFile(timeless, "w") as archive:
        for name in written.namelist():
            content = written.read(name)
            if name == PROPERTIES:
                content = TIME.sub(b"", content)
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED)
    return timeless.getvalue()


def _title(title: str, used: set[str]) -> str:
    """A name that no other sheet has."""
    short = FORBIDDEN.sub(" ", title)[:LONGEST_TITLE].strip()
    number = 2
    while short.lower() in used:
        ending = f" {number}"
        short, number = short[: LONGEST_TITLE - len(ending)].rstrip() + ending, number + 1
    used.add(short.lower())
    return short


def _heads(columns: tuple[Column, ...]) -> list[str]:
    parts = {
        "value": _("value"),
        "low": _("from"),
        "high": _("to"),
        "n": "n",
        "clusters": _("groups"),
        "reason": _("reason"),
        "method": _("method"),
    }
    heads = []
    for column in columns:
        if column.kind == Kind.ESTIMATE:
            heads += [f"{column.title}: {parts[part]}" for part in PARTS]
        else:
            heads.append(str(column.title))
    return heads


def _rows(
    columns: tuple[Column, ...], rows: list[dict[str, Any]], names: dict[str, Any]
) -> Iterator[list[Any]]:
    for row in rows:
        line: list[Any] = []
        for column in columns:
            value = row.get(column.key)
            if column.kind == Kind.ESTIMATE:
                line += [(value or {}).get(part) for part in PARTS]
            elif isinstance(value, int | float) or value is None:
                line.append(value)
            else:
                line.append(cell(column, value, names).text)
        yield line


def _gates(gates: list[dict[str, Any]], names: dict[str, Any]) -> list[list[Any]]:
    heads = [_("Gate"), _("Of what"), _("provisional"), _("good"), _("State"), _("What it means")]
    return [
        [*heads, *_heads((Column("estimate", _("Found"), Kind.ESTIMATE),))],
        *(
            [
                str(Translated(gate["title"])),
                named("domain", gate["subject"], names),
                gate["provisional"],
                gate["good"],
                str(State(gate["state"]).label),
                meaning(gate),
                *(gate["estimate"][part] for part in PARTS),
            ]
            for gate in gates
        ),
    ]


def _fill(sheet: Worksheet, rows: list[list[Any]]) -> None:
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            # What people wrote must not become a formula where the file is opened.
            safe = escape(str(value)) if isinstance(value, str | Promise) else value
            one = WriteOnlyCell(sheet, safe)
            one.font = Font(bold=number == 0)
            cells.append(one)
        sheet.append(cells)
