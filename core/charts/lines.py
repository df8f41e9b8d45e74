"""A small time series: lines that break where a value is missing, one marker per value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts.drawing import (
    WIDTH,
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
from core.charts.figures import Chart, Series, Text

LEFT, RIGHT, TOP, BOTTOM = 56, WIDTH - 16, 16, 236
LEGEND = 22  # height of a line of the legend
MOST_LABELS = 8


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
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("Each series needs one value per label.")
    columns: list[Text] = [_("When"), *(with_unit(one.label, unit) for one in series)]
    rows: list[list[Text]] = [
        [label, *(figure(one.values[index], decimals) for one in series)]
        for index, label in enumerate(labels)
    ]
    summary = "; ".join(
        f"{one.label}: " + ", ".join(figure(value, decimals) for value in one.values)
        for one in series
    )
    height = BOTTOM + 36 + LEGEND * len(series)
    drawing = svg(title, summary, height, _Lines(labels, series, limits).drawing())
    return Chart(title, drawing, columns, rows, note)


@dataclass
class _Lines:
    labels: Sequence[Text]
    series: list[Series]
    limits: tuple[float, float] | None

    def __post_init__(self) -> None:
        known = [value for one in self.series for value in one.values if value is not None]
        self.low, self.high, self.ticks = scale(known, self.limits)
        # Colours mean strands: series of one strand, or of none, differ by marker and dashes.
        self.alike = len({one.strand for one in self.series}) < len(self.series)

    def drawing(self) -> Iterable[SafeString]:
        for each in self.ticks:
            yield rule("grid", LEFT, RIGHT, self._y(each), self._y(each))
            yield tick(LEFT - 8, self._y(each) + 5, figure(each, None), "end")
        every = ceil(len(self.labels) / MOST_LABELS) or 1
        for index in range(0, len(self.labels), every):
            yield tick(self._x(index), BOTTOM + 24, self.labels[index], self._anchor(index))
        for number, one in enumerate(self.series):
            yield from self._series(number, one)

    def _x(self, index: int) -> float:
        if len(self.labels) == 1:
            return (LEFT + RIGHT) / 2
        return LEFT + index * (RIGHT - LEFT) / (len(self.labels) - 1)

    def _y(self, value: float) -> float:
        return BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)

    def _anchor(self, index: int) -> str:
        """Words at the ends stay within the drawing."""
        if len(self.labels) == 1 or 0 < index < len(self.labels) - 1:
            return "middle"
        return "end" if index else "start"

    def _series(self, number: int, one: Series) -> Iterable[SafeString]:
        which = colour(one.strand)
        shape = number % 4 + 1 if self.alike else which
        dashes = f" dashes-{shape}" if self.alike else ""
        points = [
            (self._x(index), self._y(value)) if value is not None else None
            for index, value in enumerate(one.values)
        ]
        for start, end in pairwise(points):
            if start and end:
                yield rule(f"line series-{which}{dashes}", start[0], end[0], start[1], end[1])
        for point in filter(None, points):
            yield marker(which, *point, shape)
        base = BOTTOM + 50 + LEGEND * number
        yield marker(which, LEFT + 8, base - 5, shape)
        yield label(LEFT + 22, base, one.label)
