"""How a step of a scale is written as a choice, so that it can be read back exactly.

An anchor stands behind a dot (“2 · greets most children”), the scale's own word for a step behind
a sign of equality (“1 = present”), a step without either is its number alone.
"""

from collections.abc import Mapping
from typing import Any

from observation.enums import Moment, ScaleKind
from observation.serializers.xlsform.words import ANSWERS, in_all

ANCHOR, WORD = " · ", " = "
# Kinds that are asked as one of several choices.
BY_CHOICE = frozenset(
    {
        *(ScaleKind.ORDINAL, ScaleKind.PRESENCE, ScaleKind.YES_NO),
        *(ScaleKind.YES_NO_UNSEEN, ScaleKind.CHOICE),
    }
)
Texts = Mapping[str, str]


def names(scale: Mapping[str, Any]) -> list[str]:
    """The choices of ``scale`` in order, as a form names them."""
    kind, low, high = scale["kind"], scale.get("minimum"), scale.get("maximum")
    options = [str(option["value"]) for option in scale.get("options") or []]
    if kind == ScaleKind.CHOICE:
        return options
    if low is not None and high is not None:
        steps = [str(step) for step in range(low, high + 1)]
    else:
        steps = list(ANSWERS.get(kind, {}))
    return [*steps, *(option for option in options if option not in steps)]


def plain(scale: Mapping[str, Any], name: str) -> dict[str, str]:
    """What the choice ``name`` is called where the item has no anchor for it, by language."""
    words = _word(scale, name)
    if scale["kind"] == ScaleKind.CHOICE:
        return words or dict.fromkeys(in_all(""), name)
    return {
        language: f"{name}{WORD}{words[language]}" if words.get(language) else name
        for language in in_all("")
    }


def _word(scale: Mapping[str, Any], name: str) -> dict[str, str]:
    for option in scale.get("options") or []:
        if str(option["value"]) == name and option.get("label"):
            return dict(option["label"])
    if scale["kind"] == ScaleKind.CHOICE:
        return in_all(Moment(name).label) if name in Moment.values else {}
    word = ANSWERS.get(scale["kind"], {}).get(name)
    return in_all(word) if word else {}


def written(scale: Mapping[str, Any], anchors: Mapping[str, Texts], name: str) -> dict[str, str]:
    """The label of the choice ``name``, by language."""
    anchor = anchors.get(name, {})
    return {
        language: f"{name}{ANCHOR}{anchor[language]}" if anchor.get(language) else word
        for language, word in plain(scale, name).items()
    }


def anchor(scale: Mapping[str, Any], name: str, label: Texts) -> dict[str, str]:
    """The anchor that ``label`` gives to the choice ``name``; {} where it says no more than it."""
    known = plain(scale, name)
    found = {}
    for language, text in label.items():
        if text.startswith(name + ANCHOR):
            found[language] = text.removeprefix(name + ANCHOR)
        elif text not in (known.get(language), name):
            found[language] = text
    return found
