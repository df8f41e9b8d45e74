from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import RunKind, RunStage, RunStatus
from core.fields import Translated
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
        _("status"), max_length=10, choices=RunStatus.choices, default=RunStatus.QUEUED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="runs",
        verbose_name=_("asked for by"),
    )
    requested_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # Since a run may be taken up again: which go at it this is, and when it was last heard of
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    alive_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    cancel_asked_at = models.DateTimeField(_("asked to stop"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("progress in per cent"), default=0)
    stage = models.CharField(_("stage"), max_length=32, blank=True)
    seed = models.PositiveBigIntegerField(_("seed"))
    inputs_hash = models.CharField(_("hash of the inputs"), max_length=64, blank=True)
    code_version = models.CharField(_("code version"), max_length=64, blank=True)
    # The folder of the frozen ratings that it read, below TRENZA_SNAPSHOTS
    snapshot = models.CharField(_("snapshot"), max_length=64, blank=True)
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
            models.CheckConstraint(name="run_progress_in_per_cent", condition=Q(progress__lte=100)),
        ]
        indexes = [models.Index(fields=["kind", "unit", "status", "-requested_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit} · {self.starts_on}–{self.ends_on}"

    @property
    def instrument(self) -> str:
        """What a finished report is of, in the language being read."""
        return str(Translated(self.result.get("about", {}).get("name", {})))

    @property
    def is_waited_for(self) -> bool:
        return self.status in {RunStatus.QUEUED, RunStatus.RUNNING}

    @property
    def stage_words(self) -> str:
        """What it is at; one that waits for a worker is at nothing yet."""
        return str(RunStage(self.stage).label if self.stage in RunStage.values else "")


class RunPart(Scoped):
    """What a finished stage of a run found: not computed again while its inputs are the same."""

    jurisdiction_path = "run__unit"

    run = models.ForeignKey(Run, models.CASCADE, related_name="parts")
    name = models.CharField(_("stage"), max_length=32)
    result = models.JSONField(_("result"))
    # Beside the result, never in it: the same inputs give the same bytes
    seconds = models.FloatField(_("seconds"))
    inputs_hash = models.CharField(_("hash of the inputs"), max_length=64)

    class Meta:
        verbose_name = _("part of an analysis")
        verbose_name_plural = _("parts of an analysis")
        constraints = [
            models.UniqueConstraint(fields=["run", "name"], name="runpart_once_per_run_and_name")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.name}"
