"""From an instrument to the rows of its XLSForm."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from observation.actions.cycles import MOST_CYCLES
from observation.enums import Moment
from observation.serializers.xlsform import sheets
from observation.serializers.xlsform.items import Asking
from observation.serializers.xlsform.names import Names
from observation.serializers.xlsform.words import HEADS, in_all
from organisations.enums import AgeGroup

Row = dict[str, str]
AGES, MOMENTS = "age_group", "moments"
FRAME = {"trenza::role": "frame"}


def said() -> list[str | Promise]:
    """What the form has no place for, and where it is carried instead; a sentence each."""
    return [
        gettext_lazy(
            "Weights, critical items, age in months and the name of each scale stand in the "
            "columns that begin with “trenza::”. KoboToolbox and ODK leave them alone."
        ),
        gettext_lazy(
            "The rule of scoring, the share of items that must be answered, the minutes of a "
            "cycle and the need for a care routine and a play stand on the sheet “trenza”. "
            "Another program does not apply them: it only collects the answers."
        ),
        gettext_lazy(
            "A treatment alert opens no case in another program. Whoever uses one must see to "
            "that herself."
        ),
        gettext_lazy(
            "The timer of the segments becomes a note. Each look at the room is a question."
        ),
    ]


def write(document: dict[str, Any]) -> bytes:
    """The workbook of ``document`` (see ``instrument_json``): survey, choices, settings, trenza."""
    form = _Form(document)
    survey = list(form.survey())
    return sheets.workbook(
        {
            "survey": survey,
            "choices": form.choices,
            "settings": [form.settings()],
            "trenza": list(form.rest()),
        }
    )


class _Form:
    """The rows of one form; choices are gathered while the survey is written."""

    def __init__(self, document: dict[str, Any]):
        self.document, self.content = document, document["content"]
        self.rules = self.content["rules"]
        self.choices: list[Row] = []
        self.lists: dict[str, str] = {}
        self.names = Names()
        self.moments = MOMENTS if self.rules.get("moments_asked", True) else ""

    # ---- the sheet survey

    def survey(self) -> Iterator[Row]:
        yield from self._visit()
        yield self._row("begin repeat", "cycle", _both(gettext_lazy("Cycle")), **FRAME) | {
            "repeat_count": "${cycles}"
        }
        yield from self._cycle()
        domains = {domain["code"]: domain for domain in self.content["domains"]}
        for code, items in groupby(self.content["items"], key=lambda item: item["domain"]):
            yield self._row(
                "begin group",
                self.names.new(f"d_{code}"),
                domains[code]["name"],
                **{"trenza::role": "domain", "trenza::code": code},
            )
            for item in items:
                yield from self._item(item)
            yield {"type": "end group", **FRAME}
        yield {"type": "end repeat", **FRAME}

    def _visit(self) -> Iterator[Row]:
        """What is asked once: where, who, when, how many cycles."""
        least = self.rules["minimum_cycles"]
        ages = self._list("age_groups", [(code, in_all(label)) for code, label in AgeGroup.choices])
        yield self._row("begin group", "visit", _both(gettext_lazy("The visit")), **FRAME)
        yield self._frame("text", "room", gettext_lazy("Room"))
        yield self._frame("text", "caregiver", gettext_lazy("Caregiver"), required="")
        yield self._frame("date", "observed_on", gettext_lazy("Day"))
        yield self._frame(f"select_one {ages}", AGES, gettext_lazy("Age group"))
        yield self._frame("integer", "cycles", gettext_lazy("How many cycles?")) | {
            "default": str(least),
            "constraint": f". >= {least} and . <= {MOST_CYCLES}",
        }
        yield {"type": "end group", **FRAME}

    def _cycle(self) -> Iterator[Row]:
        """What is asked of each cycle before its items."""
        if self.moments:
            seen = self._list("moments", [(code, in_all(word)) for code, word in Moment.choices])
            label = gettext_lazy("Moments that you saw in this cycle")
            yield self._frame(f"select_multiple {seen}", MOMENTS, label)
        yield self._frame("time", "started_at", gettext_lazy("From"))
        yield self._frame("time", "ended_at", gettext_lazy("To")) | {
            "constraint": ". > ${started_at}"
        }
        for segment in self.rules.get("segments", []):
            yield self._row("note", self.names.new("segment"), _segment(segment), **FRAME)

    def _item(self, item: dict[str, Any]) -> Iterator[Row]:
        scale = next(one for one in self.content["scales"] if one["code"] == item["scale"])
        asking = Asking(
            item=item,
            scale=scale,
            name=self.names.new(item["code"]),
            moments=self.moments,
            age_group=AGES,
            segments=self.rules.get("segments", []),
        )
        yield from asking.rows(self.names.new, self._list)

    # ---- the other sheets

    def settings(self) -> Row:
        name = self.document["name"]
        return {
            "form_title": name.get("es") or next(iter(name.values())),
            "form_id": self.document["code"],
            "version": str(self.document["number"]),
            "default_language": HEADS["es"],
            # Texts keep the spaces that they have.
            "clean_text_values": "no",
        }

    def rest(self) -> Iterator[Row]:
        """What no other sheet can say: about what, its code, a property and the value."""
        document = self.document
        yield sheets.fact("form", "", "format", document["format"])
        for name in ("code", "kind", "name", "number"):
            yield sheets.fact("instrument", "", name, document[name])
        for name, value in self.rules.items():
            yield sheets.fact("rules", "", name, value)
        for domain in self.content["domains"]:
            yield sheets.fact("domain", domain["code"], "name", domain["name"])
        for scale in self.content["scales"]:
            for name in ("kind", "minimum", "maximum", "options"):
                yield sheets.fact("scale", scale["code"], name, scale[name])
        for sentence in said():
            yield {"about": "note", "value": str(sentence)}

    # ---- rows

    def _frame(self, kind: str, name: str, label: Promise, required: str = "yes") -> Row:
        return self._row(kind, name, in_all(label), **FRAME) | {"required": required}

    def _row(self, kind: str, name: str, label: dict[str, str], **more: str) -> Row:
        return {"type": kind, "name": name} | sheets.texts("label", label) | more

    def _list(self, name: str, choices: Iterable[tuple[str, dict[str, str]]]) -> str:
        """The name of a list with ``choices``, which is written once."""
        rows = list(choices)
        key = repr(rows)
        if key not in self.lists:
            self.lists[key] = self.names.new_list(name)
            self.choices += [
                {"list_name": self.lists[key], "name": value} | sheets.texts("label", label)
                for value, label in rows
            ]
        return self.lists[key]


def _both(label: Promise) -> dict[str, str]:
    return in_all(label)


def _segment(segment: dict[str, Any]) -> dict[str, str]:
    minutes = ", ".join(map(str, segment.get("snapshots") or []))
    told = in_all(
        gettext_lazy("%(minutes)s minutes; look at the room at minutes: %(looks)s")
        if minutes
        else gettext_lazy("%(minutes)s minutes")
    )
    values = {"minutes": segment["minutes"], "looks": minutes}
    names = segment["name"]
    return {
        language: f"{names.get(language) or next(iter(names.values()))}: {text % values}"
        for language, text in told.items()
    }
