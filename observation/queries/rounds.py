"""Official rounds: who may observe in them, how far they are."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import cast

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from observation.enums import Purpose
from observation.models import EvaluationRound, ObservationSession, RoundAssignment
from observation.queries.official import once
from observation.queries.sessions import current, of_the_programme
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


def with_planned(rounds: QuerySet[EvaluationRound]) -> QuerySet[EvaluationRound]:
    """Each with ``planned``, its official visits, and its unit; the newest first."""
    counted = rounds.annotate(planned=Count("assignments"))
    return counted.select_related("unit").order_by("-starts_on", "-pk")


def read_progress(rounds: Iterable[EvaluationRound]) -> None:
    """Give each of ``rounds`` ``done``: how many of its visits were made."""
    rounds = list(rounds)
    visits = RoundAssignment.objects.filter(round__in=[each.pk for each in rounds])
    done = Counter(visit.round_id for visit in made(visits))
    for each in rounds:
        each.done = done[each.pk]  # type: ignore[attr-defined]  # read by the page


def read_sessions(visits: Iterable[RoundAssignment]) -> None:
    """Give each of ``visits`` ``session``: the id of the one that did it, or None."""
    visits = list(visits)
    done = made(RoundAssignment.objects.filter(pk__in=[visit.pk for visit in visits]))
    for visit in visits:
        visit.session = done.get(visit)  # type: ignore[attr-defined]  # read by the page


def still_to_make(observer: User) -> QuerySet[RoundAssignment]:
    """Visits that ``observer`` has not made yet, of rounds that are not over."""
    hers = RoundAssignment.objects.filter(
        observer=observer, round__ends_on__gte=timezone.localdate()
    )
    return hers.exclude(pk__in=[visit.pk for visit in made(hers)]).select_related("room")


def made(visits: QuerySet[RoundAssignment]) -> dict[RoundAssignment, uuid.UUID]:
    """By visit that was made the session that did it; also other visits of their observers there.

    A session does one visit: that for which it was sent, on whatever day, else the earliest of
    its observer in its room whose round it lies in. So two visits need two sessions.
    """
    rooms, observers = visits.values("room"), visits.values("observer")
    places: dict[tuple[int, int | None], list[RoundAssignment]] = {}
    alike = RoundAssignment.objects.filter(room__in=rooms, observer__in=observers)
    for visit in alike.select_related("round").order_by("planned_on", "pk"):
        places.setdefault((visit.room_id, visit.observer_id), []).append(visit)
    if not places:
        return {}
    official = ObservationSession.objects.filter(
        unit__in=rooms, observer__in=observers, purpose=Purpose.OFFICIAL
    )
    found = once(of_the_programme(current(official))).order_by("observed_on", "closed_at")
    sessions: dict[tuple[int, int | None], list[ObservationSession]] = {}
    for session in found.only("unit", "observer", "observed_on", "appointment"):
        sessions.setdefault((session.unit_id, session.observer_id), []).append(session)
    done: dict[RoundAssignment, uuid.UUID] = {}
    for place, planned in places.items():
        done |= _allotted(planned, sessions.get(place, []))
    return done


def _allotted(
    planned: list[RoundAssignment], sessions: list[ObservationSession]
) -> dict[RoundAssignment, uuid.UUID]:
    """As ``made``, of one observer in one room, both in the order of their days."""
    names = {visit.reference: visit for visit in planned}
    done: dict[RoundAssignment, uuid.UUID] = {}
    for session in sessions:
        if session.appointment in names:
            done.setdefault(names[session.appointment], session.pk)
    free = [session for session in sessions if session.appointment not in names]
    for visit in planned:
        since, until = visit.round.starts_on, visit.round.ends_on
        fits = (one for one in free if since <= cast(date, one.observed_on) <= until)
        if visit not in done and (chosen := next(fits, None)):
            free.remove(chosen)
            done[visit] = chosen.pk
    return done
