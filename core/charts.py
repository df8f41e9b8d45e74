"""Charts drawn on the server as SVG, each with the rows of the table that stands beside it.

Colours come from classes (static/css/charts.css), never from style attributes, so that the content
security policy holds and dark and print follow the tokens. Each series has a marker shape as well
as a colour. Values are plain numbers in the unit of the axis; None is “insufficient data”.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Text = str | Promise
WIDTH = 640
ROW = 58  # height of a row in the charts that run sideways: the label, then the mark below it
MARK = 40  # from the top of a row to the middle of its mark
STRANDS = {"mentoring": 1, "observation": 2, "families": 3}


@dataclass(frozen=True)
class Chart:
    """What ``{% component "chart" %}`` shows: the drawing and its figures."""

    title: Text
    svg: SafeString
    columns: list[Text]
    rows: list[list[Text]]
    note: Text = ""


@dataclass(frozen=True)
class Estimate:
    """A value with its interval and count. ``value`` None: not enough data, ``reason`` says why."""

    label: Text
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    reason: Text = ""
    strand: str = ""


@dataclass(frozen=True)
class Series:
    """A line: one value per label of the axis, None where there is none."""

    label: Text
    values: Sequence[float | None]
    strand: str = ""


@dataclass(frozen=True)
class _Axis:
    unit: Text
    limits: tuple[float, float] | None
    reference: float | None
    decimals: int


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
    axis = _Axis(unit, limits, reference, decimals)
    return _sideways(title, list(estimates), axis, note, bars=False)


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
    axis = _Axis(unit, limits, 0.0, decimals)
    return _sideways(title, list(estimates), axis, note, bars=True)


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
    """A small time series: lines that break where a value is missing, one marker per value."""
    series = list(series)
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("Each series needs one value per label.")
    known = [value for one in series for value in one.values if value is not None]
    low, high, ticks = _axis(known, limits)
    left, right, top, bottom = 56, WIDTH - 16, 16, 236
    legend = 22 * len(series)
    step = (right - left) / max(len(labels) - 1, 1)

    def x(index: int) -> float:
        return left + index * step if len(labels) > 1 else (left + right) / 2

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    parts = [
        format_html(
            '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
            left, right, _at(y(tick)), _at(y(tick)),
            left - 8, _at(y(tick) + 5), _number(tick, None),
        )
        for tick in ticks
    ]  # fmt: skip
    every = ceil(len(labels) / 8) or 1
    for index, label in enumerate(labels):
        if index % every == 0:
            anchor = "middle" if 0 < index < len(labels) - 1 or len(labels) == 1 else "start"
            anchor = "end" if index and index == len(labels) - 1 else anchor
            parts.append(
                format_html(
                    '<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>',
                    _at(x(index)), bottom + 24, anchor, label,
                )
            )  # fmt: skip
    # Colours mean strands: series of one strand, or of none, differ by marker and dashes instead.
    alike = len({one.strand for one in series}) < len(series)
    for number, one in enumerate(series):
        which = STRANDS.get(one.strand, 4)
        shape = number % 4 + 1 if alike else which
        dashes = f" dashes-{shape}" if alike else ""
        points = [
            (x(i), y(value)) if value is not None else None for i, value in enumerate(one.values)
        ]
        for start, end in pairwise(points):
            if start and end:
                parts.append(
                    format_html(
                        '<line class="line series-{}{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
                        which, dashes, *map(_at, (*start, *end)),
                    )
                )  # fmt: skip
        parts.extend(_marker(which, *point, shape) for point in points if point)
        at = bottom + 50 + 22 * number
        parts.append(_marker(which, left + 8, at - 5, shape))
        parts.append(
            format_html('<text class="label" x="{}" y="{}">{}</text>', left + 22, at, one.label)
        )
    columns: list[Text] = [_("When"), *(_with_unit(one.label, unit) for one in series)]
    rows: list[list[Text]] = [
        [label, *(_number(one.values[index], decimals) for one in series)]
        for index, label in enumerate(labels)
    ]
    summary = "; ".join(
        f"{one.label}: " + ", ".join(str(_number(value, decimals)) for value in one.values)
        for one in series
    )
    return Chart(title, _svg(title, summary, bottom + 36 + legend, parts), columns, rows, note)


def _sideways(
    title: Text, estimates: list[Estimate], axis: _Axis, note: Text, *, bars: bool
) -> Chart:
    """Rows of label above, mark below; the axis with its numbers at the foot."""
    unit, reference, decimals = axis.unit, axis.reference, axis.decimals
    known = [
        part for one in estimates if one.value is not None
        for part in (one.value, one.low, one.high) if part is not None
    ]  # fmt: skip
    low, high, ticks = _axis([*known, *([] if reference is None else [reference])], axis.limits)
    left, right = 12, WIDTH - 96
    bottom = ROW * len(estimates) + 6

    def x(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    parts = [
        format_html(
            '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>',
            _at(x(tick)), bottom + 20, _number(tick, None),
        )
        for tick in ticks
    ]  # fmt: skip
    rules = [("grid", tick) for tick in ticks]
    if reference is not None and low <= reference <= high:
        rules.append(("axis", reference))
    for number, one in enumerate(estimates):
        top = ROW * number
        # Each row has rules of its own, below its label, so that no line runs through words.
        for name, at in rules if one.value is not None else []:
            parts.append(
                format_html(
                    '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>',
                    name, _at(x(at)), _at(x(at)), top + MARK - 14, top + MARK + 14,
                )
            )  # fmt: skip
        parts.append(
            format_html('<text class="label" x="{}" y="{}">{}</text>', left, top + 18, one.label)
        )
        parts.append(_row_marks(one, x, top + MARK, decimals, bars=bars, zero=reference or 0.0))
    if unit:
        parts.append(
            format_html('<text class="tick" x="{}" y="{}">{}</text>', right + 24, bottom + 22, unit)
        )
    columns: list[Text] = [_("Name"), _with_unit(_("Value"), unit), _("Low"), _("High"), _("n")]
    rows = [
        [
            one.label,
            one_value if one.value is not None or not one.reason else f"{one_value}: {one.reason}",
            _number(one.low, decimals) if one.value is not None else "–",
            _number(one.high, decimals) if one.value is not None else "–",
            str(one.n) if one.n is not None else "–",
        ]
        for one in estimates
        for one_value in [_number(one.value, decimals)]
    ]
    summary = "; ".join(f"{row[0]}: {row[1]}" for row in rows)
    return Chart(title, _svg(title, summary, bottom + 34, parts), columns, rows, note)


def _row_marks(one: Estimate, x, y: float, decimals: int, *, bars: bool, zero: float) -> SafeString:
    """Marker or bar, interval and the value in figures; words when there is no value."""
    if one.value is None:
        text = _("Insufficient data") + (f": {one.reason}" if one.reason else "")
        return format_html('<text class="missing" x="12" y="{}">{}</text>', _at(y + 5), text)
    which = STRANDS.get(one.strand, 4)
    parts = []
    if bars and one.value != zero:  # nothing is no bar: the figure at the end says 0
        start, end = sorted((x(zero), x(one.value)))
        parts.append(
            format_html(
                '<rect class="bar series-{}" x="{}" y="{}" width="{}" height="14"/>',
                which, _at(start), _at(y - 7), _at(max(end - start, 1)),
            )
        )  # fmt: skip
    if one.low is not None and one.high is not None:
        a, b = x(one.low), x(one.high)
        parts.append(
            format_html(
                '<path class="interval{} series-{}" d="M{} {}H{}M{} {}v10M{} {}v10"/>',
                " over-bar" if bars else "", which,
                _at(a), _at(y), _at(b), _at(a), _at(y - 5), _at(b), _at(y - 5),
            )
        )  # fmt: skip
    if not bars:
        parts.append(_marker(which, x(one.value), y))
    count = f" (n {one.n})" if one.n is not None else ""
    parts.append(
        format_html(
            '<text class="value" x="{}" y="{}" text-anchor="end">{}{}</text>',
            WIDTH - 4, _at(y + 5), _number(one.value, decimals), count,
        )
    )  # fmt: skip
    return format_html_join("", "{}", ((part,) for part in parts))


def _marker(which: int, x: float, y: float, shape: int = 0) -> SafeString:
    """1 circle (mentoring), 2 diamond (observation), 3 square (families), 4 triangle (others);
    ``shape`` asks for another than the colour's own."""
    shapes = {
        1: "M{x} {y}m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
        2: "M{x} {y}m0-8l8 8-8 8-8-8z",
        3: "M{x} {y}m-6-6h12v12h-12z",
        4: "M{x} {y}m0-7l7 13h-14z",
    }
    path = shapes[shape or which].format(x=_at(x), y=_at(y))
    return format_html('<path class="marker series-{}" d="{}"/>', which, path)


