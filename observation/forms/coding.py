"""Coding a clip with the items as they stand in a session, and its master codes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from observation.actions.clips import MasterEntry
from observation.actions.rounds import Answers
from observation.enums import ItemKind, RatingState
from observation.forms.cycle import CycleForm
from observation.models import Item, MasterCode, ObservationSession, TrainingClip

OF_A_SESSION = ("moments", "started_at", "ended_at", "minutes_reason")


def items_of(clip: TrainingClip) -> list[Item]:
    """What is coded in ``clip``: the scored items that apply, and the alerts."""
    items = clip.version.items.exclude(kind=ItemKind.CONTEXT).select_related("domain", "scale")
    return [
        item
        for item in items.order_by("order")
        if item.kind == ItemKind.ALERT or item.applies(clip.age_group, clip.moments)
    ]


class ClipForm(CycleForm):
    """The items of one clip; unlike in a session nothing may be left out, and nothing happened."""

    def __init__(self, *args, clip: TrainingClip, **kwargs):
        # Age and moments are the clip's own: the items given are those that apply.
        session = ObservationSession(version=clip.version, age_group=clip.age_group)
        super().__init__(
            *args, session=session, number=1, items=items_of(clip), alerts=(), **kwargs
        )
        described = [f"{item.code}-note" for item in self.items if item.kind == ItemKind.ALERT]
        for name in (*OF_A_SESSION, *described):
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for code, rating in self.entry()["ratings"].items():
            answered = rating is not None and rating["state"] != RatingState.MISSING
            if not answered and code not in self.errors:
                self.add_error(code if code in self.fields else None, _("Choose an answer."))
        return data

    def answers(self) -> Answers:
        """What was sent; call ``is_valid`` before."""
        entry = self.entry()
        ratings = {code: rating for code, rating in entry["ratings"].items() if rating is not None}
        return {"ratings": ratings, "alerts": list(entry["alerts"])}


class PracticeForm(ClipForm):
    """``id`` makes the form sent twice one practice."""

    id = forms.UUIDField(widget=forms.HiddenInput)


class MasterForm(forms.Form):
    """Value and rationale of each item of a draft; what is left empty has no master code."""

    def __init__(self, *args, clip: TrainingClip, **kwargs):
        self.items = items_of(clip)
        given = {code.item_id: code for code in clip.master_codes.all()}
        super().__init__(*args, **kwargs)
        self.of_item: dict[str, list[str]] = {}
        for item in self.items:
            fields = _master_fields(item, given.get(item.pk))
            self.of_item[item.code] = list(fields)
            self.fields.update(fields)

    def parts(self) -> list[tuple[Item, list[forms.BoundField]]]:
        """Each item with its fields."""
        return [(item, [self[name] for name in self.of_item[item.code]]) for item in self.items]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for item in self.items:
            valued, without = _coded(item, data)
            if valued and without:
                self.add_error(item.code, _("Give a value or “not applicable”, not both."))
            if (valued or without) and not data.get(f"{item.code}-es"):
                self.add_error(f"{item.code}-es", _("Say why this is the code."))
        return data

    def codes(self) -> dict[str, MasterEntry]:
        """Master codes by item code; call ``is_valid`` before."""
        data = self.cleaned_data
        return {
            item.code: {
                "value": int(data[item.code]) if _coded(item, data)[0] else None,
                "rationale": {code: data[f"{item.code}-{code}"] for code in ("es", "en")},
            }
            for item in self.items
            if any(_coded(item, data))
        }


def _coded(item: Item, data: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the item has a value (0 is one), and whether it is said not to apply."""
    value = data.get(item.code)
    return value is not None and value is not False, bool(data.get(f"{item.code}-na"))


def _master_fields(item: Item, given: MasterCode | None) -> dict[str, forms.Field]:
    rationale = given.rationale if given else {}
    fields: dict[str, forms.Field] = {}
    if item.kind == ItemKind.ALERT:
        fields[item.code] = forms.BooleanField(
            label=_("It occurs in the clip"), required=False, initial=given is not None
        )
    else:
        fields[item.code] = forms.IntegerField(
            label=_("Master code"),
            required=False,
            min_value=item.scale.minimum,
            max_value=item.scale.maximum,
            initial=given.value if given else None,
        )
        if item.na_allowed:
            fields[f"{item.code}-na"] = forms.BooleanField(
                label=_("Not applicable"),
                required=False,
                initial=given is not None and given.value is None,
            )
    for language, label in (("es", _("Why, in Spanish")), ("en", _("Why, in English"))):
        fields[f"{item.code}-{language}"] = forms.CharField(
            label=label,
            required=False,
            max_length=600,
            initial=rationale.get(language, ""),
            widget=forms.Textarea(attrs={"rows": 2}),
        )
    return fields
