"""From the workbook of an XLSForm to an instrument, and a list of what it cannot hold."""

import json
from dataclasses import dataclass, field
from typing import Any

import pydantic
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from observation.actions import instruments
from observation.enums import InstrumentKind, ScoringRule
from observation.serializers import instrument_json
from observation.serializers.sentences import sentence
from observation.serializers.xlsform import checks, converter, leftovers, sheets
from observation.serializers.xlsform.places import InvalidForm, Place, Problem
from observation.serializers.xlsform.sheets import Sheet
from observation.serializers.xlsform.tree import Facts, Tree
from observation.serializers.xlsform.words import language

CODE_LENGTH = 64


@dataclass(frozen=True)
class Understood:
    """``document``: see ``instrument_json``; ``left_out``: what an instrument cannot hold."""

    document: dict[str, Any]
    left_out: list[Problem] = field(default_factory=list)


def read(content: bytes, name: str) -> Understood:
    """Read the XLSForm in ``content``, a file called ``name``.

    Raises SpreadsheetError where it is no workbook, InvalidForm where the form is wrong.
    """
    found = sheets.read(content, name)
    survey, choices = found.get("survey"), found.get("choices") or Sheet("choices")
    problems = [*checks.survey(found), *checks.choices(choices)]
    if problems or survey is None:
        raise InvalidForm(problems)
    facts = _facts(found.get("trenza") or Sheet("trenza"))
    tree = Tree(survey, choices, facts, default=_default_language(found.get("settings")))
    tree.walk(converter.convert(found))
    if not tree.items and not tree.problems:
        said = _("no question of this form can be an item of an instrument.")
        tree.problems.append(Problem(survey.place(2, "type"), said))
    if tree.problems:
        raise InvalidForm(tree.problems)
    settings = _first(found.get("settings"))
    document = _named(settings, facts, name, tree.default) | {
        "content": {
            "rules": facts.get(("rules", "")) or _rules(tree),
            "domains": _in_order(tree.domains, facts, "domain"),
            "scales": list(tree.scales.values()),
            "items": [item.entry for item in tree.items],
        }
    }
    try:
        document = instrument_json.accept(document)
    except ValidationError as error:
        raise InvalidForm([_placed(said, tree, survey) for said in error.messages]) from error
    left_out = sorted(
        [*tree.left_out, *leftovers.columns(tree), *leftovers.elsewhere(found, tree)],
        key=lambda one: (one.place.sheet != "survey", one.place.sheet, one.place.row),
    )
    return Understood(document, left_out)


def _facts(sheet: Sheet) -> Facts:
    """The sheet trenza: properties by what they are about and its code."""
    found: Facts = {}
    last: dict[tuple[str, str], int] = {}  # in which row the last is said
    for number, row in sheet.rows.items():
        about, code, name = (row.get(one, "") for one in ("about", "code", "property"))
        if not name:
            continue
        try:
            value = json.loads(row.get("value", ""))
        except (ValueError, RecursionError) as error:
            said = _("this value cannot be read.")
            raise InvalidForm([Problem(_value(sheet, number), said)]) from error
        found.setdefault((about, code), {})[name] = value
        last[about, code] = number
    for (about, code), number in last.items():
        if about == "scale":
            found[about, code] = _scale(sheet, number, {"code": code} | found[about, code])
    return found


def _scale(sheet: Sheet, number: int, said: dict[str, Any]) -> dict[str, Any]:
    try:
        scale = instrument_json.Scale.model_validate_json(json.dumps(said))
    except pydantic.ValidationError as wrong:
        problems = [Problem(_value(sheet, number), sentence(error)) for error in wrong.errors()]
        raise InvalidForm(problems) from wrong
    return instruments.canonical_scale(scale.model_dump(mode="json", exclude_unset=True))


def _value(sheet: Sheet, number: int) -> Place:
    column = sheet.headings.index("value") + 1 if "value" in sheet.headings else 1
    return Place(sheet.name, number, column, "value")


def _first(sheet: Sheet | None) -> dict[str, str]:
    rows = [row for row in sheet.rows.values() if row] if sheet else []
    return {heading.lower(): value for heading, value in rows[0].items()} if rows else {}


def _default_language(sheet: Sheet | None) -> str:
    return language(_first(sheet).get("default_language", "")) or "es"


def _named(settings: dict[str, str], facts: Facts, file: str, default: str) -> dict[str, Any]:
    """What names the instrument; the sheet settings has the last word."""
    known = facts.get(("instrument", ""), {})
    title = settings.get("form_title") or settings.get("title") or ""
    names = known["name"] if isinstance(known.get("name"), dict) else {}
    if title and title not in names.values():
        names = names | {default: title}
    fallback = file.rsplit(".", 1)[0] or "instrument"
    code = settings.get("form_id") or settings.get("id_string") or title or fallback
    version = settings.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 5 else 0
    return {
        "format": instrument_json.FORMAT,
        "code": code if code == known.get("code") else slugify(code)[:CODE_LENGTH] or "instrument",
        "kind": known.get("kind", InstrumentKind.CHECKLIST.value),
        "name": names or {default: fallback},
        "number": number or 1,
    }


def _rules(tree: Tree) -> dict[str, Any]:
    """The rules of somebody else's form: as little as it says."""
    low = [scale["minimum"] for scale in tree.scales.values() if scale["minimum"] is not None]
    return {
        "minimum_cycles": tree.cycles,
        "scoring": (ScoringRule.RANGE if any(low) else ScoringRule.PERCENT).value,
        "moments_asked": "moments" in tree.questions.values(),
        "routine_and_play": False,
    }


def _in_order(domains: dict[str, dict[str, Any]], facts: Facts, about: str) -> list[dict[str, Any]]:
    """The domains as the sheet trenza orders them, with those that have no item; then others."""
    listed = {
        code: {"code": code, "name": fact.get("name", {})}
        for (what, code), fact in facts.items()
        if what == about
    }
    return list((listed | domains).values())


def _placed(said: str, tree: Tree, survey: Sheet) -> Problem:
    """A sentence about an entry of the document, at the row that the entry came from."""
    for number, item in enumerate(tree.items, start=1):
        if f"content.items.{number}." in said:
            return Problem(survey.place(item.row, "name"), said)
    return Problem(survey.place(1, "type"), said)
