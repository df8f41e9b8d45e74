from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    """Parent visits, their guides and findings."""

    name = "visits"
    verbose_name = _("parent visits")
