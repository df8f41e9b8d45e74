"""Records from a phone that wait for a coordinator, sent through the mailroom as any other."""

import datetime
import json
import uuid
from typing import Any

import numpy as np
from django.conf import settings
from django.utils import translation

from config.demo import writing
from config.demo.world import World
from fieldwork.actions import deliveries
from fieldwork.serializers import envelopes
from observation.actions.deliveries import KIND
from observation.models import Cycle, ObservationSession
from observation.queries import closed
from organisations.models import Unit, User


def write(world: World, rng: np.random.Generator) -> dict[str, int]:
    """Three sessions of the first mentor: of a visit that is there already, of a room of
    somebody else, and one cut off after its first cycle. The mailroom holds each by its own rules.
    """
    mentor = User.objects.get(pk=int(world.people.mentors[0]))
    sessions = closed(ObservationSession.objects.select_related("unit", "version__instrument"))
    own = sessions.filter(observer=mentor).order_by("-observed_on", "pk")[0]
    rooms = Unit.objects.visible_to(mentor, KIND.sent_with)
    others = sessions.exclude(unit__in=rooms).order_by("unit__path", "-observed_on", "pk")
    again, elsewhere, cut_off = (_content(session) for session in (own, others[0], own))
    cut_off |= {"observed_on": str(world.day), "cycles": cut_off["cycles"][:1]}
    device, *numbers = (str(uuid.UUID(drawn)) for drawn in writing.uuids(rng, 4))
    for number, content in zip(numbers, (again, elsewhere, cut_off), strict=True):
        _send(content, number, device, mentor)
    return {"held records": len(numbers)}


def _send(content: dict[str, Any], number: str, device: str, by: User) -> None:
    at = f"{content['observed_on']}T18:00:00Z"
    told = {"kind": KIND.name, "id": number, "by": by.pk, "device": device, "content": content}
    told |= {"made_at": at, "closed_at": at}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    body = text.encode()
    with translation.override(settings.LANGUAGE_CODE):
        deliveries.receive(record=envelopes.read(body, by=by), body=body, by=by)


def _content(session: ObservationSession) -> dict[str, Any]:
    """What a phone would say of ``session``."""
    version = session.version
    return {
        "room": session.unit.code,
        "caregiver": session.caregiver_id,
        "purpose": session.purpose,
        "observed_on": str(session.observed_on),
        "age_group": session.age_group,
        "instrument": {
            "code": version.instrument.code,
            "version": version.number,
            "hash": version.content_hash,
        },
        "appointment": "",
        "leave_missing": True,
        "cycles": [_cycle(cycle) for cycle in session.cycles.order_by("number")],
    }


def _cycle(cycle: Cycle) -> dict[str, Any]:
    return {
        "number": cycle.number,
        "moments": cycle.moments,
        "started_at": _clock(cycle.started_at),
        "ended_at": _clock(cycle.ended_at),
        "minutes_reason": "",
        "context": cycle.context,
        "pauses": [],
        "notes": [],
        "ratings": {
            rating.item.code: {
                "state": rating.state,
                "value": rating.value,
                "note": rating.note,
                "marks": [],
            }
            for rating in cycle.ratings.select_related("item").order_by("item__order")
        },
    }


def _clock(at: datetime.time | None) -> str | None:
    return at.isoformat() if at else None
