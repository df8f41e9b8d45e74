"""Questions asked of sessions and instruments in more than one place."""

from django.db.models import Avg, Count, OuterRef, Q, QuerySet, Subquery

from observation.enums import (
    InstrumentKind,
    ItemKind,
    Purpose,
    RatingState,
    SessionStatus,
    VersionStatus,
)
from observation.models import (
    InstrumentVersion,
    Item,
    ObservationSession,
    SafeguardingAlert,
    SessionScore,
)
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Post, Unit, User
from organisations.roles import RoleCode


def closed(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """Closed sessions, corrected ones among them."""
    return sessions.filter(status=SessionStatus.CLOSED)


def current(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """Closed sessions that no closed correction has replaced."""
    return closed(sessions).exclude(superseded_by__status=SessionStatus.CLOSED)


def of_the_programme(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """Sessions of rooms: without imported data sets."""
    return sessions.filter(dataset=None)


def official(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """What official figures count: current sessions of an official evaluation, none imported."""
    return of_the_programme(current(sessions)).filter(purpose=Purpose.OFFICIAL)


def drafts_of(observer: User) -> QuerySet[ObservationSession]:
    """Sessions that ``observer`` has begun and not closed, the oldest first."""
    return ObservationSession.objects.filter(
        observer=observer, status=SessionStatus.DRAFT, dataset=None
    ).order_by("observed_on", "created_at")


def checklist_versions() -> QuerySet[InstrumentVersion]:
    """Published versions of checklists, the newest number of each instrument first."""
    return InstrumentVersion.objects.filter(
        status=VersionStatus.PUBLISHED, instrument__kind=InstrumentKind.CHECKLIST
    ).order_by("instrument__code", "-number")


def items_with_means(session: ObservationSession) -> QuerySet[Item]:
    """Scored items of the session's version with ``mean`` and ``n`` over its scored cycles."""
    hers = Q(ratings__cycle__session=session, ratings__state=RatingState.SCORED)
    return (
        Item.objects.filter(version=session.version_id, kind=ItemKind.SCORED)
        .select_related("domain", "scale")
        .annotate(mean=Avg("ratings__value", filter=hers), n=Count("ratings", filter=hers))
        .order_by("order")
    )


def caregivers_in(rooms: QuerySet[Unit]) -> QuerySet[User]:
    """Caregivers who hold a post today in one of ``rooms``."""
    posts = Post.objects.in_force().filter(role=RoleCode.CAREGIVER, unit__in=rooms)
    return User.objects.filter(pk__in=posts.values("user")).order_by("first_name", "last_name")


def described(alerts: ScopedQuerySet) -> QuerySet[SafeguardingAlert]:
    """Alerts with all that a page of them shows."""
    return alerts.select_related("item", "session__unit", "session__observer")


def readable_by(sessions: QuerySet[ObservationSession], user: User) -> QuerySet[ObservationSession]:
    """Of rooms, closed; a draft is for its observer alone."""
    hers = Q(status=SessionStatus.DRAFT, observer=user)
    return sessions.filter(Q(status=SessionStatus.CLOSED) | hers, dataset=None)


def with_scores(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """Sessions with ``overall``, the score over all domains (None where not valid)."""
    whole = SessionScore.objects.filter(session=OuterRef("pk"), domain=None)
    return sessions.annotate(overall=Subquery(whole.values("score")[:1]))
