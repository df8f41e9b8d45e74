"""Template files of an import: headings, one example row and, in XLSX, an explanation of each."""

import io

import openpyxl
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from core.row_imports import RowImport
from core.spreadsheets import write_csv


def as_csv(job: RowImport) -> bytes:
    """The template of ``job`` as CSV, its headings in the current language."""
    headings, example = _first_rows(job)
    return write_csv(headings, [example])


def as_xlsx(job: RowImport) -> bytes:
    """The template of ``job`` as XLSX: the rows, and a sheet that explains the columns."""
    headings, example = _first_rows(job)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("Rows"))
    sheet.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width = 22
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    sheet.append([_cell(sheet, value) for value in example])
    told = book.create_sheet(_("Explanations"))
    told.column_dimensions["A"].width = 22
    told.column_dimensions["B"].width = 12
    told.column_dimensions["C"].width = 90
    told.append([_cell(told, title, bold=True) for title in (_("Column"), _("Needed"), _("What"))])
    for heading, column in zip(headings, job.get_columns(), strict=True):
        needed = _("yes") if column.required else _("no")
        told.append([_cell(told, text) for text in (heading, needed, str(column.says))])
    told.append([])
    told.append([_cell(told, _("The example row may stay: it is left out when the file is read."))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _first_rows(job: RowImport) -> tuple[list[str], list[str]]:
    language = (get_language() or "").split("-")[0]
    columns = job.get_columns()
    return [column.heading(language) for column in columns], [column.example for column in columns]


def _cell(sheet, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # text, also where it begins like a formula
    cell.number_format = "@"  # so that a code such as 09 typed below keeps its zero
    if bold:
        cell.font = Font(bold=True)
    return cell
