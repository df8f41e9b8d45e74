from django.db import models
from django.utils.translation import gettext_lazy as _

from lrs.models.credentials import WHY, Credential


class RefusedRequest(models.Model):
    """That a request was refused, and why; never what it carried."""

    not_scoped_because = WHY

    at = models.DateTimeField(_("when"), auto_now_add=True)
    credential = models.ForeignKey(
        Credential,
        models.CASCADE,
        null=True,
        related_name="refused_requests",
        verbose_name=_("client"),
    )
    status = models.PositiveSmallIntegerField(_("status"))
    method = models.CharField(_("method"), max_length=10)
    resource = models.CharField(_("resource"), max_length=40)
    sentence = models.CharField(_("reason"), max_length=200)
    where = models.CharField(_("property"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("refused request")
        verbose_name_plural = _("refused requests")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["at"], name="lrs_refused_request_at")]

    def __str__(self) -> str:
        return f"{self.status} {self.sentence}"
