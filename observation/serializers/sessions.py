from rest_framework import serializers

from observation.models import Cycle, ObservationSession, Rating, SessionScore
from organisations.models import Unit


class ScoreSerializer(serializers.ModelSerializer):
    """A domain's score; ``domain`` null is over all, ``score`` null is not valid.

    0 to 100, but points of the scale where the session's ``scoring`` is "mean".
    """

    domain = serializers.CharField(source="domain.code", default=None)

    class Meta:
        model = SessionScore
        fields = ["domain", "score", "cycles"]


class SessionSerializer(serializers.ModelSerializer):
    """A session without its ratings. Treatment alerts have no place here."""

    room: "serializers.SlugRelatedField[Unit]" = serializers.SlugRelatedField(
        source="unit", slug_field="code", read_only=True
    )
    instrument = serializers.CharField(source="version.instrument.code")
    version = serializers.IntegerField(source="version.number")
    scoring = serializers.CharField(source="version.scoring")
    observer = serializers.IntegerField(source="observer_id")
    caregiver = serializers.IntegerField(source="caregiver_id")
    supersedes = serializers.UUIDField(source="supersedes_id")
    scores = ScoreSerializer(many=True)

    class Meta:
        model = ObservationSession
        fields = [
            "id",
            "room",
            "instrument",
            "version",
            "scoring",
            "observer",
            "caregiver",
            "purpose",
            "observed_on",
            "age_group",
            "status",
            "closed_at",
            "content_hash",
            "supersedes",
            "reason",
            "scores",
        ]


class RatingSerializer(serializers.ModelSerializer):
    item = serializers.CharField(source="item.code")

    class Meta:
        model = Rating
        fields = ["item", "state", "value", "note", "marks"]


class CycleSerializer(serializers.ModelSerializer):
    ratings = RatingSerializer(many=True)

    class Meta:
        model = Cycle
        fields = [
            "number",
            "moments",
            "started_at",
            "ended_at",
            "minutes_reason",
            "context",
            "ratings",
        ]


class SessionDetailSerializer(SessionSerializer):
    """A session with each cycle and rating."""

    cycles = CycleSerializer(many=True)

    class Meta(SessionSerializer.Meta):
        fields = [*SessionSerializer.Meta.fields, "cycles"]
