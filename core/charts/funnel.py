"""A funnel: places by what they rest on, between the limits that chance alone would keep.

No ranks: what lies inside is a cloud of dots, what lies far outside has its name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts.drawing import (
    LETTER,
    NARROW,
    WIDE,
    colour,
    curve,
    dots,
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
from core.charts.figures import Chart, Point, Text

WHERE: dict[str, str | Promise] = {
    "very low": gettext_lazy("below the 99.8 % limits"),
    "low": gettext_lazy("below the 95 % limits"),
    "inside": gettext_lazy("within the limits"),
    "high": gettext_lazy("above the 95 % limits"),
    "very high": gettext_lazy("above the 99.8 % limits"),
}
NEAR, FAR = {"low", "high"}, {"very low", "very high"}
LEFT, TOP, BOTTOM = 48, 16, 276
RIGHT = 16  # from the right edge
INSET = 10  # from the ends of the axis to the first and last place
LEGEND = 22  # from a line of the legend to the next
NAME = 17  # height of a name
BESIDE = 11  # from the middle of a mark to its name


def funnel(  # noqa: PLR0913 — each says one thing of the drawing
    title: Text,
    points: Iterable[Point],
    *,
    target: float,
    size: Text,
    limits: tuple[float, float] | None = None,
    unit: Text = "",
    decimals: int = 1,
    strand: str = "",
    note: Text = "",
) -> Chart:
    """A dot for each place at its size; marks and names for those outside the 99.8 % limits.

    ``target``: the line in the middle; ``size``: what the places' sizes count. ``limits`` is as far
    as the axis may reach. A name for which there is no room stands in the table alone.
    """
    points = list(points)
    outside = [one for one in points if one.position != "inside"]
    columns: list[Text] = [_("Name"), with_unit(_("Value"), unit), size, _("Where it lies")]
    rows: list[list[Text]] = [
        [one.label, figure(one.value, decimals), figure(one.size, 0), WHERE[one.position]]
        for one in outside
    ]
    inside = len(points) - len(outside)
    rows.append([_("All others (%(n)s)") % {"n": inside}, "–", "–", WHERE["inside"]])
    summary = "; ".join(f"{row[0]}: {row[1]}, {row[3]}" for row in rows[:-1])
    summary = "; ".join(filter(None, [summary, f"{rows[-1][0]}: {WHERE['inside']}"]))
    plot = _Funnel(points, target, size, limits, decimals, colour(strand))
    wide, narrow = (
        svg(title, summary, width, *replace(plot, width=width).drawing())
        for width in (WIDE, NARROW)
    )
    return Chart(title, wide, narrow, columns, rows, note)


@dataclass
class _Funnel:
    points: list[Point]
    target: float
    size: Text
    limits: tuple[float, float] | None
    decimals: int
    which: int
    width: int = WIDE
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.right = self.width - RIGHT
        reach = [self.target]
        for one in self.points:
            reach += [one.value, *(self._within(end) for end in one.far)]
        self.low, self.high, self.ticks = scale(reach, None)
        sizes = [one.size for one in self.points]
        ends = (min(sizes, default=0.0), max(sizes, default=1.0))
        self.first, self.last, marks = scale(sizes, ends, steps=self.width // 90)
        self.sizes = [each for each in marks if each == round(each)]
        # Limits from size to size; where all are the same, from edge to edge.
        self.known = sorted({one.size: one for one in self.points}.items())
        self.taken = []

    def drawing(self) -> tuple[float, list[SafeString]]:
        """How high it is, and its parts."""
        parts = [*self._axes(), *self._curves()]
        for name, positions in (("points", {"inside"}), ("points near", NEAR)):
            if there := [self._place(one) for one in self.points if one.position in positions]:
                parts.append(dots(f"{name} series-{self.which}", there))
        far = [one for one in self.points if one.position in FAR]
        parts += [marker(self.which, *self._place(one)) for one in far]
        parts += self._names(far)
        return self._legend(parts)

    def _within(self, value: float) -> float:
        low, high = self.limits or (value, value)
        return min(max(value, low), high)

    def _x(self, size: float) -> float:
        room = self.right - LEFT - 2 * INSET
        return LEFT + INSET + (size - self.first) / (self.last - self.first) * room

    def _y(self, value: float) -> float:
        return BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)

    def _place(self, one: Point) -> tuple[float, float]:
        return self._x(one.size), self._y(one.value)

    def _axes(self) -> Iterator[SafeString]:
        for each in self.ticks:
            yield rule("grid", LEFT, self.right, self._y(each), self._y(each))
            yield tick(LEFT - 8, self._y(each) + 5, figure(each, None), "end")
        for each in self.sizes:
            yield tick(self._x(each), BOTTOM + 22, figure(each, None), "middle")
        yield tick(self.right, BOTTOM + 42, self.size, "end")

    def _curves(self) -> Iterator[SafeString]:
        ends = [lambda p: p.far[0], lambda p: p.near[0], lambda p: p.near[1], lambda p: p.far[1]]
        names = ["limit limit-far", "limit limit-near", "limit limit-near", "limit limit-far"]
        for name, end in zip(names, ends, strict=True):
            points = [(self._x(at), self._y(self._within(end(one)))) for at, one in self.known]
            yield curve(name, self._from_edge_to_edge(points))
        middle = self._y(self.target)
        yield curve("target", [(LEFT, middle), (self.right, middle)])

    def _from_edge_to_edge(self, points: Sequence[tuple[float, float]]) -> list:
        if len(points) != 1:
            return list(points)
        (_x, y) = points[0]
        return [(LEFT, y), (self.right, y)]

    def _legend(self, parts: list[SafeString]) -> tuple[float, list[SafeString]]:
        mean = _("All together: %(value)s") % {"value": figure(self.target, self.decimals)}
        base = BOTTOM + 70.0
        for name, text in (
            ("target", mean),
            ("limit limit-near", _("95 % limits")),
            ("limit limit-far", _("99.8 % limits")),
        ):
            parts.append(curve(name, [(LEFT - 32, base - 5), (LEFT - 4, base - 5)]))
            parts.append(words("tick", LEFT + 6, base, lines(text, self.right - LEFT - 6)))
            base += LEGEND
        return base - 8, parts

    def _names(self, far: list[Point]) -> Iterator[SafeString]:
        """Names of the places far outside, the farthest first, where there is room for them."""
        for one in self.points:
            x, y = self._place(one)
            half = 7 if one.position in FAR else 3
            self.taken.append((x - half, y - half, x + half, y + half))
        for one in sorted(far, key=lambda one: -abs(one.value - self.target)):
            x, y = self._place(one)
            length = len(str(one.label)) * (LETTER - 0.5)
            for start, foot in (
                (x + BESIDE, y + 5),
                (x - BESIDE - length, y + 5),
                (x - length / 2, y - BESIDE),
                (x - length / 2, y + BESIDE + 12),
            ):
                box = (start, foot - NAME + 3, start + length, foot + 3)
                if self._free(box):
                    self.taken.append(box)
                    yield words("name", start, foot, [str(one.label)])
                    break

    def _free(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        if left < LEFT or right > self.width or top < 0 or bottom > BOTTOM + 4:
            return False
        return not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in self.taken
        )
