from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from analytics.enums import RunKind, RunStatus
from organisations.jurisdiction import Scoped
from organisations.models import Unit


class Run(Scoped):
    """One computation: its unit and period, inputs, code version and result.

    The result can be recomputed by a third party: same inputs (by hash), seed and code version
    give the same result.
    """

    jurisdiction_path = "unit"

    kind = models.CharField(_("kind"), max_length=10, choices=RunKind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="runs", verbose_name=_("unit"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    # What else was chosen, by name: {"instrument": "checklist"}
    options = models.JSONField(_("options"), default=dict)
    status = models.CharField(
        _("status"), max_length=8, choices=RunStatus.choices, default=RunStatus.QUEUED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="runs",
        verbose_name=_("asked for by"),
    )
    requested_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seed = models.PositiveBigIntegerField(_("seed"))
    inputs_hash = models.CharField(_("hash of the inputs"), max_length=64, blank=True)
    code_version = models.CharField(_("code version"), max_length=64, blank=True)
    packages = models.JSONField(_("package versions"), default=dict, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    # The joined table, as CSV: what the figures were computed from
    table = models.TextField(_("table"), blank=True)
    failure = models.TextField(_("why it failed"), blank=True)

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="run_period_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="run_done_has_time_and_hash",
                condition=~Q(status=RunStatus.DONE)
                | (Q(finished_at__isnull=False) & ~Q(inputs_hash="")),
            ),
        ]
        indexes = [models.Index(fields=["kind", "unit", "status", "-requested_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit} · {self.starts_on}–{self.ends_on}"
