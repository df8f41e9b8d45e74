"""A table as the file that a statistics program opens, with its codebook in one ZIP."""

import csv
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from core.spreadsheets import escape, write_csv
from observation.actions.export_facts import Variable
from observation.actions.export_tables import MISSING, NOT_APPLICABLE, Table
from observation.enums import ExportForm

Done = Callable[[int], object]
NOT_APPLICABLE_WORD = "na"  # in files without numbers for what is no value
# What SPSS holds of a label, in bytes, and Stata in letters.
SPSS_LABEL, SPSS_VALUE, STATA_LABEL = 250, 118, 80
STATA_LETTERS: dict[int, Any] = {NOT_APPLICABLE: "a", MISSING: "b"}


def write(table: Table, form: str, path: Path, about: list[str], done: Done) -> None:
    """``table`` in ``form`` at ``path``: a ZIP of data, codebook and what there is to know.

    ``done`` is told after each step how many more sessions are written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        data = Path(folder) / f"data.{form}"
        _WRITERS[ExportForm(form)](table, data, done)
        whole = Path(folder) / "whole.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(data, data.name)
            archive.writestr("codebook.csv", codebook(table.variables, form))
            archive.writestr("README.txt", "\n".join([*about, *_says(form), ""]))
        # At once: nobody must find half a file at the address.
        shutil.move(whole, path)


def codebook(variables: list[Variable], form: str) -> bytes:
    """A row for each variable: what it says, its values in words, and what is no value."""
    heads = [_("variable"), _("what it says"), _("kind"), _("level"), _("values"), _("no values")]
    kinds = {"text": _("text"), "number": _("number"), "day": _("day")}
    levels = {"nominal": _("nominal"), "ordinal": _("ordinal"), "scale": _("scale (metric)")}
    return write_csv(heads, ([
        one.name,
        one.label,
        kinds[one.kind],
        levels[one.measure],
        "; ".join(f"{value} = {text}" for value, text in one.labels.items()),
        "; ".join(f"{_written(value, form)} = {text}" for value, text in one.missing.items()),
    ] for one in variables))  # fmt: skip


def _written(value: int, form: str) -> str:
    """How ``form`` writes a number that is no value."""
    if form == ExportForm.SAV:
        return str(value)
    if form == ExportForm.DTA:
        return f".{STATA_LETTERS[value]}"
    return NOT_APPLICABLE_WORD if value == NOT_APPLICABLE else _("empty")


def _says(form: str) -> Iterator[str]:
    yield _("codebook.csv says what each variable is.")
    yield _("Treatment alerts and what observers wrote freely are not in this file.")
    if form in (ExportForm.CSV, ExportForm.XLSX):
        yield _(
            "A text that a spreadsheet program could take for a formula has an apostrophe in front."
        )


def _csv(table: Table, path: Path, done: Done) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        _fill_csv(table, file, done)


def _fill_csv(table: Table, file: TextIO, done: Done) -> None:
    writer = csv.writer(file)
    writer.writerow([one.name for one in table.variables])
    for sessions, rows in table.rows():
        writer.writerows(
            [escape(_plain(one, value)) for one, value in zip(table.variables, row, strict=True)]
            for row in rows
        )
        done(sessions)


def _xlsx(table: Table, path: Path, done: Done) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 — slow to import, for this form only

    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append([one.name for one in table.variables])
    for sessions, rows in table.rows():
        for row in rows:
            cells = [_plain(one, value) for one, value in zip(table.variables, row, strict=True)]
            sheet.append([escape(cell) if isinstance(cell, str) else cell for cell in cells])
        done(sessions)
    book.save(path)


def _plain(variable: Variable, value: Any) -> Any:
    """A value where what is no value has no number of its own."""
    if variable.missing and value in variable.missing:
        return NOT_APPLICABLE_WORD if value == NOT_APPLICABLE else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _sav(table: Table, path: Path, done: Done) -> None:
    import pyreadstat  # noqa: PLC0415 — slow to import, for these forms only

    pyreadstat.write_sav(
        _frame(table, done, _number),
        path,
        column_labels=[_bytes(one.label, SPSS_LABEL) for one in table.variables],
        row_compress=True,
        variable_value_labels={
            one.name: {value: _bytes(text, SPSS_VALUE) for value, text in known.items()}
            for one in table.variables
            if (known := one.labels | one.missing)
        },
        variable_measure={one.name: one.measure for one in table.variables},
        missing_ranges={one.name: list(one.missing) for one in table.variables if one.missing},
    )


def _dta(table: Table, path: Path, done: Done) -> None:
    import pyreadstat  # noqa: PLC0415 — slow to import, for these forms only

    pyreadstat.write_dta(
        _frame(table, done, _stata),
        path,
        column_labels=[one.label[:STATA_LABEL] for one in table.variables],
        variable_value_labels={
            one.name: {STATA_LETTERS.get(value, value): text for value, text in known.items()}
            for one in table.variables
            if (known := one.labels | one.missing)
        },
        missing_user_values={
            one.name: [STATA_LETTERS[value] for value in one.missing]
            for one in table.variables
            if one.missing
        },
    )


def _frame(table: Table, done: Done, convert: Callable[[Variable, list[Any]], Any]) -> Any:
    """All rows as a data frame; the columns of some sessions at a time, so that rows can go."""
    import pandas as pd  # noqa: PLC0415 — slow to import, for these forms only

    parts: list[list[Any]] = [[] for _one in table.variables]
    for sessions, rows in table.rows():
        for column, values in zip(parts, zip(*rows, strict=True), strict=False):
            column.extend(values)
        done(sessions)
    return pd.DataFrame(
        {one.name: convert(one, values) for one, values in zip(table.variables, parts, strict=True)}
    )


def _number(variable: Variable, values: list[Any]) -> Any:
    import pandas as pd  # noqa: PLC0415 — slow to import, for these forms only

    if variable.kind == "number":
        return pd.Series(values, dtype=float)
    if variable.kind == "day":
        return pd.Series(values, dtype=object)
    return pd.Series([str(value) for value in values], dtype=object)


def _stata(variable: Variable, values: list[Any]) -> Any:
    import pandas as pd  # noqa: PLC0415 — slow to import, for these forms only

    if not variable.missing:
        return _number(variable, values)
    return pd.Series(
        [
            STATA_LETTERS.get(value, value) if value in variable.missing else float(value)
            for value in values
        ],
        dtype=object,
    )


def _bytes(text: str, most: int) -> str:
    """``text`` cut to ``most`` bytes, between letters."""
    return text.encode()[:most].decode(errors="ignore")


_WRITERS: dict[ExportForm, Callable[[Table, Path, Done], None]] = {
    ExportForm.CSV: _csv,
    ExportForm.XLSX: _xlsx,
    ExportForm.SAV: _sav,
    ExportForm.DTA: _dta,
}
