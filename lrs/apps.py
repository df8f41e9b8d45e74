from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LrsConfig(AppConfig):
    """The Learning Record Store: xAPI over HTTP."""

    name = "lrs"
    verbose_name = _("learning records")

    def ready(self) -> None:
        from core import append_only, navigation  # noqa: PLC0415 — registries, once apps are loaded
        from lrs.views import next_steps  # noqa: PLC0415 — reads the models
        from organisations import home  # noqa: PLC0415 — a registry, once apps are loaded

        home.register("lrs.manage", next_steps.refused, order=90)
        for name, page, order in (
            (_("Record store"), "record_list", 75),
            (_("Forwarding"), "destination_list", 76),
        ):
            navigation.register(
                navigation.Entry(name, page, "lrs.manage", order=order, section=_("Administration"))
            )
        append_only.register(
            "lrs.Statement",
            # Only an erasure rewrites a statement, each once, and not which one it is nor when.
            move=(
                "NEW.erasure_id IS NOT NULL AND COALESCE(OLD.erasure_id, 0) <> NEW.erasure_id "
                "AND NEW.id = OLD.id AND NEW.position = OLD.position "
                "AND NEW.stored = OLD.stored AND NEW.verb = OLD.verb"
            ),
        )
        append_only.register("lrs.Void")
