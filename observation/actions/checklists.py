"""From the rows of a checklist file to the content of an instrument version."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from observation.enums import ItemKind, Moment, ScaleKind
from observation.models.instruments import CODE_LENGTH, DOMAIN_CODE_LENGTH
from organisations.enums import AgeGroup

LANGUAGES = ("es", "en")
STEPS = range(4)
COLUMNS = [
    *("code", "order", "item_type", "domain", "scale", "age_groups", "age_min_months"),
    *("age_max_months", "moments", "na_allowed", "scored", "weight", "critical"),
    *(f"{stem}_{code}" for stem in ("domain", "text", "na_rule", "age_note") for code in LANGUAGES),
    *(f"anchor_{step}_{language}" for step in STEPS for language in LANGUAGES),
]
LENGTHS = {"code": CODE_LENGTH, "domain": DOMAIN_CODE_LENGTH, "scale": CODE_LENGTH}
FLAGS = {"yes": True, "1": True, "no": False, "0": False}
SCALES: dict[str, dict[str, Any]] = {
    "FREQ_0_3": {"kind": ScaleKind.ORDINAL, "minimum": 0, "maximum": 3},
    "PRESENT_ABSENT": {"kind": ScaleKind.PRESENCE, "minimum": 0, "maximum": 1},
    "YES_NO": {"kind": ScaleKind.YES_NO, "minimum": 0, "maximum": 1},
    "INT": {"kind": ScaleKind.INTEGER, "minimum": 0},
    "INT_PAIR": {"kind": ScaleKind.INTEGER_PAIR, "minimum": 0},
    "TIME_RANGE": {"kind": ScaleKind.TIME_RANGE},
    "TEXT": {"kind": ScaleKind.TEXT},
}
CHOICE = "CHOICE:"
SCALES_OF = {
    ItemKind.SCORED: {ScaleKind.ORDINAL},
    ItemKind.ALERT: {ScaleKind.PRESENCE},
    ItemKind.CONTEXT: set(ScaleKind) - {ScaleKind.ORDINAL, ScaleKind.PRESENCE},
}


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell; row 1 holds the column names."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return _("Row %(row)s, column %(column)s: %(message)s") % {
            "row": self.row,
            "column": self.column,
            "message": self.message,
        }


class InvalidRows(ValueError):  # noqa: N818 — it is the file that is wrong, like a Refusal
    """The file cannot be loaded; ``problems`` says why, by row and column."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def parse(rows: Iterable[Mapping[str, str | None]]) -> dict[str, Any]:
    """{"domains", "scales", "items"} of a checklist file.

    Raises InvalidRows with every problem at once.
    """
    problems: list[Problem] = []
    items: list[dict[str, Any]] = []
    domains: dict[str, dict[str, Any]] = {}
    scales: dict[str, dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for number, raw in enumerate(rows, start=2):
        if missing := [column for column in COLUMNS if column not in raw]:
            problems += [Problem(1, column, _("this column is missing.")) for column in missing]
            break
        reader = _Row(number, {key: (value or "").strip() for key, value in raw.items() if key})
        item = _item(reader)
        if (first := seen.setdefault(item["code"], number)) != number:
            reader.problem(
                "code",
                _("“%(code)s” stands already in row %(row)s.")
                % {
                    "code": item["code"],
                    "row": first,
                },
            )
        name = reader.translated("domain")
        known = domains.setdefault(item["domain"], {"code": item["domain"], "name": name})
        if known["name"] != name:
            reader.problem("domain_es", _("this domain has another name in a row above."))
        scales.setdefault(item["scale"], reader.scale())
        items.append(item | {"order": reader.integer("order")})
        problems += reader.problems
    if not items and not problems:
        problems.append(Problem(2, "code", _("the file has no rows.")))
    if problems:
        raise InvalidRows(problems)
    items.sort(key=lambda item: item["order"])
    for item in items:
        del item["order"]
    return {"domains": list(domains.values()), "scales": list(scales.values()), "items": items}


def _item(row: "_Row") -> dict[str, Any]:
    kind = row.one_of("item_type", ItemKind.values)
    scale = row.scale()
    if kind and scale["kind"] and scale["kind"] not in SCALES_OF[ItemKind(kind)]:
        row.problem("scale", _("this scale does not go with the type of the item."))
    item = {
        "code": row.text("code"),
        "kind": kind,
        "domain": row.text("domain"),
        "scale": row.text("scale"),
        "text": row.translated("text"),
        "anchors": row.anchors(scale),
        "age_groups": row.several("age_groups", AgeGroup.values),
        "moments": row.several("moments", Moment.values),
        "age_min_months": row.integer("age_min_months"),
        "age_max_months": row.integer("age_max_months"),
        "na_allowed": row.flag("na_allowed"),
        "na_rule": row.translated("na_rule", required=False),
        "note": row.translated("age_note", required=False),
        "weight": row.integer("weight"),
        "critical": row.flag("critical"),
    }
    if row.flag("scored") != (kind == ItemKind.SCORED):
        row.problem("scored", _("only items of the type “scored” are scored."))
    if kind == ItemKind.SCORED and item["weight"] == 0:
        row.problem("weight", _("a scored item needs a weight above 0."))
    if item["na_allowed"] and not item["na_rule"]:
        row.problem("na_rule_es", _("say when the item is not applicable."))
    return item


class _Row:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, number: int, cells: Mapping[str, str]):
        self.number, self.cells = number, cells
        self.problems: list[Problem] = []

    def problem(self, column: str, message: str) -> None:
        problem = Problem(self.number, column, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def text(self, column: str) -> str:
        text, most = self.cells[column], LENGTHS.get(column)
        if not text:
            self.problem(column, _("this cell is empty."))
        if most and len(text) > most:
            self.problem(column, _("write at most %(most)s letters.") % {"most": most})
        return text

    def translated(self, stem: str, *, required: bool = True) -> dict[str, str]:
        found = {language: self.cells[f"{stem}_{language}"] for language in LANGUAGES}
        if required or any(found.values()):
            for language in LANGUAGES:
                self.text(f"{stem}_{language}")
        return {language: text for language, text in found.items() if text}

    def one_of(self, column: str, allowed: list[str]) -> str:
        value = self.text(column)
        if value and value not in allowed:
            self.problem(
                column,
                _("“%(value)s” is none of: %(allowed)s.")
                % {
                    "value": value,
                    "allowed": ", ".join(allowed),
                },
            )
            return ""
        return value

    def several(self, column: str, allowed: list[str]) -> list[str]:
        values = [value.strip() for value in self.cells[column].split("|") if value.strip()]
        for value in values:
            if value not in allowed:
                self.problem(
                    column,
                    _("“%(value)s” is none of: %(allowed)s.")
                    % {
                        "value": value,
                        "allowed": ", ".join(allowed),
                    },
                )
        return values

    def integer(self, column: str) -> int:
        value = self.text(column)
        if re.fullmatch("[0-9]{1,3}", value):
            return int(value)
        if value:
            self.problem(column, _("“%(value)s” is not a whole number.") % {"value": value})
        return 0

    def flag(self, column: str) -> bool:
        value = self.text(column).lower()
        if value and value not in FLAGS:
            self.problem(column, _("“%(value)s” is neither yes nor no.") % {"value": value})
        return FLAGS.get(value, False)

    def scale(self) -> dict[str, Any]:
        code = self.text("scale")
        if code.startswith(CHOICE):
            values = code.removeprefix(CHOICE).split(",")
            labels = dict(Moment.choices)
            if unknown := [value for value in values if value not in labels]:
                self.problem(
                    "scale",
                    _("“%(value)s” is none of: %(allowed)s.")
                    % {
                        "value": ", ".join(unknown),
                        "allowed": ", ".join(labels),
                    },
                )
            options = [{"value": value} for value in values]
            return {"code": code, "kind": ScaleKind.CHOICE, "options": options}
        if code and code not in SCALES:
            self.problem(
                "scale",
                _("“%(value)s” is none of: %(allowed)s.")
                % {
                    "value": code,
                    "allowed": ", ".join([*SCALES, f"{CHOICE}A,B,C"]),
                },
            )
        return {"code": code, "kind": "", **SCALES.get(code, {})}

    def anchors(self, scale: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """A text for each step of the scale; none where the scale has no anchors."""
        if scale["kind"] not in (ScaleKind.ORDINAL, ScaleKind.PRESENCE):
            return {}
        return {
            str(step): {language: self.text(f"anchor_{step}_{language}") for language in LANGUAGES}
            for step in range(scale["minimum"], scale["maximum"] + 1)
        }
