from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from observation.enums import ScoringRule
from observation.models import Cycle, ObservationSession, Rating, SessionScore
from observation.serializers.json_fields import Context, Marks, Moments
from organisations.models import Unit


class ScoreSerializer(serializers.ModelSerializer):
    """A domain's score; ``domain`` null is over all, ``score`` null is not valid.

    0 to 100, but points of the scale where the session's ``scoring`` is "mean".
    """

    domain = serializers.CharField(
        source="domain.code",
        default=None,
        allow_null=True,
        help_text=_("Code of the domain; null: over all."),
    )

    class Meta:
        model = SessionScore
        fields = ["domain", "score", "cycles"]


class SessionSerializer(serializers.ModelSerializer):
    """A session without its ratings. Treatment alerts have no place here."""

    room: "serializers.SlugRelatedField[Unit]" = serializers.SlugRelatedField(
        source="unit", slug_field="code", read_only=True, help_text=_("Code of the room.")
    )
    instrument = serializers.CharField(
        source="version.instrument.code", help_text=_("Code of the instrument.")
    )
    version = serializers.IntegerField(
        source="version.number", help_text=_("Number of its version.")
    )
    scoring = serializers.ChoiceField(
        ScoringRule.choices, source="version.scoring", help_text=_("How its scores are told.")
    )
    observer = serializers.IntegerField(
        source="observer_id", help_text=_("Number of the observer.")
    )
    caregiver = serializers.IntegerField(
        source="caregiver_id", allow_null=True, help_text=_("Number of the caregiver.")
    )
    left_out = serializers.BooleanField(
        source="flagged", help_text=_("Official, but left out of official figures.")
    )
    supersedes = serializers.UUIDField(
        source="supersedes_id", allow_null=True, help_text=_("The session that this one corrects.")
    )
    scores = ScoreSerializer(many=True, help_text=_("A score for each domain, and one over all."))

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
            "left_out",
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
    item = serializers.CharField(source="item.code", help_text=_("Code of the item."))
    marks = Marks()

    class Meta:
        model = Rating
        fields = ["item", "state", "value", "note", "marks"]


class CycleSerializer(serializers.ModelSerializer):
    moments = Moments()
    context = Context()  # type: ignore[assignment]  # the metaclass takes it off the class
    ratings = RatingSerializer(many=True, help_text=_("What was given to each item."))

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

    cycles = CycleSerializer(many=True, help_text=_("Its cycles, in their order."))

    class Meta(SessionSerializer.Meta):
        fields = [*SessionSerializer.Meta.fields, "cycles"]
