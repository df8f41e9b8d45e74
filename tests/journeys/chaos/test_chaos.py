"""Every closed record is on the server exactly once, byte for byte, and nothing else is."""

import hashlib
import json
import os
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.chaos import world
from tests.journeys.chaos.observer import Observer, Plan

FEW, MANY = 5, int(os.environ.get("CHAOS_RUNS", "200"))
ALERTS = 0.5  # of runs
ALERT, SESSION = "observation.alert", "observation.session"
TAKEN_IN = """SELECT
  (SELECT COUNT(*) FROM observation_observationsession
   WHERE status = 'closed' AND id IN (SELECT record FROM fieldwork_delivery)),
  (SELECT COUNT(*) FROM observation_safeguardingalert WHERE description = 'Shouted at the table.')
"""
KEPT = "SELECT record, kind, state, sha256, body FROM fieldwork_delivery"
OUTBOX = """async () => {
  const { open } = await import("/static/js/field/engine.js");
  const engine = await open();
  return engine.outbox.rows();
}"""


@pytest.fixture(scope="session")
def template(demonstration, tmp_path_factory) -> world.Template:
    return world.prepare(demonstration, tmp_path_factory.mktemp("templates") / "template")


@pytest.fixture(scope="session")
def tally(request) -> Iterator[Counter]:
    """What all runs of this session did and suffered; told at its end."""
    one: Counter = Counter()
    yield one
    told = ", ".join(f"{number} {what}" for what, number in sorted(one.items()))
    plugin = request.config.pluginmanager.get_plugin
    with plugin("capturemanager").global_and_fixture_disabled():
        plugin("terminalreporter").write_line(f"\nChaos: {told}")


@pytest.mark.journey
@pytest.mark.parametrize("seed", range(FEW))
def test_closed_records_arrive_once_in_a_few_runs(
    seed, template, tmp_path, playwright, chromium, tally
):
    check(seed, template, tmp_path, playwright, chromium, tally)


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(FEW, FEW + MANY))
def test_closed_records_arrive_once_in_many_runs(
    seed, template, tmp_path, playwright, chromium, tally
):
    check(seed, template, tmp_path, playwright, chromium, tally)


def check(seed: int, template: world.Template, folder: Path, playwright, chromium, tally) -> None:
    with world.at(template, folder, seed, playwright, chromium) as one:
        observer = Observer(one, [])
        of_the_demonstration = one.server.rows(KEPT)
        observer.sign_in()
        observer.plans = plans(one)
        observer.work()
        one.network.wait_for_replays()
        said = {row["id"]: row for row in one.phone.page().evaluate(OUTBOX)}
        kept = [row for row in one.server.rows(KEPT) if row not in of_the_demonstration]

        broke = f"seed {seed}: {observer.broke}, {dict(one.network.done)}"
        assert sorted(uuid.UUID(row[0]) for row in kept) == sorted(map(uuid.UUID, said)), broke
        for record, kind, state, sha256, body in kept:
            row = said[str(uuid.UUID(record))]
            assert (row["kind"], row["state"], state) == (kind, "sent", "accepted"), broke
            assert sha256 == hashlib.sha256(body).hexdigest() == row["sha256"], broke
        contents = {kind: [] for kind in (ALERT, SESSION)}
        for _record, kind, _state, _sha256, body in kept:
            contents[kind].append(json.loads(body)["content"])
        wanted = {plan.room: plan.answers for plan in observer.plans}
        assert len(contents[SESSION]) == len(wanted), broke
        assert {one["room"]: answers(one) for one in contents[SESSION]} == wanted, broke
        raised = [(plan.room, plan.id, plan.alert) for plan in observer.plans if plan.alert]
        assert [(c["room"], c["session"], c["description"]) for c in contents[ALERT]] == raised
        assert one.server.rows(TAKEN_IN) == [(len(wanted), len(raised))], broke
    tally.update(f"network: {trick}" for trick in one.network.done.elements())
    tally.update(observer.broke)
    tally.update({"runs": 1, "sessions": len(wanted), "alerts": len(raised)})


def plans(one: world.World) -> list[Plan]:
    """Two to four sessions in rooms of their own."""
    answer = one.phone.page().request.get(f"{one.url}/api/field/agenda/")
    rooms = [room for room in answer.json()["observation"]["rooms"] if room["caregivers"]]
    return [
        Plan(
            room["code"],
            f"{room['centre']} · {room['name']}",
            {f"B{n}": one.rng.randrange(4) for n in (1, 2, 3)},
            "Shouted at the table." if number == 0 and one.rng.random() < ALERTS else "",
        )
        for number, room in enumerate(one.rng.sample(rooms, one.rng.randint(2, 4)))
    ]


def answers(content: dict) -> dict[str, int]:
    """What was answered in its only cycle."""
    (cycle,) = content["cycles"]
    return {code: each["value"] for code, each in cycle["ratings"].items()}
