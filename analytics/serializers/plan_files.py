"""A plan as a TOML file, and the assignment as a table; whatever is wrong comes as sentences.

question = "Does mentoring raise the score of the checklist?"
design = "cluster_trial"                # or matched, did, staggered, dose
primary = ["ALL"]                       # codes of domains, "ALL" the whole
secondary = ["CAL", "SEN"]
unit = "room"                           # what a row is
cluster = "centre"                      # what it lies in
arm = "arm"                             # a column of the assignment or a fact of the data set
treatment = "mentored"
seed = 20261124
baselines = { ALL = "ALL_before" }
# start = "start"                       # "staggered" or "did": a day or month, 2026-03

[rows]                                  # how sessions become rows; without it each is a row
by = "day"                              # or a fact: by = "round", before = ["1"], after = ["2"]
before = ["2026-01-01", "2026-03-31"]
after = ["2026-07-01", "2026-09-30"]
                                        # or a row each month, quarter or year: each = "month"; the
                                        # plan's period is then the column "period"
"""

import datetime
import hashlib
import json
import tomllib
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from analytics.reports.sentences import sentence
from analytics.serializers import plan_entries
from core import spreadsheets

ROWS: tuple[set[str], ...] = ({"by", "before", "after"}, {"by", "each"}, set())
EACH = ("month", "quarter", "year", "value")
DAYS = 2  # first and last
MOST_BYTES = 1_000_000


def read_plan(content: bytes) -> dict[str, Any]:
    """The plan of a TOML file: "plan" and "rows", in plain types."""
    if len(content) > MOST_BYTES:
        raise ValidationError(too_large())
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(_("The plan is not a text file (UTF-8).")) from error
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a nesting or a number beyond all bounds
        raise ValidationError(
            _("The plan is not valid TOML: %(error)s") % {"error": error}
        ) from error
    if not found:
        raise ValidationError(_("The plan is empty."))
    rows = found.pop("rows", {})
    return {"plan": checked_plan(found), "rows": checked_rows(rows)}


def too_large() -> str:
    return _("The file is larger than a megabyte.")


def checked_plan(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries in plain types, those that were not given with their default."""
    from measurement.evaluation.plan import Plan  # noqa: PLC0415 — slow to import

    plan = Plan.from_dict(plan_entries.read(entries))
    if problems := plan.problems():
        raise ValidationError([sentence(problem) for problem in problems])
    return json.loads(plan.canonical_bytes())


def checked_rows(rows: Any) -> dict[str, Any]:
    """How sessions become rows: nothing, a before and an after, or periods."""
    if not isinstance(rows, dict) or set(rows) not in ROWS:
        raise ValidationError(
            _("“rows” needs “by” with “before” and “after”, or “by” with “each”, or nothing.")
        )
    if not rows:
        return {}
    by = rows["by"]
    if not isinstance(by, str) or not by or "\x00" in by:
        raise ValidationError(_("“by” is day, or the name of a fact of the data set."))
    if "each" in rows:
        if rows["each"] not in EACH or (rows["each"] == "value") != (by != "day"):
            raise ValidationError(
                _("“each” is month, quarter or year where “by” is day, and value of a fact.")
            )
        return dict(rows)
    sides = {side: rows[side] for side in ("before", "after")}
    if not all(isinstance(values, list) and values for values in sides.values()):
        raise ValidationError(_("“before” and “after” are lists."))
    told = {side: [str(value) for value in values] for side, values in sides.items()}
    if by == "day":
        _check_days(told)
    elif both := sorted({*told["before"]} & {*told["after"]}):
        raise ValidationError(
            _("“before” and “after” cannot both hold %(values)s.") % {"values": ", ".join(both)}
        )
    return {"by": by} | told


def _check_days(sides: dict[str, list[str]]) -> None:
    for side, days in sides.items():
        try:
            read = [datetime.date.fromisoformat(day) for day in days]
        except ValueError as error:
            raise ValidationError(
                _("“%(side)s” needs days such as 2026-01-31.") % {"side": side}
            ) from error
        if len(read) != DAYS or read[0] > read[1]:
            raise ValidationError(
                _("“%(side)s” needs a first and a last day, in this order.") % {"side": side}
            )
    if sides["before"][1] >= sides["after"][0]:
        raise ValidationError(_("“after” must begin when “before” is over."))


def read_assignment(content: bytes, name: str) -> list[dict[str, str]]:
    """The rows of a table of centres or rooms, by heading."""
    try:
        sheet = spreadsheets.read(content, name)
    except spreadsheets.SpreadsheetError as error:
        raise ValidationError(str(error)) from error
    if twice := sorted(head for head, count in Counter(sheet.headers).items() if count > 1):
        raise ValidationError(
            _("The assignment has the column “%(column)s” twice.") % {"column": twice[0]}
        )
    key = next((one for one in ("room", "centre") if one in sheet.headers), None)
    if key is None:
        raise ValidationError(_("The assignment needs a column “centre” or “room”."))
    rows = [dict(row.values) for row in sheet.rows]
    if not rows:
        raise ValidationError(_("The assignment has no rows."))
    if empty := next((row.number for row in sheet.rows if not row.values[key]), None):
        raise ValidationError(
            _("Row %(row)s of the assignment names no centre or room.") % {"row": empty}
        )
    counts = Counter(row[key] for row in rows)
    if twice := sorted(code for code, count in counts.items() if count > 1):
        raise ValidationError(
            _("These stand twice in the assignment: %(codes)s.") % {"codes": ", ".join(twice[:5])}
        )
    return rows


def code_of(name: str, *said_of: Any) -> str:
    """A code of the file's name and of all that the plan rests on: another is another plan."""
    said = json.dumps(said_of, sort_keys=True, ensure_ascii=False)
    return f"{slugify(name)[:50] or 'plan'}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
