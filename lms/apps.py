from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LmsConfig(AppConfig):
    """Lessons taken: enrolment, answers, progress."""

    name = "lms"
    verbose_name = _("learning")

    def ready(self) -> None:
        from core import navigation  # noqa: PLC0415 — a registry, once apps are loaded
        from lms import next_steps  # noqa: PLC0415 — needs the models
        from organisations import home  # noqa: PLC0415 — likewise

        for label, url_name, permission, order in (
            (_("My lessons"), "lms:lesson_list", "lms.learn", 23),
            (_("Learning progress"), "lms:progress_list", "lms.view", 24),
        ):
            navigation.register(
                navigation.Entry(
                    label,
                    url_name,
                    permission,
                    strand="mentoring",
                    order=order,
                    section=_("Mentoring"),
                )
            )
        home.register("lms.learn", next_steps.for_learner, order=90)
