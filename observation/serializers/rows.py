from rest_framework import serializers

from observation.models import Rating, SessionScore


class RatingRowSerializer(serializers.ModelSerializer):
    """A rating on its own; what was written beside it stays with its session."""

    session = serializers.UUIDField(source="cycle.session_id")
    room = serializers.CharField(source="cycle.session.unit.code")
    observed_on = serializers.DateField(source="cycle.session.observed_on")
    cycle = serializers.IntegerField(source="cycle.number")
    item = serializers.CharField(source="item.code")
    domain = serializers.CharField(source="item.domain.code")

    class Meta:
        model = Rating
        fields = [
            "session",
            "room",
            "observed_on",
            "cycle",
            "item",
            "domain",
            "state",
            "value",
            "marks",
        ]


class ScoreRowSerializer(serializers.ModelSerializer):
    """A score on its own; ``domain`` null is over all, ``score`` null is not valid."""

    session = serializers.UUIDField(source="session_id")
    room = serializers.CharField(source="session.unit.code")
    observed_on = serializers.DateField(source="session.observed_on")
    purpose = serializers.CharField(source="session.purpose")
    version = serializers.IntegerField(source="session.version.number")
    domain = serializers.CharField(source="domain.code", default=None, allow_null=True)

    class Meta:
        model = SessionScore
        fields = [
            "session",
            "room",
            "observed_on",
            "purpose",
            "version",
            "domain",
            "score",
            "cycles",
        ]