def _label(x: float, y: float, text: Text) -> SafeString:
    return format_html('<text class="label" x="{}" y="{}">{}</text>', x, y, text)


def _svg(title: Text, summary: str, height: float, parts: Iterable[SafeString]) -> SafeString:
    body = mark_safe("".join(parts))  # noqa: S308 — every part comes out of format_html
    return format_html(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {} {}" '
        'aria-label="{}. {}"><title>{}</title><desc>{}</desc>{}</svg>',
        WIDTH, _at(height), title, summary, title, summary, body,
    )  # fmt: skip


def _axis(
    values: Sequence[float], limits: tuple[float, float] | None
) -> tuple[float, float, list[float]]:
    """Lowest and highest of the axis and its ticks: round numbers, about five steps."""
    low, high = limits or (min(values, default=0.0), max(values, default=1.0))
    if low == high:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / 5
    size = 10 ** floor(log10(rough))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough * 0.999)
    if limits is None:
        low, high = floor(low / step) * step, ceil(high / step) * step
    first = ceil(low / step - 1e-9)
    ticks = [index * step for index in range(first, floor(high / step + 1e-9) + 1)]
    return low, high, ticks


def _at(value: float) -> str:
    """A coordinate: one decimal, a point whatever the language."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _number(value: float | None, decimals: int | None) -> str:
    """A figure in the reader's language; without ``decimals``, as short as it is."""
    if value is None:
        return _("Insufficient data")
    if decimals is None:
        return str(number_format(float(f"{value:.6g}") if value % 1 else int(value)))
    # number_format cuts off; only a rounded value reads as elsewhere on the page.
    return str(number_format(round(value, decimals), decimals))


def _with_unit(label: Text, unit: Text) -> str:
    return f"{label} ({unit})" if unit else str(label)
