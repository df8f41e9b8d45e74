from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccessTokenQuerySet(models.QuerySet):
    """Tokens, and those that still open."""

    def valid(self) -> "AccessTokenQuerySet":
        """Neither revoked nor past their last day, of people whose account is open."""
        today = timezone.localdate()
        return self.filter(revoked_at=None, expires_on__gte=today, user__is_active=True)


class AccessToken(models.Model):
    """With it a program reads in a person's name; its secret is shown once and kept nowhere."""

    not_scoped_because = "a token has no place of its own; its person's posts have"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_tokens", verbose_name=_("of")
    )
    name = models.CharField(_("what for"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("may"), default=list)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_on = models.DateField(_("last day"))
    last_used_on = models.DateField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_on >= timezone.localdate()
