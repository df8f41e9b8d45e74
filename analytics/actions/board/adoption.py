"""How far the toolkit has spread: month by month, and where it may end."""

import datetime
from typing import Any

import pandas as pd

from analytics.actions.plain import interval, told
from measurement.adoption import adoption_curve, diffusion
from measurement.estimates import Reason

TIERS = ["rooms", "caregivers", "mentors"]


def compute(reach: pd.DataFrame, months: list[str]) -> dict[str, Any]:
    """Share of each tier that has begun by the end of each of ``months``, in per cent."""
    if reach.empty:
        return {"reason": Reason.NO_EVENTS}
    curve = adoption_curve(reach.rename(columns={"month": "adopted"}), months)
    curve[["share", "low", "high"]] *= 100
    shares = {
        (row["period"], row["tier"]): interval(
            row, "share", "low", "high", int(row["n"]), "wilson"
        ).as_dict()
        for _index, row in curve.iterrows()
    }
    ends = [_end(tier, reach.loc[reach["tier"] == tier, "month"]) for tier in TIERS]
    known = [end for end in ends if end["of"]]
    return {
        "tables": {
            "months": [
                {"month": month} | {tier: shares.get((month, tier)) for tier in TIERS}
                for month in months
            ],
            "ends": [told(end) for end in known if end["end"].sufficient],
        },
        "notes": [{"code": "no_end"}] if any(not end["end"].sufficient for end in known) else [],
    }


def _end(tier: str, begun: pd.Series) -> dict[str, Any]:
    """How many of the tier will begin at last, by a curve through all months so far."""
    counts = begun.dropna().value_counts()
    every = months_between(counts.index.min(), counts.index.max()) if len(counts) else []
    adopters = [int(counts.get(month, 0)) for month in every]
    found = diffusion(adopters, len(begun))
    return {"tier": tier, "begun": sum(adopters), "of": len(begun), "end": found.ceiling}


def months_between(first: str, last: str) -> list[str]:
    """All months from ``first`` to ``last`` ("2026-03"), both among them."""
    start, end = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(start, end + 1)]


def month_of(day: datetime.date) -> str:
    return f"{day:%Y-%m}"
