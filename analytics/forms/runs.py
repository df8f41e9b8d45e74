import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics import queries
from analytics.enums import Observers
from core.fields import Translated
from observation.enums import InstrumentKind, VersionStatus
from observation.models import Dataset, Instrument, InstrumentVersion
from observation.queries import CHECKLIST
from organisations.adapters import ScopedChoiceField
from organisations.enums import UnitKind
from organisations.models import Unit
from visits.queries import minimum_parents

LARGE = [UnitKind.COUNTRY, UnitKind.PROVIDER, UnitKind.REGION, UnitKind.ZONE]
THRESHOLDS = {"provisional": _("Provisional from"), "good": _("Good from")}
SEVERAL = 2
LONGEST = datetime.timedelta(days=366 * 5)
PUBLISHED = (
    InstrumentVersion.objects.exclude(status=VersionStatus.DRAFT)
    .exclude(instrument__kind=InstrumentKind.GUIDE)
    .select_related("instrument")
)


class PlaceForm(forms.Form):
    """The code of a unit, as it stands in an address."""

    unit = forms.SlugField(required=False)


def units_offered(units: list[Unit]) -> list[tuple[str, str]]:
    """Choices of units, each set in under the one that holds it."""
    indent = "\N{NO-BREAK SPACE}" * 3
    top = min((unit.depth for unit in units), default=1)
    return [(unit.code, indent * (unit.depth - top) + unit.name) for unit in units]


class PeriodForm(forms.Form):
    """A unit within jurisdiction and a period of up to five years."""

    unit = ScopedChoiceField(
        Unit.objects.exclude(kind=UnitKind.ROOM),
        permission="analytics.braid",
        to_field_name="code",
        label=_("Where"),
        error_messages={"invalid_choice": _("Choose a place from the list.")},
    )
    starts_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, user, chosen: Unit | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        field = cast(ScopedChoiceField, self.fields["unit"])
        units = field.limit(user)
        # A country has 1,400 centres: offer the larger units, and the one that is open anyway.
        offered = list(units.filter(kind__in=LARGE))
        if chosen and chosen not in offered:
            offered.append(chosen)
        offered = offered or list(units[:50])
        field.choices = units_offered(offered)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first. Change one of the two."))
        elif starts_on and ends_on and ends_on - starts_on > LONGEST:
            self.add_error("ends_on", _("Choose a period of five years at most."))
        return cleaned


class JudgedForm(PeriodForm):
    """A place, a period and the instrument whose official scores count, where there are several."""

    instrument = forms.ModelChoiceField(
        Instrument.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=None,
        label=_("Instrument"),
        error_messages={"invalid_choice": _("Choose an instrument from the list.")},
    )
    field_order = ["unit", "instrument", "starts_on", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["instrument"])
        field.queryset = queries.judged_instruments()
        codes = [instrument.code for instrument in field.queryset]
        self.usual = codes[0] if codes else CHECKLIST
        if len(codes) < SEVERAL:
            del self.fields["instrument"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = cleaned.get("instrument")
        return cleaned | {"instrument": chosen.code if chosen else self.usual}


class ValidityForm(PeriodForm):
    """An instrument, where, when and whose sessions; imported data have a place and no days."""

    version = forms.ModelChoiceField(
        PUBLISHED.none(),
        label=_("Instrument"),
        empty_label=None,
        error_messages={"invalid_choice": _("Choose an instrument from the list.")},
    )
    observers = forms.ChoiceField(
        choices=Observers.choices, initial=Observers.OFFICIAL, label=_("Whose sessions")
    )
    field_order = ["version", "unit", "starts_on", "ends_on", "observers"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        # Ratings imported from elsewhere belong to a unit; the programme's own to everyone's.
        hers = Dataset.objects.visible_to(user, "analytics.run")
        field = cast(forms.ModelChoiceField, self.fields["version"])
        field.queryset = queries.offered(PUBLISHED, hers)

    def run(self) -> dict[str, Any]:
        """What ``runs.request`` needs."""
        version = self.cleaned_data["version"]
        imported = hasattr(version, "dataset")
        place = {name: self.cleaned_data[name] for name in ("unit", "starts_on", "ends_on")}
        if imported:
            place = {"unit": version.dataset.unit, "starts_on": queries.FIRST_DAY}
            place["ends_on"] = timezone.localdate()
        return place | {
            "options": queries.validity_options(version, self.cleaned_data["observers"])
        }


class GatesForm(forms.Form):
    """The thresholds of every gate, and from how many observations on there is a verdict.

    Beside them from how many parents on their answers are shown.
    """

    minimum_parents = forms.IntegerField(
        label=_("Fewest parents for a count to be shown"),
        min_value=2,
        max_value=1_000,
        localize=False,
        help_text=_("Smaller counts are hidden, and those from which they could be worked out."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.in_force = queries.gates()
        self.fields["minimum_parents"].initial = minimum_parents()
        for gate in self.in_force:
            for name, label in THRESHOLDS.items():
                self.fields[f"{gate['code']}_{name}"] = forms.FloatField(
                    label=label, min_value=-1, max_value=1, initial=gate[name]
                )
            self.fields[f"{gate['code']}_minimum_n"] = forms.IntegerField(
                label=_("Fewest observations for a verdict"),
                min_value=2,
                max_value=100_000,
                initial=gate["minimum_n"],
                localize=False,
            )

    @property
    def gates(self) -> list[dict[str, Any]]:
        """Each gate's title and bound fields, as the page groups them."""
        return [
            {
                "title": str(Translated(gate["title"])),
                "at_most": gate["at_most"],
                "fields": [self[f"{gate['code']}_{name}"] for name in (*THRESHOLDS, "minimum_n")],
            }
            for gate in self.in_force
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for gate in self.in_force:
            low, high = (cleaned.get(f"{gate['code']}_{name}") for name in THRESHOLDS)
            if low is None or high is None or low == high:
                continue
            if (low > high) != gate["at_most"]:
                self.add_error(
                    f"{gate['code']}_good",
                    _("“Good” must be at least as strict as “provisional”."),
                )
        return cleaned

    def changed_gates(self) -> list[dict[str, Any]]:
        """What ``gates.change`` needs for each gate that is not as it was."""
        names = (*THRESHOLDS, "minimum_n")
        return [
            {"code": gate["code"]}
            | {name: self.cleaned_data[f"{gate['code']}_{name}"] for name in names}
            for gate in self.in_force
            if any(self.cleaned_data[f"{gate['code']}_{name}"] != gate[name] for name in names)
        ]


def default_period(today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The last twelve months up to ``today``."""
    return today - datetime.timedelta(days=364), today
