"""The form of one cycle, built from the items of the instrument version."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import Translated
from observation.actions.cycles import CycleEntry
from observation.enums import ItemKind, Moment, RatingState, ScaleKind
from observation.forms import answers
from observation.models import Cycle, Item, ObservationSession, SafeguardingAlert

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


@dataclass(frozen=True)
class ItemPart:
    """What the page shows of one item: its fields, or the rule by which it does not apply."""

    item: Item
    answer: forms.BoundField | None  # of an item with looks, the first of them
    note: forms.BoundField | None
    anchors: list[tuple[str, Translated]]
    alert: SafeguardingAlert | None = None
    looks: tuple[forms.BoundField, ...] = ()
    not_applicable: forms.BoundField | None = None

    @property
    def errors(self) -> list[str]:
        fields = [*self.looks, self.not_applicable, self.note]
        if not self.looks:
            fields.append(self.answer)
        return [str(error) for field in fields if field is not None for error in field.errors]

    @property
    def counted(self) -> bool:
        return self.item.scale.kind == ScaleKind.INTEGER


class CycleForm(forms.Form):
    """Moments, times and context of a cycle, its items and its alerts.

    What is valid can be saved even where other fields are not: ``entry()`` gives just that, and
    the form shows the rest again with its errors. ``cycle``: one that is kept nowhere, to preview.
    """

    moments = forms.MultipleChoiceField(
        label=_("Moments that you saw in this cycle"),
        choices=Moment.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which items apply depends on them."),
        error_messages={"required": _("Choose at least one moment.")},
    )
    started_at = forms.TimeField(label=_("From"), required=False, widget=TIME)
    ended_at = forms.TimeField(label=_("To"), required=False, widget=TIME)
    minutes_reason = forms.CharField(
        label=_("Why longer or shorter than planned"), required=False, max_length=200
    )

    def __init__(
        self,
        *args,
        session: ObservationSession,
        number: int,
        items: Iterable[Item],
        alerts: Iterable[SafeguardingAlert],
        cycle: Cycle | None = None,
        **kwargs,
    ):
        self.session, self.number, self.items = session, number, list(items)
        rows = session.cycles.filter(number=number).prefetch_related("ratings__item__scale")
        self.cycle = cycle or rows.first() or Cycle(session=session, number=number)
        self.alerts = {alert.item_id: alert for alert in alerts if alert.cycle_number == number}
        kwargs.setdefault("initial", self._initial())
        super().__init__(*args, **kwargs)
        if not session.version.moments_asked:
            del self.fields["moments"]
        for item in self.items:
            self.fields.update(self._fields_of(item))

    # ---- what the page shows

    @property
    def knows_moments(self) -> bool:
        """Items are shown once the moments are saved: they decide which apply."""
        return bool(self.cycle.moments) or not self.session.version.moments_asked

    def context_fields(self) -> list[forms.BoundField]:
        codes = [item.code for item in self.items if item.kind == ItemKind.CONTEXT]
        return [self[name] for name in self.fields if name.split("-")[0] in codes]

    def domains(self) -> list[tuple[Any, list[ItemPart]]]:
        """Scored items by domain, in the order of the instrument."""
        return self._grouped(ItemKind.SCORED)

    def next_place(self) -> str:
        """Where to go on: the first item without an answer, else the alerts at the end."""
        for _domain, parts in self.domains():
            for part in parts:
                known = part.answer is not None and answers.readable(part.item, self.cleaned_data)
                if known and answers.given(part.item, self.cleaned_data) is None:
                    return f"id_{part.item.code}"
        return "alerts"

    def alert_parts(self) -> list[ItemPart]:
        return [part for _domain, parts in self._grouped(ItemKind.ALERT) for part in parts]

    def _grouped(self, kind: ItemKind) -> list[tuple[Any, list[ItemPart]]]:
        groups: dict[int, tuple[Any, list[ItemPart]]] = {}
        for item in self.items:
            if item.kind == kind:
                groups.setdefault(item.domain_id, (item.domain, []))[1].append(self._part(item))
        return list(groups.values())

    def _part(self, item: Item) -> ItemPart:
        looks = [self[name] for name in answers.look_names(item) if name in self.fields]
        return ItemPart(
            item,
            looks[0] if looks else self._known(item.code),
            self._known(f"{item.code}-note"),
            item.steps,
            self.alerts.get(item.pk),
            tuple(looks),
            self._known(f"{item.code}-na"),
        )

    def _known(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None

    # ---- fields and their values

    def _fields_of(self, item: Item) -> dict[str, forms.Field]:
        label = f"{item.code}. {item.text}"
        if item.kind == ItemKind.SCORED:
            if not item.applies(self.session.age_group, self.cycle.moments):
                return {}
            return answers.fields(item, self.session.version)
        if item.kind == ItemKind.ALERT:
            return self._alert_fields(item, label)
        return _context_fields(item, label)

    def _alert_fields(self, item: Item, label: str) -> dict[str, forms.Field]:
        """A mark and a description; once raised, no mark, and once described, nothing to change."""
        raised = self.alerts.get(item.pk)
        if raised is not None and raised.description:
            return {}
        happened = forms.CharField(
            label=_("What happened"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        if raised is not None:
            return {f"{item.code}-note": happened}
        marked = forms.BooleanField(label=_("It occurred"), required=False)
        return {item.code: marked, f"{item.code}-note": happened}

    def _initial(self) -> dict[str, Any]:
        cycle = self.cycle
        initial: dict[str, Any] = {
            name: getattr(cycle, name)
            for name in ("moments", "started_at", "ended_at", "minutes_reason")
        }
        for code, value in cycle.context.items():
            if isinstance(value, list):
                initial |= {f"{code}-{place}": part for place, part in enumerate(value)}
            else:
                initial[code] = str(value)
        for rating in cycle.ratings.all() if cycle.pk else []:
            initial |= answers.initial(rating)
        return initial

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("started_at"), data.get("ended_at")
        if start and end and end <= start:
            self.add_error("ended_at", _("The cycle ends before it begins."))
        for item in self.items:
            if item.kind == ItemKind.SCORED and answers.readable(item, data):
                self._check(item, data)
        return data

    def _check(self, item: Item, data: dict[str, Any]) -> None:
        """What is said beside an answer must go with it."""
        place = (answers.look_names(item) or [item.code])[0]
        rating, note = answers.given(item, data), data[f"{item.code}-note"]
        if answers.contradicts(item, data):
            self.add_error(place, _("It is marked as not applicable and answered: choose one."))
        elif rating is None and note:
            self.add_error(place, _("Choose an answer to go with the note."))
        elif rating and rating["state"] == RatingState.NOT_APPLICABLE and not note:
            self.add_error(place, _("Say beside it why it is not applicable."))

    # ---- what may be saved

    def entry(self) -> CycleEntry:
        """The valid part of what was sent; call ``is_valid`` before."""
        data = self.cleaned_data
        entry: CycleEntry = {"number": self.number}
        for name in ("moments", "minutes_reason"):
            if name in data:
                entry[name] = data[name]
        if "started_at" in data and "ended_at" in data:
            entry |= {"started_at": data["started_at"], "ended_at": data["ended_at"]}
        by_kind: dict[str, list[Item]] = {kind: [] for kind in ItemKind.values}
        for item in self.items:
            by_kind[item.kind].append(item)
        entry["ratings"] = {
            item.code: answers.given(item, data)
            for item in by_kind[ItemKind.SCORED]
            if answers.readable(item, data)
        }
        entry["alerts"] = {
            item.code: data.get(f"{item.code}-note", "")
            for item in by_kind[ItemKind.ALERT]
            if data.get(item.code) or data.get(f"{item.code}-note")
        }
        entry["context"] = {}
        for item in by_kind[ItemKind.CONTEXT]:
            entry["context"] |= _context_value(item, data)
        return entry


def _context_fields(item: Item, label: str) -> dict[str, forms.Field]:
    kind = item.scale.kind
    if kind == ScaleKind.CHOICE:
        options = [(each["value"], option_name(each)) for each in item.scale.options]
        choices = [("", _("Choose one")), *options]
        return {item.code: forms.ChoiceField(label=label, choices=choices, required=False)}
    if kind == ScaleKind.YES_NO:
        choices = [("", _("Choose one")), ("True", _("yes")), ("False", _("no"))]
        return {item.code: forms.ChoiceField(label=label, choices=choices, required=False)}
    if kind == ScaleKind.INTEGER:
        return {item.code: _count(label)}
    if kind == ScaleKind.INTEGER_PAIR:
        return {
            f"{item.code}-0": _count(f"{label} (1/2)"),
            f"{item.code}-1": _count(f"{label} (2/2)"),
        }
    if kind == ScaleKind.TEXT:
        return {item.code: forms.CharField(label=label, required=False, max_length=500)}
    return {}  # from and to are fields of every cycle


def option_name(option: dict[str, Any]) -> str:
    """What an option is called: its own name, that of the moment it stands for, or its value."""
    own = str(Translated(option.get("label") or {}))
    return own or str(dict(Moment.choices).get(option["value"], option["value"]))


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=99, required=False)


def _context_value(item: Item, data: dict[str, Any]) -> dict[str, Any]:
    """What was given for a context item, None where it was emptied; {} where not valid."""
    code, kind = item.code, item.scale.kind
    if kind == ScaleKind.INTEGER_PAIR:
        if f"{code}-0" not in data or f"{code}-1" not in data:
            return {}
        pair = [data[f"{code}-0"], data[f"{code}-1"]]
        return {code: None if pair == [None, None] else pair}
    if code not in data:
        return {}
    if kind == ScaleKind.YES_NO:
        return {code: {"True": True, "False": False}.get(data[code])}
    return {code: None if data[code] == "" else data[code]}
