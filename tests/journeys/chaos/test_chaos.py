"""Every closed record is on the server exactly once, byte for byte, and nothing else is."""

import hashlib
import json
import os
import uuid
from pathlib import Path

import pytest

from tests.journeys.chaos import world
from tests.journeys.chaos.observer import Observer, Plan

FEW, MANY = 6, int(os.environ.get("CHAOS_RUNS", "200"))
OUTBOX = """async () => {
  const { open } = await import("/static/js/field/engine.js");
  const engine = await open();
  return engine.outbox.rows();
}"""


@pytest.fixture(scope="session")
def template(chromium, tmp_path_factory) -> world.Template:
    return world.prepare(tmp_path_factory.mktemp("template"))


@pytest.mark.journey
@pytest.mark.parametrize("seed", range(FEW))
def test_closed_records_arrive_once_in_a_few_runs(seed, template, tmp_path, playwright, chromium):
    check(seed, template, tmp_path, playwright, chromium)


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(FEW, FEW + MANY))
def test_closed_records_arrive_once_in_many_runs(seed, template, tmp_path, playwright, chromium):
    check(seed, template, tmp_path, playwright, chromium)


def check(seed: int, template: world.Template, folder: Path, playwright, chromium) -> None:
    with world.at(template, folder, seed, playwright, chromium) as one:
        observer = Observer(one, [])
        observer.sign_in()
        observer.plans = plans(one)
        observer.work()
        one.network.wait_for_replays()
        said = {row["id"]: row for row in one.phone.page().evaluate(OUTBOX)}
        kept = one.server.rows("SELECT record, kind, state, sha256, body FROM fieldwork_delivery")

        broke = f"seed {seed}: {observer.broke}, {dict(one.network.done)}"
        assert sorted(uuid.UUID(row[0]) for row in kept) == sorted(map(uuid.UUID, said)), broke
        for record, kind, state, sha256, body in kept:
            id = str(uuid.UUID(record))  # noqa: A001 — the record's own name for it
            assert (kind, state) == ("observation.session", "accepted"), broke
            assert sha256 == hashlib.sha256(body).hexdigest() == said[id]["sha256"], broke
        assert dict(map(answers, kept)) == {p.room: p.answers for p in observer.plans}, broke
        closed = one.server.rows(
            "SELECT COUNT(*) FROM observation_observationsession WHERE status = 'closed' AND id IN "
            "(SELECT record FROM fieldwork_delivery)"
        )
        assert closed == [(len(observer.plans),)], broke


def plans(one: world.World) -> list[Plan]:
    """Two to four sessions in rooms of their own."""
    answer = one.phone.page().request.get(f"{one.url}/api/field/agenda/")
    rooms = [room for room in answer.json()["observation"]["rooms"] if room["caregivers"]]
    return [
        Plan(
            room["code"],
            f"{room['centre']} · {room['name']}",
            {f"B{n}": one.rng.randrange(4) for n in (1, 2, 3)},
        )
        for room in one.rng.sample(rooms, one.rng.randint(2, 4))
    ]


def answers(row: tuple) -> tuple[str, dict[str, int]]:
    """The room and what was answered, by the bytes on the server."""
    content = json.loads(row[4])["content"]
    (cycle,) = content["cycles"]
    return content["room"], {code: each["value"] for code, each in cycle["ratings"].items()}
