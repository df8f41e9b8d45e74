"""Pictures of sessions, and whether their bytes have come."""

from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from fieldwork.models import Blob
from observation.models import ObservationSession


def pictures_of(session: ObservationSession) -> QuerySet[Any]:
    """Pictures of ``session``, none where the programme wants none.

    Each a ``SessionPicture`` with its ``media_type``, None as long as it has not come from the
    observer's phone.
    """
    come = Blob.objects.filter(
        sha256=OuterRef("sha256"), by=OuterRef("session__observer"), completed_at__isnull=False
    )
    pictures = session.pictures.annotate(media_type=Subquery(come.values("media_type")[:1]))
    return pictures if settings.FIELD_ATTACHMENTS else pictures.none()
