"""The forms of an item and of its anchors."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import Translated
from observation.enums import ItemKind, Moment
from observation.forms.languages import ENDINGS, in_languages, said, shown
from observation.forms.parts import A_CODE, Part, PartForm
from observation.models.instruments import CODE_LENGTH
from observation.policies import anchored_steps
from organisations.enums import AgeGroup


class ItemForm(PartForm):
    """One thing to look for."""

    code = forms.CharField(label=_("Code"), max_length=CODE_LENGTH, validators=[A_CODE])
    kind = forms.ChoiceField(label=_("Type"), choices=ItemKind.choices)
    domain = forms.ChoiceField(label=_("Domain"))
    scale = forms.ChoiceField(label=_("Scale"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("domain", "scale"):
            parts = self.content[f"{name}s"]
            choices = [(each["code"], _called(each)) for each in parts]
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=choices)
        self.fields |= in_languages("text", _("Text"), required=True, rows=3)
        self.fields["age_groups"] = _several(_("Age groups"), AgeGroup.choices)
        self.fields["moments"] = _several(_("Moments of the day"), Moment.choices)
        self.fields["na_allowed"] = forms.BooleanField(
            label=_("It may be not applicable, with a reason"), required=False
        )
        self.fields |= in_languages("na_rule", _("When it is not applicable"), rows=2)
        self.fields["weight"] = forms.DecimalField(
            label=_("Weight"), min_value=0, max_digits=5, decimal_places=2, initial=1
        )
        self.fields["critical"] = forms.BooleanField(label=_("Critical"), required=False)
        self.fields |= in_languages("note", _("Note for the observer"), rows=2)
        for name, label in (
            ("age_min_months", _("From, in months")),
            ("age_max_months", _("To, in months")),
        ):
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=240
            )

    def initial_of(self, entry: Part) -> dict[str, Any]:
        texts = (shown(entry[name], name) for name in ("text", "na_rule", "note"))
        return {key: text for each in texts for key, text in each.items()} | {
            key: value for key, value in entry.items() if key not in ("text", "na_rule", "note")
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("na_allowed") and not said(data, "na_rule"):
            self.add_error("na_rule_es", _("Say when it is not applicable."))
        low, high = data.get("age_min_months"), data.get("age_max_months")
        if low is not None and high is not None and high < low:
            self.add_error("age_max_months", _("At most must not be less than at least."))
        return data

    def entry(self) -> Part:
        data = self.cleaned_data
        texts = {name: said(data, name) for name in ("text", "na_rule", "note")}
        plain = {name: data[name] for name in data if not name.endswith(ENDINGS)}
        return plain | texts


class AnchorsForm(PartForm):
    """What each step of the item's scale looks like."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for step in self.steps():
            label = _("Step %(step)s") % {"step": step}
            self.fields |= in_languages(f"anchor_{step}", label, rows=2)

    def steps(self) -> Iterable[int]:
        scales = {scale["code"]: scale for scale in self.content["scales"]}
        return anchored_steps(scales[(self.existing or {})["scale"]])

    def initial_of(self, entry: Part) -> dict[str, Any]:
        return {
            key: words
            for step, text in entry["anchors"].items()
            for key, words in shown(text, f"anchor_{step}").items()
        }

    def entry(self) -> Part:
        found = {str(step): said(self.cleaned_data, f"anchor_{step}") for step in self.steps()}
        anchors = {step: text for step, text in found.items() if text}
        return {"code": (self.existing or {})["code"], "anchors": anchors}


def _several(label, choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: in all of them."),
    )


def _called(part: Part) -> str:
    return f"{part['code']} {Translated(part.get('name') or {})}".strip()
