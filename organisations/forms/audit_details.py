"""What the details of the audit trail say, in the reader's words; others are shown as they are.

What is named after a field of the record says what the field is called; ``KEYS`` names the rest.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisations.enums import UnitKind
from organisations.roles import RoleCode

KEYS: dict[str, str | Promise] = {
    "accepted": _("accepted"),
    "after": _("now"),
    "age_group": _("age group"),
    "answers": _("answers"),
    "attended": _("attended"),
    "before": _("before"),
    "clip": _("training clip"),
    "clips": _("training clips"),
    "closed_on": _("closed on"),
    "code": _("code"),
    "codes": _("codes"),
    "confirmed": _("confirmed"),
    "created": _("New rows"),
    "cycles": _("cycles"),
    "days": _("days after the cycle opens"),
    "drawn": _("drawn"),
    "everything": _("all that was here already, too"),
    "exact_duplicates": _("rows that stand twice"),
    "fields": _("what changed"),
    "from": _("from"),
    "invited": _("invited"),
    "item": _("item"),
    "items": _("items"),
    "kind": _("kind"),
    "known": _("account known"),
    "language": _("language"),
    "left_out": _("not taken in"),
    "mentees": _("mentees at once before a warning"),
    "minutes": _("minutes"),
    "name": _("name"),
    "number": _("number"),
    "on": _("day"),
    "provision": _("provision"),
    "question": _("question"),
    "raters": _("raters"),
    "role": _("role"),
    "rows": _("rows"),
    "secret": _("another secret"),
    "sessions": _("sessions"),
    "severity": _("severity"),
    "since": _("since"),
    "state_code": _("state (INEGI code)"),
    "step": _("step"),
    "subjects": _("what was rated"),
    "to": _("to"),
    "unchanged": _("Rows that change nothing"),
    "unit": _("unit"),
    "updated": _("Changed rows"),
    "visits": _("visits"),
    "waiting": _("waiting"),
}
WORDS: dict[str, str | Promise] = {
    **{kind.value: kind.label for kind in UnitKind},
    **{role.value: role.label for role in RoleCode},
    "agree": _("Agree one goal"),
    "answers": _("Parents' answers"),
    "braid": _("the three strands"),
    "high": _("high"),
    "low": _("low"),
    "medium": _("medium"),
    "observe": _("Observe"),
    "observe_again": _("Observe again"),
    "people": _("People"),
    "posts": _("Posts"),
    "practise": _("Practise"),
    "prepare": _("Prepare"),
    "recovery_codes": _("recovery codes"),
    "reflect": _("Reflect and give feedback"),
    "totp": _("authenticator app"),
    "units": _("Units"),
    "validity": _("validity report"),
    "visits": _("Parent visits"),
    "webauthn": _("passkey or security key"),
}
# UUIDs and hashes: they prove which record or content it was, and tell a reader nothing.
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}")


@dataclass(frozen=True)
class Detail:
    """What a record says beside who, what and where: in words, and by the way identifiers."""

    words: str
    identifiers: list[str]


def read(object_id: str, detail: Mapping[str, object], model: str = "") -> Detail:
    """``detail`` of a record about ``object_id`` of ``model`` ("app.Model")."""
    told = {key: value for key, value in detail.items() if not is_identifier(value)}
    proofs = [object_id, *(str(value) for value in detail.values())]
    return Detail(" · ".join(_pairs(told, model)), [each for each in proofs if is_identifier(each)])


def is_identifier(value: object) -> bool:
    return isinstance(value, str) and IDENTIFIER.fullmatch(value) is not None


def _pairs(detail: Mapping[str, object], model: str) -> Iterator[str]:
    for key, value in detail.items():
        field = _field(model, key)
        name = KEYS.get(key) or getattr(field, "verbose_name", key)
        choices = dict(getattr(field, "flatchoices", ()))
        told = choices.get(value) if isinstance(value, str) else None
        yield f"{capfirst(str(name))}: {told or _in_words(value, model)}"


def _field(model: str, name: str) -> Field | None:
    """The field ``name`` of ``model``, None where there is none (any more)."""
    try:
        found = apps.get_model(model)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return found if isinstance(found, Field) else None


def _in_words(value: object, model: str) -> str:
    if isinstance(value, Mapping):
        return f"({', '.join(_pairs(value, model))})"
    if isinstance(value, list):
        return ", ".join(str(KEYS.get(each, each)) for each in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "–" if value is None else str(WORDS.get(str(value), value))
