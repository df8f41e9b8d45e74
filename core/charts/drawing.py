"""The pieces that every chart is drawn from: axis, rules, marks, words and figures."""

from collections.abc import Iterable, Sequence
from math import ceil, floor, log10
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts.figures import Text
from core.numerals import written

# Each chart is drawn twice, and static/css/charts.css shows the one that its place has room for:
# words in a drawing shrink with it, and a wide one on a phone could not be read.
WIDE, NARROW = 540, 320
LETTER = 8.4  # width of a letter of a label, rather more than on average
LINE = 19  # height of a line of words
STRANDS = {"mentoring": 1, "observation": 2, "families": 3}
MARKERS = {
    1: "M{x} {y}m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",  # circle: mentoring
    2: "M{x} {y}m0-8l8 8-8 8-8-8z",  # diamond: observation
    3: "M{x} {y}m-6-6h12v12h-12z",  # square: families
    4: "M{x} {y}m0-7l7 13h-14z",  # triangle: whatever is no strand
}


def colour(strand: str) -> int:
    """The number of a strand's colour in static/css/charts.css."""
    return STRANDS.get(strand, 4)


def svg(
    title: Text, summary: str, width: int, height: float, parts: Iterable[SafeString]
) -> SafeString:
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        '<svg class="chart chart-{}" xmlns="http://www.w3.org/2000/svg" role="img" '
        'viewBox="0 0 {} {}" aria-label="{}. {}"><title>{}</title><desc>{}</desc>{}</svg>',
        "wide" if width == WIDE else "narrow",
        width, at(height), title, summary, title, summary, body,
    )  # fmt: skip


def rule(name: str, x1: float, x2: float, y1: float, y2: float) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        name, at(x1), at(x2), at(y1), at(y2),
    )  # fmt: skip


def curve(name: str, points: Iterable[tuple[float, float]]) -> SafeString:
    """A line from point to point."""
    path = "L".join(f"{at(x)} {at(y)}" for x, y in points)
    return format_html('<path class="{}" d="M{}"/>', name, path)


def dots(name: str, points: Iterable[tuple[float, float]]) -> SafeString:
    """Small dots, thousands of them as one path: each a line of no length with round ends."""
    path = "".join(f"M{at(x)} {at(y)}h0" for x, y in points)
    return format_html('<path class="{}" d="{}"/>', name, path)


def lines(text: Text, room: float) -> list[str]:
    """``text`` cut into lines that fit into ``room``."""
    return wrap(str(text), int(room / LETTER)) or [""]


def words(name: str, x: float, y: float, text: Sequence[str]) -> SafeString:
    """Lines of words beneath each other."""
    return format_html_join(
        "",
        '<text class="{}" x="{}" y="{}">{}</text>',
        ((name, at(x), at(y + number * LINE), each) for number, each in enumerate(text)),
    )


def tick(x: float, y: float, text: Text, anchor: str) -> SafeString:
    return format_html(
        '<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>', at(x), at(y), anchor, text
    )


def marker(which: int, x: float, y: float, shape: int = 0) -> SafeString:
    """The mark of colour ``which``; ``shape`` asks for another than the colour's own."""
    path = MARKERS[shape or which].format(x=at(x), y=at(y))
    return format_html('<path class="marker series-{}" d="{}"/>', which, path)


def scale(
    values: Sequence[float], limits: tuple[float, float] | None, steps: int = 5
) -> tuple[float, float, list[float]]:
    """Lowest and highest of the axis and its ticks: round numbers, about ``steps`` steps."""
    low, high = limits or (min(values, default=0.0), max(values, default=1.0))
    if low == high:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / steps
    size = 10 ** floor(log10(rough))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough * 0.999)
    if limits is None:
        low, high = floor(low / step) * step, ceil(high / step) * step
    first = ceil(low / step - 1e-9)
    ticks = [index * step for index in range(first, floor(high / step + 1e-9) + 1)]
    return low, high, ticks


def at(value: float) -> str:
    """A coordinate: one decimal, a point whatever the language."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def figure(value: float | None, decimals: int | None, *, change: bool = False) -> str:
    """A figure in the reader's language; without ``decimals``, as short as it is."""
    return _("Insufficient data") if value is None else written(value, decimals, change=change)


def with_unit(text: Text, unit: Text) -> str:
    return f"{text} ({unit})" if unit else str(text)
