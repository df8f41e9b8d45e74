"""Figures as JSON takes them."""

import math
from typing import Any

import pandas as pd

from measurement.estimates import Estimate


def number(value: Any) -> float | None:
    """A float; None for a gap, since NaN has no place in JSON."""
    return None if value is None or math.isnan(value) else float(value)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its estimates in plain types."""
    return {
        name: value.as_dict() if isinstance(value, Estimate) else value
        for name, value in row.items()
    }


def interval(row: pd.Series, value: str, low: str, high: str, n: int, method: str) -> Estimate:
    """An estimate from three columns of a table; not identified where the value is missing."""
    if math.isnan(row[value]):
        return Estimate.insufficient("not_identified", n)
    if math.isnan(row[low]) or math.isnan(row[high]):
        return Estimate(row[value], None, None, n, method=method)
    return Estimate(row[value], row[low], row[high], n, method=method)
