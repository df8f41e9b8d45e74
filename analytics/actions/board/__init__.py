"""The board of a unit and period: its centres, what is to be fixed, how far the toolkit has come.

Slow to import: only ``runs.compute`` does, in tasks and commands.
"""

import datetime
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from analytics import frames, queries
from analytics.actions import linkage
from analytics.actions.board import adoption, answered, clearing, places
from analytics.actions.stages import Computation, Context, Inputs, Share, Stage
from analytics.enums import RunStage
from analytics.models import Run
from analytics.reports.deidentified import deidentified_rows
from core.refusals import Refusal
from organisations.models import Unit

LINKED = "linkage "
TIER_NAMES = {
    "rooms": gettext_lazy("rooms with a mentoring cycle"),
    "caregivers": gettext_lazy("caregivers with a lesson"),
    "mentors": gettext_lazy("mentors with a lesson"),
}
# The columns of the data behind the board, a row per centre.
COLUMN_NAMES = {
    "centre": gettext_lazy("centre"),
    "sessions": gettext_lazy("official sessions with a score"),
    "score": gettext_lazy("mean score, 0 to 100"),
    "yes": gettext_lazy("parents' answers yes to items of the safety index"),
    "no": gettext_lazy("parents' answers no to items of the safety index"),
}


@dataclass(frozen=True)
class BoardInputs(Inputs):
    """The records, and the last day that they speak of."""

    day: datetime.date | None = None


def _inputs(run: Run, share: Share) -> Inputs:
    # Nothing of the future is overdue yet: a period that is not over ends on the day of asking.
    day = min(run.ends_on, localdate(run.requested_at))
    if day < run.starts_on:
        raise Refusal(_("This period has not begun yet. Choose an earlier first day."))
    chosen = (run.unit, run.starts_on, day, queries.judged_by(run))
    read, linked = frames.board_inputs(*chosen), frames.linkage_inputs(*chosen)
    read |= {f"{LINKED}{name}": frame for name, frame in linked.items()}
    minimum = run.options["minimum_parents"]
    return BoardInputs(frames.digest(read, f"{day} {minimum}"), read, None, day)


def _day(context: Context) -> datetime.date:
    return cast(datetime.date, cast(BoardInputs, context.inputs).day)


def _about(context: Context) -> dict[str, Any]:
    run, months, code = context.run, _months(context), queries.judged_by(context.run)
    return {
        "about": {
            "unit": run.unit.code,
            "place": run.unit.name,
            "starts_on": run.starts_on.isoformat(),
            "ends_on": run.ends_on.isoformat(),
            "day": _day(context).isoformat(),
            "instrument": code,
            "minimum_parents": run.options["minimum_parents"],
            "columns": list(COLUMN_NAMES),
        },
        "names": {
            "instrument": {code: queries.instrument_name(code)},
            "tier": {code: _said(name) for code, name in TIER_NAMES.items()},
            "outcome": {code: _said(name) for code, name in COLUMN_NAMES.items()},
            "month": {month: _said(month) for month in months},
        },
    }


def _months(context: Context) -> list[str]:
    first, last = (adoption.month_of(day) for day in (context.run.starts_on, _day(context)))
    return adoption.months_between(first, last)


def _said(text: str | Promise) -> dict[str, str]:
    """What is said in every language; of a month its name and year."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            said[code] = str(text) if isinstance(text, Promise) else _month(text)
    return said


def _month(code: str) -> str:
    return date_format(datetime.date.fromisoformat(f"{code}-01"), "M Y")


def _scores(context: Context) -> dict[str, Any]:
    found, judged = places.scores(context.frames), context.frames["judged"].iloc[0]
    facts = {"instrument": queries.judged_by(context.run), "versions": judged["versions"]}
    notes = [{"code": "judged_by", "facts": facts}] if judged["versions"] else []
    if others := int(judged["others"]):
        notes.append({"code": "judged_otherwise", "facts": {"n": others}})
    return _about(context) | {"scores": found | {"notes": notes + found.get("notes", [])}}


def _safety(context: Context) -> dict[str, Any]:
    return {"safety": places.safety(context.frames)}


def _clearing(context: Context) -> dict[str, Any]:
    return {"clearing": clearing.compute(context.frames["findings"], _day(context))}


def _adoption(context: Context) -> dict[str, Any]:
    return {"adoption": adoption.compute(context.frames["reach"], _months(context))}


def _linked(context: Context) -> dict[str, pd.DataFrame]:
    names = [name for name in context.frames if name.startswith(LINKED)]
    return {name.removeprefix(LINKED): context.frames[name] for name in names}


def _strands(context: Context) -> dict[str, Any]:
    read = _linked(context)
    return {"strands": linkage.strands(linkage.panel_of(read), read)}


def _need(context: Context) -> dict[str, Any]:
    """The rooms by name: the frames know them by number."""
    read = _linked(context)
    found = linkage.need(linkage.panel_of(read), read, context.rng())
    rows = found.get("tables", {}).get("rows", [])
    ids = {row[name] for row in rows for name in ("room", "centre")}
    named = {str(unit.pk): unit.name for unit in Unit.objects.filter(pk__in=ids)}
    for row in rows:
        row |= {name: named[row[name]] for name in ("room", "centre")}
    return {"need": found}


def _answered(context: Context) -> dict[str, Any]:
    minimum = context.run.options["minimum_parents"]
    read = context.frames
    return {"answered": answered.compute(read["answers"], read["centres"], minimum)}


def _table(context: Context) -> str:
    """A row per centre, which one is a drawn number, as CSV."""
    read = context.frames
    by_centre = read["sessions"].groupby("centre")["score"]
    rows = read["centres"][["centre"]].set_index("centre", drop=False)
    rows = rows.join(by_centre.agg(sessions="size", score="mean"))
    rows = rows.join(read["answers"].set_index("centre")[["yes", "no"]])
    counts = ["sessions", "yes", "no"]
    rows[counts] = rows[counts].fillna(0).astype("int64")
    rng = np.random.default_rng([context.run.seed, len(rows)])
    shown = deidentified_rows(rows.reset_index(drop=True), {"centre"}, rng)
    return shown[list(COLUMN_NAMES)].to_csv(index=False)


COMPUTATION = Computation(
    _inputs,
    [
        Stage(RunStage.SCORES, 1, _scores),
        Stage(RunStage.SAFETY, 1, _safety),
        Stage(RunStage.CLEARING, 1, _clearing),
        Stage(RunStage.ADOPTION, 1, _adoption),
        Stage(RunStage.STRANDS, 2, _strands),
        Stage(RunStage.NEED, 3, _need),
        Stage(RunStage.ANSWERED, 1, _answered),
    ],
    _table,
    weight=8,
)
