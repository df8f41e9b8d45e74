"""Visits every page that a national coordinator can reach by links and prints the figures as JSON.

Run in a process of its own, with the settings of the database to measure.
"""

import json
import re
import statistics
import sys
import time
from urllib.parse import urljoin, urlsplit

import django
from django.db import connection

TIMES = 15
MOST = 100  # shapes of pages
ALIKE = 40  # pages of one shape: a region without zones needs fewer queries than one with them
SKIPPED = re.compile(r"^/(editor|static|media|documentos|cuenta)/|\.(pdf|csv|xlsx)$")
LINK = re.compile(r'<a\s[^>]*?href="([^"#]+)')


def shape(path: str) -> str:
    """The path with what names one record taken out: pages of one shape share a view.

    The code of a unit keeps its form, which tells a zone from a room.
    """
    parts = (
        "*" if len(part) > 30 else re.sub(r"\d+", "0", re.sub(r"-[a-z]+\d?$", "-*", part))
        for part in path.split("/")
    )
    return "/".join(parts)


def reachable(client) -> dict[str, list[str]]:
    """Pages found by following links from home: by shape, the first few."""
    waiting, found = ["/inicio/"], {}
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        known = found.get(shape(path), [])
        if path in known or len(known) == ALIKE or SKIPPED.search(path):
            continue
        answer = client.get(path)
        if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
            continue
        found[shape(path)] = [*known, path]
        for link in LINK.findall(answer.content.decode()):
            target = urlsplit(urljoin(path, link))
            if not target.netloc and not target.query:
                waiting.append(target.path)
    return found


def measured(client, paths: list[str]) -> dict:
    """The most queries that one of ``paths`` takes, and the time of the first."""
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 — needs Django set up

    asked = 0
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        # Counted now: the next request empties the log that the count is read from.
        asked = max(asked, len(queries))
    took = []
    for _time in range(TIMES):
        started = time.perf_counter()
        client.get(paths[0])
        took.append((time.perf_counter() - started) * 1000)
    return {
        "median": statistics.median(took),
        "queries": asked,
        "status": answer.status_code,
    }


def main() -> None:
    django.setup()
    from django.conf import settings  # noqa: PLC0415 — needs Django set up
    from django.test import Client  # noqa: PLC0415 — likewise

    from organisations.models import Post  # noqa: PLC0415 — likewise
    from organisations.roles import RoleCode  # noqa: PLC0415 — likewise

    settings.ALLOWED_HOSTS.append("testserver")
    coordinator = Post.objects.in_force().filter(role=RoleCode.NATIONAL).first().user
    client = Client()
    client.force_login(coordinator, "allauth.account.auth_backends.AuthenticationBackend")
    pages = {form: measured(client, paths) for form, paths in reachable(client).items()}
    sys.stdout.write(json.dumps(pages) + "\n")


if __name__ == "__main__":
    main()
