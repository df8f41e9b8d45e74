"""What was read, and what each item was given."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from analytics.actions.plain import number
from analytics.actions.validity.material import Material
from measurement.reliability import cronbach_alpha, item_figures


def read(material: Material) -> dict[str, Any]:
    """Table counts: how much there is, before any figure."""
    sessions, states = material.sessions, material.ratings["state"].value_counts()
    counts = {
        "sessions": len(sessions),
        "duplicates": int(sessions["duplicate"].sum()),
        "subjects": sessions["subject"].nunique(),
        "raters": sessions["rater"].nunique(),
        "clusters": sessions["centre"].nunique(),
        "double": material.double["subject"].nunique(),
        "ratings": int(states.get("scored", 0)),
        "na": int(states.get("na", 0)),
        "missing": int(states.get("missing", 0)),
    }
    return {"tables": {"counts": [{"what": what, "n": n} for what, n in counts.items()]}}


def items(material: Material) -> dict[str, Any]:
    """Table items: each item's own figures over all its ratings, its place among its domain's."""
    states = material.ratings.groupby(["item", "state"], observed=True).size().unstack(fill_value=0)
    states = states.reindex(index=material.items["item"], columns=["na", "missing"], fill_value=0)
    figures = item_figures(material.ratings, material.items).join(states)
    among = [cronbach_alpha(material.means[own]).items for own in material.domains.values()]
    figures = figures.join(pd.concat(among)[["item_rest", "alpha_if_dropped"]])
    figures = figures.join(material.items.set_index("item")["domain"])
    return {"tables": {"items": [_item(row) for row in figures.reset_index().to_dict("records")]}}


def _item(row: dict[Hashable, Any]) -> dict[str, Any]:
    """An item that was never rated has no row of counts: none of each."""
    counts = {name: int(np.nan_to_num(row[name])) for name in ("n", "na", "missing")}
    names = ("mean", "sd", "floor", "ceiling", "item_rest", "alpha_if_dropped")
    told = {"item": row["item"], "domain": row["domain"]} | counts
    return told | {name: number(row[name]) for name in names}
