"""What stands as JSON in a session, and how the description of the API says it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class _Json(serializers.ReadOnlyField):
    """Given as it is kept."""

    says: Any = ""  # lazy in those below

    def __init__(self, **kwargs):
        super().__init__(help_text=self.says, **kwargs)


LOOK = {"type": ["integer", "null"], "minimum": 0, "maximum": 1}


@extend_schema_field({"type": "array", "items": LOOK})
class Marks(_Json):
    says = _("Looks of an item that is sampled in time: 1 seen, 0 not seen, null not looked.")


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Moments(_Json):
    says = _("Moments of the day that were seen, by their codes.")


@extend_schema_field({"type": "object", "additionalProperties": True})
class Context(_Json):
    says = _("Answers to fields of the context, by the code of the field.")
