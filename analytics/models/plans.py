from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.enums import PlanStatus
from observation.models import InstrumentVersion
from organisations.jurisdiction import Scoped
from organisations.models import Unit


class EvaluationPlan(Scoped):
    """What will be compared and how, fixed before anybody looks at the outcomes.

    ``content``: "plan" (the entries of ``measurement.evaluation.Plan``) and "rows" (how sessions
    become its rows). ``assignment``: a row for each centre or room, as the file had it: its code,
    and what the plan names of it (arm, start, stratum, pair). Once frozen neither changes; a plan
    that must change is a new one that ``amends`` it.
    """

    jurisdiction_path = "unit"

    code = models.SlugField(_("code"), max_length=64, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name=_("unit"))
    version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="plans", verbose_name=_("instrument")
    )
    content = models.JSONField(_("content"))
    assignment = models.JSONField(_("assignment"), default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=6, choices=PlanStatus.choices, default=PlanStatus.DRAFT
    )
    content_hash = models.CharField(_("hash of the content"), max_length=64, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="plans",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="amended_by"
    )

    class Meta:
        verbose_name = _("analysis plan")
        verbose_name_plural = _("analysis plans")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="plan_frozen_has_time_and_hash",
                condition=Q(status=PlanStatus.DRAFT)
                | (Q(frozen_at__isnull=False) & ~Q(content_hash="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.content['plan'].get('question', '')}"

    @property
    def is_frozen(self) -> bool:
        return self.status == PlanStatus.FROZEN
