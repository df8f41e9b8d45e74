from django.db import models
from django.utils.translation import gettext_lazy as _

from lrs.models.credentials import WHY


class Erasure(models.Model):
    """That an agent was made nameless everywhere, when, and how much was changed; not who it was.

    Statements keep their times, verbs and results; ``pseudonym`` stands in the agent's place.
    """

    not_scoped_because = WHY

    pseudonym = models.CharField(_("stands as"), max_length=80, unique=True)
    reason = models.CharField(_("reason"), max_length=200)
    statements = models.PositiveIntegerField(_("statements"), default=0)
    documents = models.PositiveIntegerField(_("documents"), default=0)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-begun_at"]

    def __str__(self) -> str:
        return self.pseudonym
