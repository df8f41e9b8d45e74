"""An analysis plan, by filling in or as a file."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from analytics import queries
from analytics.forms.runs import LARGE, PUBLISHED, units_offered
from analytics.serializers import plan_files
from measurement.scoring import ALL
from observation.models import Dataset
from organisations.adapters import ScopedChoiceField
from organisations.models import Unit

SEED = 20_260_101


class DayInput(forms.DateInput):
    def __init__(self):
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """The plan of a comparison before and after between two arms; any other comes as a file."""

    code = forms.SlugField(
        max_length=64,
        label=_("Code"),
        help_text=_("Small letters, digits and hyphens: mentoring-2026."),
    )
    version = forms.ModelChoiceField(PUBLISHED.none(), label=_("Instrument"), empty_label=None)
    unit = ScopedChoiceField(
        Unit.objects.filter(kind__in=LARGE),
        permission="analytics.run",
        to_field_name="code",
        label=_("Where"),
    )
    assignment = forms.FileField(
        label=_("Who was assigned to what"),
        required=False,
        help_text=_("CSV or XLSX with the columns centre (or room) and arm."),
    )
    plan = forms.FileField(
        label=_("The plan as a file (TOML)"),
        required=False,
        help_text=_("For other designs. With a file, what is filled in below does not count."),
    )
    question = forms.CharField(label=_("Question"), required=False, max_length=300)
    domain = forms.CharField(
        label=_("Outcome"),
        required=False,
        initial=ALL,
        max_length=20,
        help_text=_("Code of a domain, or ALL for the whole instrument."),
    )
    treatment = forms.CharField(
        label=_("Name of the arm with mentoring"), required=False, max_length=60
    )
    design = forms.ChoiceField(
        choices=[
            ("cluster_trial", _("centres were drawn by lot")),
            ("matched", _("centres were not drawn: compare like with like")),
        ],
        label=_("How centres came into the arms"),
        required=False,
    )
    before_from = forms.DateField(label=_("Before: from"), required=False, widget=DayInput())
    before_to = forms.DateField(label=_("Before: to"), required=False, widget=DayInput())
    after_from = forms.DateField(label=_("After: from"), required=False, widget=DayInput())
    after_to = forms.DateField(label=_("After: to"), required=False, widget=DayInput())
    bound = forms.FloatField(
        label=_("Difference that would not matter, in points"), required=False, min_value=0.1
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        hers = Dataset.objects.visible_to(user, "analytics.run")
        versions = cast(forms.ModelChoiceField, self.fields["version"])
        versions.queryset = queries.offered(PUBLISHED, hers)
        field = cast(ScopedChoiceField, self.fields["unit"])
        field.choices = units_offered(list(field.limit(user)))

    def clean_assignment(self) -> list[dict[str, str]]:
        given = self.cleaned_data["assignment"]
        return plan_files.read_assignment(_bytes(given), given.name) if given else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            given = cleaned["plan"]
            content = plan_files.read_plan(_bytes(given)) if given else self._filled_in(cleaned)
            cleaned["content"] = content
        except ValidationError as wrong:
            self.add_error("plan" if cleaned["plan"] else None, wrong)
        return cleaned

    def _filled_in(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        needed = ["question", "treatment", "before_from", "before_to", "after_from", "after_to"]
        for name in needed:
            if not cleaned.get(name):
                self.add_error(name, _("Fill this in, or give the plan as a file."))
        if self.errors:
            return {}
        outcome = cleaned["domain"] or ALL
        bound = {outcome: cleaned["bound"]} if cleaned["bound"] else {}
        entries = {
            "question": cleaned["question"],
            "design": cleaned["design"] or "cluster_trial",
            "primary": [outcome],
            "unit": "room",
            "cluster": "centre",
            "arm": "arm",
            "treatment": cleaned["treatment"],
            "seed": SEED,
            "baselines": {outcome: f"{outcome}_before"},
            "equivalence": bound,
        }
        sides = {
            side: [cleaned[f"{side}_{end}"].isoformat() for end in ("from", "to")]
            for side in ("before", "after")
        }
        return {
            "plan": plan_files.checked_plan(entries),
            "rows": plan_files.checked_rows({"by": "day"} | sides),
        }


def _bytes(file) -> bytes:
    if file.size > plan_files.MOST_BYTES:
        raise ValidationError(plan_files.too_large())
    return file.read()
