from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from observation.models.sessions import ObservationSession
from organisations.jurisdiction import Scoped


class QualityRules(models.Model):
    """What the programme asks of official figures, double coding and drift: one row to change."""

    not_scoped_because = "the programme's rules, the same for everyone"

    certified_from = models.DateField(
        _("official sessions need a certified observer from"),
        null=True,
        blank=True,
        help_text=_("Empty: official figures count every observer, certified or not."),
    )
    share = models.PositiveSmallIntegerField(
        _("sessions to double-code, in 100"),
        default=17,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("The programme asks for 15 to 20."),
    )
    minimum = models.PositiveSmallIntegerField(
        _("at least for each observer and month"),
        default=0,
        validators=[MaxValueValidator(20)],
        help_text=_("0: as the share falls, which may be none for an observer with few visits."),
    )
    adjudicate_from = models.PositiveSmallIntegerField(
        _("points of difference that somebody adjudicates"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("1: every difference, also where one of the two did not score."),
    )
    check_months = models.PositiveSmallIntegerField(
        _("months between two drift checks"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    exact_least = models.FloatField(
        _("exact agreement at least"),
        default=0.65,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
    )
    minimum_pairs = models.PositiveSmallIntegerField(
        _("double codings before drift is judged"),
        default=4,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
    )
    sigmas = models.FloatField(
        _("width of the control limits, in standard deviations"),
        default=3.0,
        validators=[MinValueValidator(1.0), MaxValueValidator(5.0)],
    )
    weight = models.FloatField(
        _("weight of the newest double coding in the moving mean"),
        default=0.2,
        validators=[MinValueValidator(0.05), MaxValueValidator(1.0)],
        help_text=_("Small: slow drifts are seen; 1: each double coding stands alone."),
    )

    class Meta:
        verbose_name = _("rules of quality")
        verbose_name_plural = _("rules of quality")
        constraints = [models.CheckConstraint(name="qualityrules_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Reinstatement(Scoped):
    """Brings a session that was left out of official figures back, with the reason."""

    jurisdiction_path = "session__unit"

    session = models.OneToOneField(ObservationSession, models.PROTECT, related_name="reinstatement")
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("reinstatement")
        verbose_name_plural = _("reinstatements")
        constraints = [
            models.CheckConstraint(name="reinstatement_has_reason", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.session_id} · {self.at:%Y-%m-%d}"
