"""Instruments other than the programme's checklist: one scale, the least content."""

from copy import deepcopy
from typing import Any

from observation.actions import instruments
from observation.enums import InstrumentKind
from observation.models import InstrumentVersion

STEPS = {"kind": "ordinal", "minimum": 0, "maximum": 3}
RULES = {
    "minimum_cycles": 1,
    "cycle_minutes": None,
    "cycle_minutes_most": None,
    "minimum_answered": "0.60",
    "moments_asked": False,
}


def words(text: str) -> dict[str, str]:
    return {"es": text, "en": f"{text} (en)"}


DICHOTOMOUS = {"kind": "yes_no", "minimum": 0, "maximum": 1}
SEEN = {"kind": "presence", "minimum": 0, "maximum": 1}
UNSEEN = {"kind": "yes_no_unseen", "minimum": 0, "maximum": 1}
FIVE = {"kind": "ordinal", "minimum": 1, "maximum": 5}
SEVEN = {"kind": "ordinal", "minimum": 1, "maximum": 7}
LEVELS = {
    "kind": "ordinal",
    "minimum": 1,
    "maximum": 3,
    "options": [
        {"value": 1, "label": words("bajo")},
        {"value": 2, "label": words("medio")},
        {"value": 3, "label": words("alto")},
    ],
}
COUNT = {"kind": "integer", "minimum": 0}
TEN = {"kind": "integer", "minimum": 0, "maximum": 10}
LOOKS = {"kind": "snapshots", "minimum": 0, "maximum": 3}
SEGMENTS = [{"code": "P", "name": words("Primera"), "minutes": 15, "snapshots": [4, 9, 14]}]


def content(scale: dict[str, Any] | None = None, items: int = 2, **rules) -> dict[str, Any]:
    """``items`` items A1, A2 … of the domain A, all answered on ``scale``."""
    anchors = {"0": words("Nada"), "3": words("Siempre")}
    return deepcopy(
        {
            "rules": RULES | rules,
            "domains": [{"code": "A", "name": words("Calidez")}],
            "scales": [{"code": "S", **(scale or STEPS)}],
            "items": [
                {
                    "domain": "A",
                    "scale": "S",
                    "code": f"A{number}",
                    "kind": "scored",
                    "text": words(f"Lo que se ve {number}"),
                    "anchors": {} if scale else anchors,
                }
                for number in range(1, items + 1)
            ],
        }
    )


def draft(said: dict[str, Any] | None = None, code: str = "other", number: int = 1):
    """A draft of the instrument ``code`` that says ``said``."""
    return instruments.store(
        content=said or content(),
        code=code,
        kind=InstrumentKind.CHECKLIST,
        name=words("Otra lista"),
        number=number,
    )


def published(said=None, code: str = "other", number: int = 1) -> InstrumentVersion:
    return instruments.publish(version=draft(said, code, number))
