"""How a report is declared: sections of tables, their columns, and the sentences beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise
Words = Mapping[str, Text]


class Kind(StrEnum):
    """What a column holds in the stored result."""

    TEXT = "text"  # as it stands
    NAME = "name"  # a code that the result names in every language: a domain, an item
    WORD = "word"  # a code that the column itself puts into words
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"  # 0 to 1, shown as a percentage
    P = "p"
    ESTIMATE = "estimate"
    GUARDED = "guarded"  # a count, or the code of the reason why it is not shown


NUMERIC = {Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.P, Kind.ESTIMATE, Kind.GUARDED}


class Drawing(StrEnum):
    """How the rows of a table are drawn."""

    DOTS = "dots"  # an estimate with its interval for each row
    LINE = "line"  # a line for each column of estimates, over the rows
    FUNNEL = "funnel"  # a dot for each row, between the limits at its size


@dataclass(frozen=True)
class Column:
    key: str
    title: Text
    kind: Kind = Kind.TEXT
    places: int = 2
    words: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """``chart`` names the column that is also drawn, ``drawing`` says how.

    ``listed`` is False where the rows are so many that a page has the drawing alone; files have
    all. ``limits``: as far as the axis reaches.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    note: Text = ""
    chart: str = ""
    drawing: Drawing = Drawing.DOTS
    listed: bool = True
    limits: tuple[float, float] | None = None
    reference: float | None = None
    strand: str = "observation"


@dataclass(frozen=True)
class Section:
    """``says``: what the section means for those who work with it, before any figure."""

    key: str
    title: Text
    says: Text
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Report:
    """``notes``: sentences by code; a result gives the code and the facts that fill it."""

    code: str
    title: Text
    lead: Text
    sections: tuple[Section, ...]
    notes: Words
