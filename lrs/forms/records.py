"""What whoever looks after the store asks for and decides."""

import datetime
import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrs import keys, positions, queries
from lrs.enums import Scope
from lrs.models import Credential, RetentionRule
from lrs.validation import Malformed, check_agent

LATEST = 2**63 - 1
HASH = re.compile(r"[0-9a-fA-F]{40}")
HOW_TO_NAME = _(
    "An e-mail address, its SHA-1, an OpenID (https://…), or an account: its name, "
    "or its home page and its name with a space between."
)


def agent_of(text: str) -> dict[str, Any]:
    """The xAPI agent that a person means by ``text``. Raises ``ValidationError``."""
    text = text.strip()
    if re.match(r"https?://", text):
        page, _space, name = text.partition(" ")
        found: dict[str, Any] = {"openid": page}
        if name.strip():
            found = {"account": {"homePage": page, "name": name.strip()}}
    elif HASH.fullmatch(text):
        found = {"mbox_sha1sum": text.lower()}
    elif "@" in text:
        found = {"mbox": f"mailto:{text.removeprefix('mailto:')}"}
    else:
        found = {"account": {"homePage": settings.XAPI_HOME_PAGE, "name": text}}
    try:
        check_agent(found, "")
    except Malformed:
        raise forms.ValidationError(
            _("“%(text)s” names nobody."), params={"text": text[:60]}
        ) from None
    return found


class PersonField(forms.CharField):
    """One identifier, read as an agent; None where empty."""

    def clean(self, value):
        text = super().clean(value)
        return agent_of(text) if text else None


class SearchForm(forms.Form):
    """Which statements to show."""

    id = forms.UUIDField(label=_("Number (id)"), required=False)
    agent = PersonField(label=_("Person"), required=False, max_length=600, help_text=HOW_TO_NAME)
    verb = forms.CharField(label=_("Verb (IRI)"), required=False, max_length=2000)
    activity = forms.CharField(label=_("Activity (IRI)"), required=False, max_length=2000)
    registration = forms.UUIDField(label=_("Registration"), required=False)
    since = forms.DateField(
        label=_("Stored since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Stored until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    before = forms.IntegerField(
        required=False, min_value=0, max_value=LATEST, widget=forms.HiddenInput
    )

    def search(self, limit: int) -> queries.Search:
        """The newest ``limit`` that fit, voided ones too."""
        asked = self.cleaned_data
        found = []
        if asked["registration"]:
            found.append(keys.of_registration(str(asked["registration"])))
        if asked["agent"]:
            found.append(keys.related(keys.of_agent(asked["agent"])))
        if asked["activity"]:
            found.append(keys.related(keys.of_activity(asked["activity"])))
        if asked["verb"]:
            found.append(keys.of_verb(asked["verb"]))
        ends = [asked["before"]] if asked["before"] is not None else []
        if asked["until"]:
            ends.append(_begin(asked["until"] + datetime.timedelta(days=1)))
        return queries.Search(
            keys=[key.hex() for key in found],
            low=_begin(asked["since"]) if asked["since"] else 0,
            high=min(ends, default=None),
            limit=limit,
            voided=True,
        )

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until >= datetime.date.max:
            raise forms.ValidationError(_("Choose an earlier day."))
        return until


def _begin(day: datetime.date) -> int:
    """The first position of a day here; a day before 1970 comes before all."""
    moment = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    here = moment.replace(tzinfo=timezone.get_current_timezone())
    return max(0, min(positions.first(here), LATEST))


class ScopesForm(forms.Form):
    """What a client may do."""

    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the client may do, or revoke it.")},
    )


class ClientForm(ScopesForm):
    """A new client."""

    name = forms.CharField(
        label=_("Client"),
        max_length=100,
        help_text=_("The program that will speak to the store, such as “moodle”."),
    )
    field_order = ["name", "scopes"]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Credential.objects.filter(name=name).exists():
            raise forms.ValidationError(_("There is a client of this name. Choose another one."))
        return name


class ErasureForm(forms.Form):
    """Who is to be nameless, and why."""

    people = forms.CharField(
        label=_("Identifiers of one person"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=3000,
        help_text=HOW_TO_NAME,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Kept for good: do not name the person here."),
    )

    def clean_people(self) -> list[dict[str, Any]]:
        lines = [line for line in self.cleaned_data["people"].splitlines() if line.strip()]
        return [agent_of(line) for line in lines]


class RetentionForm(forms.ModelForm):
    """The rule."""

    class Meta:
        model = RetentionRule
        fields = ["days", "is_on"]
        labels = {
            "days": _("Days after the last statement about a person"),
            "is_on": _("The rule is in force"),
        }
