"""Rows of a list of visits, and their import."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.refusals import Refusal
from core.row_imports import Change, Column, Entry, RowImport, differs
from core.spreadsheets import Row
from organisations.enums import UnitKind
from organisations.models import Unit
from visits import policies, queries
from visits.actions import visits
from visits.models import Visit

PERMISSION = "visits.import"


class VisitRowForm(forms.Form):
    """One visit: where, when, and how many parents at each stage."""

    code = forms.SlugField(max_length=64)
    centre_code = forms.SlugField(max_length=64)
    visited_on = forms.DateField()
    invited = forms.IntegerField(required=False, min_value=0, max_value=1000)
    accepted = forms.IntegerField(required=False, min_value=0, max_value=1000)
    confirmed = forms.IntegerField(required=False, min_value=0, max_value=1000)
    attended = forms.IntegerField(required=False, min_value=0, max_value=1000)

    def clean_visited_on(self):
        on = self.cleaned_data["visited_on"]
        _refusing(policies.took_place, on)
        return on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for column, counts in (
            ("accepted", (data.get("invited"), data.get("accepted"), None)),
            ("confirmed", (None, data.get("accepted"), data.get("confirmed"))),
        ):
            try:
                policies.counts_fit(*counts)
            except Refusal as refusal:
                self.add_error(column, str(refusal))
        return data


class VisitImport(RowImport):
    """Enter visits of the centres below the units of whoever imports."""

    columns = (
        Column(
            "code",
            {"es": "codigo"},
            says=_("What identifies the visit for good: letters, digits and hyphens."),
            example="visita-ejemplo",
        ),
        Column(
            "centre_code",
            {"es": "codigo_centro"},
            says=_("Code of the centre that was visited."),
            example="centro-ejemplo",
        ),
        Column(
            "visited_on", {"es": "fecha"}, says=_("The day of the visit."), example="2026-01-30"
        ),
        Column(
            "invited",
            {"es": "invitados"},
            required=False,
            says=_("How many parents were invited."),
            example="20",
        ),
        Column(
            "accepted",
            {"es": "aceptaron"},
            required=False,
            says=_("How many of them accepted."),
            example="8",
        ),
        Column(
            "confirmed",
            {"es": "confirmaron"},
            required=False,
            says=_("How many of those confirmed."),
            example="7",
        ),
        Column(
            "attended",
            {"es": "asistieron"},
            required=False,
            says=_("How many came."),
            example="6",
        ),
    )
    key = ("code",)
    form_class = VisitRowForm

    def prepare(self, rows: Sequence[Row]) -> None:
        codes = {row.values["centre_code"] for row in rows}
        centres = Unit.objects.of_kind(UnitKind.CENTRE).filter(code__in=codes)
        if self.by is not None:
            centres = centres.visible_to(self.by, PERMISSION)
        self.centres = {centre.code: centre for centre in centres}
        there = Visit.objects.filter(code__in={row.values["code"] for row in rows})
        self.visits = {visit.code: visit for visit in there.select_related("centre")}
        self.guide = queries.current_guide()

    def compare(self, data: dict[str, Any]) -> tuple[Change, Visit | None]:
        centre = self.centres.get(data["centre_code"])
        if centre is None:
            raise ValidationError(
                {"centre_code": gettext("There is no centre of this code below your units.")}
            )
        visit = self.visits.get(data["code"])
        if visit is None:
            _refusing(policies.guide_published, self.guide)
            return Change.CREATED, None
        if self.by is not None and not visit.visible_to(self.by, PERMISSION):
            raise ValidationError(
                {"code": gettext("Another visit already has this code. Choose another code.")}
            )
        names = ["visited_on", *self._counts()]
        if visit.centre_id == centre.pk and not differs(visit, data, names):
            return Change.UNCHANGED, visit
        try:
            policies.stays_as_answered(visit, centre, data["visited_on"])
            policies.counts_fit(*(self._count(visit, data, name) for name in visits.COUNTS[:3]))
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        return Change.UPDATED, visit

    def _counts(self) -> list[str]:
        return [name for name in visits.COUNTS if name in self.given]

    def _count(self, visit: Visit, data: dict[str, Any], name: str) -> int | None:
        return data[name] if name in self.given else getattr(visit, name)

    def write(self, entry: Entry) -> None:
        data = entry.data
        about = {
            "centre": self.centres[data["centre_code"]],
            "visited_on": data["visited_on"],
            "by": self.by,
            **{name: data[name] for name in self._counts()},
        }
        if isinstance(entry.target, Visit):
            visits.change(visit=entry.target, **about)
        else:
            visits.record(code=data["code"], version=self.guide, **about)


def _refusing(rule, *values) -> None:
    """``rule`` as the forms know it: a refusal becomes the error of the field."""
    try:
        rule(*values)
    except Refusal as refusal:
        raise ValidationError(str(refusal)) from refusal
