"""How often a client may ask. Counted in each process: no query, no cache for every request."""

import time
from collections import Counter

from django.conf import settings
from rest_framework.throttling import BaseThrottle

# Requests by client, of the running minute alone
_counted: dict[int, Counter[int]] = {}


class PerClient(BaseThrottle):
    """``XAPI_REQUESTS_PER_MINUTE`` of one client, in one process, from minute to minute."""

    def allow_request(self, request, view) -> bool:
        if request.auth is None:
            return True
        minute = int(time.time() // 60)
        if minute not in _counted:
            _counted.clear()
        counted = _counted.setdefault(minute, Counter())
        counted[request.auth.pk] += 1
        return counted[request.auth.pk] <= settings.XAPI_REQUESTS_PER_MINUTE

    def wait(self) -> float:
        return 60 - time.time() % 60
