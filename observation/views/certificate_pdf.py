"""The certificate on one letter page."""

import io

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepInFrame, Table, TableStyle

from core.pdf import SOFT, fonts, text
from core.templatetags.estimates import decimals, interval
from observation.models import Certificate
from observation.views.verdicts import FIGURES

MARGIN, SQUARE = 22 * mm, 38 * mm
WIDTH, HEIGHT = letter[0] - 2 * MARGIN, letter[1] - 2 * MARGIN
STRAND = colors.HexColor("#1467b2")


def render(certificate: Certificate, address: str, language: str | None) -> bytes:
    """The PDF of ``certificate`` in the language in force; its square leads to ``address``."""
    body, _bold = fonts()
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=letter, lang=language or "es", invariant=True)
    canvas.setTitle(_("Certificate %(number)s") % {"number": certificate.number})
    canvas.setAuthor("Trenza")
    canvas.setSubject(str(certificate.version.instrument))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setFont(body, 9)
    room = HEIGHT - SQUARE - 8 * mm
    frame = KeepInFrame(WIDTH, room, _story(certificate), mode="shrink")
    _width, height = frame.wrapOn(canvas, WIDTH, room)
    frame.drawOn(canvas, MARGIN, letter[1] - MARGIN - height)
    renderPDF.draw(_square(address), canvas, MARGIN, MARGIN)
    words = KeepInFrame(WIDTH - SQUARE - 6 * mm, SQUARE, _check(certificate, address), "shrink")
    _width, height = words.wrapOn(canvas, WIDTH - SQUARE - 6 * mm, SQUARE)
    words.drawOn(canvas, MARGIN + SQUARE + 6 * mm, MARGIN + (SQUARE - height) / 2)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _story(certificate: Certificate) -> list:
    version = certificate.version
    return [
        text(_("Certificate of observation"), 22, bold=True, color=STRAND),
        text(_("Number %(number)s") % {"number": certificate.number}, color=SOFT),
        text(_("This certifies that"), 11, before=24),
        text(certificate.observer, 18, bold=True, before=4),
        text(
            _("coded the test clips in agreement with the experts, for the instrument"),
            11,
            before=8,
        ),
        text(f"{version.instrument}, {_('version')} {version.number}", 14, bold=True, before=4),
        text(
            _("Issued on %(issued)s, valid until %(until)s.")
            % {
                "issued": date_format(certificate.issued_on, "DATE_FORMAT"),
                "until": date_format(certificate.valid_until, "DATE_FORMAT"),
            },
            12,
            before=12,
        ),
        *_revoked(certificate),
        text(_("Agreement with the master codes"), 12, bold=True, before=20),
        _figures(certificate),
        text(
            _(
                "The intervals count each code as independent; codes of one clip resemble each "
                "other, so they are somewhat too narrow. Within one point is nearly always high "
                "on four steps: read it beside the other two."
            ),
            8,
            color=SOFT,
        ),
    ]


def _revoked(certificate: Certificate) -> list:
    if not hasattr(certificate, "revocation"):
        return []
    day = date_format(certificate.revocation.since, "DATE_FORMAT")
    return [text(_("Revoked: not valid from %(day)s.") % {"day": day}, 12, bold=True, before=6)]


def _figures(certificate: Certificate) -> Table:
    found = certificate.round.result["figures"]
    heads = [_("Figure"), _("Value"), _("95 % interval"), "n"]
    rows = [[text(head, 9, bold=True) for head in heads]]
    for name, label in FIGURES.items():
        figure = found[name]
        cells = [label, decimals(figure["value"]), interval(figure), figure["n"]]
        rows.append([text(cell) for cell in cells])
    table = Table(rows, colWidths=[60 * mm, 25 * mm, WIDTH - 105 * mm, 20 * mm])
    line = ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#c9ced6"))
    table.setStyle(TableStyle([line, ("LEFTPADDING", (0, 0), (-1, -1), 2)]))
    return table


def _check(certificate: Certificate, address: str) -> list:
    code = certificate.code
    grouped = "-".join(code[place : place + 4] for place in range(0, len(code), 4))
    return [
        text(_("Whether it still holds, anybody can check:"), 10),
        text(address, 9, color=STRAND),
        text(_("Code: %(code)s") % {"code": grouped}, 11, bold=True),
    ]


def _square(address: str) -> Drawing:
    drawing = Drawing(SQUARE, SQUARE)
    drawing.add(QrCodeWidget(address, barWidth=SQUARE, barHeight=SQUARE, barLevel="M"))
    return drawing
