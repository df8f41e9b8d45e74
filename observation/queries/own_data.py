"""What observation keeps about a person, for herself."""

from typing import Any

from django.db.models import QuerySet

from observation.models import Certificate, CodingRound, Export, ObservationSession
from observation.queries.sessions import closed
from organisations.models import User


def own_sessions(user: User) -> list[dict[str, Any]]:
    """Sessions that ``user`` observed, and closed ones of which she is the caregiver."""
    mine = ObservationSession.objects.filter(observer=user)
    about = closed(ObservationSession.objects.filter(caregiver=user))
    fields = ("id", "unit__code", "observed_on", "purpose", "status", "closed_at")
    return [
        *_told(mine.order_by("created_at"), *fields, role="observer"),
        *_told(about.order_by("observed_on", "closed_at"), *fields, role="caregiver"),
    ]


def own_coding_rounds(user: User) -> list[dict[str, Any]]:
    """Practices and tests of ``user`` with their figures; the codes of a test stay secret."""
    rows = CodingRound.objects.filter(observer=user).order_by("started_at")
    return _told(rows, "id", "use", "started_at", "finished_at", "passed", "result__figures")


def own_certificates(user: User) -> list[dict[str, Any]]:
    """Certificates of ``user``, those taken back too, with why."""
    rows = Certificate.objects.filter(observer=user).order_by("issued_on", "id")
    about = ("code", "issued_on", "valid_until", "revocation__since", "revocation__reason")
    return _told(rows, *about)


def own_exports(user: User) -> list[dict[str, Any]]:
    """Files that ``user`` asked for and that are still kept."""
    rows = Export.objects.filter(user=user).order_by("asked_at")
    return _told(rows, "id", "asked_at", "level", "form", "sessions", "expires_at", "sha256")


def _told(rows: QuerySet, *fields: str, **same: str) -> list[dict[str, Any]]:
    return [dict(row) | same for row in rows.values(*fields)]
