"""The form of one cycle, built from the items of the instrument version."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import Translated
from observation.actions.cycles import NOTE_LENGTH, CycleEntry, RatingEntry
from observation.enums import ItemKind, Moment, RatingState, ScaleKind
from observation.models import Cycle, Item, ObservationSession, SafeguardingAlert

NOT_APPLICABLE = "na"
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


@dataclass(frozen=True)
class ItemPart:
    """What the page shows of one item: its fields, or the rule by which it does not apply."""

    item: Item
    answer: forms.BoundField | None
    note: forms.BoundField | None
    anchors: list[tuple[str, Translated]]
    alert: SafeguardingAlert | None = None

    @property
    def errors(self) -> list[str]:
        fields = [field for field in (self.answer, self.note) if field is not None]
        return [str(error) for field in fields for error in field.errors]


class CycleForm(forms.Form):
    """Moments, times and context of a cycle, its items and its alerts.

    What is valid can be saved even where other fields are not: ``entry()`` gives just that, and
    the form shows the rest again with its errors.
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
        **kwargs,
    ):
        self.session, self.number, self.items = session, number, list(items)
        rows = session.cycles.filter(number=number).prefetch_related("ratings__item")
        self.cycle = rows.first() or Cycle(session=session, number=number)
        self.alerts = {alert.item_id: alert for alert in alerts if alert.cycle_number == number}
        kwargs.setdefault("initial", self._initial())
        super().__init__(*args, **kwargs)
        for item in self.items:
            self.fields.update(self._fields_of(item))

    # ---- what the page shows

    @property
    def knows_moments(self) -> bool:
        """Items are shown once the moments are saved: they decide which apply."""
        return bool(self.cycle.moments)

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
                if part.answer is not None and not self.cleaned_data.get(part.item.code):
                    return part.answer.auto_id
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
        known = item.code in self.fields
        return ItemPart(
            item,
            self[item.code] if known else None,
            self[f"{item.code}-note"] if f"{item.code}-note" in self.fields else None,
            [(step, Translated(text)) for step, text in sorted(item.anchors.items())],
            self.alerts.get(item.pk),
        )

    # ---- fields and their values

    def _fields_of(self, item: Item) -> dict[str, forms.Field]:
        label = f"{item.code}. {item.text}"
        if item.kind == ItemKind.SCORED:
            if not item.applies(self.session.age_group, self.cycle.moments):
                return {}
            return {
                item.code: forms.ChoiceField(
                    label=label,
                    choices=_steps(item),
                    required=False,
                    widget=forms.RadioSelect,
                    error_messages={
                        "invalid_choice": _("“%(value)s” is not on the scale. Choose a step.")
                    },
                ),
                f"{item.code}-note": forms.CharField(
                    label=_("Note") if not item.na_allowed else _("Note, or why not applicable"),
                    required=False,
                    max_length=NOTE_LENGTH,
                ),
            }
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
            scored = rating.state == RatingState.SCORED
            marks: dict[str, str] = {RatingState.NOT_APPLICABLE: NOT_APPLICABLE}
            initial[rating.item.code] = str(rating.value) if scored else marks.get(rating.state, "")
            initial[f"{rating.item.code}-note"] = rating.note
        return initial

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("started_at"), data.get("ended_at")
        if start and end and end <= start:
            self.add_error("ended_at", _("The cycle ends before it begins."))
        for item in self.items:
            answer, note = data.get(item.code), data.get(f"{item.code}-note")
            if item.kind == ItemKind.SCORED and answer == NOT_APPLICABLE and not note:
                self.add_error(item.code, _("Say beside it why it is not applicable."))
            if item.kind == ItemKind.SCORED and note and not answer and item.code in data:
                self.add_error(item.code, _("Choose an answer to go with the note."))
        return data

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
            item.code: _rating(data[item.code], data[f"{item.code}-note"])
            for item in by_kind[ItemKind.SCORED]
            if item.code in data and f"{item.code}-note" in data
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


def _steps(item: Item) -> list[tuple[str, Any]]:
    steps = range(item.scale.minimum or 0, (item.scale.maximum or 0) + 1)
    choices: list[tuple[str, Any]] = [(str(step), str(step)) for step in steps]
    if item.na_allowed:
        choices.append((NOT_APPLICABLE, _("N/A")))
    return [*choices, ("", _("No answer"))]


def _rating(answer: str, note: str) -> RatingEntry | None:
    if not answer:
        return None
    if answer == NOT_APPLICABLE:
        return {"state": RatingState.NOT_APPLICABLE.value, "note": note}
    return {"state": RatingState.SCORED.value, "value": int(answer), "note": note}


def _context_fields(item: Item, label: str) -> dict[str, forms.Field]:
    kind = item.scale.kind
    if kind == ScaleKind.CHOICE:
        labels = dict(Moment.choices)
        options = [(each["value"], labels.get(each["value"])) for each in item.scale.options]
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
