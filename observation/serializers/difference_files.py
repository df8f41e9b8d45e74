"""A difference as files to send: PDF, XLSX and CSV. Slow to import: for these addresses alone."""

import io
from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, SimpleDocTemplate

from core.pdf import SOFT, fonts, text
from core.spreadsheets import escape, write_csv
from observation.serializers.differences import Line, Told

MARGIN = 18 * mm
WIDTHS = (10, 10, 40, 24, 40, 40)


def title(told: Told) -> str:
    return _("%(name)s: what changes from version %(before)s to version %(after)s") % {
        "name": told.after.instrument,
        "before": told.before.number,
        "after": told.after.number,
    }


def csv(told: Told) -> bytes:
    return write_csv(_heads(), map(_row, told.lines))


def xlsx(told: Told) -> bytes:
    """A sheet of what changed, one of which scores stay comparable."""
    book = Workbook()
    changes = book.worksheets[0]
    changes.title = _("Changes")
    for row in [_heads(), *map(_row, told.lines)]:
        changes.append([_cell(value) for value in row])
    scores = book.create_sheet(_("Scores"))
    rows = [[score.name, score.verdict, score.why] for score in told.scores]
    for row in [[_("Score"), _("Comparable"), _("Because of")], *rows]:
        scores.append([_cell(value) for value in row])
    for sheet in (changes, scores):
        sheet.freeze_panes = "A2"
        for column, width in zip("ABCDEF", WIDTHS, strict=True):
            sheet.column_dimensions[column].width = width
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for cells in sheet.iter_rows(min_row=2):
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def pdf(told: Told) -> bytes:
    file = io.BytesIO()
    SimpleDocTemplate(
        file,
        pagesize=letter,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title(told),
        creator="Trenza",
        lang=get_language() or "es",
        invariant=True,
    ).build(list(_story(told)), onFirstPage=_number, onLaterPages=_number)
    return file.getvalue()


def _heads() -> list[str]:
    return [_("Part"), _("Code"), _("Name"), _("Change"), _("Before"), _("Now")]


def _row(line: Line) -> list[str]:
    return [line.part, line.code, line.name, line.change, line.before, line.after]


def _cell(value: str) -> str:
    """As a workbook may hold it: no formula, no letter that XML forbids."""
    return ILLEGAL_CHARACTERS_RE.sub("", escape(value))


def _number(canvas, template) -> None:
    canvas.setFont(fonts()[0], 8)
    canvas.drawRightString(letter[0] - MARGIN, 9 * mm, str(canvas.getPageNumber()))


def _story(told: Told) -> Iterator[Flowable]:
    yield text(title(told), 15, bold=True)
    if reason := str(told.after.reason):
        yield text(_("Why this version: %(reason)s") % {"reason": reason}, 10)
    yield text(told.summary, 10)
    yield text(_("Which scores stay comparable"), 12, bold=True, before=8)
    for score in told.scores:
        yield text(f"{score.name}: {score.verdict}", bold=True)
        if score.why:
            yield text(_("Because of: %(why)s") % {"why": score.why}, 8.5, color=SOFT)
    yield text(_("What changed"), 12, bold=True, before=8)
    for line in told.lines:
        head = " ".join(filter(None, (line.part, line.code, line.name)))
        yield text(f"{head} – {line.change}", bold=True, before=4)
        if line.before:
            yield text(_("Before: %(text)s.") % {"text": line.before.rstrip(".")})
        if line.after:
            yield text(_("Now: %(text)s.") % {"text": line.after.rstrip(".")})
