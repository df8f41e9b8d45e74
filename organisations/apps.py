from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """People, the unit tree, posts, roles and jurisdiction."""

    name = "organisations"
    verbose_name = _("organisations")

    def ready(self) -> None:
        from core import append_only, navigation  # noqa: PLC0415 — registries, once apps are loaded

        append_only.register("core.AuditRecord")
        navigation.register(navigation.Entry(_("Home"), "home", order=0))
