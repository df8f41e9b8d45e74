from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from observation.enums import Purpose
from observation.models import Rating, SessionScore
from observation.serializers.json_fields import Marks


class RatingRowSerializer(serializers.ModelSerializer):
    """A rating on its own; what was written beside it stays with its session."""

    session = serializers.UUIDField(source="cycle.session_id", help_text=_("Id of the session."))
    room = serializers.CharField(source="cycle.session.unit.code", help_text=_("Code of the room."))
    observed_on = serializers.DateField(
        source="cycle.session.observed_on", help_text=_("Day of the session.")
    )
    purpose = serializers.ChoiceField(
        Purpose.choices, source="cycle.session.purpose", help_text=_("Formative or official.")
    )
    instrument = serializers.CharField(
        source="cycle.session.version.instrument.code", help_text=_("Code of the instrument.")
    )
    version = serializers.IntegerField(
        source="cycle.session.version.number", help_text=_("Number of its version.")
    )
    cycle = serializers.IntegerField(source="cycle.number", help_text=_("Number of the cycle."))
    item = serializers.CharField(source="item.code", help_text=_("Code of the item."))
    domain = serializers.CharField(source="item.domain.code", help_text=_("Code of the domain."))
    marks = Marks()

    class Meta:
        model = Rating
        fields = [
            "session",
            "room",
            "observed_on",
            "purpose",
            "instrument",
            "version",
            "cycle",
            "item",
            "domain",
            "state",
            "value",
            "marks",
        ]


class ScoreRowSerializer(serializers.ModelSerializer):
    """A score on its own; ``domain`` null is over all, ``score`` null is not valid."""

    session = serializers.UUIDField(source="session_id", help_text=_("Id of the session."))
    room = serializers.CharField(source="session.unit.code", help_text=_("Code of the room."))
    observed_on = serializers.DateField(
        source="session.observed_on", help_text=_("Day of the session.")
    )
    purpose = serializers.ChoiceField(
        Purpose.choices, source="session.purpose", help_text=_("Formative or official.")
    )
    instrument = serializers.CharField(
        source="session.version.instrument.code", help_text=_("Code of the instrument.")
    )
    version = serializers.IntegerField(
        source="session.version.number", help_text=_("Number of its version.")
    )
    domain = serializers.CharField(
        source="domain.code",
        default=None,
        allow_null=True,
        help_text=_("Code of the domain; null: over all."),
    )

    class Meta:
        model = SessionScore
        fields = [
            "session",
            "room",
            "observed_on",
            "purpose",
            "instrument",
            "version",
            "domain",
            "score",
            "cycles",
        ]
