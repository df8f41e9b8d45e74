"""Charts that run sideways: one row per estimate, its label and value above its mark."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts.drawing import (
    LETTER,
    LINE,
    NARROW,
    WIDE,
    at,
    colour,
    figure,
    lines,
    marker,
    rule,
    scale,
    svg,
    tick,
    with_unit,
    words,
)
from core.charts.figures import Chart, Estimate, Text

EDGE = 4  # where words begin and end
INSET = 20  # where the axis does: half of the figure beneath its end has room
FIRST = 18  # from the top of a row to the foot of its first line
MARK = 22  # from the foot of its last line to the middle of its mark
BELOW = 18  # from there to the next row


def dot_with_interval(  # noqa: PLR0913 — each says one thing of the drawing
    title: Text,
    estimates: Iterable[Estimate],
    *,
    unit: Text = "",
    limits: tuple[float, float] | None = None,
    reference: float | None = None,
    decimals: int = 1,
    change: bool = False,
    note: Text = "",
) -> Chart:
    """One row per estimate: a marker for the value, a line from low to high (forest plot).

    ``limits`` fixes the axis; ``reference`` draws a vertical line, such as zero for a difference.
    What is a ``change`` says its plus.
    """
    rows = _Rows(list(estimates), unit, limits, reference, decimals, bars=False, change=change)
    return rows.chart(title, note)


def bar_with_interval(
    title: Text,
    estimates: Iterable[Estimate],
    *,
    unit: Text = "",
    limits: tuple[float, float] | None = None,
    decimals: int = 1,
    note: Text = "",
) -> Chart:
    """One bar per estimate from zero to its value, with the interval over its end."""
    rows = _Rows(list(estimates), unit, limits, 0.0, decimals, bars=True)
    return rows.chart(title, note)


@dataclass
class _Rows:
    estimates: list[Estimate]
    unit: Text
    limits: tuple[float, float] | None
    reference: float | None
    decimals: int
    bars: bool
    change: bool = False
    width: int = WIDE

    def __post_init__(self) -> None:
        known = [
            part for one in self.estimates if one.value is not None
            for part in (one.value, one.low, one.high) if part is not None
        ]  # fmt: skip
        if self.reference is not None:
            known.append(self.reference)
        self.low, self.high, self.ticks = scale(known, self.limits, steps=self.width // 100)

    def chart(self, title: Text, note: Text) -> Chart:
        columns: list[Text] = [_("Name"), with_unit(_("Value"), self.unit), *self._ends(), _("n")]
        rows = [self._figures(one) for one in self.estimates]
        summary = "; ".join(f"{row[0]}: {row[1]}" for row in rows)
        wide, narrow = (
            svg(title, summary, width, *replace(self, width=width).drawing())
            for width in (WIDE, NARROW)
        )
        return Chart(title, wide, narrow, columns, rows, note)

    def drawing(self) -> tuple[float, list[SafeString]]:
        """How high it is, and its parts."""
        parts: list[SafeString] = []
        bottom = 0.0
        for one in self.estimates:
            bottom, row = self._row(one, bottom)
            parts += row
        for each in self.ticks:
            written = figure(each, None, change=self.change)
            parts.append(tick(self._x(each), bottom + 20, written, "middle"))
        if self.unit:
            bottom += LINE
            parts.append(tick(self.width - EDGE, bottom + 20, self.unit, "end"))
        return bottom + 34, parts

    def _x(self, value: float) -> float:
        within = min(max(value, self.low), self.high)
        room = self.width - 2 * INSET
        return INSET + (within - self.low) / (self.high - self.low) * room

    def _row(self, one: Estimate, top: float) -> tuple[float, list[SafeString]]:
        """A row that begins at ``top``: where it ends, and its parts."""
        room = self.width - 2 * EDGE
        value = self._value(one)
        alone = one.value is not None and one.reason
        named = f"{one.label} ({one.reason})" if alone else one.label
        label = lines(named, room - (len(value) + 1) * LETTER)
        foot = top + FIRST
        parts = [words("label", EDGE, foot, label)]
        foot += LINE * (len(label) - 1)
        if one.value is None:
            text = _("Insufficient data") + (f": {one.reason}" if one.reason else "")
            missing = lines(text, room)
            parts.append(words("missing", EDGE, foot + LINE, missing))
            return foot + LINE * len(missing) + BELOW / 2, parts
        parts.append(
            format_html(
                '<text class="value" x="{}" y="{}" text-anchor="end">{}</text>',
                self.width - EDGE, at(top + FIRST), value,
            )
        )  # fmt: skip
        middle = foot + MARK
        parts += [*self._rules(middle), *self._marks(one, one.value, middle)]
        return middle + BELOW, parts

    def _value(self, one: Estimate) -> str:
        if one.value is None:
            return ""
        count = f" (n {one.n})" if one.n is not None else ""
        return figure(one.value, self.decimals, change=self.change) + count

    def _rules(self, middle: float) -> Iterable[SafeString]:
        """Each row has rules of its own, below its words, so that no line runs through them."""
        rules = [("grid", each) for each in self.ticks]
        if self.reference is not None and self.low <= self.reference <= self.high:
            rules.append(("axis", self.reference))
        for name, value in rules:
            x = self._x(value)
            yield rule(name, x, x, middle - 14, middle + 14)

    def _marks(self, one: Estimate, value: float, y: float) -> Iterable[SafeString]:
        """Marker or bar, and the interval."""
        which, zero = colour(one.strand), self.reference or 0.0
        if self.bars and value != zero:  # nothing is no bar: the figure above says 0
            start, end = sorted((self._x(zero), self._x(value)))
            yield format_html(
                '<rect class="bar series-{}" x="{}" y="{}" width="{}" height="14"/>',
                which, at(start), at(y - 7), at(max(end - start, 1)),
            )  # fmt: skip
        if one.low is not None and one.high is not None:
            a, b = at(self._x(one.low)), at(self._x(one.high))
            yield format_html(
                '<path class="interval{} series-{}" d="M{} {}H{}M{} {}v10M{} {}v10"/>',
                " over-bar" if self.bars else "", which, a, at(y), b, a, at(y - 5), b, at(y - 5),
            )  # fmt: skip
        if not self.bars:
            yield marker(which, self._x(value), y)

    def _ends(self) -> list[Text]:
        """Heads of the interval, in a table that has one."""
        interval = any(one.low is not None for one in self.estimates)
        return [_("Low"), _("High")] if interval else []

    def _figures(self, one: Estimate) -> list[Text]:
        """The row of the table: label, value, low, high, n; with the value, why any is missing."""
        value = figure(one.value, self.decimals, change=self.change)
        if one.reason:
            value = f"{value}: {one.reason}" if one.value is None else f"{value} ({one.reason})"
        ends = [
            figure(end, self.decimals, change=self.change) if end is not None else "–"
            for end in (one.low, one.high)
        ]
        count = str(one.n) if one.n is not None else "–"
        return [one.label, value, *(ends if self._ends() else []), count]
