"""Statements as a country's courses would send them, and a record store filled with them.

`fill` and `insert_plainly` are called by `manage.py shell`, with the settings of the database to
measure; what the others make is the same in every process.
"""

import json
import random
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from lrs.actions import statements
from lrs.models import Credential

ACTORS, ACTIVITIES, COURSES, PROGRAMMES = 2000, 300, 30, 5
HOME = "https://school.example"
VERBS = [
    f"http://adlnet.gov/expapi/verbs/{word}"
    for word in (
        *("experienced", "answered", "interacted", "attempted", "completed", "progressed"),
        *("passed", "launched", "initialized", "terminated", "failed", "commented", "shared"),
        *("asked", "attended", "imported", "mastered", "preferred", "registered", "resumed"),
    )
]
# Some are seen often, most of them seldom.
HOW_OFTEN = {
    size: [1 / (10 + rank) for rank in range(size)] for size in (ACTORS, ACTIVITIES, len(VERBS))
}
TEXT = "Watch how an adult answers a child who asks, and write down what she does next. "


def chosen(rng: random.Random, size: int) -> int:
    return rng.choices(range(size), HOW_OFTEN[size])[0]


def actor(number: int) -> dict[str, Any]:
    account = {"homePage": HOME, "name": f"learner-{number:05}"}
    return {"objectType": "Agent", "name": f"Learner {number}", "account": account}


def activity(number: int) -> dict[str, Any]:
    return _described(f"{HOME}/lessons/{number}", "lesson", f"Lesson {number}")


def course(number: int) -> dict[str, Any]:
    return _described(f"{HOME}/courses/{number}", "course", f"Course {number}")


def programme(number: int) -> dict[str, Any]:
    return _described(f"{HOME}/programmes/{number}", "program", f"Programme {number}")


def _described(iri: str, kind: str, name: str) -> dict[str, Any]:
    definition = {
        "type": f"http://adlnet.gov/expapi/activities/{kind}",
        "name": {"en": name, "es": f"{name} en español"},
        "description": {"en": TEXT},
    }
    return {"objectType": "Activity", "id": iri, "definition": definition}


def made(rng: random.Random) -> dict[str, Any]:
    """A statement of 1.5 kB."""
    who, lesson = chosen(rng, ACTORS), chosen(rng, ACTIVITIES)
    verb = VERBS[chosen(rng, len(VERBS))]
    inside = lesson % COURSES
    return {
        "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "actor": actor(who),
        "verb": {"id": verb, "display": {"en": verb.rpartition("/")[2]}},
        "object": activity(lesson),
        "result": {
            "score": {"scaled": rng.randrange(101) / 100},
            "success": rng.random() < 0.8,
            "duration": f"PT{rng.randrange(600)}S",
        },
        "context": {
            "registration": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{who}/{inside}")),
            "platform": "a platform",
            "language": "es-MX",
            "contextActivities": {
                "parent": [course(inside)],
                "grouping": [programme(inside % PROGRAMMES)],
            },
        },
        "timestamp": f"2026-0{rng.randrange(1, 10)}-{rng.randrange(10, 29)}T10:15:30.25Z",
    }


def several(seed: int, count: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(seed)  # noqa: S311 — the same statements each time
    return (made(rng) for _nth in range(count))


def fill(client: str, seed: int, count: int) -> None:
    """Store ``count`` statements as ``client`` in bulk, and let the database look at them."""
    credential = Credential.objects.get(name=client)
    statements.store_many(several(seed, count), credential=credential)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def insert_plainly(seed: int, count: int, together: int) -> None:
    """Print how many rows a second the database takes without HTTP, checks and searches.

    The text of a statement, its id and four indexed columns, ``together`` of them a transaction.
    """
    kind = "uuid" if connection.vendor == "postgresql" else "char(32)"
    rows = [
        (
            uuid.UUID(one["id"]).hex,
            one["timestamp"],
            one["actor"]["account"]["name"],
            one["verb"]["id"],
            one["object"]["id"],
            json.dumps(one),
        )
        for one in several(seed, count)
    ]
    columns = ("stored", "actor", "verb", "activity")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bench_plain (id {kind} PRIMARY KEY, stored varchar(40), "
            "actor varchar(100), verb varchar(100), activity varchar(100), raw text)"
        )
        for name in columns:
            cursor.execute(f"CREATE INDEX bench_plain_{name} ON bench_plain ({name})")
        started = time.perf_counter()
        for first in range(0, count, together):
            with transaction.atomic():
                cursor.executemany(
                    "INSERT INTO bench_plain VALUES (%s, %s, %s, %s, %s, %s)",
                    rows[first : first + together],
                )
        took = time.perf_counter() - started
        cursor.execute("DROP TABLE bench_plain")
    sys.stdout.write(f"{count / took}\n")
