"""From a list of choices to a scale: steps with anchors, yes or no, or one of several."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from observation.enums import ScaleKind
from observation.serializers.xlsform import labels
from observation.serializers.xlsform.words import NA_NAMES, NO, NO_NAMES, YES, YES_NAMES

MOST_STEPS = 21
NUMBER = re.compile("-?[0-9]{1,5}")
Texts = dict[str, str]
Choices = list[tuple[str, Texts]]


@dataclass(frozen=True)
class Read:
    """A scale with what a list says of it; ``strange``: choices that are no step of it."""

    scale: dict[str, Any]
    anchors: dict[str, Texts] = field(default_factory=dict)
    na_allowed: bool = False
    na_rule: Texts = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


def known(scale: dict[str, Any], choices: Choices) -> Read:
    """What ``choices`` say of an item on ``scale``, which the form itself describes."""
    names = labels.names(scale)
    na = [name for name, _label in choices if name not in names and name.lower() in NA_NAMES]
    own = [(name, label) for name, label in choices if name not in na]
    if scale["kind"] == ScaleKind.CHOICE:
        return Read(scale | {"options": _options(scale, own)}, na_allowed=bool(na))
    anchors = {
        name: anchor
        for name, label in own
        if NUMBER.fullmatch(name) and (anchor := labels.anchor(scale, name, label))
    }
    strange = [name for name, _label in own if name not in names]
    return Read(scale, anchors, bool(na), strange=strange)


def _options(scale: dict[str, Any], own: Choices) -> list[dict[str, Any]]:
    """The options with the labels that the form shows; without one that follows from the value."""
    known_ones = {str(option["value"]): option for option in scale["options"]}
    found = []
    for name, label in own:
        option = known_ones.get(name, {"value": name})
        plain = {code: text for code, text in labels.plain(scale, name).items() if text}
        found.append(option if label == plain else {"value": option["value"], "label": label})
    return found


def guessed(code: str, choices: Choices) -> Read:
    """The scale that a list of somebody else's form amounts to."""
    na = [(name, label) for name, label in choices if name.lower() in NA_NAMES]
    rest = [(name, label) for name, label in choices if name.lower() not in NA_NAMES]
    rule = na[0][1] if na else {}
    if steps := _steps(name for name, _label in rest):
        anchors = {str(int(name)): label for name, label in rest if _says(name, label)}
        scale: dict[str, Any] = {"code": code, "kind": ScaleKind.ORDINAL.value}
        scale |= {"minimum": min(steps), "maximum": max(steps), "options": []}
        return Read(scale, anchors, bool(na), rule)
    names = {name.lower() for name, _label in rest}
    if len(rest) == 2 and names & YES_NAMES and names & NO_NAMES:
        anchors = {
            YES if name.lower() in YES_NAMES else NO: label
            for name, label in rest
            if _says(name, label)
        }
        scale = {"code": code, "kind": ScaleKind.YES_NO.value}
        return Read(scale | {"minimum": 0, "maximum": 1, "options": []}, anchors, bool(na), rule)
    options = [
        {"value": name, "label": label} if label else {"value": name} for name, label in rest
    ]
    scale = {"code": code, "kind": ScaleKind.CHOICE.value, "options": options}
    return Read(scale | {"minimum": None, "maximum": None}, {}, bool(na), rule)


def _says(name: str, label: Texts) -> bool:
    """Whether a label says more than the name of its choice."""
    return any(text != name for text in label.values())


def _steps(names: Iterable[str]) -> list[int]:
    """The numbers that ``names`` are, [] where they are none or lie too far apart."""
    found = list(names)
    if len(found) < 2 or not all(map(NUMBER.fullmatch, found)):
        return []
    numbers = [int(name) for name in found]
    wide = max(numbers) - min(numbers) >= MOST_STEPS
    return [] if wide or len(set(numbers)) != len(numbers) else numbers
