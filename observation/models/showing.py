from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ShowingRule(models.Model):
    """How small a group is still shown, and how large an export is made at once; one row."""

    not_scoped_because = "the programme's rules, the same for everyone"

    minimum_caregivers = models.PositiveSmallIntegerField(
        _("caregivers at least on the page of a group"),
        default=5,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
    )
    minimum_centres = models.PositiveSmallIntegerField(
        _("centres at least for the middle half of a region"),
        default=5,
        validators=[MinValueValidator(4), MaxValueValidator(100)],
    )
    at_once = models.PositiveIntegerField(
        _("rows at most in an export that is made at once"),
        default=2_000,
        validators=[MaxValueValidator(20_000)],
        help_text=_("Larger ones are made in the background."),
    )
    kept_days = models.PositiveSmallIntegerField(
        _("days for which the file of an export is kept"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )

    class Meta:
        verbose_name = _("rule of showing")
        verbose_name_plural = _("rules of showing")
        constraints = [models.CheckConstraint(name="showingrule_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.minimum_caregivers} / {self.minimum_centres}"
