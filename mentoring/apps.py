from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    """Mentoring cycles and practice goals."""

    name = "mentoring"
    verbose_name = _("mentoring")
