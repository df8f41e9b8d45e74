import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations import scopes
from organisations.actions.tokens import LONGEST

DEFAULT = datetime.timedelta(days=90)


class TokenForm(forms.Form):
    """A new key: what for, what it may read, until when."""

    name = forms.CharField(
        label=_("What for"),
        max_length=80,
        help_text=_("The program or the computer that will use it."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the program may read.")},
    )
    expires_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scopes.choices()  # type: ignore[attr-defined]  # it has them
        self.fields["expires_on"].initial = timezone.localdate() + DEFAULT

    def clean_expires_on(self) -> datetime.date:
        day, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(
                _("A key lasts a year at most. Choose a day between today and then.")
            )
        return day
