"""What every PDF shares: letters that have all of Spanish, two inks, paragraphs that escape."""

from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

INK, SOFT = colors.HexColor("#1f2328"), colors.HexColor("#57606a")


@cache
def fonts() -> tuple[str, str]:
    """Bitstream Vera, shipped with reportlab, embedded so that every Spanish letter is there."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd")
    return "Vera", "VeraBd"


@cache
def style(size: float, *, bold: bool = False, color=INK, before: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{bold}{color}{before}",
        fontName=fonts()[bold],
        fontSize=size,
        leading=size * 1.35,
        textColor=color,
        spaceBefore=before,
        spaceAfter=size / 3,
    )


def text(words: object, size: float = 9.5, **look) -> Paragraph:
    """A paragraph; everything people wrote is escaped."""
    return Paragraph(escape(str(words)), style(size, **look))
