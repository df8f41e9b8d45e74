"""The sheets of a form as rows of text: written to a workbook, and read from one with places."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from core import spreadsheets
from observation.serializers.xlsform.places import InvalidForm, Place, Problem
from observation.serializers.xlsform.words import HEADS

Row = dict[str, str]
# Other names of the same column, as pyxform takes them.
ALIASES = {
    **dict.fromkeys(("command",), "type"),
    **dict.fromkeys(("tag", "value"), "name"),
    **dict.fromkeys(("caption",), "label"),
    **dict.fromkeys(("list name", "list-name"), "list_name"),
    **dict.fromkeys(("relevance", "bind:relevant"), "relevant"),
    **dict.fromkeys(("calculate", "bind:calculate"), "calculation"),
    **dict.fromkeys(("count", "jr:count"), "repeat_count"),
    **dict.fromkeys(("image", "audio", "video", "big-image"), "media"),
}
ROW = "trenza::row"  # how pyxform tells us later which row a question came from
MOST_LONG = 32_767  # letters that a cell of a workbook holds


def texts(column: str, words: dict[str, str]) -> Row:
    """A text in its columns, one a language."""
    return {f"{column}::{head}": words.get(code, "") for code, head in HEADS.items()}


def fact(about: str, code: str, name: str, value: Any) -> Row:
    """A row of the sheet trenza; the value as JSON, so that “1” and 1 are told apart."""
    known = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return {"about": about, "code": code, "property": name, "value": known}


def workbook(contents: dict[str, list[Row]]) -> bytes:
    """An XLSX file with a sheet for each entry; headings in the order of their first use."""
    book = Workbook(write_only=True)
    for name, rows in contents.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        for place, heading in enumerate(headings):
            wide = heading.startswith(("label", "hint", "guidance", "value"))
            sheet.column_dimensions[get_column_letter(place + 1)].width = 50 if wide else 16
        for line in [dict(zip(headings, headings, strict=True)), *rows]:
            cells = []
            for heading in headings:
                clean = ILLEGAL_CHARACTERS_RE.sub("", line.get(heading, ""))[:MOST_LONG]
                cell = WriteOnlyCell(sheet, value=clean or None)
                if clean:
                    cell.data_type = "s"  # text, also where it begins like a formula
                cell.font = Font(bold=line.get(heading) == heading)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def base(heading: str) -> str:
    """What a column is called, whatever its language, its case and its alias."""
    plain = heading.lower().strip()
    if plain in ALIASES:
        return ALIASES[plain]
    if plain.startswith("bind:"):
        plain = plain.replace("bind::", "bind:")
        return ALIASES.get(plain, plain.split(":")[1])
    first = plain.split(":")[0].strip()
    return ALIASES.get(first, first)


@dataclass(frozen=True)
class Sheet:
    """One sheet: headings by place, rows by their number in the file (2 is the first)."""

    name: str
    headings: list[str] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)

    @cached_property
    def columns(self) -> dict[str, list[tuple[int, str]]]:
        """Place and heading of each column by what it is called, in whatever language."""
        found: dict[str, list[tuple[int, str]]] = {}
        for number, heading in enumerate(self.headings, start=1):
            found.setdefault(base(heading), []).append((number, heading))
        return found

    def has(self, wanted: str) -> bool:
        return wanted in self.columns

    def value(self, row: Row, wanted: str) -> str:
        """What ``row`` says in the first such column that is filled, "" where there is none."""
        found = (row.get(heading, "") for _number, heading in self.columns.get(wanted, ()))
        return next(filter(None, found), "")

    def place(self, row: int, wanted: str) -> Place:
        """The cell of ``row`` in the column with that heading, or called so; else its first."""
        if wanted in self.headings:
            return Place(self.name, row, self.headings.index(wanted) + 1, wanted)
        for number, heading in self.columns.get(base(wanted), ()):
            return Place(self.name, row, number, heading)
        return Place(self.name, row, 1, wanted)


def read(content: bytes, name: str) -> dict[str, Sheet]:
    """The sheets by their name in small letters.

    Raises SpreadsheetError where the file is no workbook, InvalidForm where headings do not fit.
    """
    found = {}
    for title in spreadsheets.names(content, name):
        grid = spreadsheets.grid(content, name, sheet=title)
        found[title.lower().strip()] = _sheet(title, grid)
    return found


def _sheet(title: str, grid: list[list[str]]) -> Sheet:
    headings = list(grid[0]) if grid else []
    while headings and not headings[-1]:
        headings.pop()
    problems = [
        Problem(
            Place(title, 1, number, heading),
            _("this heading stands in two columns. Rename or remove one."),
        )
        for number, heading in enumerate(headings, start=1)
        if heading and heading in headings[: number - 1]
    ]
    if problems:
        raise InvalidForm(problems)
    rows = {
        number: {
            heading: value
            for heading, value in zip(headings, line, strict=False)
            if heading and value
        }
        for number, line in enumerate(grid[1:], start=2)
    }
    return Sheet(title, headings, rows)


def for_pyxform(found: dict[str, Sheet], names: Iterable[str]) -> dict[str, Any]:
    """What ``pyxform.xls2xform.convert`` takes; each row says its number in a column of ours."""
    given: dict[str, Any] = {"sheet_names": list(found)}
    for name in names:
        if sheet := found.get(name):
            numbered = name == "survey"
            more = {ROW: None} if numbered else {}
            given[f"{name}_header"] = [dict.fromkeys(filter(None, sheet.headings)) | more]
            given[name] = [
                row | {ROW: str(number)} if numbered and row else row
                for number, row in sheet.rows.items()
            ]
    return given
