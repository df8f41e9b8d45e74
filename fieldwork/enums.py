from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """What became of a record that arrived."""

    ACCEPTED = "accepted", _("taken in")
    HELD = "held", _("held")
    CONFLICT = "conflict", _("other content under the same number")
    SET_ASIDE = "set_aside", _("set aside")
    REPLACED = "replaced", _("replaced by another record")


WAITING = [DeliveryState.HELD, DeliveryState.CONFLICT]
STANDING = [DeliveryState.ACCEPTED, DeliveryState.HELD]


class Decision(models.TextChoices):
    """What a person decided about a record that waited."""

    TAKE_IN = "take_in", _("Take it in after all")
    CHOOSE = "choose", _("Take it in instead of the other one")
    SET_ASIDE = "set_aside", _("Set it aside")
