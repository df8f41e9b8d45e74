import datetime
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Long enough to correct a doubt by telephone, short enough that lists of people do not lie about.
KEPT_FOR = datetime.timedelta(hours=24)


def in_a_day() -> datetime.datetime:
    return timezone.now() + KEPT_FOR


class ImportFileQuerySet(models.QuerySet):
    """Files waiting to be confirmed."""

    def kept_for(self, user) -> "ImportFileQuerySet":
        """The files that ``user`` sent and that have not expired."""
        return self.filter(user=user, expires_at__gt=timezone.now())


class ImportFile(models.Model):
    """A list that somebody sent and has yet to confirm; emptied once it is applied."""

    not_scoped_because = "only the person who sent a file sees it, for a day"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="import_files", verbose_name=_("by")
    )
    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("hash of the content"), max_length=64)
    content = models.BinaryField(_("content"))
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    expires_at = models.DateTimeField(_("kept until"), default=in_a_day)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    counts = models.JSONField(_("rows"), default=dict)

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file to import")
        verbose_name_plural = _("files to import")
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"
