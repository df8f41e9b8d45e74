import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from observation.models.instruments import InstrumentVersion


class FileForm(models.TextChoices):
    """In which form an instrument was sent."""

    JSON = "json", _("our own JSON")
    XLSFORM = "xlsform", _("XLSForm")


class InstrumentFile(models.Model):
    """An instrument as it was read from a file: waiting to be confirmed, or made a version.

    It stays with its version, because it says what the file held and the instrument does not.
    """

    not_scoped_because = "whoever may write instruments reads how each was brought in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="instrument_files",
        verbose_name=_("by"),
    )
    form = models.CharField(_("form"), max_length=8, choices=FileForm.choices)
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("hash of the file"), max_length=64)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    # As serializers.instrument_json reads it
    document = models.JSONField(_("what was understood"))
    # [{"place": "survey, row 5, column D (calculation)", "said": …}, …]
    left_out = models.JSONField(_("what could not be expressed"), default=list, blank=True)
    version = models.ForeignKey(
        InstrumentVersion,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("became"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("file of an instrument")
        verbose_name_plural = _("files of instruments")
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                name="instrumentfile_confirmed_has_version",
                condition=Q(version__isnull=True, confirmed_at__isnull=True)
                | Q(version__isnull=False, confirmed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name
