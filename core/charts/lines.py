"""A small time series: lines that break where a value is missing, one marker per value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

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
from core.charts.figures import Chart, Series, Text

LEFT, TOP, BOTTOM = 48, 16, 236
RIGHT = 16  # from the right edge
LEGEND = 22  # from a line of the legend to the next, more than between the lines of one


def line(
    title: Text,
    labels: Sequence[Text],
    series: Iterable[Series],
    *,
    unit: Text = "",
    limits: tuple[float, float] | None = None,
    decimals: int = 1,
    note: Text = "",
) -> Chart:
    """One line per series over ``labels``; ValueError unless each has a value for each label."""
    series = list(series)
    for one in series:
        parts = (one.values, one.intervals or one.values, one.counts or one.values)
        if any(len(part) != len(labels) for part in parts):
            raise ValueError("Each series needs one value per label.")
    columns: list[Text] = [_("When"), *(with_unit(one.label, unit) for one in series)]
    rows: list[list[Text]] = [
        [label, *(_told(one, index, decimals) for one in series)]
        for index, label in enumerate(labels)
    ]
    summary = "; ".join(
        f"{one.label}: " + ", ".join(figure(value, decimals) for value in one.values)
        for one in series
    )
    plot = Lines(labels, series, limits)
    wide, narrow = (
        svg(title, summary, width, *replace(plot, width=width).drawing())
        for width in (WIDE, NARROW)
    )
    return Chart(title, wide, narrow, columns, rows, note)


def _told(one: Series, index: int, decimals: int) -> str:
    """A value as the table has it: with its interval and count, where it has them."""
    ends = one.intervals[index] if one.intervals else None
    count = one.counts[index] if one.counts else None
    beside = []
    if ends:
        low, high = (figure(end, decimals) for end in ends)
        beside.append(_("%(low)s to %(high)s") % {"low": low, "high": high})
    if count is not None:
        beside.append(f"n {count}")
    value = figure(one.values[index], decimals)
    return f"{value} ({'; '.join(beside)})" if beside else value


@dataclass
class Lines:
    """The drawing of a time series; a chart built on it may reach further and draw more."""

    labels: Sequence[Text]
    series: list[Series]
    limits: tuple[float, float] | None
    width: int = WIDE

    def __post_init__(self) -> None:
        self.low, self.high, self.ticks = scale(self.reach(), self.limits)
        self.right = self.width - RIGHT
        # Colours mean strands: series of one strand, or of none, differ by marker and dashes.
        self.alike = len({one.strand for one in self.series}) < len(self.series)

    def reach(self) -> list[float]:
        """What the axis has to hold."""
        known = [value for one in self.series for value in one.values if value is not None]
        return known + [
            end for one in self.series for ends in one.intervals if ends for end in ends
        ]

    def drawing(self) -> tuple[float, list[SafeString]]:
        """How high it is, and its parts."""
        parts: list[SafeString] = []
        for each in self.ticks:
            parts.append(rule("grid", LEFT, self.right, self._y(each), self._y(each)))
            parts.append(tick(LEFT - 8, self._y(each) + 5, figure(each, None), "end"))
        parts += [
            tick(self._x(index), BOTTOM + 24, self.labels[index], self._anchor(index))
            for index in range(0, len(self.labels), self._every())
        ]
        base = BOTTOM + 50.0
        for number, one in enumerate(self.series):
            parts += self._line(number, one)
            which, shape, _dashes = self._look(number, one)
            name = lines(one.label, self.right - LEFT - 22)
            parts.append(marker(which, LEFT + 8, base - 5, shape))
            parts.append(words("label", LEFT + 22, base, name))
            base += LEGEND + LINE * (len(name) - 1)
        return base - 14, parts

    def _every(self) -> int:
        """Of so many labels one is written, or they would run into each other.

        Those at the ends lean inwards by half of their width.
        """
        widest = 1.5 * max((len(str(label)) for label in self.labels), default=0) * LETTER + LETTER
        return ceil(widest * len(self.labels) / (self.right - LEFT)) or 1

    def _x(self, index: int) -> float:
        if len(self.labels) == 1:
            return (LEFT + self.right) / 2
        return LEFT + index * (self.right - LEFT) / (len(self.labels) - 1)

    def _y(self, value: float) -> float:
        within = min(max(value, self.low), self.high)
        return BOTTOM - (within - self.low) / (self.high - self.low) * (BOTTOM - TOP)

    def _anchor(self, index: int) -> str:
        """Words at the ends stay within the drawing."""
        if len(self.labels) == 1 or 0 < index < len(self.labels) - 1:
            return "middle"
        return "end" if index else "start"

    def _look(self, number: int, one: Series) -> tuple[int, int, str]:
        """Colour, shape and dashes."""
        which = colour(one.strand)
        shape = number % 4 + 1 if self.alike else which
        return which, shape, f" dashes-{shape}" if self.alike else ""

    def _line(self, number: int, one: Series) -> Iterable[SafeString]:
        which, shape, dashes = self._look(number, one)
        points = [
            (self._x(index), self._y(value)) if value is not None else None
            for index, value in enumerate(one.values)
        ]
        for start, end in pairwise(points):
            if start and end:
                yield rule(f"line series-{which}{dashes}", start[0], end[0], start[1], end[1])
        for index, ends in enumerate(one.intervals):
            if ends and one.values[index] is not None:
                x, (low, high) = self._x(index), (at(self._y(end)) for end in ends)
                yield format_html(
                    '<path class="interval series-{}" d="M{} {}V{}M{} {}h8M{} {}h8"/>',
                    which, at(x), low, high, at(x - 4), low, at(x - 4), high,
                )  # fmt: skip
        for point in filter(None, points):
            yield marker(which, *point, shape)
