from django import forms
from django.utils.translation import gettext_lazy as _

from observation.enums import SessionStatus


class SessionFilter(forms.Form):
    """Which sessions the list shows; what cannot be read is left out of the filter."""

    # Words, not a list to choose from: a country has thousands of rooms.
    room = forms.CharField(
        label=_("Room or centre"),
        required=False,
        max_length=80,
        help_text=_("Part of its name or code."),
    )
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any state")), *SessionStatus.choices],
    )


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it need a correction?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CloseForm(forms.Form):
    leave_missing = forms.BooleanField(
        label=_("I leave the items without an answer as they are"), required=False
    )
