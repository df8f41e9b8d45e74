"""A heat map: rows by columns, each cell its figure on a tint; beside it the same as a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts.drawing import LETTER, NARROW, WIDE, at, figure, svg, tick
from core.charts.figures import Chart, Text

TINTS = 5
HEIGHT, GAP = 26, 2
HEAD = 22  # from the top of a band to its first row
LEAST = 40  # width of a cell that holds a figure of three letters
BETWEEN = 14  # bands


@dataclass(frozen=True)
class Row:
    """A row: what stands before it, what the table calls it, and a value for each column.

    ``lowest`` and ``highest`` are what its values may be: they set the tint.
    """

    label: Text
    name: Text
    values: Sequence[float | None]
    lowest: float
    highest: float


def heat(
    title: Text,
    columns: Sequence[Text],
    rows: Iterable[Row],
    *,
    heads: Sequence[Text] = (),
    decimals: int = 1,
    note: Text = "",
) -> Chart:
    """``rows`` × ``columns``; on a phone the columns come in bands, one below the other.

    ``heads`` are the columns as the table calls them, where that is longer. ValueError unless each
    row has a value, or None, for each column.
    """
    rows = list(rows)
    if any(len(row.values) != len(columns) for row in rows):
        raise ValueError("Each row needs one value per column.")
    told = [[row.name, *(_figure(value, decimals) for value in row.values)] for row in rows]
    summary = _("%(rows)s rows by %(columns)s columns; the figures are in the table.") % {
        "rows": len(rows),
        "columns": len(columns),
    }
    plot = _Heat(list(columns), rows, decimals)
    wide, narrow = (
        svg(title, summary, width, *replace(plot, width=width).drawing())
        for width in (WIDE, NARROW)
    )
    return Chart(title, wide, narrow, [_("What"), *(heads or columns)], told, note)


def _figure(value: float | None, decimals: int) -> str:
    return "–" if value is None else figure(value, decimals)


@dataclass
class _Heat:
    columns: list[Text]
    rows: list[Row]
    decimals: int
    width: int = WIDE

    def drawing(self) -> tuple[float, list[SafeString]]:
        """How high it is, and its parts."""
        left = max((len(str(row.label)) for row in self.rows), default=0) * LETTER + 8
        longest = max((len(str(column)) for column in self.columns), default=0)
        each = max(LEAST, longest * LETTER + GAP)
        most = max(1, int((self.width - left) / each))
        bands = ceil(len(self.columns) / most) or 1
        # Bands of one size: the last one is not left with a single column.
        size = ceil(len(self.columns) / bands) or 1
        cell = (self.width - left) / size
        parts: list[SafeString] = []
        top = 0.0
        for first in range(0, len(self.columns), size):
            shown = range(first, min(first + size, len(self.columns)))
            parts += self._band(shown, left, cell, top)
            top += HEAD + len(self.rows) * HEIGHT + BETWEEN
        return max(top - BETWEEN, HEIGHT), parts

    def _band(self, shown: range, left: float, cell: float, top: float) -> Iterator[SafeString]:
        for place, column in enumerate(shown):
            middle = left + (place + 0.5) * cell
            yield tick(middle, top + HEAD - 7, self.columns[column], "middle")
        for number, row in enumerate(self.rows):
            y = top + HEAD + number * HEIGHT
            yield tick(0, y + HEIGHT / 2 + 5, row.label, "start")
            for place, column in enumerate(shown):
                yield self._cell(row, row.values[column], left + place * cell, y, cell)

    def _cell(self, row: Row, value: float | None, x: float, y: float, width: float) -> SafeString:
        return format_html(
            '<rect class="heat heat-{}" x="{}" y="{}" width="{}" height="{}"/>'
            '<text class="heat-value" x="{}" y="{}" text-anchor="middle">{}</text>',
            tint(value, row.lowest, row.highest),
            at(x), at(y), at(width - GAP), HEIGHT - GAP,
            at(x + (width - GAP) / 2), at(y + HEIGHT / 2 + 4), _figure(value, self.decimals),
        )  # fmt: skip


def tint(value: float | None, lowest: float, highest: float) -> int:
    """1 (lowest fifth) to 5 (highest fifth of what is possible); 0 where there is no value."""
    if value is None or highest <= lowest:
        return 0
    share = (value - lowest) / (highest - lowest)
    return min(TINTS, max(1, int(share * TINTS) + 1))
