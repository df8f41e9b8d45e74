"""A report as PDF: readable without the site, the same bytes from the same result."""

import io
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from analytics.reports.documents import Cell, Document, ShownGate, ShownTable
from core.pdf import SOFT, fonts, style, text

MARGIN = 15 * mm
WIDTH = landscape(letter)[0] - 2 * MARGIN
LINE = colors.HexColor("#d0d7de")
LIGHTS = {
    "good": colors.HexColor("#1a7f37"),
    "caution": colors.HexColor("#9a6700"),
    "problem": colors.HexColor("#b42318"),
    "info": colors.HexColor("#57606a"),
}


def render(title: str, document: Document, facts: dict[str, Any]) -> bytes:
    """``facts``: what the report was made from and how to make it again, shown at the end."""
    file = io.BytesIO()
    SimpleDocTemplate(
        file,
        pagesize=landscape(letter),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
        creator="Trenza",
        lang=get_language() or "es",
        invariant=True,
    ).build(list(_story(title, document, facts)), onFirstPage=_number, onLaterPages=_number)
    return file.getvalue()


def _number(canvas, template) -> None:
    canvas.setFont(fonts()[0], 8)
    canvas.drawRightString(MARGIN + WIDTH, 8 * mm, str(canvas.getPageNumber()))


def _story(title: str, document: Document, facts: dict[str, Any]) -> Iterator[Flowable]:
    yield text(title, 16, bold=True)
    yield text(document.lead, 10)
    if document.gates:
        yield text(_("The gates of the programme"), 12, bold=True, before=8)
        yield _gates(document.gates)
    for section in document.sections:
        yield text(section.title, 12, bold=True, before=10)
        yield text(section.says, 9)
        for note in section.notes:
            yield text(note, 9)
        for table in section.tables:
            if table.rows:
                yield from _table(table)
    yield text(_("How to make this report again"), 12, bold=True, before=10)
    for name, value in facts.items():
        yield text(f"{name}: {value}", 8)


def _gates(gates: list[ShownGate]) -> Flowable:
    heads = [_("Gate"), _("Of what"), _("Found"), _("Asked for"), _("State"), _("What it means")]
    rows = [
        [
            text(one.title, 8),
            text(one.subject, 8),
            _cell(one.found),
            text(one.asked, 8),
            # In words as well as in colour.
            text(one.state, 8, bold=True, color=LIGHTS[one.status]),
            text(one.meaning, 8),
        ]
        for one in gates
    ]
    shares = [0.16, 0.14, 0.18, 0.14, 0.11, 0.27]
    return _grid(heads, rows, [WIDTH * share for share in shares])


def _table(table: ShownTable) -> Iterator[Flowable]:
    yield text(table.title, 10, bold=True, before=6)
    if table.note:
        yield text(table.note, 8, color=SOFT)
    rows = [[_cell(one) for one in row] for row in table.rows]
    words = [1.0 if head.numeric else 2.0 for head in table.heads]
    yield _grid(
        [head.text for head in table.heads],
        rows,
        [WIDTH * weight / sum(words) for weight in words],
    )
    yield Spacer(0, 2 * mm)


def _grid(heads: list[str], rows: list[list[Flowable]], widths: list[float]) -> Flowable:
    grid = LongTable(
        [[text(head, 8, bold=True) for head in heads], *rows], colWidths=widths, repeatRows=1
    )
    grid.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    return grid


def _cell(cell: Cell) -> Paragraph:
    beside = f'<br/><font size="6.5">{escape(cell.beside)}</font>' if cell.beside else ""
    return Paragraph(escape(cell.text) + beside, style(8))
