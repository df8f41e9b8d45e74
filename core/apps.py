from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.urls import register_converter

from core.converters import Int64Converter


class CoreConfig(AppConfig):
    """Audit, append-only tables, fields and template components: nothing with business meaning."""

    name = "core"

    def ready(self) -> None:
        from core import append_only, checks  # noqa: F401, PLC0415 — checks register on import

        register_converter(Int64Converter, "int64")
        post_migrate.connect(append_only.install_after_migrate, sender=self)
