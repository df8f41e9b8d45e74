from django.db import models
from django.utils.translation import gettext_lazy as _

from lrs.enums import Scope

WHY = "the record store knows clients by credentials, not units"


class Credential(models.Model):
    """A client of the record store: key, hashed secret, and what it may do."""

    not_scoped_because = WHY

    name = models.CharField(_("name"), max_length=100, unique=True)
    key = models.CharField(_("key"), max_length=64, unique=True)
    secret_hash = models.CharField(_("hash of the secret"), max_length=64)
    scopes = models.JSONField(_("may"), default=list)  # of lrs.enums.Scope
    # The version of xAPI that it last named, to be answered in where a request names none
    speaks = models.CharField(_("speaks"), max_length=10, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)  # to the hour
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def may(self, *scopes: Scope) -> bool:
        """Whether one of ``scopes``, or ``all``, was granted."""
        return not {Scope.ALL, *scopes}.isdisjoint(self.scopes)
