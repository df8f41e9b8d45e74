"""Ending sessions: in the other browsers of a person, or everywhere."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from core import audit
from organisations.models import User


@transaction.atomic
def end(*, user: User, by: User | None, kept: str | None = None) -> int:
    """Sign ``user`` out wherever she is, save in the session with the key ``kept``; how many."""
    ended = UserSession.objects.filter(user=user).exclude(session_key=kept)
    for session in ended:
        session.end()
    audit.record("sign_ins.end_elsewhere", user, by=by, detail={"sessions": len(ended)})
    return len(ended)
