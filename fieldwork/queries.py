"""Questions asked of deliveries in more than one place."""

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from fieldwork import kinds
from fieldwork.enums import STANDING, WAITING, DeliveryState
from fieldwork.models import Delivery, DeliveryQuerySet
from organisations.models import Post, Unit, User


def waiting(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those that wait for a person's decision, the oldest first."""
    return deliveries.filter(state__in=WAITING).order_by("received_at", "pk")


def failed(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those held because the house itself broke over them, the oldest first."""
    known = [kind.name for kind in kinds.kinds()]
    rows = deliveries.filter(state=DeliveryState.HELD, code="error", kind__in=known)
    return rows.order_by("received_at", "pk")


def settled_with(user: User, permission: str) -> DeliveryQuerySet:
    """Deliveries that ``user`` decides about by ``permission``: of the kinds that name it."""
    names = [kind.name for kind in kinds.kinds() if kind.settled_with == permission]
    return Delivery.objects.filter(kind__in=names).visible_to(user, permission)


def too_many(user: User) -> bool:
    """Whether more came from ``user`` within the hour than any honest phone sends."""
    hour = timezone.now() - datetime.timedelta(hours=1)
    recent = Delivery.objects.filter(by=user, received_at__gte=hour)
    return recent.count() >= settings.FIELD_RECORDS_PER_HOUR


def standing(record: uuid.UUID) -> Delivery | None:
    """The delivery of ``record`` that counts, or would once it is let in."""
    return Delivery.objects.filter(record=record, state__in=STANDING).first()


def other_than(delivery: Delivery) -> Delivery | None:
    """What ``delivery`` collides with, where that came from a phone as well."""
    if delivery.rival is None:
        return None
    rows = Delivery.objects.filter(record=delivery.rival).exclude(pk=delivery.pk)
    rows = rows.select_related("by")
    return rows.filter(state__in=STANDING).first() or rows.order_by("received_at", "pk").first()


def passed_over(delivery: Delivery) -> set[str]:
    """Rules that people have passed over for ``delivery``, by their codes."""
    rows = delivery.settlements.filter(passes_over=True)
    return set(rows.values_list("code", flat=True))


def own_answer(user: User, kind: str, record: uuid.UUID, sha256: str = "") -> Delivery | None:
    """The delivery that ``user`` made of ``record``: with this hash, or the last one."""
    rows = Delivery.objects.filter(by=user, kind=kind, record=record)
    if sha256:
        rows = rows.filter(sha256=sha256)
    return rows.defer("body").order_by("-received_at", "-pk").first()


def post_of(user: User) -> Unit | None:
    """The unit of the uppermost post of ``user``; without one in force, of the last one."""
    posts = Post.objects.filter(user=user).select_related("unit")
    now = posts.in_force().order_by("unit__depth", "unit__path").first()
    last = now or posts.order_by("-ends_on", "-starts_on").first()
    return last.unit if last else None


def own_deliveries(user: User) -> list[dict[str, Any]]:
    """What arrived from the phones of ``user``, for herself."""
    rows = Delivery.objects.filter(by=user).order_by("received_at", "pk")
    return [dict(row) for row in rows.values("kind", "record", "received_at", "state", "reason")]
