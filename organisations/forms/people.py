"""Rows of a list of people, and their import."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.import_kinds import Kind
from core.row_imports import Change, Column, Entry, RowImport, differs
from core.spreadsheets import Row
from organisations import jurisdiction, queries
from organisations.actions import people
from organisations.enums import Reach
from organisations.models import User

PERMISSION = "organisations.import"


class EmailField(forms.EmailField):
    """An address in small letters: people write them any way."""

    def clean(self, value) -> str:
        return super().clean(value).lower()


class PersonRowForm(forms.Form):
    """One row: a person."""

    email = EmailField(max_length=254)
    first_name = forms.CharField(max_length=150)
    last_name = forms.CharField(max_length=150)


class PersonImport(RowImport):
    """Give people accounts. Who works elsewhere keeps the name she has."""

    columns = (
        Column(
            "email",
            {"es": "correo"},
            says=_("The address with which the person signs in."),
            example="persona.ejemplo@trenza.example",
        ),
        Column("first_name", {"es": "nombre"}, says=_("First name."), example="Persona"),
        Column("last_name", {"es": "apellidos"}, says=_("Last name or names."), example="Ejemplo"),
    )
    key = ("email",)
    form_class = PersonRowForm

    def prepare(self, rows: Sequence[Row]) -> None:
        emails = {row.values["email"].strip().lower() for row in rows}
        self.people = User.objects.in_bulk(emails, field_name="email")
        self.elsewhere: set[int] = set()
        if self.by is not None:
            posts = list(queries.posts_in_force_of(self.people.values()))
            tops = jurisdiction.paths(self.by, PERMISSION, Reach.BELOW)
            self.elsewhere = {
                post.user_id for post in posts if not post.unit.path.startswith(tuple(tops))
            }

    def compare(self, data: dict[str, Any]) -> tuple[Change, User | None]:
        user = self.people.get(data["email"])
        if user is None:
            return Change.CREATED, None
        if not differs(user, data, ("first_name", "last_name")):
            return Change.UNCHANGED, user
        if user.pk in self.elsewhere:
            raise ValidationError(
                {
                    "email": gettext(
                        "This person also works outside your units, under another name. "
                        "Leave the row out: posts can be given without it."
                    )
                }
            )
        return Change.UPDATED, user

    def write(self, entry: Entry) -> None:
        if isinstance(entry.target, User):
            people.rename(
                user=entry.target,
                first_name=entry.data["first_name"],
                last_name=entry.data["last_name"],
                by=self.by,
            )
        else:
            people.register(by=self.by, **entry.data)


KIND = Kind(
    "people",
    _("People"),
    _(
        "Accounts without a password: each person signs in with a code sent by e-mail, or sets "
        "a password with “Forgot your password?”."
    ),
    PERMISSION,
    PersonImport,
    then=(_("Import the posts"), reverse_lazy("import_upload", args=["posts"])),
    order=20,
)
