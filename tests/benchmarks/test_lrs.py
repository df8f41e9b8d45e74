"""The record store over HTTP on loopback: what it takes in and finds, and how long that lasts.

Run by `make bench-lrs`, never by the tests: a busy machine is no defect. It prints a table, with
the targets of the project beside it, and fails only where the server breaks.
"""

import json
import os
import random
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.benchmarks import statements
from tests.benchmarks.commands import environ, run
from tests.benchmarks.load import Connection, Request, Timings, followed, measured
from tests.journeys.site import client_headers, free_port, wait_until_healthy
from tools import postgres
from tools.demo import WEB_OPTIONS
from tools.processes import Together

pytestmark = pytest.mark.bench
FEW, MANY = int(os.environ.get("BENCH_LRS_STATEMENTS", "100000")), 1_000_000
BATCH, PAGE = 50, 50
# Statements in a second at least, and milliseconds at most; SQLite has half of each to reach.
RATES = {"stored singly": 150, "stored in batches of 50": 900}
LONGEST = {"agent and verb": 30, "related activities": 40, "newest": 20}
CLIENT = "bench"
FIRST = 1001  # seed of the first statements that a store is given


@dataclass
class Store:
    """A running site, and what was asked of it."""

    name: str
    env: dict[str, str]
    connections: list[Connection]
    seed: int = FIRST - 1

    @property
    def easier(self) -> int:
        """How many times slower than the targets it may be."""
        return 2 if "SQLite" in self.name else 1

    def fresh(self, count: int) -> Iterator[dict]:
        """Statements that came never before."""
        self.seed += 1
        return statements.several(self.seed, count)

    def close(self) -> None:
        for connection in self.connections:
            connection.line.close()

    def fill(self, count: int) -> None:
        self.seed += 1
        self.shell(f"statements.fill({CLIENT!r}, {self.seed}, {count})")

    def shell(self, call: str) -> str:
        code = f"from tests.benchmarks import statements; {call}"
        return run(self.env, "manage.py", "shell", "--no-imports", "-c", code)

    def plainly(self, together: int) -> float:
        self.seed += 1
        told = self.shell(f"statements.insert_plainly({self.seed}, 2000, {together})")
        return float(told.splitlines()[-1])

    def ask(self, requests: list[Request], connections: int = 1, each: int = 1) -> Timings:
        return measured(self.connections[:connections], requests, each)

    def stored(self, together: int, requests: int, connections: int) -> Timings:
        made = list(self.fresh(together * requests))
        bodies = [made[n : n + together] for n in range(0, len(made), together)]
        posts = [
            Request("/xapi/statements", json.dumps(body if together > 1 else body[0]).encode())
            for body in bodies
        ]
        return self.ask(posts, connections, together)


def find(**asked: str) -> Request:
    return Request(f"/xapi/statements?{urlencode({'limit': PAGE} | asked)}")


def found(store: Store, times: int) -> dict[str, Timings]:
    """The searches, each for other things every time."""
    rng = random.Random(store.seed)  # noqa: S311 — what is asked, no secret
    known = [one["id"] for one in statements.several(FIRST, times)]
    who = [statements.actor(statements.chosen(rng, statements.ACTORS)) for _nth in known]
    agents = [json.dumps({"account": one["account"]}) for one in who]
    verbs = [statements.VERBS[statements.chosen(rng, 20)] for _nth in known]
    courses = [statements.course(rng.randrange(statements.COURSES))["id"] for _nth in known]
    lessons = [statements.activity(rng.randrange(statements.ACTIVITIES))["id"] for _nth in known]
    wide = {"related_activities": "true"}
    searches = {
        "by id": [Request(f"/xapi/statements?{urlencode({'statementId': one})}") for one in known],
        "agent and verb": [find(agent=a, verb=v) for a, v in zip(agents, verbs, strict=True)],
        "agent": [find(agent=one) for one in agents],
        "activity and verb": [
            find(activity=one, verb=verb) for one, verb in zip(lessons, verbs, strict=True)
        ],
        "related activities": [find(activity=one, **wide) for one in courses],
        "related activities and verb": [
            find(activity=one, verb=verb, **wide) for one, verb in zip(courses, verbs, strict=True)
        ],
        "related activities and agent": [
            find(activity=one, agent=agent, **wide)
            for one, agent in zip(courses, agents, strict=True)
        ],
        "newest": [find()] * times,
        "oldest": [find(ascending="true")] * times,
    }
    return {name: store.ask(requests) for name, requests in searches.items()}


