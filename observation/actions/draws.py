"""The monthly draw of double codings, so written down that anybody can repeat it."""

import datetime
import hashlib
import json
import secrets
from calendar import monthrange
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from measurement.sampling.sealed import Sealed, sealed_draw
from observation import policies, queries
from observation.models import CodingDraw, CodingPair
from observation.queries import double, planned
from organisations.models import Unit, User


@transaction.atomic
def draw(*, unit: Unit, month: datetime.date, by: User | None) -> CodingDraw:
    """Draw from the visits below ``unit`` still to come in ``month`` that no draw has held yet.

    Each drawn one becomes a pair that waits for its second observer.
    """
    month = month.replace(day=1)
    policies.month_is_not_over(month)
    # One draw at a time in a country: two at once could hold the same visit.
    top = Unit.objects.filter(path=unit.path[: Unit.steplen])
    list(top.select_for_update().values_list("pk"))
    until = month.replace(day=monthrange(month.year, month.month)[1])
    held = double.drawn_before(month)
    found = planned.visits(unit, max(month, timezone.localdate()), until)
    visits = [visit for visit in found if visit.visit not in held]
    policies.visits_are_left(visits)
    codes = dict(Unit.objects.filter(pk__in=[v.room for v in visits]).values_list("pk", "code"))
    frame = [
        {
            "visit": visit.visit,
            "observer": visit.observer,
            "room": codes[visit.room],
            "on": visit.on.isoformat(),
            "purpose": visit.purpose,
        }
        for visit in visits
    ]
    rules = queries.rules()
    made = CodingDraw(
        unit=unit,
        month=month,
        seed=secrets.token_hex(16),
        share=rules.share,
        minimum=rules.minimum,
        frame=frame,
        frame_hash=frame_hash(frame),
        drawn_by=by,
    )
    made.result = repeat(made)
    made.save()
    drawn = set(made.result)
    CodingPair.objects.bulk_create(
        CodingPair(
            draw=made,
            visit=visit.visit,
            room_id=visit.room,
            planned_on=visit.on,
            purpose=visit.purpose,
            first_id=visit.observer,
        )
        for visit in visits
        if visit.visit in drawn
    )
    detail = {"visits": len(frame), "drawn": len(drawn), "hash": made.frame_hash}
    audit.record("draws.draw", made, by=by, detail=detail)
    return made


def frame_hash(frame: list[dict[str, Any]]) -> str:
    """SHA-256 of the frame as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(frame, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def repeat(made: CodingDraw) -> list[str]:
    """What seed, frame and rules of ``made`` lead to: its result, unless somebody meddled."""
    frame = [Sealed(row["visit"], str(row["observer"])) for row in made.frame]
    return sealed_draw(frame, made.seed, frame_hash(made.frame), made.share, made.minimum)
