"""A file becomes a ``Sheet``: headings and rows of text, or a plain grid."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from core.spreadsheets import delimited, workbooks
from core.spreadsheets.limits import (
    Limits,
    SpreadsheetError,
    TooLargeError,
    not_a_spreadsheet,
    too_large,
    too_many_rows,
)

CELL_ERRORS = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}


@dataclass(frozen=True)
class Row:
    """A row with its number in the file and its values by heading."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """Headings and rows of one sheet; ``notes`` says what was assumed while reading."""

    headers: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


def read(content: bytes, name: str, *, sheet: str = "", limits: Limits | None = None) -> Sheet:
    """Read the bytes ``content`` of the file called ``name``; ``sheet`` names one of a workbook.

    Raises SpreadsheetError, or TooLargeError beyond ``limits``.
    """
    limits = limits or Limits()
    lines, notes = _lines(content, name, sheet, limits)
    return _sheet(lines, notes, limits)


def grid(
    content: bytes, name: str, *, sheet: str = "", limits: Limits | None = None
) -> list[list[str]]:
    """All cells of a table as text, headings included: for tables with several header rows.

    Raises as ``read`` does.
    """
    limits = limits or Limits()
    lines, _notes = _lines(content, name, sheet, limits)
    cells = [[value.strip() for value in line] for line in lines]
    if len(cells) > limits.rows:
        raise TooLargeError(too_many_rows(limits))
    return cells


def names(content: bytes, name: str, *, limits: Limits | None = None) -> list[str]:
    """The names of the sheets of a workbook. Raises as ``read`` does, also for a CSV file."""
    limits = limits or Limits()
    _refuse_unreadable(content, name, limits)
    if not content.startswith(b"PK"):
        raise SpreadsheetError(_("This is not a workbook with sheets. Send a file saved as .xlsx."))
    return workbooks.names(content, limits)


def _lines(
    content: bytes, name: str, sheet: str, limits: Limits
) -> tuple[Iterable[list[str]], list[str]]:
    """The lines of a file, and what was assumed while reading them."""
    _refuse_unreadable(content, name, limits)
    if content.startswith(b"PK"):
        return workbooks.lines(content, sheet, limits), []
    return delimited.lines(content)


def _refuse_unreadable(content: bytes, name: str, limits: Limits) -> None:
    """Refuse what is too large, empty, locked, old or called something that it is not."""
    if len(content) > limits.bytes:
        raise TooLargeError(too_large(limits))
    if not content.strip():
        raise SpreadsheetError(_("The file is empty. Choose another file."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SpreadsheetError(workbooks.protected())
        raise SpreadsheetError(
            _("This is an old Excel file. Save it as .xlsx or as CSV and send it again.")
        )
    if name.lower().endswith((".xlsx", ".xlsm")) and not content.startswith(b"PK"):
        raise SpreadsheetError(not_a_spreadsheet())


def _sheet(lines: Iterable[list[str]], notes: list[str], limits: Limits) -> Sheet:
    headers: list[str] | None = None
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        values = [value.strip() for value in line]
        if not any(values):
            continue
        if headers is None:
            headers = _headers(values, limits)
            continue
        if len(rows) == limits.rows:
            raise TooLargeError(too_many_rows(limits))
        rows.append(Row(number, _row(number, headers, values)))
    if headers is None:
        raise SpreadsheetError(_("The file is empty. Choose another file."))
    return Sheet([header for header in headers if header], rows, notes)


def _headers(values: list[str], limits: Limits) -> list[str]:
    while not values[-1]:
        values.pop()
    if len(values) > limits.columns:
        raise TooLargeError(
            _("The file has more than %(columns)d columns. Remove those that are not needed.")
            % {"columns": limits.columns}
        )
    return values


def _row(number: int, headers: list[str], values: list[str]) -> dict[str, str]:
    stray = next((value for value in islice(values, len(headers), None) if value), "")
    stray = stray or next(
        (value for header, value in zip(headers, values, strict=False) if value and not header), ""
    )
    if stray:
        raise SpreadsheetError(
            _("Row %(row)d: “%(value)s” stands in a column without a heading.")
            % {"row": number, "value": stray[:40]}
        )
    padded = values + [""] * (len(headers) - len(values))
    row = {header: value for header, value in zip(headers, padded, strict=False) if header}
    for header, value in row.items():
        if value in CELL_ERRORS:
            raise SpreadsheetError(
                _("Row %(row)d, column “%(column)s”: the cell shows the error %(value)s.")
                % {"row": number, "column": header, "value": value}
            )
    return row
