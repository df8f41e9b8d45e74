import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from observation.enums import ExportForm, ExportLevel, ExportStatus, Purpose
from observation.models.instruments import InstrumentVersion
from organisations.models import Unit

OPEN_STATES = [ExportStatus.WAITING, ExportStatus.MAKING]
# Writing a country takes minutes: one that takes longer has lost its worker.
LOST_AFTER = datetime.timedelta(hours=1)


class ExportQuerySet(models.QuerySet):
    """Exports with a file, or that will have one."""

    def kept_for(self, user) -> "ExportQuerySet":
        """Those that ``user`` asked for and whose file is still kept."""
        return self.filter(user=user, expires_at__gt=timezone.now())


class Export(models.Model):
    """Sessions as a file to take away: asked for, made, kept for some days, then gone."""

    not_scoped_because = "only the person who asked for an export sees it, within her jurisdiction"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", verbose_name=_("by")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="exports", verbose_name=_("unit"), null=True, blank=True
    )
    version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="exports", verbose_name=_("instrument")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    level = models.CharField(_("what"), max_length=10, choices=ExportLevel.choices)
    form = models.CharField(_("form"), max_length=4, choices=ExportForm.choices)
    language = models.CharField(_("language of the labels"), max_length=10)
    deidentified = models.BooleanField(_("with drawn numbers"), default=False)
    status = models.CharField(
        _("status"), max_length=8, choices=ExportStatus.choices, default=ExportStatus.WAITING
    )
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    expires_at = models.DateTimeField(_("kept until"))
    sessions = models.PositiveIntegerField(_("sessions"))
    done = models.PositiveIntegerField(_("sessions written"), default=0)
    sha256 = models.CharField(_("hash of the file"), max_length=64, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="export_period_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="export_made_has_hash",
                condition=~Q(status=ExportStatus.MADE) | ~Q(sha256=""),
            ),
        ]
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"{self.version} · {self.starts_on}–{self.ends_on}"

    @property
    def audit_path(self) -> str:
        return self.unit.path if self.unit else ""

    @property
    def is_lost(self) -> bool:
        """Whether nobody writes it any more, as after a restart; it can be asked for again."""
        late = self.asked_at < timezone.now() - LOST_AFTER
        return late and self.status in OPEN_STATES

    @property
    def percent(self) -> int:
        return 100 * self.done // self.sessions if self.sessions else 0
