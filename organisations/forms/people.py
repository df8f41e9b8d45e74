"""Rows of a list of people, and their import."""

from collections import defaultdict
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
    """Give people accounts. A name changes only where all posts lie below the importer."""

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
        self.paths: dict[int, list[str]] = defaultdict(list)
        for post in queries.posts_of(self.people.values()):
            self.paths[post.user_id].append(post.unit.path)

    def compare(self, data: dict[str, Any]) -> tuple[Change, User | None]:
        user = self.people.get(data["email"])
        if user is None:
            return Change.CREATED, None
        if not differs(user, data, ("first_name", "last_name")):
            return Change.UNCHANGED, user
        if not self._may_rename(user):
            raise ValidationError(
                {
                    "email": gettext(
                        "This person has an account under another name, which is not yours to "
                        "change. Leave the row out: posts can be given without it."
                    )
                }
            )
        return Change.UPDATED, user

    def _may_rename(self, user: User) -> bool:
        """Whether all her posts, past and to come, lie below; without one, until she signs in."""
        if self.by is None:
            return True
        if user.is_superuser or user.is_staff:
            return False
        paths = self.paths[user.pk]
        if not paths:
            return user.last_login is None
        return all(jurisdiction.governs(self.by, PERMISSION, path) for path in paths)

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
