from django import forms
from django.utils.translation import gettext_lazy as _

from observation.enums import SessionStatus
from observation.forms.begin import RoomChoiceField
from organisations.enums import UnitKind
from organisations.models import Unit, User


class SessionFilter(forms.Form):
    """Which sessions the list shows; what cannot be read is left out of the filter."""

    room = RoomChoiceField(
        Unit.objects.of_kind(UnitKind.ROOM),
        permission="observation.view",
        label=_("Room"),
        required=False,
        empty_label=_("All rooms"),
    )
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any state")), *SessionStatus.choices],
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].limit(user)


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
