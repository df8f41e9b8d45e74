"""How often a client may ask. Counted in each process: no query, no cache for every request."""

import time
from collections import Counter

from django.conf import settings
from rest_framework.throttling import BaseThrottle

_counted: tuple[int, Counter[int]] = 0, Counter()


class PerClient(BaseThrottle):
    """``XAPI_REQUESTS_PER_MINUTE`` of one client, in one process, from minute to minute."""

    def allow_request(self, request, view) -> bool:
        global _counted  # noqa: PLW0603 — the one count of this process
        if request.auth is None:
            return True
        minute = int(time.time() // 60)
        if _counted[0] != minute:
            _counted = minute, Counter()
        _counted[1][request.auth.pk] += 1
        return _counted[1][request.auth.pk] <= settings.XAPI_REQUESTS_PER_MINUTE

    def wait(self) -> float:
        return 60 - time.time() % 60
