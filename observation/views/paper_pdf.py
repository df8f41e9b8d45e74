"""A checklist on paper: boxes for each cycle, anchors in small print, codes to type back in."""

import io

from django.http import HttpResponse
from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, letter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    KeepTogether,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from core.fields import Translated
from core.pdf import INK, SOFT, fonts, text
from observation.actions import instruments
from observation.enums import ItemKind, Moment, ScaleKind, VersionStatus
from observation.models import InstrumentVersion, Item
from observation.serializers import paper_codes
from organisations.enums import AgeGroup

SIZES = {"papel-carta.pdf": letter, "papel-a4.pdf": A4}
MARGIN, NUMBER, BOX = 15 * mm, 9 * mm, 16 * mm
ROOM = 45 * mm  # for a heading with the first items below it
LINE = colors.HexColor("#c9ced6")
GRID = [
    ("GRID", (0, 0), (-1, -1), 0.4, LINE),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
]


def render(version: InstrumentVersion, size: tuple[float, float], language: str | None) -> bytes:
    """The PDF of ``version`` in the language in force, on pages of ``size`` (points)."""
    code = paper_codes.form_code(version, _hash(version))
    file = io.BytesIO()
    page = SimpleDocTemplate(
        file,
        pagesize=size,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 4 * mm,
        title=_("%(name)s, version %(number)s: paper form")
        % {"name": version.instrument, "number": version.number},
        author="Trenza",
        lang=language or "es",
        invariant=1,
    )

    def foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(fonts()[0], 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, MARGIN, _("Code of the form: %(code)s") % {"code": code})
        number = _("page %(n)s") % {"n": document.page}
        canvas.drawRightString(size[0] - MARGIN, MARGIN, number)

    # A frame keeps six points free on each side.
    story = _Story(version, size[0] - 2 * MARGIN - 12).parts()
    page.build(story, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def download(version: InstrumentVersion, form: str, language: str | None) -> HttpResponse:
    """The PDF of ``version`` to keep; ``form``: one of ``SIZES``."""
    response = HttpResponse(render(version, SIZES[form], language), content_type="application/pdf")
    name = f"{version.instrument.code}-{version.number}-{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _hash(version: InstrumentVersion) -> str:
    return version.content_hash or instruments.content_hash(instruments.content_of(version))


class _Story:
    """What stands on the pages, from top to bottom."""

    def __init__(self, version: InstrumentVersion, width: float):
        self.version, self.width = version, width
        items = version.items.select_related("scale", "domain").order_by("order")
        self.items = list(items)
        self.cycles = range(1, paper_codes.cycles(version) + 1)

    def parts(self) -> list:
        instrument = self.version.instrument
        title = f"{instrument}, {_('version')} {self.version.number}"
        story: list = [text(title, 14, bold=True)]
        if self.version.status == VersionStatus.DRAFT:
            story.append(text(_("DRAFT: not for observing yet."), 10, bold=True))
        story += [self._head(), Spacer(1, 2 * mm), *self._instructions(), self._times()]
        for kind in (ItemKind.SCORED, ItemKind.ALERT, ItemKind.CONTEXT):
            story += self._of(kind)
        return [*story, *self._words()]

    def _head(self) -> Table:
        """Where, who and when."""
        names = [_("Room"), _("Day"), _("Caregiver"), _("Observer"), _("Age group"), _("Purpose")]
        hints = ["", "", "", "", " ".join(AgeGroup.values), _("formative / official")]
        cells = [
            [text(words, 8, color=SOFT) for words in (name, hint) if words]
            for name, hint in zip(names, hints, strict=True)
        ]
        rows = [[cells[at], cells[at + 1]] for at in range(0, len(cells), 2)]
        top = [*GRID, ("VALIGN", (0, 0), (-1, -1), "TOP")]
        return Table(rows, [self.width / 2] * 2, [11 * mm] * len(rows), style=top)

    def _instructions(self) -> list:
        said = [
            _("Write one code in each box. Each column of boxes is a cycle."),
            _("N: not applicable, only where it is printed; say why on the last page."),
            _("Leave a box empty where you could not observe; type - for it later."),
        ]
        if self.version.cycle_minutes:
            minutes = {"low": self.version.cycle_minutes}
            most = self.version.cycle_minutes_most
            said.append(
                _("A cycle lasts %(low)s to %(high)s minutes.") % (minutes | {"high": most})
                if most
                else _("A cycle lasts at least %(low)s minutes.") % minutes
            )
        for segment in self.version.segments:
            looks = ", ".join(map(str, segment.get("snapshots") or []))
            name = f"{Translated(segment['name'])}: {segment['minutes']} min"
            told = _("%(segment)s, look at minutes %(looks)s") % {"segment": name, "looks": looks}
            said.append(f"{told if looks else name}.")
        return [text(" ".join(said), 8)]

    def _times(self) -> Table:
        """From, to and moments of each cycle."""
        heads = [_("Cycle"), _("From"), _("To")]
        widths = [15 * mm, 22 * mm, 22 * mm]
        if self.version.moments_asked:
            heads.append(_("Moments (circle those that you saw)"))
            widths.append(self.width - sum(widths))
        moments = "   ".join(f"{code} {label}" for code, label in Moment.choices)
        rows = [[text(head, 8, bold=True) for head in heads]]
        for number in self.cycles:
            row = [text(number, 10, bold=True), "", ""]
            rows.append([*row, text(moments, 7)] if self.version.moments_asked else row)
        return Table(rows, widths, hAlign="LEFT", style=GRID, spaceBefore=4, spaceAfter=4)

    def _of(self, kind: ItemKind) -> list:
        """The items of ``kind`` by domain, else as a whole, numbered as they are typed in."""
        items = paper_codes.numbered(self.items, kind)
        heads = {ItemKind.ALERT: _("Treatment alerts"), ItemKind.CONTEXT: _("Context")}
        found: list = []
        runs: list[tuple[str, list[tuple[int, Item]]]] = []
        for number, item in enumerate(items, start=1):
            head = heads.get(kind) or str(item.domain)
            if not runs or runs[-1][0] != head:
                runs.append((head, []))
            runs[-1][1].append((number, item))
        for head, numbered in runs:
            title = text(head, 10, bold=True, before=6)
            table = self._table(numbered)
            found += [CondPageBreak(ROOM), title, table]
        return found

    def _table(self, numbered: list[tuple[int, Item]]) -> Table:
        heads = ["", "", *(_("Cycle %(n)s") % {"n": number} for number in self.cycles)]
        rows: list[list] = [[text(head, 7, color=SOFT) for head in heads]]
        wide = max(_box_width(item) for _number, item in numbered)
        for number, item in numbered:
            boxes = [_boxes(item) for _cycle in self.cycles]
            rows.append([text(number, 9, bold=True), _said(item), *boxes])
        rest = self.width - NUMBER - wide * len(self.cycles)
        table = Table(rows, [NUMBER, rest, *[wide] * len(self.cycles)], repeatRows=1, splitInRow=1)
        table.setStyle(TableStyle([*GRID, ("ALIGN", (2, 0), (-1, -1), "CENTER")]))
        return table

    def _words(self) -> list:
        """Room to write: items in words, why N, what happened."""
        asked = [f"{item.code}. {item.text}" for item in paper_codes.worded(self.items)]
        if any(item.na_allowed for item in self.items):
            asked.append(_("Why N (number of the item and reason), by cycle"))
        if any(item.kind == ItemKind.ALERT for item in self.items):
            asked.append(_("What happened, for each treatment alert; tell your coordinator today"))
        asked.append(_("Notes"))
        found: list = []
        for words in asked:
            lines = Table([[""]] * 3, [self.width], [8 * mm] * 3)
            lines.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, SOFT)]))
            found.append(KeepTogether([text(words, 9, bold=True, before=6), lines]))
        return found


