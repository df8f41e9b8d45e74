"""Sessions, their scores and the checklists that they are made with."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact

from observation.enums import (
    InstrumentKind,
    ItemKind,
    RatingState,
    SessionStatus,
    VersionStatus,
)
from observation.models import (
    InstrumentVersion,
    Item,
    ObservationSession,
    PairCoding,
    Rating,
    SessionScore,
)
from organisations.enums import UnitKind
from organisations.models import Post, Unit, User
from organisations.roles import RoleCode

# As it came in: a scoped queryset stays one.
Sessions = TypeVar("Sessions", bound=QuerySet[ObservationSession])
CHECKLIST = "checklist"  # the programme's own
# Of a search by name: more than that is no search.
MOST_ROOMS = 500


def closed(sessions: Sessions) -> Sessions:
    """Closed sessions, corrected ones among them."""
    return sessions.filter(status=SessionStatus.CLOSED)


def current(sessions: Sessions) -> Sessions:
    """Closed sessions that no closed correction has replaced.

    Not by a join: where corrections are rare, SQLite reads all sessions again for each one.
    """
    corrections = closed(ObservationSession.objects.exclude(supersedes=None))
    return closed(sessions).exclude(pk__in=corrections.order_by().values("supersedes"))


def of_the_programme(sessions: Sessions) -> Sessions:
    """Sessions of rooms: without imported data sets."""
    return sessions.filter(dataset=None)


def drafts_of(observer: User) -> QuerySet[ObservationSession]:
    """Sessions that ``observer`` has begun and not closed, the oldest first."""
    return ObservationSession.objects.filter(
        observer=observer, status=SessionStatus.DRAFT, dataset=None
    ).order_by("observed_on", "created_at")


def checklist_versions() -> QuerySet[InstrumentVersion]:
    """Published versions: the programme's checklist before others, the newest number first."""
    return InstrumentVersion.objects.filter(
        status=VersionStatus.PUBLISHED, instrument__kind=InstrumentKind.CHECKLIST
    ).order_by(Exact(F("instrument__code"), CHECKLIST).desc(), "instrument__code", "-number")


def newest_checklists() -> QuerySet[InstrumentVersion]:
    """The newest published version of each checklist."""
    published = checklist_versions()
    newer = published.filter(instrument=OuterRef("instrument"), number__gt=OuterRef("number"))
    return published.exclude(Exists(newer)).select_related("instrument")


def scored_items(session: ObservationSession) -> QuerySet[Item]:
    """Scored items of the session's version, in their order."""
    return (
        Item.objects.filter(version=session.version_id, kind=ItemKind.SCORED)
        .select_related("domain", "scale")
        .order_by("order")
    )


def item_means(session: ObservationSession) -> QuerySet[Rating, Mapping[str, Any]]:
    """By item (id): ``mean`` and ``n`` over the cycles in which it was scored."""
    # From the session's ratings up: annotated on items, it would read those of all sessions.
    given = Rating.objects.filter(cycle__session=session, state=RatingState.SCORED)
    return given.values("item").annotate(mean=Avg("value"), n=Count("pk")).order_by()


def caregivers_in(rooms: QuerySet[Unit]) -> QuerySet[User]:
    """Caregivers who hold a post today in one of ``rooms``."""
    posts = Post.objects.in_force().filter(role=RoleCode.CAREGIVER, unit__in=rooms)
    return User.objects.filter(pk__in=posts.values("user")).order_by("first_name", "last_name")


def readable_by(sessions: Sessions, user: User) -> Sessions:
    """Of rooms, closed; a draft is for its observer alone.

    Who codes a room together with another sees the other's session once both have closed theirs.
    """
    hers = Q(status=SessionStatus.DRAFT, observer=user)
    read = sessions.filter(Q(status=SessionStatus.CLOSED) | hers, dataset=None)
    blind = PairCoding.objects.filter(
        Q(pair__first=user) | Q(pair__second=user),
        pair__completed_at=None,
        pair__cancelled_at=None,
    ).exclude(session__observer=user)
    return read.exclude(pk__in=blind.order_by().values("session"))


def with_scores(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """Sessions with ``whole``: a list of the one score over all domains, empty for a draft."""
    # Fetched for the page alone; as a subquery it would be computed for every row that is sorted.
    whole = SessionScore.objects.filter(domain=None)
    return sessions.prefetch_related(Prefetch("scores", whole, to_attr="whole"))


def at_places(sessions: Sessions, text: str) -> Sessions:
    """Sessions in rooms whose own or whose centre's name or code holds ``text``."""
    named = Q(name__icontains=text) | Q(code__icontains=text)
    centres = Unit.objects.of_kind(UnitKind.CENTRE).filter(named)
    rooms = Unit.objects.of_kind(UnitKind.ROOM).alias(
        centre=Left("path", Length("path") - Unit.steplen),
        # Rooms of the same name elsewhere must not use up the limit.
        observed=Exists(sessions.filter(unit=OuterRef("pk"))),
    )
    named_so = rooms.filter(named | Q(centre__in=centres.values("path")), observed=True)
    # As a list: units are few, and the sessions then come by their index.
    return sessions.filter(unit__in=list(named_so.values_list("pk", flat=True)[:MOST_ROOMS]))
