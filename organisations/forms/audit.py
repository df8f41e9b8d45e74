"""The questions that a reader of the audit trail asks."""

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.forms.audit_actions import ACTIONS
from organisations.models import Unit, User
from organisations.queries import AuditFilter

PERMISSION = "organisations.audit"
# The calendar's own first and last days have no midnight in every time zone.
_YEARS = _("Choose a day of the years 2000 to 2099.")
DAYS = [
    MinValueValidator(datetime.date(2000, 1, 1), _YEARS),
    MaxValueValidator(datetime.date(2099, 12, 31), _YEARS),
]


class DayInput(forms.DateInput):
    """The browser's own choice of a day."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class AuditFilterForm(forms.Form):
    """Unit, action, person and days; all may be left empty."""

    unit = forms.SlugField(label=_("Code of the unit"), required=False)
    action = forms.RegexField(
        r"^[a-z_.]+$",
        label=_("What"),
        max_length=80,
        required=False,
        widget=forms.Select(choices=[("", _("Anything")), *ACTIONS.items()]),
    )
    person = forms.EmailField(label=_("E-mail of the person"), required=False)
    start = forms.DateField(label=_("From"), required=False, validators=DAYS, widget=DayInput())
    end = forms.DateField(label=_("To"), required=False, validators=DAYS, widget=DayInput())
    after = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())

    def __init__(self, *args, user: User, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_unit(self) -> Unit | None:
        code = self.cleaned_data["unit"]
        if not code:
            return None
        unit = Unit.objects.visible_to(self.user, PERMISSION).filter(code=code).first()
        if unit is None:
            raise forms.ValidationError(_("There is no unit of this code at yours or below it."))
        return unit

    def clean_person(self) -> User | None:
        email = self.cleaned_data["person"]
        if not email:
            return None
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has this e-mail address."))
        return person

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", _("The last day is before the first."))
        return data

    def chosen(self) -> AuditFilter:
        """The filter; both days count."""
        data = self.cleaned_data
        day_after = data["end"] + datetime.timedelta(days=1) if data["end"] else None
        return AuditFilter(
            unit=data["unit"],
            action=data["action"],
            person=data["person"],
            start=_midnight(data["start"]),
            end=_midnight(day_after),
        )


def _midnight(day: datetime.date | None) -> datetime.datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
