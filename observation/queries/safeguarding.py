"""Safeguarding cases and who answers for them."""

import datetime
import uuid

from django.db.models import Case, DateTimeField, F, Q, QuerySet, When

from observation.enums import CaseStatus
from observation.models import SafeguardingAlert, SafeguardingCase
from organisations.models import Post, Unit, User
from organisations.roles import holders

# By when the next move is due; NULL where a case is over.
DUE = Case(
    When(status=CaseStatus.OPEN, then=F("look_by")),
    When(status=CaseStatus.IN_HAND, then=F("hand_over_by")),
    output_field=DateTimeField(null=True),
)


def alerts_of(session: uuid.UUID) -> QuerySet[SafeguardingAlert]:
    """Alerts raised in one session: for its own observer while it is a draft, and for officers."""
    return SafeguardingAlert.objects.filter(case__session_uid=session)


def by_due(cases: QuerySet[SafeguardingCase]) -> QuerySet[SafeguardingCase]:
    """Cases with what is due first, and what is over last: databases disagree on NULL."""
    return cases.order_by(DUE.asc(nulls_last=True), "-opened_at")


def overdue(
    cases: QuerySet[SafeguardingCase], now: datetime.datetime
) -> QuerySet[SafeguardingCase]:
    """Cases whose next move is late."""
    return cases.filter(
        Q(status=CaseStatus.OPEN, look_by__lt=now)
        | Q(status=CaseStatus.IN_HAND, hand_over_by__lt=now)
    )


def officers_for(unit: Unit) -> QuerySet[User]:
    """Officers of child protection whose post lies at ``unit`` or above it."""
    steps = range(Unit.steplen, len(unit.path) + 1, Unit.steplen)
    posts = Post.objects.in_force().filter(
        role__in=holders("observation.safeguarding"),
        unit__path__in=[unit.path[:end] for end in steps],
    )
    return User.objects.filter(pk__in=posts.values("user"), is_active=True)


def without_officer(regions: QuerySet[Unit]) -> list[Unit]:
    """Those of ``regions`` for which no officer of child protection holds a post."""
    posts = Post.objects.in_force().filter(role__in=holders("observation.safeguarding"))
    paths = tuple(posts.values_list("unit__path", flat=True).distinct())
    return [unit for unit in regions if not unit.path.startswith(paths)]
