"""Official rounds: who may observe in them, how far they are."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from observation.enums import Purpose, SessionStatus
from observation.models import EvaluationRound, ObservationSession, RoundAssignment
from organisations.enums import UnitKind
from organisations.models import Post, Unit, User
from organisations.roles import holders

MOST_OFFERED = 60


def observers(units: QuerySet[Unit]) -> QuerySet[User]:
    """People who hold a post today in one of ``units`` that lets them observe."""
    posts = Post.objects.in_force().filter(role__in=holders("observation.record"), unit__in=units)
    return User.objects.filter(pk__in=posts.values("user")).order_by("first_name", "last_name")


def rooms_named(rooms: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """The first open ``rooms`` whose own or whose centre's name or code holds ``text``."""
    found = rooms.filter(kind=UnitKind.ROOM, closed_on=None)
    if text:
        named = Q(name__icontains=text) | Q(code__icontains=text)
        paths = Unit.objects.of_kind(UnitKind.CENTRE).filter(named).values_list("path", flat=True)
        inside = Q(*(Q(path__startswith=path) for path in paths[:20]), _connector=Q.OR)
        found = found.filter(named | inside)
    return found.filter(pk__in=found.values("pk")[:MOST_OFFERED])


def with_progress(rounds: QuerySet[EvaluationRound]) -> QuerySet[EvaluationRound]:
    """Each with ``planned`` and ``done``: official visits, and those observed by their observer."""
    done = Count("assignments", filter=Exists(_observed("assignments__")), distinct=True)
    counted = rounds.annotate(planned=Count("assignments", distinct=True), done=done)
    return counted.select_related("unit").order_by("-starts_on", "-pk")


def with_sessions(visits: QuerySet[RoundAssignment]) -> QuerySet[RoundAssignment]:
    """Each with ``session``: the first session that did it, if any."""
    return visits.select_related("room", "observer").annotate(session=_observed().values("pk")[:1])


def still_to_make(observer: User) -> QuerySet[RoundAssignment]:
    """Visits that ``observer`` has not made yet, of rounds that are not over."""
    hers = RoundAssignment.objects.filter(
        observer=observer, round__ends_on__gte=timezone.localdate()
    )
    return hers.filter(~Exists(_observed())).select_related("room")


def _observed(prefix: str = "") -> QuerySet[ObservationSession]:
    """Closed official sessions of a visit's room by its observer within its round."""
    round_ = {
        "observed_on__gte": OuterRef(f"{prefix}round__starts_on"),
        "observed_on__lte": OuterRef(f"{prefix}round__ends_on"),
    }
    return ObservationSession.objects.filter(
        unit=OuterRef(f"{prefix}room"),
        observer=OuterRef(f"{prefix}observer"),
        purpose=Purpose.OFFICIAL,
        status=SessionStatus.CLOSED,
        **round_,
    ).order_by("observed_on")
