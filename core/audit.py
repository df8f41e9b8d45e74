"""Who did what, when, to which record."""

from typing import Any

from django.db import models

from core.models import AuditRecord

# Actions that only holders of a permission may read of, by how their names begin
_protected: dict[str, str] = {}


def protect(prefix: str, permission: str) -> None:
    """Show actions that begin with ``prefix`` to holders of ``permission`` alone."""
    _protected[prefix] = permission


def hidden_from(permissions: set[str]) -> list[str]:
    """How those actions begin that somebody with ``permissions`` may not read of."""
    return [prefix for prefix, need in _protected.items() if need not in permissions]


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
