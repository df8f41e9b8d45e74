import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from observation.enums import CaseEntryKind, CaseStatus
from observation.models.instruments import Item
from organisations.jurisdiction import Scoped
from organisations.models import Unit

MOST_HOURS = 30 * 24  # a month: beyond it nobody could call it a limit


class SafeguardingLimits(models.Model):
    """How soon a case must be looked at, handed over and closed; a programme may change it."""

    not_scoped_because = "the programme's own limits, the same for every case"

    hours_to_look = models.PositiveSmallIntegerField(_("hours until somebody takes it"), default=4)
    hours_to_hand_over = models.PositiveSmallIntegerField(
        _("hours until it is handed over or closed"), default=48
    )

    class Meta:
        verbose_name = _("limits of safeguarding")
        verbose_name_plural = _("limits of safeguarding")
        constraints = [
            models.CheckConstraint(name="safeguardinglimits_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="safeguardinglimits_in_order",
                condition=Q(
                    hours_to_look__gte=1,
                    hours_to_hand_over__gte=F("hours_to_look"),
                    hours_to_hand_over__lte=MOST_HOURS,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours_to_look} h, {self.hours_to_hand_over} h"


class SafeguardingCase(Scoped):
    """What follows from the alerts of one visit. Only officers of child protection see it.

    It names a session by its id alone: it may be opened before the session has arrived, and no
    query from sessions leads here.
    """

    jurisdiction_path = "unit"

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="safeguarding_cases", verbose_name=_("room")
    )
    session_uid = models.UUIDField(_("session"), unique=True, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=CaseStatus.choices, default=CaseStatus.OPEN
    )
    opened_at = models.DateTimeField(_("opened"))
    look_by = models.DateTimeField(_("to be taken by"))
    hand_over_by = models.DateTimeField(_("to be handed over or closed by"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="safeguarding_cases",
        verbose_name=_("officer"),
    )

    class Meta:
        verbose_name = _("safeguarding case")
        verbose_name_plural = _("safeguarding cases")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                name="case_has_officer_once_taken",
                condition=Q(status=CaseStatus.OPEN) | Q(officer__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["status", "look_by"])]

    def __str__(self) -> str:
        return f"{self.pk} · {self.unit}"

    @property
    def due(self) -> datetime.datetime | None:
        """By when the next move is due, None once the case is over."""
        return {
            CaseStatus.OPEN.value: self.look_by,
            CaseStatus.IN_HAND.value: self.hand_over_by,
        }.get(self.status)


class SafeguardingAlert(Scoped):
    """A treatment alert, kept apart from ratings: never in scores, exports or public pages.

    It is raised as soon as it is marked, even before it is described; once described it stays.
    """

    jurisdiction_path = "case__unit"

    case = models.ForeignKey(SafeguardingCase, models.PROTECT, related_name="alerts")
    cycle_number = models.PositiveSmallIntegerField(_("cycle"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="alerts")
    observer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="alerts_raised"
    )
    description = models.TextField(_("what happened"), blank=True)
    # When the observer saw it, by her phone; empty where it was marked on a page of the site
    happened_at = models.DateTimeField(_("seen"), null=True, blank=True)
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)

    class Meta:
        verbose_name = _("treatment alert")
        verbose_name_plural = _("treatment alerts")
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "cycle_number", "item"], name="alert_once_per_case_cycle_and_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item.code} · {self.raised_at:%Y-%m-%d}"


class CaseEntry(Scoped):
    """What was done with a case, readings included: its own audit, apart from everybody's."""

    jurisdiction_path = "case__unit"

    case = models.ForeignKey(SafeguardingCase, models.PROTECT, related_name="entries")
    kind = models.CharField(_("what"), max_length=12, choices=CaseEntryKind.choices)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    text = models.TextField(_("text"), blank=True)
    to_whom = models.CharField(_("to whom"), max_length=200, blank=True)
    reference = models.CharField(_("their reference"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("entry of a case")
        verbose_name_plural = _("entries of cases")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="caseentry_hand_over_says_to_whom",
                condition=~Q(kind=CaseEntryKind.HANDED_OVER) | (~Q(to_whom="") & ~Q(text="")),
            ),
            models.CheckConstraint(
                name="caseentry_close_says_why",
                condition=~Q(kind__in=[CaseEntryKind.CLOSED, CaseEntryKind.REOPENED]) | ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.get_kind_display()}"
