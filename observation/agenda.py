"""What observation puts on a phone: rooms, who works there, how it stood last, and the checklists.

A lost phone must tell little: no child, no birth date, no address, no rating of an item.
"""

from functools import lru_cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import override

from observation import queries
from observation.actions import instruments
from observation.enums import CARE_ROUTINES, PLAY_OR_ACTIVITY, Moment
from observation.models import InstrumentVersion, ObservationSession
from organisations.enums import UnitKind
from organisations.models import Post, Unit, User
from organisations.queries import read_centres
from organisations.roles import RoleCode

MOST_ROOMS = 500  # a mentor has some forty; a zone some two hundred


def of(user: User) -> dict[str, Any]:
    """Rooms in which ``user`` records, and what she records with; empty where nowhere."""
    places = Unit.objects.of_kind(UnitKind.ROOM).visible_to(user, "observation.record")
    open_ones = places.exclude(closed_on__lte=timezone.localdate())
    rooms = list(open_ones[: MOST_ROOMS + 1])
    left_out = len(rooms) > MOST_ROOMS
    rooms = rooms[:MOST_ROOMS]
    read_centres(rooms)
    people, scores = _caregivers(rooms), _last(rooms, user)
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
        "instruments": [_instrument(version) for version in (_newest() if rooms else [])],
        "moments": [
            {"value": moment.value, "label": _in_all_languages(moment), "group": _group(moment)}
            for moment in Moment
        ],
        "appointments": [],
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


def _newest() -> list[InstrumentVersion]:
    """The newest published version of each checklist."""
    versions = queries.checklist_versions().select_related("instrument")
    return [next(group) for _code, group in groupby(versions, key=lambda one: one.instrument_id)]


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
