"""XLSX in: the values that a spreadsheet program last computed, within limits."""

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.cell.read_only import ReadOnlyCell

from core.spreadsheets.limits import (
    MEGABYTE,
    Limits,
    SpreadsheetError,
    TooLargeError,
    not_a_spreadsheet,
    too_many_rows,
)

LAST_ROW_OF_EXCEL = 1_048_576


def names(content: bytes, limits: Limits) -> list[str]:
    """The names of the sheets."""
    with _opening(content, limits):
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True).sheetnames


def lines(content: bytes, name: str, limits: Limits) -> list[list[str]]:
    """The rows of the sheet ``name`` ("" for the first) as text."""
    with _opening(content, limits):
        written = _cells(content, name, limits, data_only=False)
        computed = _cells(content, name, limits, data_only=True)
        return _filled(_values(written, computed), limits)


@contextmanager
def _opening(content: bytes, limits: Limits) -> Iterator[None]:
    """Whatever openpyxl meets in a broken file is a SpreadsheetError."""
    _check_archive(content, limits)
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it leaves out: nothing that we read
        warnings.simplefilter("ignore")
        try:
            yield
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


def _cells(
    content: bytes, name: str, limits: Limits, *, data_only: bool
) -> Iterator[tuple[ReadOnlyCell, ...]]:
    """The rows of a sheet, with formulas or, ``data_only``, with the values last computed."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    if name and name not in book.sheetnames:
        raise SpreadsheetError(
            _("The workbook has no sheet “%(name)s”. It has: %(names)s.")
            % {"name": name, "names": ", ".join(book.sheetnames)}
        )
    sheet = book[name] if name else book.worksheets[0]
    # The size that a workbook states of itself may be wrong, by fault or by intent.
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_col=limits.columns + 1)


def _values(
    written: Iterable[tuple[ReadOnlyCell, ...]], computed: Iterator[tuple[ReadOnlyCell, ...]]
) -> Iterator[list[object]]:
    """The values of each row; ``computed`` is read along only as far as there are formulas."""
    behind = 0
    for row in written:
        values = row
        if formulas := [cell for cell in row if cell.data_type == "f"]:
            values = next(islice(computed, behind, None))
            behind = 0
        else:
            behind += 1
        for cell in formulas:
            value = values[cell.column - 1]
            # An empty text that was computed, of which lists are full, has the type "str".
            if value.value is None and value.data_type != "str":
                raise SpreadsheetError(
                    _(
                        "Row %(row)d, column %(column)s: the formula has no value. Open the list "
                        "in the spreadsheet program, save it and send it again."
                    )
                    % {"row": cell.row, "column": cell.column_letter}
                )
        yield [cell.value for cell in values]


def _filled(rows: Iterable[Sequence[object]], limits: Limits) -> list[list[str]]:
    """Rows as text up to the limit; empty ones, of which a workbook may claim a million, as []."""
    lines: list[list[str]] = []
    filled = 0
    for row in rows:
        filled += any(value is not None for value in row)
        # One more is the row of headings.
        if filled > limits.rows + 1 or len(lines) > LAST_ROW_OF_EXCEL:
            raise TooLargeError(too_many_rows(limits))
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
        raise SpreadsheetError(protected())
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise SpreadsheetError(not_a_spreadsheet())
    unpacked = sum(member.file_size for member in members)
    # Real lists shrink to a tenth; small files may shrink further and do no harm.
    swollen = unpacked > 10 * MEGABYTE and unpacked > limits.ratio * len(content)
    if unpacked > limits.unpacked or swollen or len(members) > limits.members:
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


def protected() -> str:
    return _("The file is protected by a password. Save it without one and send it again.")


def _damaged() -> str:
    return _("The workbook is damaged. Open it, save it as .xlsx and send it again.")
