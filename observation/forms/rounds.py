"""Official rounds: their days and instruments, and who evaluates which rooms."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from observation import queries
from observation.forms.begin import RoomChoiceField
from observation.models import EvaluationRound, InstrumentVersion
from observation.queries import rounds
from organisations.adapters import ScopedChoiceField
from organisations.enums import UnitKind
from organisations.models import Unit, User

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LARGE = [UnitKind.COUNTRY, UnitKind.PROVIDER, UnitKind.REGION, UnitKind.ZONE]


class SeveralField(forms.ModelMultipleChoiceField):
    """Several rows; a key larger than any column holds is no choice, instead of an error."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            message = self.error_messages["invalid_list"]
            raise forms.ValidationError(message, code="invalid_list") from None


class RoundForm(forms.ModelForm):
    """Where, when, with which instruments; the name in both languages."""

    name_es = forms.CharField(label=_("Name in Spanish"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    unit = ScopedChoiceField(
        Unit.objects.filter(kind__in=LARGE), permission="observation.rounds", label=_("Where")
    )

    class Meta:
        model = EvaluationRound
        fields = ["unit", "starts_on", "ends_on", "versions"]
        field_classes = {"versions": SeveralField}
        widgets = {"starts_on": DAY, "ends_on": DAY, "versions": forms.CheckboxSelectMultiple}

    field_order = ["name_es", "name_en", "unit", "starts_on", "ends_on", "versions"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        cast(ScopedChoiceField, self.fields["unit"]).limit(user)
        offered = queries.checklist_versions()
        if self.instance.pk:
            hers = InstrumentVersion.objects.filter(rounds=self.instance)
            offered = InstrumentVersion.objects.filter(
                Q(pk__in=offered.values("pk")) | Q(pk__in=hers.values("pk"))
            )
            for language in ("es", "en"):
                self.fields[f"name_{language}"].initial = self.instance.name.get(language, "")
        cast(forms.ModelMultipleChoiceField, self.fields["versions"]).queryset = offered

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = {language: data.get(f"name_{language}", "") for language in ("es", "en")}
        self.instance.name = {language: name for language, name in names.items() if name}
        return data


class RoomField(forms.ModelChoiceField):
    """Rooms with their centre, those offered of all that may be chosen."""

    label_from_instance = RoomChoiceField.label_from_instance

    def offer(self, rooms: QuerySet[Unit]) -> None:
        """Show ``rooms``; their centres are read in one query."""
        self.queryset = rooms
        paths = {path[: -Unit.steplen] for path in rooms.values_list("path", flat=True)}
        centres = Unit.objects.filter(path__in=paths)
        self.centres = dict(centres.values_list("path", "name"))


class RoomsField(RoomField, SeveralField):
    """Several of them."""


class AssignForm(forms.Form):
    """Rooms found by name, who evaluates them, and when."""

    rooms = RoomsField(Unit.objects.none(), label=_("Rooms"), widget=forms.CheckboxSelectMultiple)
    observer = forms.ModelChoiceField(User.objects.none(), label=_("Observer"))
    planned_on = forms.DateField(label=_("Day"), widget=DAY)

    def __init__(self, *args, evaluation: EvaluationRound, **kwargs):
        super().__init__(*args, **kwargs)
        people = rounds.observers(Unit.objects.within(evaluation.unit))
        cast(forms.ModelChoiceField, self.fields["observer"]).queryset = people
        self.fields["planned_on"].initial = evaluation.starts_on


class PlaceSearch(forms.Form):
    """Words, not a list to choose from: a country has thousands of rooms."""

    place = forms.CharField(
        label=_("Room or centre"),
        required=False,
        max_length=80,
        help_text=_("Part of its name or code."),
    )


def offered_rooms(rooms: QuerySet[Unit], data) -> tuple[PlaceSearch, QuerySet[Unit]]:
    """The search as it was filled in, and the rooms it finds."""
    search = PlaceSearch(data)
    search.is_valid()
    return search, rounds.rooms_named(rooms, search.cleaned_data.get("place", ""))
