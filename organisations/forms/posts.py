"""Rows of a list of posts, and their import."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import WordChoiceField
from core.import_kinds import Kind
from core.refusals import Refusal
from core.row_imports import Change, Column, Entry, RowImport
from core.spreadsheets import Row
from organisations import jurisdiction, policies, queries
from organisations.actions import posts
from organisations.forms.people import EmailField
from organisations.models import Post, Unit, User
from organisations.roles import RoleCode

PERMISSION = "organisations.import"


class PostRowForm(forms.Form):
    """One row: who does what, where, from when to when."""

    email = EmailField(max_length=254)
    unit_code = forms.SlugField(max_length=64)
    role = WordChoiceField(RoleCode)
    starts_on = forms.DateField()
    ends_on = forms.DateField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on"):
            try:
                policies.post_lies_in_order(data["starts_on"], data.get("ends_on"))
            except Refusal as refusal:
                self.add_error("ends_on", str(refusal))
        return data


class PostImport(RowImport):
    """Give posts and end them, below the units of whoever imports."""

    columns = (
        Column(
            "email",
            {"es": "correo"},
            says=_("The address of a person who has an account."),
            example="persona.ejemplo@trenza.example",
        ),
        Column(
            "unit_code",
            {"es": "codigo_unidad"},
            says=_("Code of the unit where the post is held."),
            example="centro-ejemplo",
        ),
        Column(
            "role",
            {"es": "funcion"},
            says=_(
                "regional, zonal, director, mentor, caregiver or protection, "
                "or its name in any language."
            ),
            example="director",
        ),
        Column(
            "starts_on",
            {"en": "from", "es": "desde"},
            says=_("First day, such as 2026-01-31 or 31/01/2026."),
            example="2026-01-31",
        ),
        Column(
            "ends_on",
            {"en": "to", "es": "hasta"},
            required=False,
            says=_("Last day; empty while the post is held."),
        ),
    )
    key = ("email", "unit_code", "role", "starts_on")
    form_class = PostRowForm

    def prepare(self, rows: Sequence[Row]) -> None:
        emails = {row.values["email"].strip().lower() for row in rows}
        codes = {row.values["unit_code"] for row in rows}
        self.people = User.objects.in_bulk(emails, field_name="email")
        self.units = Unit.objects.in_bulk(codes, field_name="code")
        self.held: dict[tuple[int, int, str], list[Post]] = defaultdict(list)
        for post in queries.posts_of(self.people.values()):
            self.held[post.user_id, post.unit_id, post.role].append(post)

    def compare(self, data: dict[str, Any]) -> tuple[Change, Post | None]:
        user, unit = self._user_and_unit(data)
        held = self.held[user.pk, unit.pk, data["role"]]
        same = next((post for post in held if post.starts_on == data["starts_on"]), None)
        try:
            if same is None:
                policies.post_is_free(data["starts_on"], data["ends_on"], held)
                return Change.CREATED, None
            if "ends_on" not in self.given or same.ends_on == data["ends_on"]:
                return Change.UNCHANGED, same
            policies.post_may_end(same, data["ends_on"])
            # A later row of the file may give the post again after this end.
            held[held.index(same)] = Post(starts_on=same.starts_on, ends_on=data["ends_on"])
        except Refusal as refusal:
            column = "starts_on" if same is None else "ends_on"
            raise ValidationError({column: str(refusal)}) from refusal
        return Change.UPDATED, same

    def _user_and_unit(self, data: dict[str, Any]) -> tuple[User, Unit]:
        user = self.people.get(data["email"])
        if user is None:
            raise ValidationError(
                {"email": gettext("Nobody has this e-mail address. Import the person first.")}
            )
        unit = self.units.get(data["unit_code"])
        if unit is None or not jurisdiction.governs(self.by, PERMISSION, unit.path):
            raise ValidationError(
                {"unit_code": gettext("There is no unit of this code below yours.")}
            )
        try:
            policies.role_fits(data["role"], unit.kind)
        except Refusal as refusal:
            raise ValidationError({"role": str(refusal)}) from refusal
        return user, unit

    def check(self, entries: Sequence[Entry]) -> Iterable[tuple[Entry, str, str]]:
        """Two new rows of the same person, unit and role must not overlap."""
        new: dict[tuple[str, str, str], list[Post]] = defaultdict(list)
        for entry in entries:
            if entry.change != Change.CREATED:
                continue
            data = entry.data
            others = new[data["email"], data["unit_code"], data["role"]]
            # The same first day is told of as a repeated row.
            if not any(other.starts_on == data["starts_on"] for other in others):
                try:
                    policies.post_is_free(data["starts_on"], data["ends_on"], others)
                except Refusal as refusal:
                    yield entry, "starts_on", str(refusal)
            others.append(Post(starts_on=data["starts_on"], ends_on=data["ends_on"]))

    def order(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        # Ends first: whoever changes room ends one post and begins another. Then by person, since
        # giving locks her: two lists in different orders would wait for each other for ever.
        return sorted(
            entries, key=lambda entry: (entry.change == Change.CREATED, entry.data["email"])
        )

    def write(self, entry: Entry) -> None:
        data = entry.data
        if isinstance(entry.target, Post):
            posts.end(post=entry.target, on=data["ends_on"], by=self.by)
            return
        posts.give(
            user=self.people[data["email"]],
            unit=self.units[data["unit_code"]],
            role=data["role"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            by=self.by,
        )


KIND = Kind(
    "posts",
    _("Posts"),
    _("Who does what, where and since when. Import units and people first."),
    PERMISSION,
    PostImport,
    then=(_("See the units"), reverse_lazy("unit_list")),
    order=30,
)
