"""Treatment alerts that phones bring, on their own and ahead of the session they belong to."""

import uuid
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.kinds import Hold, Kind, Record
from observation.actions import alerts
from observation.enums import ItemKind
from observation.models import Item, SafeguardingCase
from observation.serializers import field_alerts
from organisations.models import Unit


def take_in(record: Record, overrides: Collection[str]) -> None:
    """Raise the alert of ``record``: of any room that exists, by any version ever published.

    Whether the observer had a post there is no reason to wait where a child may be at risk.
    """
    said = field_alerts.read(record.content)
    room = Unit.objects.filter(code=said.room).first()
    if room is None:
        raise Hold(
            "unknown_room", _("There is no room with the code “%(code)s”.") % {"code": said.room}
        )
    item = Item.objects.filter(
        version__content_hash=said.instrument.hash, code=said.item, kind=ItemKind.ALERT
    ).first()
    if item is None:
        raise Hold("unknown_item", _("“%(code)s” is not a treatment alert.") % {"code": said.item})
    case = SafeguardingCase.objects.filter(session_uid=said.session).exclude(unit=room).first()
    alerts.mark(
        room=room,
        # Alerts of one session lie in one room; one that says otherwise is a case of its own.
        session=uuid.uuid5(said.session, room.code) if case else said.session,
        cycle=said.cycle,
        item=item,
        text=said.description,
        by=record.by,
        happened_at=said.happened_at,
    )


def place(content: dict[str, Any]) -> Unit | None:
    """The room that a checked content names."""
    return Unit.objects.filter(code=content["room"]).first()


def check(content: dict[str, Any]) -> None:
    field_alerts.read(content)


def readable(content: dict[str, Any]) -> list[tuple[str, str]]:
    """What the observer said, in words."""
    said = field_alerts.read(content)
    return [
        (_("Room"), said.room),
        (_("Alert"), said.item),
        (_("Seen"), date_format(said.happened_at, "SHORT_DATETIME_FORMAT")),
        (_("What happened"), said.description),
    ]


def _address(id: uuid.UUID) -> str:  # noqa: A002 — the client's name for it
    return reverse("observation:case_list")


KIND = Kind(
    name="observation.alert",
    label=gettext_lazy("treatment alert"),
    sent_with="observation.record",
    check=check,
    handle=take_in,
    place=place,
    readable=readable,
    address=_address,
    settled_with="observation.safeguarding",
    audited_as="alerts",
)
