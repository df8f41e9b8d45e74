"""The form of a scale."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from observation.enums import ScaleKind
from observation.forms.languages import LONGEST, by_language, in_order, joined, lines
from observation.forms.parts import Part, PartForm
from observation.models.instruments import CODE_LENGTH
from observation.policies.publishing import ENDS, MOST_LOOKS, MOST_STEPS

MOST_VALUE = 32767  # as the columns hold it
# A number without a lowest value begins at 0.
FROM_0 = {ScaleKind.ORDINAL, ScaleKind.INTEGER, ScaleKind.INTEGER_PAIR}
WHOLE = re.compile("-?[0-9]{1,5}")


class ScaleForm(PartForm):
    """How items are answered, with names for its steps or choices."""

    code = forms.CharField(label=_("Code"), max_length=CODE_LENGTH)
    kind = forms.ChoiceField(label=_("How it is answered"), choices=ScaleKind.choices)
    minimum = forms.IntegerField(
        label=_("Lowest value"), required=False, min_value=-MOST_VALUE, max_value=MOST_VALUE
    )
    maximum = forms.IntegerField(
        label=_("Highest value"),
        required=False,
        min_value=-MOST_VALUE,
        max_value=MOST_VALUE,
        help_text=_("Of what is seen or not at set minutes: how many looks there are in a cycle."),
    )
    options = forms.CharField(
        label=_("Names of the steps or choices, one in each line"),
        required=False,
        max_length=5 * LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Value | Spanish | English. For example: 1 | bajo | low"),
    )

    def initial_of(self, entry: Part) -> dict[str, Any]:
        lines = [
            joined([each["value"], *in_order(each.get("label") or {})]) for each in entry["options"]
        ]
        return {**entry, "options": "\n".join(lines)}

    def clean_options(self) -> list[Part]:
        found = []
        for number, cells in lines(self.cleaned_data["options"]):
            if not cells[0] or len(cells) > 1 + len(settings.LANGUAGES):
                raise forms.ValidationError(
                    _("Line %(number)s: write a value, then its names, with | between."),
                    params={"number": number},
                )
            value = int(cells[0]) if WHOLE.fullmatch(cells[0]) else cells[0]
            names = by_language(cells[1:])
            found.append({"value": value, "label": names} if names else {"value": value})
        values = [each["value"] for each in found]
        if len(set(values)) < len(values):
            raise forms.ValidationError(_("Each value stands once."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind", "")
        if kind in ENDS:
            data["minimum"], data["maximum"] = ENDS[ScaleKind(kind)]
        if kind == ScaleKind.SNAPSHOTS or (kind in FROM_0 and data.get("minimum", "") is None):
            data["minimum"] = 0
        low, high = data.get("minimum"), data.get("maximum")
        most = {ScaleKind.ORDINAL: MOST_STEPS - 1, ScaleKind.SNAPSHOTS: MOST_LOOKS}.get(kind, 0)
        if high is None:
            if most and "maximum" in data:
                self.add_error("maximum", _("Write the highest value."))
        elif (low or 0) >= high:
            self.add_error("maximum", _("The highest value must lie above the lowest."))
        elif most and high - (low or 0) > most:
            self.add_error("maximum", _("That is too many. For a long scale ask for a number."))
        if kind == ScaleKind.CHOICE and not data.get("options") and "options" in data:
            self.add_error("options", _("Write what can be chosen."))
        return data

    def entry(self) -> Part:
        names = ("code", "kind", "minimum", "maximum", "options")
        return {name: self.cleaned_data[name] for name in names}
