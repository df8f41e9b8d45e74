"""A paper form typed in: where, whom and when, then the codes of each cycle as a line of text."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.refusals import Refusal
from observation.actions.cycles import NOTE_LENGTH, CycleEntry
from observation.enums import ItemKind, Moment
from observation.forms.begin import BeginForm
from observation.forms.cycle import TIME
from observation.models import InstrumentVersion, Item
from observation.serializers import paper_codes
from observation.serializers.paper_codes import Answer

LINE_LENGTH = 4000
LINES = {
    ItemKind.SCORED: ("answers", gettext_lazy("Answers, in the order of the items")),
    ItemKind.ALERT: ("alerts", gettext_lazy("Treatment alerts (1 occurred, 0 did not)")),
    ItemKind.CONTEXT: ("context", gettext_lazy("Context")),
}


class PaperForm(BeginForm):
    """The head of the form and, for each printed cycle, its moments, times and lines of codes.

    A cycle that was left blank is none. ``answers`` and ``entries`` follow from what is valid.
    """

    def __init__(self, *args, version: InstrumentVersion, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("version", None)
        items = version.items.select_related("scale", "domain").order_by("order")
        self.made_with, self.items = version, list(items)
        self.numbers = range(1, paper_codes.cycles(version) + 1)
        self.answers: dict[int, list[Answer]] = {}
        for number in self.numbers:
            for name, field in self._cycle_fields().items():
                place = {"n": number, "what": field.label}
                field.label = _("Cycle %(n)s: %(what)s") % place
                self.fields[f"c{number}-{name}"] = field

    def _cycle_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        if self.made_with.moments_asked:
            found["moments"] = forms.MultipleChoiceField(
                label=gettext_lazy("Moments that you saw in this cycle"),
                choices=Moment.choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        for name, label in (("started_at", gettext_lazy("From")), ("ended_at", gettext_lazy("To"))):
            found[name] = forms.TimeField(label=label, required=False, widget=TIME)
        for kind, (name, label) in LINES.items():
            if items := paper_codes.numbered(self.items, kind):
                example = " ".join(paper_codes.legend(item)[0][0] for item in items[:4])
                found[name] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=LINE_LENGTH,
                    help_text=ngettext(
                        "%(count)s code, such as: %(example)s",
                        "%(count)s codes, such as: %(example)s …",
                        len(items),
                    )
                    % {"count": len(items), "example": example},
                    widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
                )
        if any(item.na_allowed for item in self.items):
            found["why"] = forms.CharField(
                label=gettext_lazy("Why N"),
                required=False,
                max_length=NOTE_LENGTH,
                help_text=gettext_lazy("Needed where you wrote N."),
            )
        for item in paper_codes.worded(self.items):
            found[item.code] = forms.CharField(
                label=f"{item.code}. {item.text}", required=False, max_length=NOTE_LENGTH
            )
        return found

    def cycles(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The fields of each cycle, for the page."""
        return [
            (number, [self[name] for name in self.fields if name.startswith(f"c{number}-")])
            for number in self.numbers
        ]

    def head(self) -> list[forms.BoundField]:
        """The fields of the head of the form."""
        return [self[name] for name in self.fields if "-" not in name and name != "id"]

    def opening(self) -> dict[str, Any]:
        """What a session begins with; call ``is_valid`` before."""
        names = ("room", "caregiver", "observed_on", "purpose", "id")
        return {name: self.cleaned_data[name] for name in names} | {"version": self.made_with}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in self.numbers:
            start, end = data.get(f"c{number}-started_at"), data.get(f"c{number}-ended_at")
            if start and end and end <= start:
                self.add_error(f"c{number}-ended_at", _("The cycle ends before it begins."))
            self.answers[number] = self._lines(number, data)
            unreasoned = any(answer.code == "N" for answer in self.answers[number])
            if unreasoned and not data.get(f"c{number}-why"):
                self.add_error(f"c{number}-why", _("Say why, for the N of this cycle."))
        if not self.errors and not any(self.answers.values()):
            raise forms.ValidationError(_("Type in the codes of at least one cycle."))
        return data

    def _lines(self, number: int, data: dict[str, Any]) -> list[Answer]:
        found: list[Answer] = []
        for kind, (name, _label) in LINES.items():
            items = paper_codes.numbered(self.items, kind)
            try:
                found += paper_codes.read(items, data.get(f"c{number}-{name}", ""))
            except Refusal as refusal:
                self.add_error(f"c{number}-{name}", str(refusal))
        return found

    def entries(self) -> list[CycleEntry]:
        """What ``sessions.save_draft`` takes; call ``is_valid`` before."""
        return [self._entry(number) for number in self.numbers if self._filled(number)]

    def _filled(self, number: int) -> bool:
        return any(
            value for name, value in self.cleaned_data.items() if name.startswith(f"c{number}-")
        )

    def _entry(self, number: int) -> CycleEntry:
        data, answers = self.cleaned_data, self.answers[number]
        entry: CycleEntry = {"number": number}
        if self.made_with.moments_asked:
            entry["moments"] = data[f"c{number}-moments"]
        entry["started_at"] = data[f"c{number}-started_at"]
        entry["ended_at"] = data[f"c{number}-ended_at"]
        why = data.get(f"c{number}-why", "")
        entry["ratings"] = {
            answer.item.code: answer.kept | ({"note": why} if answer.code == "N" else {})
            for answer in _of(answers, ItemKind.SCORED)
        }
        # What happened is asked on the page of the review; the alert is raised at once.
        entry["alerts"] = {
            answer.item.code: "" for answer in _of(answers, ItemKind.ALERT) if answer.kept
        }
        words = {item.code: data[f"c{number}-{item.code}"] for item in self._worded()}
        entry["context"] = {code: text for code, text in words.items() if text} | {
            answer.item.code: answer.kept for answer in _of(answers, ItemKind.CONTEXT)
        }
        return entry

    def _worded(self) -> list[Item]:
        return paper_codes.worded(self.items)


def _of(answers: list[Answer], kind: str) -> list[Answer]:
    return [answer for answer in answers if answer.item.kind == kind and answer.kept is not None]
