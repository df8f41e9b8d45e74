from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from observation.actions import instruments
from observation.enums import InstrumentKind
from observation.models import InstrumentVersion


class VersionSerializer(serializers.ModelSerializer):
    """A version of an instrument, without what it says."""

    instrument = serializers.CharField(
        source="instrument.code", help_text=_("Code of the instrument.")
    )
    kind = serializers.ChoiceField(
        InstrumentKind.choices, source="instrument.kind", help_text=_("What sort of instrument.")
    )
    name = serializers.DictField(
        source="instrument.name",
        child=serializers.CharField(),
        help_text=_("Its name by language: es, en."),
    )

    class Meta:
        model = InstrumentVersion
        fields = ["instrument", "number", "kind", "name", "status", "published_at", "content_hash"]


class VersionContentSerializer(VersionSerializer):
    """A version with its rules, domains, scales and items."""

    content = serializers.SerializerMethodField(
        help_text=_("Rules, domains, scales and items, as in the instrument’s own file.")
    )

    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "content"]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_content(self, version: InstrumentVersion) -> dict[str, object]:
        return instruments.content_of(version)
