from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    """The mailroom for records made offline."""

    name = "fieldwork"
    verbose_name = _("fieldwork")
