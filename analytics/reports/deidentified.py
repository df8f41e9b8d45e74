"""The data of a report without anybody in them, and the codebook that explains each column."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from analytics.reports.documents import named

PREFIX = {"subject": "S", "rater": "R", "room": "A", "centre": "C"}
KEPT = ["region", "provision", "age_group", "duplicate"]
DAYS_OF_A_WEEK = 7


def deidentified(
    sessions: pd.DataFrame, answers: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per session, in a drawn order: who and where as drawn numbers, when as weeks.

    ``sessions``: subject, rater, room, centre, region, provision, age_group, duplicate, day;
    ``answers``: sessions × items. Numbers are drawn, since those in order of appearance would
    follow the order of centres on any list; weeks count from the first day of the data.
    """
    shown = pd.DataFrame(index=sessions.index)
    for name, prefix in PREFIX.items():
        codes, names = pd.factorize(sessions[name])
        number = rng.permutation(len(names)) + 1
        width = len(str(len(names)))
        shown[name] = [f"{prefix}{number[code]:0{width}d}" for code in codes]
    first = sessions["day"].min()
    weeks = (sessions["day"] - first) // DAYS_OF_A_WEEK
    shown["week"] = weeks.where(weeks.isna(), weeks + 1).astype("Int64")
    shown[KEPT] = sessions[KEPT]
    shown["duplicate"] = shown["duplicate"].astype(int)
    table = shown.join(answers).iloc[rng.permutation(len(sessions))]
    return table.reset_index(drop=True)


def codebook(result: dict[str, Any]) -> Iterator[dict[str, str]]:
    """One row per column of the data: column, meaning, values; in the language being read."""
    names = result["names"]
    meanings = {
        "subject": _("what was rated: the same number, the same room on the same day"),
        "rater": _("who rated"),
        "room": _("room"),
        "centre": _("centre"),
        "week": _("week of the session, from the first of the data on"),
        "region": _("region"),
        "provision": _("how the centre is run"),
        "age_group": _("age group of the room"),
        "duplicate": _("1: repeats another row of the file exactly"),
    }
    for column, meaning in meanings.items():
        values = _("a drawn number, not a name") if column in PREFIX else ""
        yield {"column": column, "meaning": meaning, "values": values}
    for item in result["about"]["items"]:
        yield {
            "column": item["item"],
            "meaning": f"{named('domain', item['domain'], names)}: {named('item', item['item'], names)}",
            "values": _("%(minimum)s to %(maximum)s; mean over cycles; empty: no value") % item,
        }
