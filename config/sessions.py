"""Sessions in the database that end: after some days at rest, and after more, however much used."""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

BEGAN, SEEN = "_began", "_seen"  # when somebody first and last came with it, in seconds
WRITTEN_EVERY = 3600  # seconds: not each request, or every page would write


class SessionStore(db.SessionStore):
    """Put off by SESSION_COOKIE_AGE while it is used, but never beyond SESSION_LONGEST."""

    def load(self) -> dict[str, Any]:
        known = super().load()
        if SESSION_KEY not in known:
            return known
        now = timezone.now().timestamp()
        if now - known.setdefault(BEGAN, now) > settings.SESSION_LONGEST:
            self.delete()
            self._session_key = None
            return {}
        if now - known.get(SEEN, 0) > WRITTEN_EVERY:
            self.modified = True
        return known

    def save(self, must_create: bool = False) -> None:
        """Note who came when; that it is written puts its end off."""
        known = getattr(self, "_session_cache", {})
        if SESSION_KEY in known:
            known[SEEN] = timezone.now().timestamp()
            known.setdefault(BEGAN, known[SEEN])
        super().save(must_create)
