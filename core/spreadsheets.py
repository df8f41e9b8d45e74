"""Lists as offices keep them: CSV and XLSX in, rows of text out; and CSV that opens safely.

``read(content, name)`` takes the bytes of an uploaded file and returns a ``Sheet``. Every value is
text: dates as 2026-11-22, whole numbers without a decimal point, empty cells as "". Row numbers
are those that a spreadsheet program shows beside the row. Whatever is wrong with a file is raised
as ``SpreadsheetError`` with a sentence that the person who sent it can act on.
"""

import csv
import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
LAST_ROW_OF_EXCEL = 1_048_576
CELL_ERRORS = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}
# A spreadsheet program takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class SpreadsheetError(ValueError):
    """A file that cannot be read; its text is a translated sentence with the next step."""


class TooLargeError(SpreadsheetError):
    """A file beyond the limits: a view answers 413."""


@dataclass(frozen=True)
class Limits:
    """How much one file may hold."""

    bytes: int = 10 * MEGABYTE
    rows: int = 10_000
    columns: int = 200
    unpacked: int = 200 * MEGABYTE
    ratio: int = 200


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
        raise TooLargeError(_too_many_rows(limits))
    return cells


def _lines(
    content: bytes, name: str, sheet: str, limits: Limits
) -> tuple[Iterable[list[str]], list[str]]:
    """The lines of a file, and what was assumed while reading them."""
    if len(content) > limits.bytes:
        raise TooLargeError(too_large(limits))
    if not content.strip():
        raise SpreadsheetError(_("The file is empty. Choose another file."))
    if content.startswith(b"PK"):
        return _workbook_rows(content, sheet, limits), []
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SpreadsheetError(_protected())
        raise SpreadsheetError(
            _("This is an old Excel file. Save it as .xlsx or as CSV and send it again.")
        )
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise SpreadsheetError(_not_a_spreadsheet())
    text, notes = _decode(content)
    return _csv_rows(text), notes


def too_large(limits: Limits) -> str:
    """The sentence for a file of too many bytes."""
    return _("The file is larger than %(size)d MB. Split it into several files.") % {
        "size": limits.bytes // MEGABYTE
    }


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV that Excel opens with its accents (UTF-8 with BOM) and without running formulas."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([escape(header) for header in headers])
    writer.writerows([escape(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def escape(value: object) -> str:
    """``value`` as text that no spreadsheet program takes for a formula; ``read`` undoes it."""
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _not_a_spreadsheet() -> str:
    return _("This is not a spreadsheet. Send a file saved as .xlsx or as CSV.")


def _protected() -> str:
    return _("The file is protected by a password. Save it without one and send it again.")


def _damaged() -> str:
    return _("The workbook is damaged. Open it, save it as .xlsx and send it again.")


def _too_many_rows(limits: Limits) -> str:
    return _("The file has more than %(rows)d rows. Split it into several files.") % {
        "rows": limits.rows
    }


def _decode(content: bytes) -> tuple[str, list[str]]:
    """Text of a CSV file, and what was assumed about its letters."""
    notes = []
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise SpreadsheetError(_not_a_spreadsheet()) from error
        notes.append(
            _(
                "The letters of this file are in an old Windows form (not UTF-8). "
                "Check that names with accents look right."
            )
        )
    if text.startswith(("%PDF", "{\\rtf")) or text.lstrip().startswith("<") or _BINARY.search(text):
        raise SpreadsheetError(_not_a_spreadsheet())
    return text, notes


def _csv_rows(text: str) -> Iterator[list[str]]:
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    else:
        unquoted = re.sub(r'"[^"]*"', "", first)
        delimiter = max(",;\t", key=unquoted.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield [value[1:] if _escaped(value) else value for value in row]
    except csv.Error as error:
        raise SpreadsheetError(
            _("Line %(line)d cannot be read: look for a quotation mark that is not closed.")
            % {"line": reader.line_num}
        ) from error


def _escaped(value: str) -> bool:
    return value.startswith("'") and value[1:].startswith(_FORMULA)


def _workbook_rows(content: bytes, name: str, limits: Limits) -> list[list[str]]:
    _check_archive(content, limits)
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it leaves out: nothing that we read
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            if name and name not in book.sheetnames:
                raise SpreadsheetError(
                    _("The workbook has no sheet “%(name)s”. It has: %(names)s.")
                    % {"name": name, "names": ", ".join(book.sheetnames)}
                )
            sheet = book[name] if name else book.worksheets[0]
            # The size that a workbook states of itself may be wrong, by fault or by intent.
            sheet.reset_dimensions()
            return _filled(sheet.iter_rows(max_col=limits.columns + 1, values_only=True), limits)
        except SpreadsheetError:
            raise
        except Exception as error:  # openpyxl meets a broken file with any exception
            # It wraps what defusedxml refused into an error of its own.
            if isinstance(error, DefusedXmlException) or isinstance(
                error.__context__, DefusedXmlException
            ):
                sentence = _("The workbook holds forbidden instructions. Save it again from Excel.")
            else:
                sentence = _damaged()
            raise SpreadsheetError(sentence) from error


def _filled(rows: Iterable[tuple], limits: Limits) -> list[list[str]]:
    """Rows as text up to the limit; empty ones, of which a workbook may claim a million, as []."""
    lines: list[list[str]] = []
    filled = 0
    for row in rows:
        filled += any(value is not None for value in row)
        # One more is the row of headings.
        if filled > limits.rows + 1 or len(lines) > LAST_ROW_OF_EXCEL:
            raise TooLargeError(_too_many_rows(limits))
        lines.append(
            [_text(value) for value in row] if any(value is not None for value in row) else []
        )
    return lines


def _check_archive(content: bytes, limits: Limits) -> None:
    """Refuse what is no workbook, is locked, or would grow beyond measure when unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise SpreadsheetError(_damaged()) from error
    if any(member.flag_bits & 1 for member in members):
        raise SpreadsheetError(_protected())
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise SpreadsheetError(_not_a_spreadsheet())
    unpacked = sum(member.file_size for member in members)
    # Real lists shrink to a tenth; small files may shrink further and do no harm.
    if unpacked > limits.unpacked or (
        unpacked > 10 * MEGABYTE and unpacked > limits.ratio * len(content)
    ):
        raise TooLargeError(_("The workbook is far too large when unpacked. Send a smaller one."))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time.min
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


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
            raise TooLargeError(_too_many_rows(limits))
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
