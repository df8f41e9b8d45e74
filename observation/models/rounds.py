from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TranslatedField
from observation.models.instruments import InstrumentVersion
from organisations.jurisdiction import Scoped
from organisations.models import Unit


class EvaluationRound(Scoped):
    """A stretch of days in which rooms are evaluated officially, by others than their mentors."""

    jurisdiction_path = "unit"

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="evaluation_rounds", verbose_name=_("where")
    )
    name = TranslatedField(_("name"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    versions = models.ManyToManyField(
        InstrumentVersion, related_name="rounds", verbose_name=_("instruments")
    )

    class Meta:
        verbose_name = _("evaluation round")
        verbose_name_plural = _("evaluation rounds")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="evaluationround_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is before the first."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class RoundAssignment(Scoped):
    """Who evaluates a room in a round, and on which day."""

    jurisdiction_path = "room"
    person_paths = ("observer",)

    round = models.ForeignKey(EvaluationRound, models.CASCADE, related_name="assignments")
    room = models.ForeignKey(
        Unit, models.PROTECT, related_name="round_assignments", verbose_name=_("room")
    )
    observer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="round_assignments",
        verbose_name=_("observer"),
    )
    planned_on = models.DateField(_("planned day"))

    class Meta:
        verbose_name = _("official visit")
        verbose_name_plural = _("official visits")
        ordering = ["planned_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "room", "planned_on"],
                name="roundassignment_room_once_a_day",
                violation_error_message=_("This room already has an observer on that day."),
            )
        ]
        indexes = [models.Index(fields=["observer", "planned_on"])]

    def __str__(self) -> str:
        return f"{self.room} · {self.planned_on}"

    @property
    def reference(self) -> str:
        """The visit's name in draws and agendas."""
        return f"round-visit-{self.pk}"
