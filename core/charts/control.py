"""A control chart: what is measured again and again, between the limits of mere chance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts.drawing import NARROW, WIDE, curve, figure, lines, svg, words
from core.charts.figures import Chart, Series, Text
from core.charts.lines import LEFT, LEGEND, Lines
from measurement.control import ControlPoint


def control(
    title: Text,
    labels: Sequence[Text],
    points: Sequence[ControlPoint],
    *,
    value: Text,
    decimals: int = 2,
    strand: str = "",
    note: Text = "",
) -> Chart:
    """``points`` over ``labels``, centre and limits behind them; ``value`` says what they are.

    The table says which lie beyond their limits. ValueError unless each point has its label.
    """
    if len(labels) != len(points):
        raise ValueError("Each point needs one label.")
    columns: list[Text] = [_("When"), value, _("Lower limit"), _("Upper limit"), _("Verdict")]
    rows: list[list[Text]] = [
        [
            label,
            *(figure(each, decimals) for each in (point.value, point.low, point.high)),
            _("beyond") if point.beyond else _("within"),
        ]
        for label, point in zip(labels, points, strict=True)
    ]
    summary = "; ".join(f"{row[0]}: {row[1]}, {row[4]}" for row in rows)
    plot = _Control(labels, [Series(value, [p.value for p in points], strand)], None, points=points)
    wide, narrow = (
        svg(title, summary, width, *replace(plot, width=width).drawing())
        for width in (WIDE, NARROW)
    )
    return Chart(title, wide, narrow, columns, rows, note)


@dataclass
class _Control(Lines):
    points: Sequence[ControlPoint] = field(default_factory=list)

    def reach(self) -> list[float]:
        """The axis holds the limits too."""
        return [end for one in self.points for end in (one.value, one.low, one.high)]

    def drawing(self) -> tuple[float, list[SafeString]]:
        """How high it is, and its parts: limits beneath, then the line, then what they are."""
        height, parts = super().drawing()
        behind = [
            curve(name, self._steps([self._y(getattr(one, end)) for one in self.points]))
            for end, name in (("low", "limit"), ("high", "limit"), ("centre", "target"))
        ]
        return self._legend(height + 14, [*behind, *parts])

    def _steps(self, heights: Sequence[float]) -> Iterable[tuple[float, float]]:
        """Each limit holds for its own time: from half way before it to half way after."""
        half = (self.right - LEFT) / max(2 * (len(heights) - 1), 1) if len(heights) > 1 else 40
        for index, height in enumerate(heights):
            x = self._x(index)
            yield max(x - half, LEFT), height
            yield min(x + half, self.right), height

    def _legend(self, base: float, parts: list[SafeString]) -> tuple[float, list[SafeString]]:
        for name, text in (("target", _("Centre")), ("limit", _("Control limits"))):
            base += LEGEND - 8
            parts.append(curve(name, [(LEFT - 6, base - 5), (LEFT + 16, base - 5)]))
            parts.append(words("tick", LEFT + 22, base, lines(text, self.right - LEFT - 22)))
            base += 8
        return base + 6, parts
