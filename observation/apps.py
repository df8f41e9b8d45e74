from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservationConfig(AppConfig):
    """Instruments, observation sessions and their scores."""

    name = "observation"
    verbose_name = _("observation")
