"""Rows of a list of units, and their import."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import WordChoiceField
from core.import_kinds import Kind
from core.refusals import Refusal
from core.row_imports import Change, Column, Entry, RowImport, differs, plain
from core.spreadsheets import Row
from organisations import jurisdiction, labels, policies
from organisations.actions import units
from organisations.enums import AgeGroup, Provision, Reach, UnitKind
from organisations.models import Unit

PERMISSION = "organisations.import"


class UnitRowForm(forms.Form):
    """One row: a unit and the code of the one above it."""

    kind = WordChoiceField(UnitKind)
    code = forms.SlugField(max_length=64)
    name = forms.CharField(max_length=200)
    parent_code = forms.SlugField(max_length=64, required=False)
    provision = WordChoiceField(Provision, required=False)
    age_group = WordChoiceField(AgeGroup, required=False)
    state_code = forms.RegexField(
        r"^\d{1,2}$",
        required=False,
        error_messages={"invalid": _("The code of a state is two digits, such as 09.")},
    )
    closed_on = forms.DateField(required=False)

    def __init__(self, *args, words: dict[str, str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].also = words or {}  # type: ignore[attr-defined]  # a WordChoiceField

    def clean_state_code(self) -> str:
        # Excel takes the zero from 09.
        code = self.cleaned_data["state_code"]
        return code.zfill(2) if code else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if data.get("age_group") and kind != UnitKind.ROOM:
            self.add_error("age_group", _("Only a room has an age group. Leave this empty."))
        if data.get("provision") and kind != UnitKind.CENTRE:
            self.add_error("provision", _("Only a centre has a provision. Leave this empty."))
        return data


class UnitImport(RowImport):
    """Open units and change their names, below the units of whoever imports."""

    columns = (
        Column(
            "kind",
            {"es": "tipo"},
            says=_("country, provider, region, zone, centre or room, in any language."),
            example="centre",
        ),
        Column(
            "code",
            {"es": "codigo"},
            says=_("What identifies the unit for good: letters, digits and hyphens."),
            example="centro-ejemplo",
        ),
        Column("name", {"es": "nombre"}, says=_("What people read."), example="Centro de ejemplo"),
        Column(
            "parent_code",
            {"es": "codigo_superior"},
            says=_("Code of the unit above; it may stand in the same file, in any order."),
            example="zona-ejemplo",
        ),
        Column(
            "provision",
            {"es": "prestacion"},
            required=False,
            says=_("For a centre: direct or contracted."),
            example="contracted",
        ),
        Column(
            "age_group",
            {"es": "grupo_de_edad"},
            required=False,
            says=_("For a room: LA, LB, LC, MA, MB1, MB2, MC1 or MC2."),
        ),
        Column(
            "state_code",
            {"es": "clave_estado"},
            required=False,
            says=_("INEGI code of the state, two digits."),
            example="09",
        ),
        Column(
            "closed_on",
            {"es": "cierre"},
            required=False,
            says=_("The day on which it closed; empty while it is open."),
        ),
    )
    key = ("code",)
    form_class = UnitRowForm

    def prepare(self, rows: Sequence[Row]) -> None:
        codes = {row.values[name] for row in rows for name in ("code", "parent_code")}
        self.units = Unit.objects.in_bulk(codes, field_name="code")
        # What kinds are called here ("guardería") is as good as our own word for them.
        self.words = {
            plain(str(label.singular)): kind
            for (_path, kind, _language), label in labels.table().items()
        }
        # A parent in the same file is judged by its own row.
        kind = WordChoiceField(UnitKind)
        kind.also = self.words
        self.kinds_in_file = {
            row.values["code"]: kind.to_python(row.values["kind"]) for row in rows
        }

    def form(self, values: dict[str, str]) -> UnitRowForm:
        return UnitRowForm(values, words=self.words)

    def compare(self, data: dict[str, Any]) -> tuple[Change, Unit | None]:
        unit = self.units.get(data["code"])
        parent = self._parent(data)
        if unit is None:
            return Change.CREATED, None
        if not jurisdiction.governs(self.by, PERMISSION, unit.path):
            raise ValidationError(
                {"code": gettext("This code belongs to a unit that is not below yours.")}
            )
        try:
            policies.stays_in_place(unit, kind=data["kind"], parent=parent)
        except Refusal as refusal:
            column = "kind" if unit.kind != data["kind"] else "parent_code"
            raise ValidationError({column: str(refusal)}) from refusal
        same = not differs(unit, data, self._fields())
        return (Change.UNCHANGED if same else Change.UPDATED), unit

    def _parent(self, data: dict[str, Any]) -> Unit | None:
        """The unit above, None where it is new in this file; ValidationError where it cannot be."""
        code = data["parent_code"]
        parent = self.units.get(code)
        if data["kind"] == UnitKind.COUNTRY and self.by is not None:
            raise ValidationError(
                {"kind": gettext("A country is opened by whoever runs the platform.")}
            )
        known = parent.kind if parent else self.kinds_in_file.get(code)
        if code and not (known and self._within(parent)):
            raise ValidationError(
                {"parent_code": gettext("There is no unit of this code at yours or below it.")}
            )
        try:
            policies.hangs_from(data["kind"], known if code else None)
        except Refusal as refusal:
            raise ValidationError({"parent_code": str(refusal)}) from refusal
        return parent

    def _within(self, parent: Unit | None) -> bool:
        """Whether new units may hang from ``parent``: one's own unit, or one below it."""
        if parent is None or self.by is None:
            return True
        tops = jurisdiction.paths(self.by, PERMISSION, Reach.BELOW)
        return any(parent.path.startswith(top) for top in tops)

    def _fields(self) -> list[str]:
        return [name for name in units.CHANGEABLE if name in self.given]

    def order(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        return sorted(entries, key=lambda entry: UnitKind(entry.data["kind"]).depth)

    def write(self, entry: Entry) -> None:
        data = entry.data
        fields = {name: data[name] for name in self._fields()}
        if isinstance(entry.target, Unit):
            units.change(unit=entry.target, by=self.by, **fields)
            return
        parent = self.units.get(data["parent_code"])
        self.units[data["code"]] = units.open(
            kind=data["kind"], code=data["code"], parent=parent, by=self.by, **fields
        )


KIND = Kind(
    "units",
    _("Units"),
    _("Zones, centres and rooms. A unit keeps its code, kind and place; its name may change."),
    PERMISSION,
    UnitImport,
    then=(_("Import the people"), reverse_lazy("import_upload", args=["people"])),
    order=10,
)
