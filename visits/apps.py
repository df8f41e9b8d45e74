from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    """Parent visits, their guides and findings."""

    name = "visits"
    verbose_name = _("parent visits")

    def ready(self) -> None:
        from core import import_kinds, navigation  # noqa: PLC0415 — registries, once apps are loaded
        from organisations import home  # noqa: PLC0415 — likewise
        from visits import receivers  # noqa: PLC0415 — needs the models
        from visits.forms.answers import AnswersImport  # noqa: PLC0415 — likewise
        from visits.forms.visits import VisitImport  # noqa: PLC0415 — likewise
        from visits.views import next_steps  # noqa: PLC0415 — likewise

        freeze_guides()
        home.register("visits.follow_up", next_steps.overdue_findings, order=20)
        home.register("visits.view", next_steps.latest_visits, order=60)
        post_migrate.connect(receivers.fill_defaults, sender=self)
        navigation.register(
            navigation.Entry(
                _("Parent visits"), "visits:visit_list", "visits.view", strand="families", order=40
            )
        )
        import_kinds.register(
            import_kinds.Kind(
                "visits",
                _("Parent visits"),
                _("One row per visit: centre, day, and how many parents at each stage."),
                "visits.import",
                VisitImport,
                then=(
                    _("Import parents’ answers"),
                    reverse_lazy("import_upload", args=["answers"]),
                ),
                order=40,
            )
        )
        import_kinds.register(
            import_kinds.Kind(
                "answers",
                _("Parents' answers"),
                _(
                    "One row per parent of a visit, one column per item of the guide. Enter the "
                    "visits first. Parents stay unnamed; a guide received never changes."
                ),
                "visits.import",
                AnswersImport,
                then=(_("See the visits"), reverse_lazy("visits:visit_list")),
                order=41,
            )
        )


def freeze_guides() -> None:
    """Parents' guides stay as received; what an item means stays once its version is published."""
    from core import append_only  # noqa: PLC0415 — a registry, once apps are loaded

    append_only.register("visits.GuideResponse")
    append_only.register("visits.GuideAnswer")
    fixed = (
        "EXISTS (SELECT 1 FROM observation_item i "
        "JOIN observation_instrumentversion v ON v.id = i.version_id "
        "WHERE i.id = {0}.item_id AND v.status <> 'draft')"
    )
    append_only.register("visits.GuideItem", frozen=fixed.format("OLD"), full=fixed.format("NEW"))
