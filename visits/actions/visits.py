"""Visits as they took place."""

import datetime

from django.db import transaction

from core import audit
from observation.models import InstrumentVersion
from organisations.models import Unit, User
from visits import policies
from visits.models import Visit

COUNTS = ("invited", "accepted", "confirmed", "attended")


@transaction.atomic
def record(
    *,
    code: str,
    centre: Unit,
    visited_on: datetime.date,
    version: InstrumentVersion | None,
    by: User | None,
    **counts: int | None,
) -> Visit:
    """Enter a visit of ``centre`` with the guide ``version``; ``counts``: see ``COUNTS``."""
    policies.of_a_centre(centre)
    policies.took_place(visited_on)
    policies.counts_fit(*(counts.get(name) for name in COUNTS[:3]))
    visit = Visit.objects.create(
        code=code,
        centre=centre,
        visited_on=visited_on,
        version=policies.guide_published(version),
        **counts,
    )
    audit.record("visits.record", visit, by=by, detail={"code": code})
    return visit


@transaction.atomic
def change(
    *,
    visit: Visit,
    centre: Unit,
    visited_on: datetime.date,
    by: User | None,
    **counts: int | None,
) -> Visit:
    """Correct a visit; its centre and day only until a parent has answered."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    policies.of_a_centre(centre)
    policies.took_place(visited_on)
    policies.stays_as_answered(visit, centre, visited_on)
    before = {name: getattr(visit, name) for name in counts}
    visit.centre, visit.visited_on = centre, visited_on
    for name, number in counts.items():
        setattr(visit, name, number)
    policies.counts_fit(visit.invited, visit.accepted, visit.confirmed)
    visit.save()
    audit.record("visits.change", visit, by=by, detail={"before": before, "after": counts})
    return visit
