from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Audit, append-only tables, fields and template components: nothing with business meaning."""

    name = "core"

    def ready(self) -> None:
        from core import append_only, checks  # noqa: F401, PLC0415 — checks register on import

        post_migrate.connect(append_only.install_after_migrate, sender=self)
