from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """Pages that anyone may read: home, toolkit, curriculum and its lessons."""

    name = "cms"
    verbose_name = _("content")
