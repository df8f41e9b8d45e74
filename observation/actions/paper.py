"""A form filled in on paper becomes a draft: whole, or not at all."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from observation.actions import sessions
from observation.actions.cycles import CycleEntry
from observation.models import ObservationSession
from organisations.models import User


@transaction.atomic
def take(*, opening: dict[str, Any], cycles: Iterable[CycleEntry], by: User) -> ObservationSession:
    """Begin a session and keep ``cycles`` in it. The same again is the same session.

    ``opening``: room, caregiver, observed_on, purpose, version and id, as ``sessions.begin``
    takes them.
    """
    session = sessions.begin(by=by, **opening)
    return sessions.save_draft(session=session, cycles=cycles, by=by)
