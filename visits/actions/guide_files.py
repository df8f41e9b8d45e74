"""From the rows of a guide file to the content of an instrument version and its guide items."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from observation.actions.checklists import InvalidRows, Problem
from observation.enums import ItemKind, ScaleKind
from observation.models.instruments import CODE_LENGTH, DOMAIN_CODE_LENGTH
from visits.enums import Severity
from visits.models import SHOWN_BY_LENGTH

COLUMNS = [
    *("code", "order", "stop", "area_code", "area_es", "area_en", "text_es", "text_en"),
    *("answer_type", "in_safety_index", "critical", "finding_severity_if_negative"),
    *("default_due_days", "evidence_prompt_es", "who_shows"),
]
LENGTHS = {"code": CODE_LENGTH, "area_code": DOMAIN_CODE_LENGTH, "who_shows": SHOWN_BY_LENGTH}
NUMBER = re.compile("[1-9][0-9]{0,2}")
UNSEEN = [{"value": "not_seen", "label": {"es": "no vi", "en": "could not see it"}}]
SCALES: dict[str, dict[str, Any]] = {
    "SI_NO_NOVI": {"kind": ScaleKind.YES_NO_UNSEEN},
    "SI_NO": {"kind": ScaleKind.YES_NO},
    "ESCALA_1_4_NOVI": {"kind": ScaleKind.ORDINAL, "minimum": 1, "maximum": 4, "options": UNSEEN},
    "ESCALA_1_5": {"kind": ScaleKind.ORDINAL, "minimum": 1, "maximum": 5},
    "CONTEO_PAR": {"kind": ScaleKind.INTEGER_PAIR, "minimum": 0, "maximum": 999},
    "TEXTO_CORTO": {"kind": ScaleKind.TEXT},
}
YES_OR_NO = {ScaleKind.YES_NO_UNSEEN, ScaleKind.YES_NO}
SEVERITIES = {
    "": "",
    "baja": Severity.LOW.value,
    "media": Severity.MEDIUM.value,
    "alta": Severity.HIGH.value,
}


@dataclass
class Guide:
    """``content`` as ``observation.actions.instruments`` keeps it; ``items``: fields of
    ``GuideItem`` by item code."""

    content: dict[str, Any]
    items: dict[str, dict[str, Any]] = field(default_factory=dict)


def parse(rows: Iterable[Mapping[str, str | None]]) -> Guide:
    """The guide of a file with ``COLUMNS``; row 2 is the first.

    Raises InvalidRows with every problem at once, by row and column.
    """
    problems: list[Problem] = []
    domains: dict[str, dict[str, Any]] = {}
    scales: dict[str, dict[str, Any]] = {}
    guide = Guide({"rules": {"minimum_cycles": 1}, "domains": [], "scales": [], "items": []})
    for number, raw in enumerate(rows, start=2):
        if missing := [column for column in COLUMNS if column not in raw]:
            problems += [Problem(1, column, _("this column is missing.")) for column in missing]
            break
        row = {key: (value or "").strip() for key, value in raw.items() if key}
        wrong = list(_problems(row, guide.items))
        problems += [Problem(number, column, message) for column, message in wrong]
        if wrong:
            continue
        area, scale = row["area_code"], row["answer_type"]
        domains.setdefault(
            area, {"code": area, "name": {"es": row["area_es"], "en": row["area_en"]}}
        )
        scales.setdefault(scale, {"code": scale, **SCALES[scale]})
        guide.content["items"].append(_item(row))
        guide.items[row["code"]] = _guide_item(row)
    if not problems and not guide.items:
        problems.append(Problem(1, "code", _("the file has no items.")))
    if problems:
        raise InvalidRows(problems)
    guide.content["domains"] = list(domains.values())
    guide.content["scales"] = list(scales.values())
    return guide


Found = Iterator[tuple[str, str]]


def _problems(row: Mapping[str, str], seen: Mapping[str, Any]) -> Found:
    """(column, sentence) for each thing wrong in ``row``."""
    for column in ("code", "area_code", "area_es", "area_en", "text_es", "text_en"):
        if not row[column]:
            yield column, _("this is empty.")
    if row["code"] in seen:
        yield "code", _("this code stands in an earlier row.")
    for column, most in LENGTHS.items():
        if len(row[column]) > most:
            yield column, _("write at most %(most)s letters.") % {"most": most}
    if not NUMBER.fullmatch(row["stop"]):
        yield "stop", _("write a whole number.")
    for column in ("in_safety_index", "critical"):
        if row[column] not in {"0", "1"}:
            yield column, _("write 1 for yes or 0 for no.")
    yield from _severity_problems(row)
    if row["answer_type"] in SCALES:
        yield from _scale_problems(row)
    else:
        yield "answer_type", _("write one of: %(words)s.") % {"words": ", ".join(SCALES)}


def _severity_problems(row: Mapping[str, str]) -> Found:
    severity, days = row["finding_severity_if_negative"], row["default_due_days"]
    if severity not in SEVERITIES:
        yield (
            "finding_severity_if_negative",
            _("write one of: %(words)s.") % {"words": ", ".join(filter(None, SEVERITIES))},
        )
    if bool(severity) != bool(days) or (days and not NUMBER.fullmatch(days)):
        yield "default_due_days", _("an item with a severity has days to fix it, and only such.")


def _scale_problems(row: Mapping[str, str]) -> Found:
    """Only what is answered by yes or no can count in the index or be a finding."""
    if SCALES[row["answer_type"]]["kind"] in YES_OR_NO:
        return
    if row["in_safety_index"] == "1":
        yield "in_safety_index", _("only items answered by yes or no count in the index.")
    if row["finding_severity_if_negative"]:
        yield (
            "finding_severity_if_negative",
            _("only items answered by yes or no have a severity."),
        )


def _item(row: Mapping[str, str]) -> dict[str, Any]:
    kind = SCALES[row["answer_type"]]["kind"]
    counted = kind in YES_OR_NO or kind == ScaleKind.ORDINAL
    return {
        "code": row["code"],
        "kind": ItemKind.SCORED if counted else ItemKind.CONTEXT,
        "domain": row["area_code"],
        "scale": row["answer_type"],
        "text": {"es": row["text_es"], "en": row["text_en"]},
        "critical": row["critical"] == "1",
    }


def _guide_item(row: Mapping[str, str]) -> dict[str, Any]:
    days, prompt = row["default_due_days"], row["evidence_prompt_es"]
    return {
        "stop": int(row["stop"]),
        "in_safety_index": row["in_safety_index"] == "1",
        "severity": SEVERITIES[row["finding_severity_if_negative"]],
        "days_to_fix": int(days) if days else None,
        "evidence_prompt": {"es": prompt} if prompt else {},
        "shown_by": row["who_shows"],
    }
