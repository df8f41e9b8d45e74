"""Sessions as the rows that an analysis plan speaks of.

Slow to import: tasks and commands only.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from analytics.frames.validity import told
from core.refusals import Refusal
from measurement.evaluation.plan import Plan
from measurement.scoring import ALL

# What is known of every session; the domains and "ALL" stand beside these as outcomes.
KNOWN = ["room", "centre", "region", "provision", "age_group", "subject", "rater"]
BEFORE = "_before"
MONTH = len("2026-01")
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
    # A fact that is called like one of these says it better; of an import most are empty.
    own = facts.drop(columns=[name for name in facts if name in scores])
    known = sessions[KNOWN].astype(str).drop(columns=[name for name in own if name in KNOWN])
    known = known.join(own.apply(_numbers))
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
    if by == "day" and sessions["day"].isna().all():
        raise Refusal(_("These data have no days: tell their periods apart by a fact (“by”)."))
    if by != "day":
        if by not in facts:
            raise Refusal(_("No session has a fact “%(fact)s”.") % {"fact": by})
        values = facts[by]
        if "each" in spec:
            return _whole_numbers(values)
        named = {str(one): "before" for one in spec["before"]}
        return values.map(named | {str(one): "after" for one in spec["after"]})
    days = [None if pd.isna(d) else datetime.date.fromordinal(int(d)) for d in sessions["day"]]
    if "each" in spec:
        number = PERIODS[spec["each"]]
        periods = [None if day is None else number(day) for day in days]
        return pd.Series(periods, sessions.index, dtype=float)
    return pd.Series([_side(day, spec) for day in days], sessions.index, dtype=object)


def _whole_numbers(values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce")
    if (numbers.isna() & values.notna()).any() or (numbers.dropna() % 1 != 0).any():
        raise Refusal(
            _("The fact “%(fact)s” must hold whole numbers to be a period.") % {"fact": values.name}
        )
    return numbers


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
    """What is told of a unit's first session in a period stands for that period."""
    used = moment.notna().to_numpy()
    own = known[used].assign(period=moment[used].astype(int))
    keys = [unit, "period"]
    means = scores[used].groupby([own[key] for key in keys]).mean()
    return means.reset_index().merge(own.drop_duplicates(keys), on=keys, how="left")


def _assigned(rows: pd.DataFrame, assignment: pd.DataFrame) -> pd.DataFrame:
    """With what the file of assignment says of the room or centre of each row."""
    if assignment.empty:
        return rows
    key = "room" if "room" in assignment else "centre"
    given = assignment.set_index(key).apply(_numbers)
    own = rows.drop(columns=[name for name in given if name in rows])
    return own.join(given, on=key)


def as_the_plan_means(rows: pd.DataFrame, plan: Plan, spec: Mapping[str, Any]) -> pd.DataFrame:
    """The same rows, with what a plan may say otherwise than they hold it.

    A start given as a day or a month becomes the period it lies in; where no column says who was
    mentored when ("did"), that is from the start on; an arm named in words stays in words.
    """
    rows = rows.copy()
    start, numeric = plan.start, pd.api.types.is_numeric_dtype
    if start in rows and spec.get("by") == "day" and "each" in spec and not numeric(rows[start]):
        number = PERIODS[spec["each"]]
        rows[start] = rows[start].map(lambda text: number(_day(text)), na_action="ignore")
        rows[start] = rows[start].astype(float)
    if plan.design == "did" and plan.arm not in rows and {start, plan.period} <= set(rows):
        return rows.assign(**{str(plan.arm): (rows[plan.period] >= rows[start]).astype(float)})
    if plan.arm not in rows or plan.treatment is None:
        return rows
    if isinstance(plan.treatment, str) and numeric(rows[plan.arm]):
        rows[plan.arm] = rows[plan.arm].map("{:g}".format, na_action="ignore")
    if plan.design == "did":
        mentored = (rows[plan.arm] == plan.treatment).astype(float)
        rows[plan.arm] = mentored.where(rows[plan.arm].notna())
    return rows


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(f"{text}-01" if len(text) == MONTH else text)
    except ValueError as error:
        raise Refusal(
            _("“%(text)s” is no start. Write a day such as 2026-01-31 or a month such as 2026-01.")
            % {"text": text}
        ) from error


def _numbers(column: pd.Series) -> pd.Series:
    """As numbers where every value is one, else as it stands; nothing for an empty text."""
    given = column.replace("", None)
    numbers = pd.to_numeric(given, errors="coerce")
    return numbers if numbers.notna().sum() == given.notna().sum() else given


def outcomes(domains: Sequence[str]) -> list[str]:
    """What a plan may name as an outcome."""
    return [*domains, ALL]
