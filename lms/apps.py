from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LmsConfig(AppConfig):
    """Lessons taken: enrolment, answers, progress."""

    name = "lms"
    verbose_name = _("learning")
