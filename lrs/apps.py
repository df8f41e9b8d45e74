from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LrsConfig(AppConfig):
    """The Learning Record Store: xAPI over HTTP."""

    name = "lrs"
    verbose_name = _("learning records")
