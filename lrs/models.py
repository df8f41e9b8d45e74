import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

WHY = "the record store knows clients by credentials, not units"


class Credential(models.Model):
    """A client of the record store: key, hashed secret, and what it may do."""

    not_scoped_because = WHY

    name = models.CharField(_("name"), max_length=100, unique=True)
    key = models.CharField(_("key"), max_length=64, unique=True)
    secret_hash = models.CharField(_("hash of the secret"), max_length=64)
    can_read = models.BooleanField(_("may read"), default=True)
    can_write = models.BooleanField(_("may write"), default=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """An xAPI statement, kept as it came; what is searched stands in columns. Never changed.

    ``actor``, ``verb`` and ``object`` hold the keys of ``lrs.keys``: IRIs and agents as searched.
    """

    not_scoped_because = WHY

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # JSON as given back: what came, with the store's id, stored, authority, timestamp and version
    raw = models.TextField(_("statement"))
    fingerprint = models.CharField(_("hash of what may not change"), max_length=64)
    actor = models.CharField(_("actor"), max_length=500)
    verb = models.CharField(_("verb"), max_length=500)
    object = models.CharField(_("object"), max_length=500)
    registration = models.UUIDField(_("registration"), null=True, blank=True)
    timestamp = models.DateTimeField(_("happened"))
    stored = models.DateTimeField(_("stored"))
    credential = models.ForeignKey(
        Credential, models.PROTECT, null=True, related_name="statements", verbose_name=_("client")
    )

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-stored", "-id"]
        indexes = [
            models.Index(fields=["-stored", "-id"]),
            models.Index(fields=["actor", "verb", "-stored"]),
            models.Index(fields=["object", "-stored"]),
            models.Index(fields=["verb", "-stored"]),
            models.Index(fields=["registration"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.object}"
