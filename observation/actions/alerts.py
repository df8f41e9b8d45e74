"""Treatment alerts: raised as soon as they are marked, kept apart from ratings."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from observation.enums import ItemKind
from observation.models import Item, ObservationSession, SafeguardingAlert
from observation.signals import alert_raised


def raise_alerts(
    session: ObservationSession,
    cycle_number: int,
    marked: Mapping[str, str],
    items: Mapping[str, Item],
    *,
    by,
) -> None:
    """Raise an alert for each code in ``marked``, or describe one still without a description.

    An alert is never taken back here: what was described stays as it is. Sends ``alert_raised``
    after the commit, once per alert.
    """
    for code, text in marked.items():
        item = items.get(code)
        if item is None or item.kind != ItemKind.ALERT:
            raise Refusal(_("“%(code)s” is not a treatment alert.") % {"code": code})
        alert, new = SafeguardingAlert.objects.get_or_create(
            session=session,
            cycle_number=cycle_number,
            item=item,
            defaults={"description": text.strip()},
        )
        if new:
            audit.record("alerts.raise", alert, by=by)
            _tell(alert.pk)
        elif not alert.description and text.strip():
            alert.description = text.strip()
            alert.save(update_fields=["description"])
            audit.record("alerts.describe", alert, by=by)


def _tell(alert_id: int) -> None:
    transaction.on_commit(
        lambda: alert_raised.send_robust(sender=SafeguardingAlert, alert_id=alert_id)
    )
