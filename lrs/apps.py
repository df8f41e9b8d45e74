from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LrsConfig(AppConfig):
    """The Learning Record Store: xAPI over HTTP."""

    name = "lrs"
    verbose_name = _("learning records")

    def ready(self) -> None:
        from core import append_only  # noqa: PLC0415 — a registry, once apps are loaded

        append_only.register("lrs.Statement")
