"""How a scored item is asked on its scale, and what was answered."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import Translated
from observation.actions.cycles import NOTE_LENGTH, RatingEntry
from observation.enums import STEP_WORDS, RatingState, ScaleKind
from observation.models import InstrumentVersion, Item, Rating

NOT_APPLICABLE, UNSEEN = "na", "unseen"
SEEN = [("1", _("yes")), ("0", _("no")), ("", _("No answer"))]
MOST_COUNTED = 32767  # as the column holds it
# Answered otherwise than by one choice, so that N/A is a box of its own.
BY_PARTS = {ScaleKind.INTEGER, ScaleKind.SNAPSHOTS}


def fields(item: Item, version: InstrumentVersion) -> dict[str, forms.Field]:
    """The fields of ``item`` by name: its answer, or one per look, and its note."""
    label = f"{item.code}. {item.text}"
    kind = item.scale.kind
    found: dict[str, forms.Field] = {}
    if kind == ScaleKind.SNAPSHOTS:
        for name, minute in zip(look_names(item), _minutes(item, version), strict=True):
            found[name] = forms.ChoiceField(
                label=minute, choices=SEEN, required=False, widget=forms.RadioSelect
            )
    elif kind == ScaleKind.INTEGER:
        most = item.scale.maximum
        found[item.code] = forms.IntegerField(
            label=label,
            min_value=item.scale.minimum or 0,
            max_value=MOST_COUNTED if most is None else most,
            required=False,
        )
    else:
        found[item.code] = forms.ChoiceField(
            label=label,
            choices=steps(item),
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("“%(value)s” is not on the scale. Choose a step.")},
        )
    if kind in BY_PARTS and item.na_allowed:
        found[f"{item.code}-na"] = forms.BooleanField(label=_("Not applicable"), required=False)
    found[f"{item.code}-note"] = forms.CharField(
        label=_("Note") if not item.na_allowed else _("Note, or why not applicable"),
        required=False,
        max_length=NOTE_LENGTH,
    )
    return found


def steps(item: Item) -> list[tuple[str, Any]]:
    """The choices of a scale in steps: each value, with its name where it has one."""
    scale = item.scale
    choices: list[tuple[str, Any]] = []
    values = range(scale.minimum or 0, (scale.maximum or 0) + 1)
    if scale.kind in STEP_WORDS:  # yes before no, as people say it
        choices += [(str(step), scale.told(step)) for step in reversed(values)]
    else:
        choices += [
            (str(step), f"{step} · {word}" if (word := scale.word(step)) else str(step))
            for step in values
        ]
    if unseen := scale.unseen():
        choices.append((UNSEEN, unseen))
    if item.na_allowed:
        choices.append((NOT_APPLICABLE, _("N/A")))
    return [*choices, ("", _("No answer"))]


def look_names(item: Item) -> list[str]:
    """The names of the fields of its looks, none where it is not looked at from time to time."""
    if item.scale.kind != ScaleKind.SNAPSHOTS:
        return []
    return [f"{item.code}-{look}" for look in range(1, (item.scale.maximum or 0) + 1)]


def initial(rating: Rating) -> dict[str, Any]:
    """What the fields show of a kept answer."""
    item = rating.item
    shown: dict[str, Any] = {f"{item.code}-note": rating.note}
    if rating.marks:
        marks = ["" if mark is None else str(mark) for mark in rating.marks]
        return shown | dict(zip(look_names(item), marks, strict=False))
    if rating.state == RatingState.NOT_APPLICABLE:
        by_parts = item.scale.kind in BY_PARTS
        return shown | ({f"{item.code}-na": True} if by_parts else {item.code: NOT_APPLICABLE})
    if rating.state == RatingState.MISSING and item.scale.unseen():
        return shown | {item.code: UNSEEN}
    return shown | {item.code: "" if rating.value is None else str(rating.value)}


def readable(item: Item, data: Mapping[str, Any]) -> bool:
    """Whether all that ``item`` asked came in a form that can be read."""
    return {*(look_names(item) or [item.code]), f"{item.code}-note"} <= set(data)


def given(item: Item, data: Mapping[str, Any]) -> RatingEntry | None:
    """The answer in ``data``, which must be ``readable``; None: there is none."""
    note = data[f"{item.code}-note"]
    marks = [int(data[name]) if data[name] else None for name in look_names(item)]
    answer = data.get(item.code, "")
    if data.get(f"{item.code}-na") or answer == NOT_APPLICABLE:
        return {"state": RatingState.NOT_APPLICABLE.value, "note": note}
    if any(mark is not None for mark in marks):
        if None in marks:
            return {"state": RatingState.MISSING.value, "note": note, "marks": marks}
        seen = marks.count(1)
        return {"state": RatingState.SCORED.value, "value": seen, "note": note, "marks": marks}
    if answer in ("", None):
        return None
    if answer == UNSEEN:
        return {"state": RatingState.MISSING.value, "note": note}
    return {"state": RatingState.SCORED.value, "value": int(answer), "note": note}


def contradicts(item: Item, data: Mapping[str, Any]) -> bool:
    """Whether it is called not applicable and answered as well."""
    answers = [data.get(name) for name in (item.code, *look_names(item))]
    return bool(data.get(f"{item.code}-na")) and any(each not in ("", None) for each in answers)


def _minutes(item: Item, version: InstrumentVersion) -> list[str]:
    """What each look is called: its minute, or its number where no minutes are set."""
    timed = [
        _("%(segment)s, minute %(minute)s")
        % {"segment": Translated(segment["name"]), "minute": minute}
        for segment in version.segments
        for minute in segment.get("snapshots") or []
    ]
    looks = range(1, (item.scale.maximum or 0) + 1)
    return timed if len(timed) == len(looks) else [_("Look %(n)s") % {"n": look} for look in looks]
