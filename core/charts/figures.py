"""What goes into a chart, and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString

Text = str | Promise


@dataclass(frozen=True)
class Chart:
    """What ``{% component "chart" %}`` shows: the drawing, wide and narrow, and its figures."""

    title: Text
    wide: SafeString
    narrow: SafeString
    columns: list[Text]
    rows: list[list[Text]]
    note: Text = ""


@dataclass(frozen=True)
class Estimate:
    """A value with its interval and count; ``reason`` says why value or interval are missing."""

    label: Text
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    reason: Text = ""
    strand: str = ""


@dataclass(frozen=True)
class Series:
    """A line: one value per label of the axis, None where there is none.

    ``intervals`` (low and high) and ``counts``, where given, are one per value, too.
    """

    label: Text
    values: Sequence[float | None]
    strand: str = ""
    intervals: Sequence[tuple[float, float] | None] = ()
    counts: Sequence[int | None] = ()


@dataclass(frozen=True)
class Point:
    """A place of a funnel: its value, the size that it rests on, and its limits at that size.

    ``near`` and ``far``: 95 % and 99.8 %. ``position``: where it lies to them, a key of ``WHERE``.
    """

    label: Text
    size: float
    value: float
    near: tuple[float, float]
    far: tuple[float, float]
    position: str = "inside"
