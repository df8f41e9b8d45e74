from contextlib import suppress
from typing import cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from observation import queries
from observation.enums import Purpose
from organisations.adapters import ScopedChoiceField
from organisations.enums import UnitKind
from organisations.models import Unit, User


class RoomChoiceField(ScopedChoiceField):
    """Rooms with their centre: two centres may call a room the same."""

    def label_from_instance(self, obj: Unit) -> str:
        return f"{self.centres.get(obj.path[: -Unit.steplen], '')} · {obj.name}"

    def limit(self, user) -> QuerySet[Unit]:
        rows = super().limit(user)
        centres = Unit.objects.of_kind(UnitKind.CENTRE).visible_to(user, self.permission)
        self.centres = dict(centres.values_list("path", "name"))
        return rows


class BeginForm(forms.Form):
    """Where, whom and when. Shows first the caregivers of a room that was chosen before."""

    room = RoomChoiceField(
        Unit.objects.of_kind(UnitKind.ROOM).filter(closed_on=None),
        permission="observation.record",
        label=_("Room"),
    )
    caregiver = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Caregiver"),
        required=False,
        help_text=_("Whom the feedback is for. Needed unless it is an official evaluation."),
    )
    observed_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=Purpose.choices,
        initial=Purpose.FORMATIVE,
        help_text=_("Who mentors in a room observes it to help, not to judge."),
    )
    version = forms.ModelChoiceField(
        queries.newest_checklists(), label=_("Instrument"), required=False, empty_label=None
    )
    appointment = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        room = cast(RoomChoiceField, self.fields["room"])
        caregiver = cast(forms.ModelChoiceField, self.fields["caregiver"])
        rooms = room.limit(user)
        self.fields["observed_on"].initial = timezone.localdate
        self._offer(cast(forms.ModelChoiceField, self.fields["version"]))
        # What is no room of hers is told beside the field.
        with suppress(forms.ValidationError):
            if chosen := room.to_python(self["room"].value()):
                rooms = rooms.filter(pk=chosen.pk)
        centres = [path[: -Unit.steplen] for path in rooms.values_list("path", flat=True)]
        places = rooms | Unit.objects.filter(path__in=set(centres))
        caregiver.queryset = queries.caregivers_in(places)

    def _offer(self, version: forms.ModelChoiceField) -> None:
        """Ask for the instrument only where there is another than the programme's checklist."""
        known = list(queries.newest_checklists())
        if [each.instrument.code for each in known] in ([], [queries.CHECKLIST]):
            del self.fields["version"]
        else:
            version.initial = known[0]
