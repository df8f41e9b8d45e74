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


NUMERIC = {Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.P, Kind.ESTIMATE}


@dataclass(frozen=True)
class Column:
    key: str
    title: Text
    kind: Kind = Kind.TEXT
    places: int = 2
    words: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """``chart`` names the column of estimates that is also drawn, one row per row of the table."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    note: Text = ""
    chart: str = ""
    limits: tuple[float, float] | None = None
    reference: float | None = None


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
