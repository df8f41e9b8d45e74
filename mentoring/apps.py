from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    """Mentoring cycles and practice goals."""

    name = "mentoring"
    verbose_name = _("mentoring")

    def ready(self) -> None:
        from core import navigation, states  # noqa: PLC0415 — registries, once apps are loaded
        from mentoring import policies, receivers  # noqa: PLC0415 — need the models
        from mentoring.views import next_steps  # noqa: PLC0415 — likewise
        from organisations import home  # noqa: PLC0415 — a registry, once apps are loaded

        states.register(policies.MOVES)
        receivers.connect()
        post_migrate.connect(receivers.fill_defaults, sender=self)
        navigation.register(
            navigation.Entry(
                _("My mentees"), "mentoring:today", "mentoring.lead", strand="mentoring", order=20
            )
        )
        navigation.register(
            navigation.Entry(
                _("My practice"),
                "mentoring:own",
                "mentoring.practise",
                strand="mentoring",
                order=21,
            )
        )
        navigation.register(
            navigation.Entry(
                _("Mentoring cycles"),
                "mentoring:cycle_list",
                "mentoring.view",
                strand="mentoring",
                order=22,
            )
        )
        home.register("mentoring.lead", next_steps.for_mentor)
        home.register("mentoring.practise", next_steps.for_caregiver)
