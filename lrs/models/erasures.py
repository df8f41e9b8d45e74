from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lrs.models.credentials import WHY


class Erasure(models.Model):
    """That people were made nameless everywhere, when, and how much was changed; not who.

    Statements keep their times, verbs and results. For one person ``pseudonym`` stands in her
    place; for several people ``pseudonym``, a hyphen and a number.
    """

    not_scoped_because = WHY

    pseudonym = models.CharField(_("stands as"), max_length=80, unique=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Of the retention rule that asked for it; none where a person did
    days = models.PositiveIntegerField(_("days of the rule"), null=True)
    people = models.PositiveIntegerField(_("people"), default=1)
    # Pseudonyms by the keys (lrs.keys, hexadecimal) that they replace; emptied at the end, since
    # the hash of an address is the address to whoever guesses it
    sought = models.JSONField(_("still sought"), default=dict)
    expected = models.PositiveIntegerField(_("statements found at the beginning"), default=0)
    statements = models.PositiveIntegerField(_("statements"), default=0)
    documents = models.PositiveIntegerField(_("documents"), default=0)
    files = models.PositiveIntegerField(_("signatures"), default=0)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True) | models.Q(sought={}),
                name="lrs_erasure_forgets_when_finished",
            )
        ]

    def __str__(self) -> str:
        return self.pseudonym


class RetentionRule(models.Model):
    """How long people keep their names after the last statement that mentions them; one row."""

    not_scoped_because = WHY

    days = models.PositiveIntegerField(_("days"), default=1825, validators=[MinValueValidator(1)])
    is_on = models.BooleanField(_("in force"), default=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="lrs_retention_one_rule"),
            models.CheckConstraint(condition=models.Q(days__gte=1), name="lrs_retention_days"),
        ]

    def __str__(self) -> str:
        return str(self.days)
