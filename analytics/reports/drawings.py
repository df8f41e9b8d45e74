"""The drawing of a table, by what its declaration says."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from analytics.reports.declaration import Column, Drawing, Kind, Table
from core import charts
from core.templatetags.estimates import reason_words

Rows = Sequence[dict[str, Any]]
# Of each row what its columns say in words, in their order.
Words = Sequence[list[str]]


def draw(table: Table, columns: Sequence[Column], rows: Rows, words: Words) -> charts.Chart | None:
    """Nothing where the column is not there, or a single row leaves nothing to compare."""
    column = next((one for one in columns if one.key == table.chart), None)
    if column is None or len(rows) < 2:
        return None
    return _DRAWN[table.drawing](table, column, columns, rows, words)


def _dots(
    table: Table, column: Column, columns: Sequence[Column], rows: Rows, words: Words
) -> charts.Chart:
    return charts.dot_with_interval(
        title=f"{table.title}: {column.title}",
        note=_("The line is the 95 % interval."),
        estimates=[
            charts.Estimate(
                label=" · ".join(said),
                value=row[column.key]["value"],
                low=row[column.key]["low"],
                high=row[column.key]["high"],
                n=row[column.key]["n"],
                reason=str(reason_words(row[column.key]["reason"])),
                strand=table.strand,
            )
            for row, said in zip(rows, words, strict=True)
            if row.get(column.key)
        ],
        limits=table.limits,
        reference=table.reference,
        decimals=column.places,
    )


def _line(
    table: Table, column: Column, columns: Sequence[Column], rows: Rows, words: Words
) -> charts.Chart:
    return charts.line(
        title=str(table.title),
        labels=[said[0] for said in words],
        series=[
            charts.Series(
                _("%(name)s (n %(n)s)") % {"name": one.title, "n": _n(rows, one)},
                [row[one.key]["value"] if row.get(one.key) else None for row in rows],
                table.strand,
            )
            for one in columns
            if one.kind == Kind.ESTIMATE
        ],
        limits=table.limits,
        decimals=column.places,
    )


def _n(rows: Rows, column: Column) -> int:
    """What the last estimate of the column rests on."""
    return next(row[column.key]["n"] for row in reversed(rows) if row.get(column.key))


def _funnel(
    table: Table, column: Column, columns: Sequence[Column], rows: Rows, words: Words
) -> charts.Chart:
    """Rows as ``measurement.funnel`` has its points, with the target beside each."""
    size = next(one for one in columns if one.key == "n")
    return charts.funnel(
        title=f"{table.title}: {column.title}",
        points=[
            charts.Point(
                label=said[0],
                size=row["n"],
                value=row[column.key],
                near=(row["low_95"], row["high_95"]),
                far=(row["low_99.8"], row["high_99.8"]),
                position=row["position"],
            )
            for row, said in zip(rows, words, strict=True)
        ],
        target=rows[0]["target"],
        size=size.title,
        limits=table.limits,
        decimals=column.places,
        strand=table.strand,
        note=str(table.note),
    )


_DRAWN: dict[Drawing, Callable[..., charts.Chart]] = {
    Drawing.DOTS: _dots,
    Drawing.LINE: _line,
    Drawing.FUNNEL: _funnel,
}
