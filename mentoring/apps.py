from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    """Mentoring cycles and practice goals."""

    name = "mentoring"
    verbose_name = _("mentoring")

    def ready(self) -> None:
        from core import navigation, states  # noqa: PLC0415 — registries, once apps are loaded
        from fieldwork import agenda as field_agenda  # noqa: PLC0415 — a registry, once apps are loaded
        from mentoring import agenda, policies, receivers  # noqa: PLC0415 — need the models
        from mentoring.views import next_actions, next_steps  # noqa: PLC0415 — likewise
        from observation import follow_ups  # noqa: PLC0415 — a registry, once apps are loaded
        from organisations import home  # noqa: PLC0415 — a registry, once apps are loaded

        states.register(policies.MOVES)
        field_agenda.register("mentoring", agenda.of)
        receivers.connect()
        post_migrate.connect(receivers.fill_defaults, sender=self)
        for label, name, permission, order in (
            (_("My mentees"), "today", "mentoring.lead", 20),
            (_("My practice"), "own", "mentoring.practise", 21),
            (_("Mentoring cycles"), "cycle_list", "mentoring.view", 22),
        ):
            navigation.register(
                navigation.Entry(
                    label,
                    f"mentoring:{name}",
                    permission,
                    strand="mentoring",
                    order=order,
                    section=_("Mentoring"),
                )
            )
        follow_ups.register(next_actions.after_session)
        home.register("mentoring.view", next_steps.overdue, order=30)
        home.register("mentoring.lead", next_steps.for_mentor)
        home.register("mentoring.practise", next_steps.for_caregiver)
