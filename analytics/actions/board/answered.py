"""Who answered: parents' guides by region and provision, with nobody to be found in them."""

from typing import Any

import pandas as pd

from measurement.disclosure import Suppression, suppress
from measurement.estimates import Reason

# Below that there is nothing to hide, however the programme's rule is set.
LOWEST = 2


def compute(answers: pd.DataFrame, centres: pd.DataFrame, minimum: int | None) -> dict[str, Any]:
    """Counts below ``minimum``, and those that would give them away, stand as their reason."""
    if minimum is None:
        return {"reason": Reason.SUPPRESSED, "notes": [{"code": "no_minimum"}]}
    parents = centres["centre"].map(answers.set_index("centre")["parents"]).fillna(0)
    if not parents.sum():
        return {"reason": Reason.NO_EVENTS}
    provision = centres["provision"].replace("", "unknown")
    counts = parents.groupby([centres["region"], provision]).sum().unstack(fill_value=0)
    found = suppress(counts, max(minimum, LOWEST))
    hides = bool((found.hidden != "").to_numpy().any())
    return {
        "tables": {"guides": [_row(region, found) for region in found.shown.index]},
        "notes": [{"code": "hidden", "facts": {"minimum": minimum}}] if hides else [],
    }


def _row(region: str, found: Suppression) -> dict[str, Any]:
    row: dict[str, Any] = {"region": region}
    for column in found.shown.columns:
        count = found.estimate(region, column)
        row[column] = count.n if count.sufficient else str(count.reason)
    return row
