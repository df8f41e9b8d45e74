"""What observation puts on a phone: rooms, how they stood last, checklists, visits to make.

A lost phone must tell little: no child, no birth date, no address, no rating of an item.
"""

from functools import lru_cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext, override

from observation import queries
from observation.actions import instruments
from observation.enums import CARE_ROUTINES, PLAY_OR_ACTIVITY, Moment, Purpose
from observation.models import InstrumentVersion, ObservationSession, RoundAssignment
from observation.queries import double, rounds
from organisations.enums import UnitKind
from organisations.models import Post, Unit, User
from organisations.queries import read_centres
from organisations.roles import RoleCode

MOST_ROOMS = 500  # a mentor has some forty; a zone some two hundred
MOST_APPOINTMENTS = 200


def of(user: User) -> dict[str, Any]:
    """Rooms in which ``user`` records, and what she records with; empty where nowhere."""
    places = Unit.objects.of_kind(UnitKind.ROOM).visible_to(user, "observation.record")
    open_ones = places.exclude(closed_on__lte=timezone.localdate())
    rooms = list(open_ones[: MOST_ROOMS + 1])
    left_out = len(rooms) > MOST_ROOMS
    rooms = rooms[:MOST_ROOMS]
    read_centres(rooms)
    people, scores = _caregivers(rooms), _last(rooms, user)
    visits = _visits(user) if rooms else []
    return {
        "rooms": [
            {
                "code": room.code,
                "name": room.name,
                "centre": str(room.centre or ""),
                "age_group": room.age_group,
                "caregivers": people.get(room.path, [])
                + people.get(room.path[: -Unit.steplen], []),
                "last": scores.get(room.pk),
            }
            for room in rooms
        ],
        "rooms_left_out": left_out,
        "instruments": [_instrument(version) for version in (_versions(visits) if rooms else [])],
        "moments": [
            {"value": moment.value, "label": _in_all_languages(moment), "group": _group(moment)}
            for moment in Moment
        ],
        "appointments": [*map(_official, visits), *(_seats(user) if rooms else [])],
    }


def _caregivers(rooms: list[Unit]) -> dict[str, list[dict[str, Any]]]:
    """By the path of a room or of its centre: who has a caregiver's post there today."""
    paths = {room.path for room in rooms} | {room.path[: -Unit.steplen] for room in rooms}
    posts = Post.objects.in_force().filter(role=RoleCode.CAREGIVER, unit__path__in=paths)
    named = posts.select_related("user", "unit").order_by(
        "unit__path", "user__first_name", "user__last_name", "user"
    )
    return {
        path: [{"id": post.user_id, "name": str(post.user)} for post in group]
        for path, group in groupby(named, key=lambda post: post.unit.path)
    }


def _last(rooms: list[Unit], user: User) -> dict[int, dict[str, Any]]:
    """By room: day and domain scores of the last session that counts and that ``user`` may read."""
    read = queries.readable_by(ObservationSession.objects.all(), user)
    counted = queries.countable(read)
    days = counted.filter(unit__in=[room.pk for room in rooms]).order_by()
    newest = dict(days.values("unit").annotate(day=Max("observed_on")).values_list("unit", "day"))
    sessions = counted.filter(unit__in=newest, observed_on__in=set(newest.values()))
    last = {
        session.unit_id: session
        for session in sessions.order_by("closed_at", "pk").prefetch_related("scores__domain")
        if session.observed_on == newest[session.unit_id]
    }
    return {
        unit: {
            "observed_on": str(session.observed_on),
            "domains": {
                score.domain.code: round(score.score, 1)
                for score in session.scores.all()
                if score.domain is not None and score.score is not None
            },
        }
        for unit, session in last.items()
    }


def _visits(user: User) -> list[RoundAssignment]:
    """Official visits that ``user`` is still to make, the next first."""
    hers = rounds.still_to_make(user).select_related("room", "round")
    return list(hers.prefetch_related("round__versions")[:MOST_APPOINTMENTS])


def _official(visit: RoundAssignment) -> dict[str, Any]:
    return {
        "id": visit.reference,
        "room": visit.room.code,
        "caregiver": None,
        "planned_on": str(visit.planned_on),
        "title": str(visit.round),
        "purpose": Purpose.OFFICIAL.value,
        "instruments": [version.content_hash for version in visit.round.versions.all()],
    }


def _seats(user: User) -> list[dict[str, Any]]:
    """Visits of double codings that ``user`` is to make as one of the two."""
    mine = [(pair, pair.second_id == user.pk) for pair in double.seats(user)[:MOST_APPOINTMENTS]]
    return [
        {
            "id": pair.appointment(second),
            "room": pair.room.code,
            "caregiver": None,
            "planned_on": str(pair.planned_on),
            "title": gettext("Second observer") if second else gettext("First observer"),
            "purpose": pair.purpose,
            "instruments": [],
        }
        for pair, second in mine
    ]


def _versions(visits: list[RoundAssignment]) -> list[InstrumentVersion]:
    """Published: the newest of each checklist, and those that rounds of ``visits`` observe with."""
    pinned = {version.pk for visit in visits for version in visit.round.versions.all()}
    seen: set[int] = set()
    found = []
    for version in queries.checklist_versions().select_related("instrument"):
        if version.instrument_id not in seen or version.pk in pinned:
            found.append(version)
        seen.add(version.instrument_id)
    return found


def _instrument(version: InstrumentVersion) -> dict[str, Any]:
    return {
        "code": version.instrument.code,
        "version": version.number,
        "hash": version.content_hash,
        "name": dict(version.instrument.name),
        "content": _content(version.content_hash, version.pk),
    }


@lru_cache(maxsize=32)
def _content(content_hash: str, version_id: int) -> dict[str, Any]:
    """What a published version says; kept, since it never changes. The hash is part of the key."""
    return instruments.content_of(InstrumentVersion.objects.get(pk=version_id))


def _group(moment: Moment) -> str:
    """What a session needs one of each of."""
    if moment in CARE_ROUTINES:
        return "care"
    return "play" if moment in PLAY_OR_ACTIVITY else ""


def _in_all_languages(moment: Moment) -> dict[str, str]:
    labels = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            labels[code] = str(moment.label)
    return labels
