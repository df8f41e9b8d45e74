"""Rows of parents' guides in wide form, one column per item, and their import."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.row_imports import Change, Column, Entry, Preview, RowImport, plain
from core.spreadsheets import Row
from observation.enums import ScaleKind
from observation.models import Item
from visits import policies, queries
from visits.actions import findings, responses
from visits.enums import Answer
from visits.models import GuideResponse, Visit

PERMISSION = "visits.import"
WORDS = {
    **dict.fromkeys(("si", "s", "yes", "y"), Answer.YES.value),
    **dict.fromkeys(("no", "n"), Answer.NO.value),
    **dict.fromkeys(
        ("novi", "novio", "nolovi", "nosevio", "nv", "notseen", "couldnotseeit", "ns"),
        Answer.NOT_SEEN.value,
    ),
}


class AnswerField(forms.CharField):
    """What a parent wrote for one item, by the item's scale; empty: she left it out (None)."""

    def __init__(self, item: Item):
        super().__init__(required=False, max_length=500)
        self.item = item

    def clean(self, value: Any) -> responses.Given | None:
        text = super().clean(value).strip()
        if not text:
            return None
        scale = self.item.scale
        unseen = scale.kind == ScaleKind.YES_NO_UNSEEN or bool(scale.options)
        word = WORDS.get(plain(text))
        if word == Answer.NOT_SEEN:
            if unseen:
                return word
        elif scale.kind in {ScaleKind.YES_NO, ScaleKind.YES_NO_UNSEEN}:
            if word:
                return word
        elif scale.kind == ScaleKind.ORDINAL:
            if text.isascii() and text.isdigit() and _within(int(text), scale):
                return int(text)
        elif scale.kind == ScaleKind.INTEGER_PAIR:
            if (pair := re.fullmatch(r"(\d{1,3})\s*[/;:y-]\s*(\d{1,3})", text)) is not None:
                return int(pair[1]), int(pair[2])
        else:
            raise ValidationError(
                _("Comments are not taken in yet: they must be screened first. Empty this cell.")
            )
        raise ValidationError(
            _("“%(value)s” is no answer here. Write %(words)s."),
            params={"value": text[:40], "words": said(self.item)},
        )


def _within(number: int, scale) -> bool:
    return scale.minimum <= number <= scale.maximum


def said(item: Item) -> str:
    """What may be written for ``item``, in words."""
    scale = item.scale
    ways = {
        ScaleKind.YES_NO_UNSEEN: gettext("yes, no or “not seen”"),
        ScaleKind.YES_NO: gettext("yes or no"),
        ScaleKind.INTEGER_PAIR: gettext("two numbers such as 12/2"),
        ScaleKind.TEXT: gettext("nothing: comments are not taken in yet"),
    }
    if scale.kind == ScaleKind.ORDINAL:
        about = {"low": scale.minimum, "high": scale.maximum}
        if scale.options:
            return gettext("a number from %(low)s to %(high)s, or “not seen”") % about
        return gettext("a number from %(low)s to %(high)s") % about
    return ways[ScaleKind(scale.kind)]


class AnswersRowForm(forms.Form):
    """One parent's guide; a field per item follows."""

    visit_code = forms.SlugField(max_length=64)
    parent = forms.RegexField(
        r"^\d{1,4}$",
        error_messages={
            "invalid": _("Give each parent a number within the visit (1, 2, 3 …), never a name.")
        },
    )

    def __init__(self, values: dict[str, str], *, items: Sequence[Item]):
        super().__init__(values)
        for item in items:
            self.fields[item.code] = AnswerField(item)
        self.items = items

    def clean_parent(self) -> str:
        return str(int(self.cleaned_data["parent"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = {item: data[item.code] for item in self.items if data.get(item.code) is not None}
        if not given and not self.errors:
            raise ValidationError(_("This row has no answers."))
        return data | {"answers": given}


class AnswersImport(RowImport):
    """Take in parents' guides of visits already entered; a guide received never changes."""

    form_class = AnswersRowForm

    def __init__(self, by) -> None:
        super().__init__(by)
        self.guide = policies.guide_published(queries.current_guide())
        self.items = list(self.guide.items.select_related("scale").order_by("order"))

    def get_columns(self) -> Sequence[Column]:
        return [
            Column(
                "visit_code",
                {"es": "codigo_visita"},
                says=_("Code of the visit, as entered in the list of visits."),
                example="visita-ejemplo",
            ),
            Column(
                "parent",
                {"es": "familia"},
                says=_("A number for each parent within the visit, never a name."),
                example="1",
            ),
            *(
                Column(item.code, required=False, says=f"{item.text} ({said(item)})")
                for item in self.items
            ),
        ]

    def form(self, values: dict[str, str]) -> AnswersRowForm:
        return AnswersRowForm(values, items=self.items)

    def prepare(self, rows: Sequence[Row]) -> None:
        visits = Visit.objects.filter(code__in={row.values["visit_code"] for row in rows})
        if self.by is not None:
            visits = visits.visible_to(self.by, PERMISSION)
        self.visits = {visit.code: visit for visit in visits.select_related("centre")}
        received = GuideResponse.objects.filter(visit__in=visits)
        self.responses = {(each.visit_id, each.parent): each for each in received}

    def compare(self, data: dict[str, Any]) -> tuple[Change, GuideResponse | None]:
        visit = self.visits.get(data["visit_code"])
        if visit is None:
            raise ValidationError(
                {"visit_code": gettext("There is no visit of this code below your units.")}
            )
        if visit.version_id != self.guide.pk:
            raise ValidationError(
                {"visit_code": gettext("This visit was made with an earlier version of the guide.")}
            )
        response = self.responses.get((visit.pk, data["parent"]))
        if response is None:
            return Change.CREATED, None
        by_code = {item.code: given for item, given in data["answers"].items()}
        if response.content_hash == responses.content_hash(by_code):
            return Change.UNCHANGED, response
        raise ValidationError(
            {
                "parent": gettext(
                    "The guide of this parent was received before with other answers, and a guide "
                    "received never changes. Keep the row apart and settle it with the parent."
                )
            }
        )

    def check(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, str, str]]:
        # By the parent's number, so that 1 and 01 are one; the engine compares letters.
        first: dict[tuple[str, str], int] = {}
        for entry in entries:
            key = (entry.data["visit_code"], entry.data["parent"])
            if (row := first.setdefault(key, entry.row)) != entry.row:
                sentence = gettext("This parent of this visit stands already in row %(row)d.")
                yield entry, "parent", sentence % {"row": row}

    def write(self, entry: Entry) -> None:
        data = entry.data
        responses.receive(
            visit=self.visits[data["visit_code"]],
            parent=data["parent"],
            answers=data["answers"],
            by=self.by,
        )

    def finish(self, preview: Preview) -> None:
        for code in sorted({entry.data["visit_code"] for entry in preview.created}):
            findings.raise_from_answers(visit=self.visits[code], by=self.by)
