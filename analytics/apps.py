from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    """Runs and reports over the three strands."""

    name = "analytics"
    verbose_name = _("analyses")

    def ready(self) -> None:
        from analytics import (  # noqa: F401, PLC0415 — needs the models; checks register on import
            bands,
            checks,
            next_steps,
            policies,
        )
        from core import append_only, states  # noqa: PLC0415 — once apps are loaded
        from core.navigation import Entry, register  # noqa: PLC0415 — once apps are loaded
        from observation import bands as compared  # noqa: PLC0415 — a registry, once apps are loaded
        from organisations import home  # noqa: PLC0415 — likewise

        states.register(policies.MOVES)
        compared.register(bands.by_validity)
        append_only.register("analytics.EvaluationPlan", frozen="OLD.status = 'frozen'")
        home.register("analytics.braid", next_steps.braid)
        for label, name, permission, order in (
            (_("The three strands"), "braid", "analytics.braid", 50),
            (_("Boards"), "board", "analytics.braid", 51),
            (_("Evaluations"), "plan_list", "analytics.run", 52),
        ):
            section = _("The three strands")
            register(Entry(label, f"analytics:{name}", permission, order=order, section=section))
        register(
            Entry(
                _("Validity"),
                "analytics:validity",
                "analytics.run",
                strand="observation",
                order=33,
                section=_("Quality of observation"),
            )
        )
