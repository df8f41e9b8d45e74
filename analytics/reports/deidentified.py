"""The data of a report without anybody in them, and the codebook that explains each column."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.reports.documents import named

PREFIX = {"subject": "S", "rater": "R", "room": "A", "centre": "C"}
# A text of more values than that names things, and might name people.
MOST_LABELS = 40
MEANINGS = {
    "subject": gettext_lazy("what was rated: the same number, the same room on the same day"),
    "rater": gettext_lazy("who rated"),
    "room": gettext_lazy("room"),
    "centre": gettext_lazy("centre"),
    "week": gettext_lazy("week of the session; 1 is the first week of the data"),
    "region": gettext_lazy("region"),
    "provision": gettext_lazy("how the centre is run"),
    "age_group": gettext_lazy("age group of the room"),
    "duplicate": gettext_lazy("1: repeats another row of the file exactly"),
}
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


def shown_columns(rows: pd.DataFrame, used: Collection[str]) -> list[str]:
    """The columns of an evaluation's rows that its data show: those of the plan, and groups.

    What the plan does not use could name somebody and helps nobody to compute it again.
    """
    return [str(name) for name in rows.columns if name in used or name in KEPT]


def deidentified_rows(
    rows: pd.DataFrame, named: Collection[str | None], rng: np.random.Generator
) -> pd.DataFrame:
    """The rows of an evaluation in a drawn order, units and centres as drawn numbers.

    ``named``: the columns whose values name units, centres or pairs of them; text of more values
    than groups have is taken for names, too.
    """
    shown = pd.DataFrame(index=rows.index)
    for name in rows.columns:
        column = rows[name]
        label = not pd.api.types.is_numeric_dtype(column)
        if name in named or name in PREFIX or (label and column.nunique() > MOST_LABELS):
            codes, names = pd.factorize(column)
            drawn = pd.Series(rng.permutation(len(names)) + 1, dtype="Int64")
            shown[name] = drawn.reindex(codes).to_numpy()
        else:
            shown[name] = column
    return shown.iloc[rng.permutation(len(rows))].reset_index(drop=True)


def codebook(result: dict[str, Any]) -> Iterator[dict[str, str]]:
    """One row per column of the data: column, meaning, values; in the language being read."""
    about, names = result["about"], result["names"]
    columns = [*MEANINGS] if "items" in about else about["columns"]
    for column in columns:
        values = _("a drawn number, not a name") if column in PREFIX else ""
        outcome = named("outcome", column, names)
        meaning = MEANINGS.get(
            column, outcome if outcome != column else _("as in the plan or the data set")
        )
        yield {"column": column, "meaning": str(meaning), "values": values}
    for item in about.get("items", []):
        yield {
            "column": item["item"],
            "meaning": ": ".join(named(kind, item[kind], names) for kind in ("domain", "item")),
            "values": _("%(minimum)s to %(maximum)s; mean over cycles; empty: no value") % item,
        }