def _said(item: Item) -> list:
    """The text of an item, its codes in small print, and what else to know."""
    codes = [
        code if code == words else f"{code} = {words}" for code, words in paper_codes.legend(item)
    ]
    small = [" · ".join(codes), str(item.note), _applies(item)]
    parts = [text(f"{item.code}. {item.text}", 8.5)]
    return parts + [text(line, 6.5, color=SOFT) for line in small if line]


def _applies(item: Item) -> str:
    """When it applies, where that is not always."""
    said = []
    if item.age_groups and set(item.age_groups) != set(AgeGroup.values):
        said.append(_("Age groups: %(codes)s") % {"codes": ", ".join(item.age_groups)})
    if item.moments and set(item.moments) != set(Moment.values):
        said.append(_("Moments: %(codes)s") % {"codes": ", ".join(item.moments)})
    return ". ".join(said)


def _marks(item: Item) -> int:
    """How many boxes stand side by side."""
    kind = item.scale.kind
    if kind == ScaleKind.SNAPSHOTS:
        return item.scale.maximum or 1
    return 2 if kind in (ScaleKind.INTEGER, ScaleKind.INTEGER_PAIR) else 1


def _box_width(item: Item) -> float:
    return max(BOX, (_marks(item) * 5 + 4) * mm)


def _boxes(item: Item) -> Drawing:
    """Boxes to write in: one, two for a number, one a look."""
    side, count = 5.5 * mm, _marks(item)
    step = min(side, (_box_width(item) - 3 * mm) / count)
    drawing = Drawing(step * count, side + 2, hAlign="CENTER")
    for place in range(count):
        drawing.add(
            Rect(place * step, 1, step, side, fillColor=None, strokeColor=INK, strokeWidth=0.8)
        )
    return drawing
