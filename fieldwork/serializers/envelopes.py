"""The envelope of a record: read strictly, so that what is stored can be read ever after."""

import hashlib
import json
import uuid
from typing import Any

from django.core import signing
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.bodies import Malformed, parse
from fieldwork.enums import DeliveryState
from fieldwork.kinds import Record
from fieldwork.models import Delivery

SALT = "fieldwork.receipt"
MOST_BYTES = 1024 * 1024
NAMES = ("kind", "id", "by", "device", "made_at", "closed_at", "content")
# What a phone is told: two ways not to count are one to it.
STATES = {DeliveryState.SET_ASIDE: "refused", DeliveryState.REPLACED: "refused"}


class OtherSenderError(Exception):
    """The record was made by somebody else than the person who is signed in."""


def canonical_hash(value: Any) -> str:
    """SHA-256 of ``value`` as JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read(body: bytes, *, by, kind: str = "", number: uuid.UUID | None = None) -> Record:
    """The record in ``body``, sent by ``by`` to the address of ``kind`` and ``number``, its id.

    Raises ``Malformed`` where it is not whole, ``OtherSenderError`` where another person made it.
    """
    given = parse(body)
    if not isinstance(given, dict):
        raise Malformed("", _("The record must be an object."))
    if unlike := sorted(set(given) ^ set(NAMES)):
        raise Malformed(unlike[0], _("This property is missing or not known."))
    if not isinstance(given["by"], int) or isinstance(given["by"], bool):
        raise Malformed("by", _("This must be a whole number."))
    if not isinstance(given["content"], dict):
        raise Malformed("content", _("This must be an object."))
    record = Record(
        kind=_text(given, "kind"),
        id=_uuid(given, "id"),
        by=by,
        device=_uuid(given, "device"),
        made_at=_moment(given, "made_at"),
        closed_at=_moment(given, "closed_at"),
        content=given["content"],
        canonical_hash=canonical_hash(given),
    )
    if (kind and record.kind != kind) or (number and record.id != number):
        raise Malformed("id", _("Kind and number differ from those of the address."))
    if given["by"] != by.pk:
        raise OtherSenderError
    return record


def answer(delivery: Delivery) -> dict[str, str]:
    """What the phone is told of ``delivery``, with a receipt that the house signed."""
    told = {
        "id": str(delivery.record),
        "sha256": delivery.sha256,
        "received_at": delivery.received_at.isoformat(),
    }
    return told | {
        "state": STATES.get(DeliveryState(delivery.state), delivery.state),
        "code": delivery.code,
        "reason": delivery.reason,
        "receipt": signing.Signer(salt=SALT).sign_object(told),
    }


def _text(given: dict[str, Any], name: str) -> str:
    if not isinstance(given[name], str) or not given[name]:
        raise Malformed(name, _("This must be text."))
    return given[name]


def _uuid(given: dict[str, Any], name: str) -> uuid.UUID:
    text = _text(given, name)
    try:
        found = uuid.UUID(text)
    except ValueError:
        found = None
    if found is None or str(found) != text:
        raise Malformed(name, _("This must be a UUID in small letters, with hyphens."))
    return found


def _moment(given: dict[str, Any], name: str):
    try:
        found = parse_datetime(_text(given, name))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Malformed(name, _("This must be a day and time with its time zone."))
    return found
