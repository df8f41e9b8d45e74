from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    """The mailroom for records made offline: delivered exactly once, held or settled by a person.

    It knows nothing of what records say; apps register the kinds that they accept.
    """

    name = "fieldwork"
    verbose_name = _("fieldwork")

    def ready(self) -> None:
        from core import append_only  # noqa: PLC0415 — a registry, once apps are loaded
        from fieldwork import queries  # noqa: PLC0415 — needs the models
        from organisations import own_data  # noqa: PLC0415 — a registry, once apps are loaded

        own_data.register("field_records", queries.own_deliveries)
        kept = ("id", "record", "kind", "by_id", "device", "sender_unit_id", "body", "sha256")
        same = " AND ".join(
            f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}"
            for column in (*kept, "canonical_hash", "received_at")
        )
        unit = "(OLD.unit_id IS NULL OR OLD.unit_id IS NOT DISTINCT FROM NEW.unit_id)"
        append_only.register("fieldwork.Delivery", move=f"{same} AND {unit}")
        append_only.register("fieldwork.Settlement")
