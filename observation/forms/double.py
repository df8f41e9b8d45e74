"""Double codings: drawn, paired, arranged, compared and settled."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from observation.actions.adjudications import Settled
from observation.enums import Purpose, RatingState, VersionStatus
from observation.forms.rounds import DAY, LARGE, RoomField
from observation.models import CodingPair, InstrumentVersion
from observation.queries import rounds
from observation.queries.double import Cell
from organisations.adapters import ScopedChoiceField
from organisations.models import Unit, User

YEAR = datetime.timedelta(days=364)
LONGEST = datetime.timedelta(days=366 * 2)
NOT_APPLICABLE = "na"
PUBLISHED = InstrumentVersion.objects.exclude(status=VersionStatus.DRAFT).filter(
    instrument__kind="checklist"
)


class DrawForm(forms.Form):
    """From whose planned visits, of which month."""

    unit = ScopedChoiceField(
        Unit.objects.filter(kind__in=LARGE), permission="observation.rounds", label=_("Where")
    )
    month = forms.DateField(
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        help_text=_("Of the visits still to be made in it, as 2026-03."),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        cast(ScopedChoiceField, self.fields["unit"]).limit(user)
        self.fields["month"].initial = timezone.localdate


class PairForm(forms.Form):
    """Two observers, a room found by name, a day, and why."""

    room = RoomField(Unit.objects.none(), label=_("Room"))
    planned_on = forms.DateField(label=_("Day"), widget=DAY)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    first = forms.ModelChoiceField(
        User.objects.none(),
        label=_("First observer"),
        help_text=_("Her session counts; the second is compared with it."),
    )
    second = forms.ModelChoiceField(User.objects.none(), label=_("Second observer"))
    reason = forms.CharField(label=_("Why these two"), max_length=300)

    def __init__(self, *args, people: QuerySet[User], **kwargs):
        super().__init__(*args, **kwargs)
        fields = cast(dict[str, forms.ModelChoiceField], self.fields)
        fields["first"].queryset = fields["second"].queryset = people
        self.fields["planned_on"].initial = timezone.localdate


class ArrangeForm(forms.Form):
    """Who goes along, and when."""

    second = forms.ModelChoiceField(User.objects.none(), label=_("Second observer"))
    planned_on = forms.DateField(label=_("Day"), widget=DAY)

    def __init__(self, *args, pair: CodingPair, people: QuerySet[User], **kwargs):
        kwargs.setdefault("initial", {"second": pair.second_id, "planned_on": pair.planned_on})
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["second"])
        field.queryset = people.exclude(pk=pair.first_id)


class AgreementForm(forms.Form):
    """Which double codings: instrument, place, days, and of which purpose; they never mix."""

    version = forms.ModelChoiceField(PUBLISHED, label=_("Instrument"), empty_label=None)
    unit = ScopedChoiceField(
        Unit.objects.filter(kind__in=LARGE),
        permission="observation.quality",
        label=_("Where"),
        required=False,
        empty_label=_("Everywhere I answer for"),
    )
    starts_on = forms.DateField(label=_("From"), widget=DAY)
    ends_on = forms.DateField(label=_("To"), widget=DAY)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        cast(ScopedChoiceField, self.fields["unit"]).limit(user)
        cast(forms.ModelChoiceField, self.fields["version"]).queryset = PUBLISHED.order_by(
            "instrument__code", "-number"
        ).select_related("instrument")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("starts_on"), data.get("ends_on")
        if since and until and until < since:
            self.add_error("ends_on", _("The last day is before the first. Change one of the two."))
        elif since and until and until - since > LONGEST:
            self.add_error("ends_on", _("Choose a period of two years at most."))
        return data


def usual(version: InstrumentVersion | None) -> dict[str, Any]:
    """What the agreement page shows before anything is chosen: the last twelve months."""
    today = timezone.localdate()
    return {
        "version": version.pk if version else None,
        "unit": None,
        "starts_on": today - YEAR,
        "ends_on": today,
        "purpose": Purpose.OFFICIAL.value,
    }


def observers_for(user: User) -> QuerySet[User]:
    """Whom ``user`` may pair: those who observe below the units where she does so."""
    return rounds.observers(Unit.objects.visible_to(user, "observation.pair"))


@dataclass(frozen=True)
class Part:
    """One difference with the fields that settle it."""

    cell: Cell
    code: forms.BoundField
    reason: forms.BoundField


class AdjudicateForm(forms.Form):
    """For each difference the agreed code and why; what is left empty stays open."""

    def __init__(self, *args, cells: list[Cell], **kwargs):
        super().__init__(*args, **kwargs)
        self.cells = cells
        for cell in cells:
            name = f"{cell.cycle}-{cell.item.pk}"
            about = {"item": cell.item.code, "n": cell.cycle}
            self.fields[name] = forms.ChoiceField(
                label=_("Agreed code of %(item)s in cycle %(n)s") % about,
                choices=_codes(cell),
                required=False,
                widget=forms.RadioSelect,
                initial=_initial(cell),
            )
            self.fields[f"{name}-reason"] = forms.CharField(
                label=_("Reason for %(item)s in cycle %(n)s") % about,
                max_length=500,
                required=False,
                initial=cell.agreed.reason if cell.agreed else "",
            )

    def parts(self) -> list[Part]:
        names = [f"{cell.cycle}-{cell.item.pk}" for cell in self.cells]
        return [
            Part(cell, self[name], self[f"{name}-reason"])
            for cell, name in zip(self.cells, names, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for cell in self.cells:
            name = f"{cell.cycle}-{cell.item.pk}"
            code, reason = data.get(name), data.get(f"{name}-reason", "").strip()
            if code and not reason:
                self.add_error(f"{name}-reason", _("Say why this is the code."))
            if reason and not code and name in data:
                self.add_error(name, _("Choose the code to go with the reason."))
        if not self.errors and not any(data.values()):
            self.add_error(None, _("Settle at least one difference."))
        return data

    def settled(self) -> Iterator[Settled]:
        """What was filled in; call ``is_valid`` before."""
        for cell in self.cells:
            name = f"{cell.cycle}-{cell.item.pk}"
            if code := self.cleaned_data[name]:
                scored = code != NOT_APPLICABLE
                state = RatingState.SCORED if scored else RatingState.NOT_APPLICABLE
                value = int(code) if scored else None
                reason = self.cleaned_data[f"{name}-reason"]
                yield Settled(cell.cycle, cell.item.pk, state.value, value, reason)


def _codes(cell: Cell) -> list[tuple[str, Any]]:
    given = [one.value for one in (cell.first, cell.second) if one and one.value is not None]
    low, high = cell.item.scale.minimum or 0, cell.item.scale.maximum or max(given, default=0)
    steps: list[tuple[str, Any]] = [
        (str(step), cell.item.scale.told(step)) for step in range(low, high + 1)
    ]
    also: list[tuple[str, Any]] = [(NOT_APPLICABLE, _("N/A"))] if cell.item.na_allowed else []
    return [*steps, *also, ("", _("Leave open"))]


def _initial(cell: Cell) -> str:
    if cell.agreed is None:
        return ""
    return NOT_APPLICABLE if cell.agreed.value is None else str(cell.agreed.value)
