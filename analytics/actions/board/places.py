"""Centres beside each other without ranks: who differs from the rest by more than chance.

The funnel's middle is the mean that the figures are drawn towards: one mean, not two.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analytics.actions.plain import told
from measurement.connectivity import connected
from measurement.estimates import Estimate, Reason
from measurement.funnel import (
    LIMITS,
    MINIMUM_PLACES,
    Funnel,
    funnel_of_means,
    funnel_of_shares,
    sd_within,
)
from measurement.shrinkage import Shrunken, shrink_means, shrink_shares

# Share of places that chance alone puts outside each pair of limits.
BY_CHANCE = {"95": 0.05, "99.8": 0.002}
OUTSIDE = {
    "95": ["low", "high", "very low", "very high"],
    "99.8": ["very low", "very high"],
}


def scores(inputs: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Mean official score of each centre. Sessions in one room resemble each other: limits and
    intervals allow for it."""
    sessions = inputs["sessions"]
    if sessions.empty:
        return {"reason": Reason.NO_EVENTS}
    centres = sessions.groupby("centre")["score"].agg(["mean", "size"])
    sd = sd_within(sessions["score"], sessions["centre"], sessions["room"])
    if len(centres) < MINIMUM_PLACES or sd.value is None:
        return _without(len(centres), sd.reason)
    mean, n, names = centres["mean"], centres["size"], list(centres.index)
    drawn = shrink_means(mean, sd.value / np.sqrt(n), names)
    found = funnel_of_means(mean, n, names, sd.value, drawn.mean.value)
    section = _section(found, drawn, inputs["centres"], 1.0)
    if not connected(sessions["observer"], sessions["centre"]):
        section["notes"].append({"code": "observers_apart"})
    return section


def safety(inputs: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Safety index of each centre, in per cent: yes among the yes and no of its parents."""
    answers = inputs["answers"]
    answers = answers[answers["yes"] + answers["no"] > 0]
    if answers.empty:
        return {"reason": Reason.NO_EVENTS}
    n, names = answers["yes"] + answers["no"], list(answers["centre"])
    drawn = shrink_shares(answers["yes"], n, names)
    if len(answers) < MINIMUM_PLACES or not drawn.mean.sufficient:
        return _without(len(answers), drawn.mean.reason)
    found = funnel_of_shares(answers["yes"], n, names, drawn.mean.value)
    return _section(found, drawn, inputs["centres"], 100.0)


def _without(n: int, reason: str) -> dict[str, Any]:
    """Why there is no funnel, and what to do about it where there are too few centres."""
    if n >= MINIMUM_PLACES:
        return {"reason": reason}
    few = {"code": "few_centres", "facts": {"n": n, "needed": MINIMUM_PLACES}}
    return {"reason": Reason.TOO_FEW_CLUSTERS, "notes": [few]}


def _section(found: Funnel, drawn: Shrunken, centres: pd.DataFrame, scale: float) -> dict[str, Any]:
    """``scale``: what a figure is multiplied with, 100 for shares."""
    named = centres.set_index("centre")[["name", "code"]]
    points = found.points.set_index("place").join(named).sort_values("code")
    figures = ["value", *LIMITS]
    points[figures] *= scale
    points["target"] = found.target * scale
    shrunken = drawn.table.set_index("place")
    outside = points[points["position"] != "inside"]
    spread = {"factor": float(np.sqrt(found.phi)), "phi": found.phi}
    mean = {name: getattr(drawn.mean, name) * scale for name in ("value", "low", "high")}
    return {
        "tables": {
            "counts": [_count(limits, points["position"]) for limits in BY_CHANCE],
            "outside": [
                told(
                    {name: row[name] for name in ("name", "code", "position", "n", "value")}
                    | {"shrunken": _estimate(shrunken.loc[row["place"]], row["n"], scale)}
                )
                for row in outside.reset_index().to_dict("records")
            ],
            "places": points[["name", "code", "n", *figures, "target", "position"]].to_dict(
                "records"
            ),
        },
        "notes": [
            {"code": "mean", "facts": {"n": len(points)} | mean},
            {"code": "widened" if found.widened else "by_chance", "facts": spread},
        ],
    }


def _count(limits: str, position: pd.Series) -> dict[str, Any]:
    outside = int(position.isin(OUTSIDE[limits]).sum())
    return {"limits": limits, "outside": outside, "expected": BY_CHANCE[limits] * len(position)}


def _estimate(row: pd.Series, n: int, scale: float) -> Estimate:
    """A place's figure as it comes out drawn towards the others."""
    value, low, high = (scale * float(row[name]) for name in ("shrunken", "low", "high"))
    if np.isnan(low):
        return Estimate(value, None, None, n, None, Reason.CLUSTERS_ALIKE, "empirical Bayes")
    return Estimate(value, low, high, n, method="empirical Bayes")
