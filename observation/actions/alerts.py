"""Treatment alerts: raised as soon as they are marked, kept apart from ratings."""

import datetime
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation.actions import case_mails, cases
from observation.enums import CaseEntryKind, ItemKind
from observation.models import Item, ObservationSession, SafeguardingAlert
from observation.signals import alert_raised
from organisations.models import Unit


def raise_alerts(
    session: ObservationSession,
    cycle_number: int,
    marked: Mapping[str, str],
    items: Mapping[str, Item],
    *,
    by,
) -> None:
    """Raise an alert for each code in ``marked``, or describe one still without a description."""
    for code, text in marked.items():
        item = items.get(code)
        if item is None or item.kind != ItemKind.ALERT:
            raise Refusal(_("“%(code)s” is not a treatment alert.") % {"code": code})
        mark(room=session.unit, session=session.pk, cycle=cycle_number, item=item, text=text, by=by)


@transaction.atomic
def mark(
    *,
    room: Unit,
    session: uuid.UUID,
    cycle: int,
    item: Item,
    text: str,
    by,
    happened_at: datetime.datetime | None = None,
) -> SafeguardingAlert:
    """Raise the alert ``item``, seen in ``room`` in a cycle of ``session`` (its id: it may come).

    Opens the case of the session, or adds to it. Never taken back: what was described stays as it
    is, and a later text is kept as a note of the case. Sends ``alert_raised`` after the commit.
    """
    text = text.strip()
    case = cases.of_session(room=room, session=session)
    alert, new = SafeguardingAlert.objects.get_or_create(
        case=case,
        cycle_number=cycle,
        item=item,
        defaults={"observer": by, "description": text, "happened_at": happened_at},
    )
    if new:
        cases.receive(case=case, by=by)
        transaction.on_commit(lambda: case_mails.tell_officers.enqueue(case.pk))
        transaction.on_commit(
            lambda: alert_raised.send_robust(sender=SafeguardingAlert, alert_id=alert.pk)
        )
    elif not alert.description and text:
        alert.description = text
        alert.save(update_fields=["description"])
        cases.enter(case, CaseEntryKind.DESCRIBED, by=by)
    elif text and text != alert.description:
        cases.enter(case, CaseEntryKind.NOTED, by=by, text=text)
    return alert
