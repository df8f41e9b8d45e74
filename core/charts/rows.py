"""Charts that run sideways: one row per estimate, its label above its mark."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts.drawing import (
    WIDTH,
    at,
    colour,
    figure,
    label,
    marker,
    rule,
    scale,
    svg,
    tick,
    with_unit,
)
from core.charts.figures import Chart, Estimate, Text

LEFT, RIGHT = 12, WIDTH - 96
ROW = 58  # height of a row: the label, then the mark below it
MARK = 40  # from the top of a row to the middle of its mark


def dot_with_interval(
    title: Text,
    estimates: Iterable[Estimate],
    *,
    unit: Text = "",
    limits: tuple[float, float] | None = None,
    reference: float | None = None,
    decimals: int = 1,
    note: Text = "",
) -> Chart:
    """One row per estimate: a marker for the value, a line from low to high (forest plot).

    ``limits`` fixes the axis; ``reference`` draws a vertical line, such as zero for a difference.
    """
    rows = _Rows(list(estimates), unit, limits, reference, decimals, bars=False)
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
    return _Rows(list(estimates), unit, limits, 0.0, decimals, bars=True).chart(title, note)


@dataclass
class _Rows:
    estimates: list[Estimate]
    unit: Text
    limits: tuple[float, float] | None
    reference: float | None
    decimals: int
    bars: bool

    def __post_init__(self) -> None:
        known = [
            part for one in self.estimates if one.value is not None
            for part in (one.value, one.low, one.high) if part is not None
        ]  # fmt: skip
        if self.reference is not None:
            known.append(self.reference)
        self.low, self.high, self.ticks = scale(known, self.limits)

    def chart(self, title: Text, note: Text) -> Chart:
        columns: list[Text] = [
            _("Name"), with_unit(_("Value"), self.unit), _("Low"), _("High"), _("n"),
        ]  # fmt: skip
        rows = [self._figures(one) for one in self.estimates]
        summary = "; ".join(f"{row[0]}: {row[1]}" for row in rows)
        bottom = ROW * len(self.estimates) + 6
        drawing = svg(title, summary, bottom + 34, self._drawing(bottom))
        return Chart(title, drawing, columns, rows, note)

    def _x(self, value: float) -> float:
        within = min(max(value, self.low), self.high)
        return LEFT + (within - self.low) / (self.high - self.low) * (RIGHT - LEFT)

    def _drawing(self, bottom: float) -> Iterable[SafeString]:
        for each in self.ticks:
            yield tick(self._x(each), bottom + 20, figure(each, None), "middle")
        rules = [("grid", each) for each in self.ticks]
        if self.reference is not None and self.low <= self.reference <= self.high:
            rules.append(("axis", self.reference))
        for number, one in enumerate(self.estimates):
            middle = ROW * number + MARK
            # Each row has rules of its own, below its label, so that no line runs through words.
            for name, value in rules if one.value is not None else []:
                x = self._x(value)
                yield rule(name, x, x, middle - 14, middle + 14)
            alone = one.value is not None and one.reason
            words = f"{one.label} ({one.reason})" if alone else one.label
            yield label(LEFT, ROW * number + 18, words)
            yield self._marks(one, middle)
        if self.unit:
            yield format_html(
                '<text class="tick" x="{}" y="{}">{}</text>', RIGHT + 24, bottom + 22, self.unit
            )

    def _marks(self, one: Estimate, y: float) -> SafeString:
        """Marker or bar, interval and the value in figures; words when there is no value."""
        if one.value is None:
            text = _("Insufficient data") + (f": {one.reason}" if one.reason else "")
            return format_html(
                '<text class="missing" x="{}" y="{}">{}</text>', LEFT, at(y + 5), text
            )
        which, zero = colour(one.strand), self.reference or 0.0
        parts = []
        if self.bars and one.value != zero:  # nothing is no bar: the figure at the end says 0
            start, end = sorted((self._x(zero), self._x(one.value)))
            parts.append(
                format_html(
                    '<rect class="bar series-{}" x="{}" y="{}" width="{}" height="14"/>',
                    which, at(start), at(y - 7), at(max(end - start, 1)),
                )
            )  # fmt: skip
        if one.low is not None and one.high is not None:
            a, b = at(self._x(one.low)), at(self._x(one.high))
            parts.append(
                format_html(
                    '<path class="interval{} series-{}" d="M{} {}H{}M{} {}v10M{} {}v10"/>',
                    " over-bar" if self.bars else "", which,
                    a, at(y), b, a, at(y - 5), b, at(y - 5),
                )
            )  # fmt: skip
        if not self.bars:
            parts.append(marker(which, self._x(one.value), y))
        count = f" (n {one.n})" if one.n is not None else ""
        parts.append(
            format_html(
                '<text class="value" x="{}" y="{}" text-anchor="end">{}{}</text>',
                WIDTH - 4, at(y + 5), figure(one.value, self.decimals), count,
            )
        )  # fmt: skip
        return format_html_join("", "{}", ((part,) for part in parts))

    def _figures(self, one: Estimate) -> list[Text]:
        """The row of the table: label, value, low, high (or why they are missing), n."""
        value, none = figure(one.value, self.decimals), one.reason or "–"
        if one.value is None:
            value, none = f"{value}: {one.reason}" if one.reason else value, "–"
        ends = (none if end is None else figure(end, self.decimals) for end in (one.low, one.high))
        return [one.label, value, *ends, str(one.n) if one.n is not None else "–"]
