"""Questions asked of deliveries in more than one place."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from fieldwork import kinds
from fieldwork.enums import STANDING, WAITING
from fieldwork.models import Delivery, DeliveryQuerySet
from organisations.models import Post, Unit, User


def waiting(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those that wait for a person's decision, the oldest first."""
    return deliveries.filter(state__in=WAITING).order_by("received_at", "pk")


def failed(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those held because the house itself broke over them."""
    return deliveries.filter(state__in=WAITING, code="error").order_by("received_at", "pk")


def settled_by(user: User) -> DeliveryQuerySet:
    """Deliveries that ``user`` may see and decide about, by the permission of each kind."""
    permissions: dict[str, list[str]] = {}
    for kind in kinds.kinds():
        permissions.setdefault(kind.settled_with, []).append(kind.name)
    rows = Delivery.objects.none()
    for permission, names in permissions.items():
        rows = rows | Delivery.objects.filter(kind__in=names).visible_to(user, permission)
    return rows


def too_many(user: User) -> bool:
    """Whether more came from ``user`` within the hour than any honest phone sends."""
    hour = timezone.now() - datetime.timedelta(hours=1)
    recent = Delivery.objects.filter(by=user, received_at__gte=hour)
    return recent.count() >= settings.FIELD_RECORDS_PER_HOUR


def of_record(delivery: Delivery) -> QuerySet[Delivery]:
    """All contents that arrived under the number of ``delivery``, the first first."""
    return Delivery.objects.filter(record=delivery.record).order_by("received_at", "pk")


def standing(record) -> Delivery | None:
    """The delivery of ``record`` (its id) that counts, or would once it is let in."""
    return Delivery.objects.filter(record=record, state__in=STANDING).first()


def own_answer(user: User, kind: str, record, sha256: str = "") -> Delivery | None:
    """The delivery that ``user`` made of ``record``: with this hash, or the last one."""
    rows = Delivery.objects.filter(by=user, kind=kind, record=record)
    if sha256:
        rows = rows.filter(sha256=sha256)
    return rows.order_by("-received_at", "-pk").first()


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
