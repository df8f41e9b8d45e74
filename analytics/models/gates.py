from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Gate(models.Model):
    """Thresholds that the programme chose in place of those in ``content/gates.csv``."""

    not_scoped_because = "the programme's thresholds, the same for everyone"

    code = models.SlugField(_("gate"), max_length=20, unique=True)
    provisional = models.FloatField(_("provisional from"))
    good = models.FloatField(_("good from"))
    minimum_n = models.PositiveIntegerField(
        _("fewest observations for a verdict"), validators=[MinValueValidator(2)]
    )

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")

    def __str__(self) -> str:
        return self.code
