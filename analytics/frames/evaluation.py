"""Sessions as the rows that an analysis plan speaks of.

Slow to import: tasks and commands only.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.frames.validity import told
from measurement.scoring import ALL

# What is known of every session; the domains and "ALL" stand beside these as outcomes.
KNOWN = ["room", "centre", "region", "provision", "age_group", "subject", "rater"]
BEFORE = "_before"
PERIODS = {
    "month": lambda day: day.year * 12 + day.month - 1,
    "quarter": lambda day: day.year * 4 + (day.month - 1) // 3,
    "year": lambda day: day.year,
}


def evaluation_rows(
    sessions: pd.DataFrame,
    scores: pd.DataFrame,
    spec: Mapping[str, Any],
    unit: str,
    assignment: pd.DataFrame,
) -> pd.DataFrame:
    """The table on which a plan is run.

    ``sessions`` (index: session): room, centre, region, provision, age_group, subject, rater, day
    (ordinal), facts (JSON); ``scores``: sessions × domains and "ALL". ``spec``:
    {} – a row for each session;
    {"by", "before", "after"} – a row for each ``unit``: mean of its scores after, and of those
    before as X_before. "by" is "day" (before and after are then first and last day) or a fact
    (then lists of its values);
    {"by", "each"} – a row for each unit and period: "each" is month, quarter or year of the day,
    or "value" of a fact that is a whole number; the period stands in the column "period".
    ``assignment``: centre or room, and whatever the plan names of it; joined last.
    """
    facts = told(sessions)
    known = sessions[KNOWN].astype(str).join(facts.apply(_numbers))
    moment = _moment(sessions, facts, spec)
    if unit not in known:
        return known.join(scores).iloc[:0]
    if moment is None:
        rows = known.join(scores)
    elif "each" in spec:
        rows = _each(known, scores, moment, unit)
    else:
        rows = _twice(known, scores, moment, unit)
    return _assigned(rows, assignment)


def _moment(sessions: pd.DataFrame, facts: pd.DataFrame, spec: Mapping) -> pd.Series | None:
    """Before, after or neither; or the period; None where the plan takes sessions as they are."""
    by = spec.get("by")
    if by is None:
        return None
    if by != "day":
        values = facts[by] if by in facts else pd.Series(None, sessions.index, dtype=object)
        if "each" in spec:
            return pd.to_numeric(values, errors="coerce")
        named = {str(one): "before" for one in spec["before"]}
        return values.map(named | {str(one): "after" for one in spec["after"]})
    days = [None if pd.isna(d) else datetime.date.fromordinal(int(d)) for d in sessions["day"]]
    if "each" in spec:
        number = PERIODS[spec["each"]]
        return pd.Series([None if d is None else number(d) for d in days], sessions.index)
    return pd.Series([_side(day, spec) for day in days], sessions.index, dtype=object)


def _side(day: datetime.date | None, spec: Mapping[str, Sequence[str]]) -> str | None:
    for side in ("before", "after"):
        first, last = (datetime.date.fromisoformat(str(one)) for one in spec[side])
        if day is not None and first <= day <= last:
            return side
    return None


def _twice(known: pd.DataFrame, scores: pd.DataFrame, moment: pd.Series, unit: str) -> pd.DataFrame:
    """Before and after side by side; a unit seen only before stays, its scores after missing."""
    used = known[moment.notna()]
    own = used.drop_duplicates(unit).set_index(unit, drop=False)
    for side, ending in (("after", ""), ("before", BEFORE)):
        at = (moment == side).to_numpy()
        means = scores[at].groupby(known.loc[at, unit].to_numpy()).mean()
        own = own.join(means.add_suffix(ending))
    return own.reset_index(drop=True)


def _each(known: pd.DataFrame, scores: pd.DataFrame, moment: pd.Series, unit: str) -> pd.DataFrame:
    used = moment.notna().to_numpy()
    keys = [known.loc[used, unit].to_numpy(), moment[used].astype(int).to_numpy()]
    means = scores[used].groupby(keys).mean()
    means.index = means.index.set_names([unit, "period"])
    own = known[used].drop_duplicates(unit).set_index(unit)
    return means.reset_index().join(own, on=unit)


def _assigned(rows: pd.DataFrame, assignment: pd.DataFrame) -> pd.DataFrame:
    """With what the file of assignment says of the room or centre of each row."""
    if assignment.empty:
        return rows
    key = "room" if "room" in assignment else "centre"
    given = assignment.set_index(key).apply(_numbers)
    own = rows.drop(columns=[name for name in given if name in rows])
    return own.join(given, on=key)


def _numbers(column: pd.Series) -> pd.Series:
    """As numbers where every value is one, else as it stands; nothing for an empty text."""
    given = column.replace("", None)
    numbers = pd.to_numeric(given, errors="coerce")
    return numbers if numbers.notna().sum() == given.notna().sum() else given


def outcomes(domains: Sequence[str]) -> list[str]:
    """What a plan may name as an outcome."""
    return [*domains, ALL]
