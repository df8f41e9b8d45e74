"""The forms in which an instrument is written: each edits one part of a draft's content."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from observation.enums import ScoringRule
from observation.forms.languages import (
    LONGEST,
    by_language,
    in_languages,
    in_order,
    joined,
    lines,
    said,
    shown,
)
from observation.models.instruments import CODE_LENGTH, DOMAIN_CODE_LENGTH
from observation.policies.publishing import CODE, MOST_CYCLES

Part = dict[str, Any]
A_CODE = RegexValidator(
    f"^{CODE.pattern}$", _("A code begins with a letter and has letters, digits and _ alone.")
)
MINUTES = re.compile("[1-9][0-9]{0,2}")
LOOKS = re.compile(r"[0-9]{1,3}(\s*,\s*[0-9]{1,3})*")


class PartForm(forms.Form):
    """A part of a draft: ``content`` is what the draft says, ``entry`` the part as it stands."""

    def __init__(self, *args, content: Part, entry: Part | None = None, **kwargs):
        self.content, self.existing = content, entry
        if entry is not None:
            kwargs["initial"] = self.initial_of(entry)
        super().__init__(*args, **kwargs)

    def initial_of(self, entry: Part) -> dict[str, Any]:
        raise NotImplementedError

    def entry(self) -> Part:
        """The part as ``drafts.put`` takes it; call ``is_valid`` before."""
        raise NotImplementedError


class InstrumentForm(forms.Form):
    """A new instrument: what it is called."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=CODE_LENGTH,
        help_text=_("Short, for addresses and files. It cannot be changed later."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= in_languages("name", _("Name"), required=True)

    def name(self) -> dict[str, str]:
        return said(self.cleaned_data, "name")


class DomainForm(PartForm):
    code = forms.CharField(label=_("Code"), max_length=DOMAIN_CODE_LENGTH, validators=[A_CODE])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= in_languages("name", _("Name"), required=True)

    def initial_of(self, entry: Part) -> dict[str, Any]:
        return {"code": entry["code"], **shown(entry["name"], "name")}

    def entry(self) -> Part:
        return {"code": self.cleaned_data["code"], "name": said(self.cleaned_data, "name")}


class RulesForm(PartForm):
    """What a session of this version needs, and how it is scored."""

    scoring = forms.ChoiceField(
        label=_("How answers become a score"), choices=ScoringRule.choices, widget=forms.RadioSelect
    )
    minimum_answered = forms.IntegerField(
        label=_("Share of the items that apply to be answered for a valid score, in %"),
        min_value=1,
        max_value=100,
    )
    minimum_cycles = forms.IntegerField(
        label=_("Cycles of a session at least"), min_value=1, max_value=MOST_CYCLES
    )
    cycle_minutes = forms.IntegerField(
        label=_("Minutes of a cycle at least"), required=False, min_value=1, max_value=600
    )
    cycle_minutes_most = forms.IntegerField(
        label=_("Minutes of a cycle at most"), required=False, min_value=1, max_value=600
    )
    moments_asked = forms.BooleanField(
        label=_("Ask for the moments of the day: which items apply follows from them"),
        required=False,
    )
    routine_and_play = forms.BooleanField(
        label=_("A session needs a care routine and a moment of play or activity"), required=False
    )
    segments = forms.CharField(
        label=_("Timed segments of a cycle, one in each line"),
        required=False,
        max_length=5 * LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Code | Spanish | English | minutes | minutes at which to look, if any. For example: "
            "A | Juego | Play | 15 | 4, 9, 14"
        ),
    )

    def initial_of(self, entry: Part) -> dict[str, Any]:
        lines = [
            joined(
                [
                    each["code"],
                    *in_order(each["name"]),
                    each["minutes"],
                    ", ".join(map(str, each.get("snapshots") or [])),
                ]
            )
            for each in entry.get("segments", [])
        ]
        share = round(float(entry["minimum_answered"]) * 100)
        later = {"scoring": ScoringRule.PERCENT, "moments_asked": True, "routine_and_play": True}
        return later | entry | {"minimum_answered": share, "segments": "\n".join(lines)}

    def clean_segments(self) -> list[Part]:
        found = []
        languages = len(settings.LANGUAGES)
        for number, written in lines(self.cleaned_data["segments"]):
            # Looks and trailing names may be left out.
            cells = [*written, *[""] * (languages + 3 - len(written))]
            code, *names, minutes, looks = cells[: languages + 3]
            whole = len(cells) == languages + 3 and CODE.fullmatch(code) and any(names)
            if not whole or not MINUTES.fullmatch(minutes):
                raise forms.ValidationError(
                    _("Line %(number)s: write a code, the names and the minutes, with | between."),
                    params={"number": number},
                )
            if looks and not LOOKS.fullmatch(looks):
                raise forms.ValidationError(
                    _("Line %(number)s: write the minutes at which to look as 4, 9, 14."),
                    params={"number": number},
                )
            found.append(
                {
                    "code": code,
                    "name": by_language(names),
                    "minutes": int(minutes),
                    "snapshots": sorted({int(each) for each in re.findall(r"[0-9]+", looks)}),
                }
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("cycle_minutes"), data.get("cycle_minutes_most")
        if low and high and high < low:
            self.add_error("cycle_minutes_most", _("At most must not be less than at least."))
        return data

    def entry(self) -> Part:
        return {
            **self.cleaned_data,
            "minimum_answered": f"{self.cleaned_data['minimum_answered'] / 100:.2f}",
        }


class ReasonForm(forms.Form):
    """Why the programme needs this version."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= in_languages("reason", _("Why this version"), required=True, rows=3)

    def reason(self) -> dict[str, str]:
        return said(self.cleaned_data, "reason")
