import datetime
from collections.abc import Sequence

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from observation.models import ShowingRule
from observation.queries import Reading

LONGEST = datetime.timedelta(days=3 * 366)
YEAR = datetime.timedelta(days=364)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """Days from … to."""

    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    ends_on = forms.DateField(label=_("To"), widget=DayInput())
    longest: datetime.timedelta | None = None

    def clean(self):
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first. Change one of the two."))
        elif starts_on and ends_on and self.longest and ends_on - starts_on > self.longest:
            self.add_error("ends_on", _("Choose a period of three years at most."))
        return cleaned


class ReadingForm(PeriodForm):
    """Which scores of a place are shown: one version and purpose, and a period.

    Without an answer the first of ``readings`` and the twelve months up to today, or up to its last
    session where that is longer ago.
    """

    reading = forms.ChoiceField(
        label=_("What is shown"),
        error_messages={"invalid_choice": _("Choose what is shown from the list.")},
    )
    field_order = ["reading", "starts_on", "ends_on"]
    longest = LONGEST

    def __init__(self, data, *, readings: Sequence[Reading]):
        today = timezone.localdate()
        self.readings = {one.key: one for one in readings}
        chosen = self.readings.get(data.get("reading", "")) or readings[0]
        ends_on = today if chosen.last > today - YEAR else chosen.last
        given = {
            "reading": chosen.key,
            "starts_on": str(ends_on - YEAR),
            "ends_on": str(ends_on),
        }
        super().__init__(given | {key: value for key, value in data.items() if value})
        field = self.fields["reading"]
        field.choices = [(one.key, one.name) for one in readings]  # type: ignore[attr-defined]  # a ChoiceField has them

    def chosen(self) -> tuple[Reading, tuple[datetime.date, datetime.date]]:
        """What is asked for, once the form is valid."""
        days = self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]
        return self.readings[self.cleaned_data["reading"]], days


class ShowingForm(forms.ModelForm):
    """The rules of showing, as a programme changes them."""

    class Meta:
        model = ShowingRule
        fields = ["minimum_caregivers", "minimum_centres", "at_once", "kept_days"]
