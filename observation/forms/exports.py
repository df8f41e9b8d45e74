import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from observation import queries
from observation.enums import ExportForm, ExportLevel, InstrumentKind, Purpose
from observation.forms.seeing import YEAR, PeriodForm
from observation.models import InstrumentVersion
from organisations.adapters import ScopedChoiceField
from organisations.models import Unit


class PlaceForm(forms.Form):
    """The code of a unit, as it stands in an address."""

    unit = forms.SlugField(required=False, max_length=64)


class ExportRequestForm(PeriodForm):
    """What to take away: an instrument, where, when, which rows and in which file."""

    version = forms.ModelChoiceField(
        InstrumentVersion.objects.none(),
        label=_("Instrument"),
        empty_label=None,
        error_messages={"invalid_choice": _("Choose an instrument from the list.")},
    )
    unit = ScopedChoiceField(
        Unit.objects.all(),
        permission=queries.PERMISSION,
        to_field_name="code",
        required=False,
        label=_("Where"),
        error_messages={"invalid_choice": _("Write the code of a place of yours.")},
        help_text=_("The code of a region, centre or room; empty: all that you may see."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"), required=False, choices=[("", _("All purposes")), *Purpose.choices]
    )
    level = forms.ChoiceField(label=_("A row is"), choices=ExportLevel.choices)
    form = forms.ChoiceField(label=_("File for"), choices=ExportForm.choices)
    language = forms.ChoiceField(label=_("Language of the labels"), choices=settings.LANGUAGES)
    field_order = [
        *("version", "unit", "starts_on", "ends_on", "purpose", "level", "form", "language")
    ]

    def __init__(self, *args, user, deidentified: bool = False, **kwargs):
        self.deidentified = deidentified
        today = timezone.localdate()
        kwargs["initial"] = {
            "starts_on": today - YEAR,
            "ends_on": today,
            "language": (get_language() or settings.LANGUAGE_CODE).split("-")[0],
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        unit = cast(ScopedChoiceField, self.fields["unit"])
        unit.permission = queries.DEIDENTIFIED if deidentified else queries.PERMISSION
        if deidentified:
            unit.help_text = _(
                "The code of a region; empty: all that is yours. Few centres are refused, since "
                "everybody would know which they are."
            )
        unit.limit(user)
        versions = InstrumentVersion.objects.filter(instrument__kind=InstrumentKind.CHECKLIST)
        field = cast(forms.ModelChoiceField, self.fields["version"])
        field.queryset = versions.exclude(content_hash="").select_related("instrument")

    def wanted(self) -> dict[str, Any]:
        """What ``exports.request`` needs."""
        given = self.cleaned_data
        days: tuple[datetime.date, datetime.date] = (given["starts_on"], given["ends_on"])
        choice = {name: given[name] for name in ("purpose", "level", "form", "language")}
        choice["deidentified"] = self.deidentified
        return {
            "version": given["version"],
            "unit": given["unit"],
            "days": days,
            "choice": choice,
        }
