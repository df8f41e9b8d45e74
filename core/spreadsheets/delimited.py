"""CSV in, of any delimiter and encoding that offices use; and CSV that opens safely."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from core.spreadsheets.limits import SpreadsheetError, not_a_spreadsheet

# A spreadsheet program takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def lines(content: bytes) -> tuple[Iterable[list[str]], list[str]]:
    """The lines of a CSV file, and what was assumed about its letters."""
    text, notes = _decode(content)
    return _rows(text), notes


def _rows(text: str) -> Iterator[list[str]]:
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
            raise SpreadsheetError(not_a_spreadsheet()) from error
        notes.append(
            _(
                "The letters of this file are in an old Windows form (not UTF-8). "
                "Check that names with accents look right."
            )
        )
    if text.startswith(("%PDF", "{\\rtf")) or text.lstrip().startswith("<") or _BINARY.search(text):
        raise SpreadsheetError(not_a_spreadsheet())
    return text, notes


def _escaped(value: str) -> bool:
    return value.startswith("'") and value[1:].startswith(_FORMULA)


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
