from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    """Runs and reports over the three strands."""

    name = "analytics"
    verbose_name = _("analyses")
