"""The codes of a paper form: what is written into the box of an item, and how it is read back.

One code an item, in the printed order: a step of the scale (“2”), a count (“12”), a letter for one
of several, two numbers (“5/3”), a mark for each look (“101”), a full stop for what could not be
seen; N where it does not apply, - where there is no answer.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.fields import Translated
from core.refusals import Refusal
from observation import policies
from observation.enums import STEP_WORDS, ItemKind, Moment, RatingState, ScaleKind
from observation.models import InstrumentVersion, Item

NOT_APPLICABLE, NO_ANSWER, NO_LOOK = "N", "-", "."
LETTERS = "ABCDEFGHIJKLM OPQRSTUVWXYZ".replace(" ", "")  # no N: it means not applicable
BY_WORDS = {ScaleKind.TEXT}
ELSEWHERE = {ScaleKind.TIME_RANGE}  # from and to are asked of every cycle
NUMBER = re.compile("-?[0-9]{1,5}")
PAIR = re.compile("([0-9]{1,2})/([0-9]{1,2})")
PRINTED_CYCLES = 3
MOST_COUNTED, MOST_IN_CONTEXT = 32767, 99  # as their columns and forms hold them


@dataclass(frozen=True)
class Answer:
    """A code as it was read: what it says in words, and what is kept of it (None: no answer)."""

    number: int
    item: Item
    code: str
    says: str
    kept: Any = None


def numbered(items: Iterable[Item], kind: str) -> list[Item]:
    """The items of ``kind`` that are answered by a code, in the order of the form."""
    skipped = BY_WORDS | ELSEWHERE
    return [item for item in items if item.kind == kind and item.scale.kind not in skipped]


def worded(items: Iterable[Item]) -> list[Item]:
    """The items that are answered in words."""
    return [item for item in items if item.scale.kind in BY_WORDS]


def cycles(version: InstrumentVersion) -> int:
    """How many cycles a printed form has room for."""
    return min(policies.MOST_CYCLES, max(version.minimum_cycles, PRINTED_CYCLES))


def form_code(version: InstrumentVersion, content_hash: str) -> str:
    """What a form bears on each page, so that it is typed into the right version."""
    return f"{version.instrument.code} · {version.number} · {content_hash[:6].upper()}"


def legend(item: Item) -> list[tuple[str, str]]:
    """Each code that ``item`` may be given, and what it means."""
    scale = item.scale
    kind = ScaleKind(scale.kind)
    codes: list[tuple[str, str]]
    if kind == ScaleKind.CHOICE:
        codes = [(letter, _option(option)) for letter, option in _lettered(item)]
    elif kind == ScaleKind.INTEGER:
        codes = [("…", _("the number"))]
    elif kind == ScaleKind.INTEGER_PAIR:
        codes = [("…/…", _("both numbers"))]
    elif kind == ScaleKind.SNAPSHOTS:
        codes = [("1", _("yes")), ("0", _("no")), (NO_LOOK, _("not looked"))]
    else:
        codes = [(str(step), _step(item, step)) for step in _steps(item)]
        if unseen := str(scale.unseen()):
            codes.append((NO_LOOK, unseen))
    return [*codes, (NOT_APPLICABLE, _rule(item))] if item.na_allowed else codes


def read(items: list[Item], line: str) -> list[Answer]:
    """The answers of one line. Refusal says which item cannot be read, or how many are missing."""
    codes = _codes(items, line)
    if not codes:
        return []
    if len(codes) != len(items):
        have = ngettext("%(n)s code", "%(n)s codes", len(codes)) % {"n": len(codes)}
        need = ngettext("%(n)s item", "%(n)s items", len(items)) % {"n": len(items)}
        raise Refusal(
            _(
                "There are %(have)s for %(need)s. Write one for each, with a space between them, "
                "and - where there is no answer."
            )
            % {"have": have, "need": need}
        )
    return [
        _answer(number, item, code)
        for number, (item, code) in enumerate(zip(items, codes, strict=True), start=1)
    ]


def fingerprint(entries: Any) -> str:
    """Of what is about to be kept, so that only what was shown is saved."""
    text = json.dumps(entries, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _codes(items: list[Item], line: str) -> list[str]:
    """The codes of a line; without spaces, each sign is one where no item needs more."""
    codes = line.replace("|", " ").replace(",", " ").upper().split()
    if len(codes) == 1 and len(items) > 1 and all(map(_is_one_sign, items)):
        return list(codes[0])
    return codes


def _is_one_sign(item: Item) -> bool:
    return all(len(code) == 1 and code != "…" for code, _words in legend(item)) and (
        item.scale.kind != ScaleKind.SNAPSHOTS
    )


def _answer(number: int, item: Item, code: str) -> Answer:
    if code == NO_ANSWER:
        return Answer(number, item, code, _("no answer"))
    if code == NOT_APPLICABLE and item.kind == ItemKind.SCORED:
        if not item.na_allowed:
            raise Refusal(
                _("%(number)s (%(item)s) always applies: write a value, or -.")
                % {"number": number, "item": item.code}
            )
        kept = {"state": RatingState.NOT_APPLICABLE.value}
        return Answer(number, item, code, _("not applicable"), kept)
    if code == NO_LOOK and item.kind == ItemKind.SCORED and (unseen := str(item.scale.unseen())):
        return Answer(number, item, code, unseen, {"state": RatingState.MISSING.value})
    try:
        says, value = _read(item, code)
        if item.kind == ItemKind.SCORED and not isinstance(value, dict):
            policies.value_fits(item, value)
    except (ValueError, Refusal) as error:
        codes = ", ".join(known for known, _words in [*legend(item), (NO_ANSWER, "")])
        raise Refusal(
            _("%(number)s (%(item)s): “%(code)s” is none of its codes: %(codes)s.")
            % {"number": number, "item": item.code, "code": code[:20], "codes": codes}
        ) from error
    if item.kind == ItemKind.SCORED and not isinstance(value, dict):
        value = {"state": RatingState.SCORED.value, "value": value}
    return Answer(number, item, code, says, value)


def _read(item: Item, code: str) -> tuple[str, Any]:
    """What ``code`` says and the value that is kept. ValueError where it is none of the item's."""
    kind = ScaleKind(item.scale.kind)
    if kind == ScaleKind.CHOICE:
        found = dict(_lettered(item))
        if code not in found:
            raise ValueError(code)
        return _option(found[code]), str(found[code]["value"])
    if kind == ScaleKind.INTEGER_PAIR:
        pair = PAIR.fullmatch(code)
        if pair is None:
            raise ValueError(code)
        return code, [int(pair[1]), int(pair[2])]
    if kind == ScaleKind.SNAPSHOTS:
        return _looks(item, code)
    if not NUMBER.fullmatch(code):
        raise ValueError(code)
    value = int(code)
    if kind == ScaleKind.INTEGER:
        if not 0 <= value <= (MOST_COUNTED if item.kind == ItemKind.SCORED else MOST_IN_CONTEXT):
            raise ValueError(code)
        return code, value
    if value not in _steps(item):
        raise ValueError(code)
    says = _step(item, value)
    return says, bool(value) if item.kind == ItemKind.CONTEXT else value


