"""Who did what, when, to which record."""

from typing import Any

from django.db import models

from core.models import AuditRecord


def record(
    action: str, obj: models.Model, *, by: models.Model | None, detail: dict[str, Any] | None = None
) -> AuditRecord:
    """Leave an audit record of ``action`` ("sessions.close") on ``obj`` by the person ``by``.

    ``by`` is None for the system itself. ``detail`` holds ids, codes and counts, never free text
    or personal data. Call it inside the transaction of the write it tells of.
    """
    return AuditRecord.objects.create(
        action=action,
        actor_id=by.pk if by is not None else None,
        model=obj._meta.label,
        object_id="" if obj.pk is None else str(obj.pk),
        unit_path=getattr(obj, "audit_path", ""),
        detail=detail or {},
    )
