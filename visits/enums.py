from django.db import models
from django.utils.translation import gettext_lazy as _


class Answer(models.TextChoices):
    """What a parent saw."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    NOT_SEEN = "not_seen", _("could not see it")


class Severity(models.TextChoices):
    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")