def _looks(item: Item, code: str) -> tuple[str, dict[str, Any]]:
    if len(code) != item.scale.maximum or set(code) - {"0", "1", NO_LOOK}:
        raise ValueError(code)
    marks = [{"1": 1, "0": 0}.get(sign) for sign in code]
    seen = marks.count(1)
    says = _("seen %(seen)s of %(looks)s times") % {"seen": seen, "looks": len(marks)}
    if None in marks:
        return says, {"state": RatingState.MISSING.value, "marks": marks}
    return says, {"state": RatingState.SCORED.value, "value": seen, "marks": marks}


def _steps(item: Item) -> range:
    low, high = item.scale.minimum, item.scale.maximum
    if item.scale.kind in STEP_WORDS and (low is None or high is None):
        low, high = 0, 1
    return range(low or 0, (high or 0) + 1)


def _step(item: Item, step: int) -> str:
    """The anchor of a step, else what the scale calls it, else its number."""
    anchor = str(Translated(item.anchors.get(str(step)) or {}))
    return anchor or item.scale.word(step) or str(step)


def _lettered(item: Item) -> list[tuple[str, dict[str, Any]]]:
    """Options by letter; beyond the alphabet by number."""
    options = item.scale.options
    names = [*LETTERS, *(str(number) for number in range(1, len(options) + 1))]
    return list(zip(names, options, strict=False))


def _option(option: dict[str, Any]) -> str:
    value = str(option["value"])
    known = dict(Moment.choices)
    return str(Translated(option.get("label") or {})) or str(known.get(value, value))


def _rule(item: Item) -> str:
    return str(item.na_rule) or _("not applicable")
