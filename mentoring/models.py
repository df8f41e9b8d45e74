from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentoring.enums import OVER, CycleStatus, StepKind
from observation.models import Item, ObservationSession
from organisations.jurisdiction import Scoped
from organisations.models import Unit


class StepDefault(models.Model):
    """Planned minutes and days of each step, which a programme may change."""

    not_scoped_because = "the programme's default, the same for everyone"

    kind = models.CharField(_("step"), max_length=14, choices=StepKind.choices, unique=True)
    minutes = models.PositiveSmallIntegerField(_("planned minutes"))
    days_after_opening = models.PositiveSmallIntegerField(_("days after the cycle opens"))

    class Meta:
        verbose_name = _("default of a step")
        verbose_name_plural = _("defaults of steps")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.minutes} min"


class LoadLimit(models.Model):
    """How many mentees at once are too many for one mentor; one row, which a programme may change.

    Structures studied give a mentor 11 to 44 mentees.
    """

    not_scoped_because = "the programme's default, the same for everyone"

    mentees = models.PositiveSmallIntegerField(_("mentees at once before a warning"))

    class Meta:
        verbose_name = _("limit of load")
        verbose_name_plural = _("limits of load")
        constraints = [
            models.CheckConstraint(name="loadlimit_is_one_row", condition=Q(pk=1)),
        ]

    def __str__(self) -> str:
        return str(self.mentees)


class MentoringCycle(Scoped):
    """A mentor and a caregiver: observe, talk, agree one goal, practise, observe again."""

    jurisdiction_path = "room"
    person_paths = ("mentor", "caregiver")

    room = models.ForeignKey(
        Unit, models.PROTECT, related_name="mentoring_cycles", verbose_name=_("room")
    )
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="cycles_led",
        verbose_name=_("mentor"),
    )
    caregiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="cycles_received",
        verbose_name=_("caregiver"),
    )
    number = models.PositiveSmallIntegerField(_("cycle"))
    status = models.CharField(
        _("status"), max_length=14, choices=CycleStatus.choices, default=CycleStatus.PREPARE
    )
    opened_on = models.DateField(_("opened"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    cancel_reason = models.CharField(_("why cancelled"), max_length=300, blank=True)
    first_session = models.OneToOneField(
        ObservationSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opened_feedback_in",
        verbose_name=_("first observation"),
    )
    second_session = models.OneToOneField(
        ObservationSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="closed_cycle",
        verbose_name=_("second observation"),
    )
    modelled = models.BooleanField(_("the mentor modelled the practice"), default=False)

    class Meta:
        verbose_name = _("mentoring cycle")
        verbose_name_plural = _("mentoring cycles")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "caregiver", "number"], name="cycle_number_once_per_pair"
            ),
            # One goal at a time: a caregiver has at most one cycle under way.
            models.UniqueConstraint(
                fields=["caregiver"],
                condition=~Q(status__in=OVER),
                name="cycle_one_open_per_caregiver",
            ),
            models.CheckConstraint(
                name="cycle_mentor_is_not_the_caregiver", condition=~Q(mentor=F("caregiver"))
            ),
            models.CheckConstraint(
                name="cycle_ended_exactly_when_over",
                condition=Q(
                    status__in=OVER,
                    ended_on__isnull=False,
                )
                | (~Q(status__in=OVER) & Q(ended_on__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["mentor", "status"]),
            models.Index(fields=["room", "status", "ended_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.caregiver} · {self.number}"

    @property
    def is_open(self) -> bool:
        return self.status not in OVER


class CycleStep(Scoped):
    """One step of a cycle: when and how long it was planned, when and how long it was."""

    jurisdiction_path = "cycle__room"
    person_paths = ("cycle__mentor", "cycle__caregiver")

    cycle = models.ForeignKey(MentoringCycle, models.CASCADE, related_name="steps")
    kind = models.CharField(_("step"), max_length=14, choices=StepKind.choices)
    planned_on = models.DateField(_("planned for"))
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    actual_minutes = models.PositiveSmallIntegerField(_("actual minutes"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["cycle", "planned_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind"], name="step_once_per_cycle"),
            models.CheckConstraint(
                name="step_minutes_exactly_when_done",
                condition=Q(done_on__isnull=True, actual_minutes__isnull=True)
                | Q(done_on__isnull=False, actual_minutes__isnull=False),
            ),
            models.CheckConstraint(
                name="step_minutes_within_a_day",
                condition=Q(actual_minutes__isnull=True)
                | Q(actual_minutes__gte=1, actual_minutes__lte=480),
            ),
        ]
        indexes = [
            models.Index(fields=["done_on", "planned_on"]),
            models.Index(fields=["planned_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_kind_display()}"

    @property
    def reference(self) -> str:
        """The observation's name in draws and agendas: one of one cycle."""
        return f"cycle-{self.cycle_id}-{self.kind.replace('_', '-')}"


class PracticeGoal(Scoped):
    """The one thing that a caregiver practises in a cycle, chosen together."""

    jurisdiction_path = "cycle__room"
    person_paths = ("cycle__mentor", "cycle__caregiver")

    cycle = models.OneToOneField(MentoringCycle, models.CASCADE, related_name="goal")
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="goals", verbose_name=_("what it builds on")
    )
    text = models.CharField(_("goal"), max_length=300)
    agreed_on = models.DateField(_("agreed"))
    accepted_on = models.DateField(_("accepted by the caregiver"), null=True, blank=True)
    practised_on = models.DateField(_("practised"), null=True, blank=True)

    class Meta:
        verbose_name = _("practice goal")
        verbose_name_plural = _("practice goals")
        constraints = [
            models.CheckConstraint(
                name="goal_practised_only_when_accepted",
                condition=Q(practised_on__isnull=True) | Q(accepted_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text
