from observation.serializers.sessions import SessionDetailSerializer, SessionSerializer

__all__ = ["SessionDetailSerializer", "SessionSerializer"]
