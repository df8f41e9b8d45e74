from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    """The mailroom for records made offline: delivered exactly once, held or settled by a person.

    It knows nothing of what records say; apps register the kinds that they accept.
    """

    name = "fieldwork"
    verbose_name = _("fieldwork")

    def ready(self) -> None:
        from core import (  # noqa: PLC0415 — registries, once apps are loaded
            append_only,
            navigation,
            states,
        )
        from fieldwork import policies, queries  # noqa: PLC0415 — models are there once apps are loaded
        from fieldwork.views import next_steps  # noqa: PLC0415 — reads the models
        from organisations import home, own_data  # noqa: PLC0415 — registries, filled once apps are loaded

        states.register(policies.MOVES)
        home.register("fieldwork.settle", next_steps.held, order=20)
        navigation.register(
            navigation.Entry(
                _("Held records"),
                "fieldwork:held_list",
                "fieldwork.settle",
                order=65,
                section=_("Administration"),
            )
        )
        own_data.register("field_records", queries.own_deliveries)
        kept = ("id", "record", "kind", "by_id", "device", "sender_unit_id", "body", "sha256")
        same = " AND ".join(
            f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}"
            for column in (*kept, "canonical_hash", "received_at")
        )
        unit = "(OLD.unit_id IS NULL OR OLD.unit_id IS NOT DISTINCT FROM NEW.unit_id)"
        append_only.register("fieldwork.Delivery", move=f"{same} AND {unit}")
        append_only.register("fieldwork.Settlement")
