from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """People, the unit tree, posts, roles and jurisdiction."""

    name = "organisations"
    verbose_name = _("organisations")

    def ready(self) -> None:
        # Registries, filled once apps are loaded; receivers register on import.
        from core import append_only, import_kinds, navigation  # noqa: PLC0415 — needs loaded apps
        from organisations import own_data, queries, receivers  # noqa: F401, PLC0415 — needs models
        from organisations.forms import people, posts, units  # noqa: PLC0415 — needs models

        append_only.register("core.AuditRecord")
        for kind in (units.KIND, people.KIND, posts.KIND):
            import_kinds.register(kind)
        own_data.register("account", queries.own_account)
        own_data.register("posts", queries.own_posts)
        own_data.register("actions", queries.own_actions)
        own_data.register("sessions", queries.own_sessions)
        own_data.register("tokens", queries.own_tokens)
        navigation.register(navigation.Entry(_("Home"), "home", order=0))
        for label, name, permission, order in (
            (_("Units"), "unit_list", "organisations.view", 60),
            (_("Import"), "import_kinds", "organisations.import", 70),
            (_("Audit trail"), "audit_list", "organisations.audit", 80),
        ):
            section = _("Administration")
            navigation.register(
                navigation.Entry(label, name, permission, order=order, section=section)
            )
