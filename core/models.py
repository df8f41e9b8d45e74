"""The audit trail and abstract bases. Nothing here knows a nursery."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditRecord(models.Model):
    """Who did what, when, to which record. Never changed, never deleted (see append_only).

    The person is kept as an id without a foreign key: the record outlives the account, and core
    stands below the app that knows people. ``unit_path`` is the treebeard path of the unit the
    record lies in, so the app above can show each reader her own part.
    """

    not_scoped_because = "core knows no units; organisations.queries.audit_records reads unit_path"

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor_id = models.BigIntegerField(_("person"), null=True, editable=False)
    action = models.CharField(_("what"), max_length=80, editable=False)
    model = models.CharField(_("kind of record"), max_length=80, editable=False)
    object_id = models.CharField(_("record"), max_length=64, editable=False)
    unit_path = models.CharField(max_length=255, blank=True, editable=False)
    detail = models.JSONField(_("detail"), default=dict, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"]),
            models.Index(fields=["unit_path", "-at"]),
            models.Index(fields=["model", "object_id"]),
            models.Index(fields=["actor_id", "-at"]),
            models.Index(fields=["action", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.model} {self.object_id}"