def more(body: bytes) -> str:
    return json.loads(body)["more"]


def figures(store: Store) -> dict[tuple[str, int], Timings]:
    """All that is measured, by what was done and over how many connections."""
    first, *_others = store.connections
    searches = found(store, 200)
    course = statements.course(0)["id"]
    inside = find(activity=course, related_activities="true").path
    searches["page after page"] = followed(first, find().path, more, 100)
    searches["page after page of a course"] = followed(first, inside, more, 60)
    timings = {(name, 1): one for name, one in searches.items()}
    for connections, requests in ((1, 300), (4, 600)):
        timings["stored singly", connections] = store.stored(1, requests, connections)
    for connections, requests in ((1, 30), (4, 60), (8, 80)):
        timings["stored in batches of 50", connections] = store.stored(BATCH, requests, connections)
    return timings


def verdict(store: Store, name: str, one: Timings) -> str:
    if name in RATES:
        least = RATES[name] / store.easier
        return f"≥ {least:.0f}/s {'met' if one.rate >= least else 'NOT met'}"
    if name in LONGEST:
        most = LONGEST[name] * store.easier
        return f"p95 < {most} ms {'met' if one.p95 < most else 'NOT met'}"
    return ""


def table(store: Store, rows: int, timings: dict, before: dict) -> str:
    """A line for each figure; ``before`` are those with fewer statements, to compare with."""
    lines = [
        f"\n{store.name}, {rows:,} statements",
        f"{'':<30} lines {'n':>5} {'/s':>7} {'p50 ms':>7} {'p95 ms':>7} {'× p50':>6}  target",
    ]
    for (name, connections), one in timings.items():
        times = f"{one.p50 / before[name, connections].p50:.2f}" if before else ""
        lines.append(
            f"{name:<30} {connections:>5} {len(one.took):>5} {one.rate:>7.0f} {one.p50:>7.1f} "
            f"{one.p95:>7.1f} {times:>6}  {verdict(store, name, one)}".rstrip()
        )
    return "\n".join(lines)


def reported(store: Store, rows: int, before: dict) -> dict:
    timings = figures(store)
    sys.stdout.write(table(store, rows, timings, before) + "\n")
    for name, together in (("singly", 1), ("50 at a time", BATCH)):
        sys.stdout.write(f"plain rows, {name}, without HTTP {store.plainly(together):18.0f}/s\n")
    sys.stdout.flush()

    broken = {
        name: dict(one.statuses) for name, one in timings.items() if set(one.statuses) - {200}
    }
    assert broken == {}
    return timings


def measure(name: str, folder: Path, database_url: str = "") -> None:
    """Fill a store, serve it with two processes, and print what it does."""
    env = environ(folder, database_url) | {"TRENZA_LOG_LEVEL": "INFO"}
    run(env, "manage.py", "migrate", "-v", "0", "--no-input")
    headers = client_headers(run(env, "manage.py", "lrs_credential", CLIENT))
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", *WEB_OPTIONS, "--bind"]
    store = Store(name, env, [Connection(port, headers) for _nth in range(8)])
    store.fill(FEW)
    with Together() as programs, closing(store):
        programs.start("web", [*gunicorn, f"127.0.0.1:{port}"], folder / "web.log", **env)
        wait_until_healthy(programs, f"http://127.0.0.1:{port}", folder)
        load = os.getloadavg()[0]
        sys.stdout.write(f"\n{os.cpu_count()} cores, load {load:.1f} before, two web processes\n")
        before = reported(store, FEW, {})
        if os.environ.get("BENCH_LRS_MILLION"):
            store.fill(MANY - FEW)
            reported(store, MANY, before)


def test_record_store_on_sqlite(tmp_path):
    measure("SQLite (synchronous=NORMAL)", tmp_path / "sqlite")


def test_record_store_on_postgresql(tmp_path):
    with postgres.server(durable=True) as url:
        measure("PostgreSQL (fsync on)", tmp_path / "pg", url)
