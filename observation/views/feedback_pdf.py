"""The feedback sheet: one letter page to take to the conversation."""

import datetime
import io
from typing import cast

from django.conf import settings
from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepInFrame, Paragraph, Spacer, Table, TableStyle

from core.fields import Translated
from core.pdf import SOFT, fonts, text
from observation.models import ObservationSession
from observation.queries import ScoreRange
from observation.views.feedback import DomainResult, Feedback, told

MARGIN = 18 * mm
WIDTH, HEIGHT = letter[0] - 2 * MARGIN, letter[1] - 2 * MARGIN
BAR = 52 * mm
STRAND = colors.HexColor("#1467b2")


def render(feedback: Feedback, language: str | None) -> bytes:
    """The PDF of ``feedback`` in the language in force: one page, whatever the length of notes.

    Text that does not fit is set smaller, down to what the page holds.
    """
    body, _bold = fonts()
    file = io.BytesIO()
    session = feedback.session
    canvas = Canvas(file, pagesize=letter, lang=language or "es", invariant=True)
    canvas.setTitle(
        _("Feedback: %(room)s, %(day)s") % {"room": session.unit.place, "day": _day(session)}
    )
    canvas.setAuthor(str(session.observer or ""))
    canvas.setSubject(str(session.version.instrument))
    canvas.setCreator("Trenza")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setFont(body, 9)
    frame = KeepInFrame(WIDTH, HEIGHT, _story(feedback), mode="shrink")
    _width, height = frame.wrapOn(canvas, WIDTH, HEIGHT)
    frame.drawOn(canvas, MARGIN, letter[1] - MARGIN - height)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _day(session: ObservationSession) -> str:
    # Only sessions of data sets may lack their day, by constraint, and they have no feedback.
    return date_format(cast(datetime.date, session.observed_on), "DATE_FORMAT")


def _story(feedback: Feedback) -> list:
    session = feedback.session
    who = [
        f"{session.unit.place} · {_day(session)}",
        _("Caregiver: %(name)s") % {"name": session.caregiver} if session.caregiver else "",
        _("Observed by: %(name)s") % {"name": session.observer},
        f"{session.version.instrument}, {_('version')} {session.version.number}",
    ]
    return [
        text(_("Feedback on an observation"), 16, bold=True, color=STRAND),
        text(" · ".join(filter(None, who)), color=SOFT),
        *(_pointed_out(feedback) if feedback.points_out else ()),
        text(_("Scores, %(range)s") % {"range": told(feedback)}, 12, bold=True, before=8),
        _scores(feedback),
        text(
            _(
                "Each cycle is scored on its own; the score is their mean. It counts only where "
                "enough items could be answered. This sheet is for the conversation, not for "
                "decisions on pay."
            ),
            8,
            color=SOFT,
        ),
        text(_("The one goal we agree"), 12, bold=True, before=8),
        *_lines(2),
        Spacer(1, 4 * mm),
        text(_("When we look at it again: ____________________"), 9.5),
    ]


def _pointed_out(feedback: Feedback) -> list:
    """Two strengths and the focus."""
    story: list = [text(_("What you already do well"), 12, bold=True, before=8)]
    for each in feedback.strengths:
        story += _about(each.item, each.mean, each.n)
    if not feedback.strengths:
        story.append(text(_("No item reached two thirds of its scale on average this time.")))
    story.append(text(_("What to work on next"), 12, bold=True, before=8))
    if feedback.focus is not None:
        focus = feedback.focus
        story += _about(focus.item, focus.mean, focus.n)
        top = focus.item.anchors.get(str(focus.item.scale.maximum))
        if top:
            story.append(
                text(_("Where it can lead: %(anchor)s") % {"anchor": Translated(top)}, color=SOFT)
            )
        if feedback.card is not None:
            where = settings.WAGTAILADMIN_BASE_URL + (feedback.card.url or "")
            card = {"card": feedback.card.title, "address": where}
            story.append(text(_("To practise it: %(card)s, %(address)s") % card, color=SOFT))
    else:
        story.append(text(_("No item stands out. Choose together what to deepen.")))
    return story


def _about(item, mean: float, n: int) -> list:
    seen = ngettext("in %(n)s cycle", "in %(n)s cycles", n) % {"n": n}
    # Only items of a scale with a highest value are pointed out.
    figure = _("mean %(mean)s of %(top)s, %(seen)s") % {
        "mean": floatformat(mean, 1),
        "top": item.scale.maximum,
        "seen": seen,
    }
    return [text(f"{item.text} ({item.code}; {figure})")]


def _scores(feedback: Feedback) -> Table:
    heads = [_("Domain"), _("Score"), "", _("Cycles"), _("Items")]
    heads += [_("Cycle %(n)s") % {"n": cycle.number} for cycle in feedback.cycles]
    rows = [[text(head, 8, bold=True) for head in heads]]
    rows += [_row(result) for result in feedback.domains]
    if feedback.range is not None:
        value, span = feedback.overall, feedback.range
        overall = [text(_("Over all"), bold=True), _score(value, span), _bar(value, span)]
        rows.append(overall + [""] * (len(heads) - 3))
    rest = (WIDTH - 40 * mm - 20 * mm - BAR) / (len(heads) - 3)
    table = Table(rows, colWidths=[40 * mm, 20 * mm, BAR, *[rest] * (len(heads) - 3)])
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#c9ced6")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


def _row(result: DomainResult) -> list:
    span = result.range
    cells = [text(result.domain.name), _score(result.score, span), _bar(result.score, span)]
    cells += [text(result.cycles), text(result.items)]
    return [*cells, *(_score(value, span, "–") for value in result.per_cycle)]


def _score(value: float | None, span: ScoreRange, nothing: str = "") -> Paragraph:
    """``nothing``: what stands for no score where a column is too narrow for words."""
    if value is None:
        return text(nothing or _("not enough"), 9)
    return text(floatformat(value, span.decimals), 9)


def _bar(value: float | None, span: ScoreRange) -> Drawing | str:
    """Where the score lies between its ends; nothing where the scale is open."""
    if span.high is None:
        return ""
    drawing = Drawing(BAR - 6, 8)
    drawing.add(Rect(0, 1, BAR - 6, 6, fillColor=colors.HexColor("#e6e9ee"), strokeColor=None))
    if value is not None and value > span.low:
        width = (BAR - 6) * (value - span.low) / (span.high - span.low)
        drawing.add(Rect(0, 1, width, 6, fillColor=STRAND, strokeColor=None))
    return drawing


def _lines(count: int) -> list:
    """Room to write by hand."""
    line = Table([[""]] * count, colWidths=[WIDTH], rowHeights=[9 * mm] * count)
    line.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.6, SOFT)]))
    return [line]
