"""Both engines on the same files, and a real cluster that loses a worker."""

import os
import signal
import time
import uuid
from pathlib import Path

import dask
import numpy as np
import pandas as pd
import pytest
from distributed import Client, LocalCluster

from analytics import engines
from analytics.engines import Dask, Local, Work, generator, map_partitions
from analytics.snapshots.columns import COLUMNS
from analytics.snapshots.reading import Partition, by_session, connection
from core.refusals import Refusal
from measurement import partials

ITEMS = ["a", "b", "c"]
PARTITIONS, CENTRES, SESSIONS = 12, 5, 8


@pytest.fixture
def partitions(tmp_path) -> list[Partition]:
    """Twelve files, each with the ratings of five centres."""
    rng = np.random.default_rng(11)
    return [ratings_file(tmp_path, f"{number:02d}", rng) for number in range(PARTITIONS)]


def ratings_file(folder: Path, key: str, rng: np.random.Generator) -> Partition:
    sessions = [
        (f"c{key}-{c}", f"{key}{c}{s:02d}") for c in range(CENTRES) for s in range(SESSIONS)
    ]
    true = rng.normal(size=len(sessions))
    given = [
        (centre, session, item, float(np.clip(round(1.5 + level + rng.normal()), 0, 3)))
        for (centre, session), level in zip(sessions, true, strict=True)
        for item in ITEMS
    ]
    frame = pd.DataFrame(given, columns=["centre", "session", "item", "value"])
    frame = frame.reindex(columns=list(COLUMNS), fill_value="").assign(
        value=frame["value"], comparable=True, duplicate=False, day=1, line=1, cycle=1
    )
    path = folder / f"ratings-{key}.parquet"
    with connection() as database:
        database.register("rows", frame)
        database.table("rows").write_parquet(str(path))
    return Partition(key, str(path))


def sums(frame: pd.DataFrame, rng: np.random.Generator, started: str = "") -> tuple:
    """The sums of the items, noise that must not depend on where it was made, and a slow start."""
    if started:
        Path(started, uuid.uuid4().hex).touch()
        time.sleep(0.15)
    centres = frame.drop_duplicates("session")["centre"]
    wide = by_session(frame, ITEMS)
    return partials.item_sums(wide, centres.tolist()), rng.normal(size=1000).sum()


def whole(parts: list[tuple]) -> tuple[bytes, float]:
    """What was found, as bytes: equal to the last digit, or not equal."""
    table = partials.combine([items for items, _noise in parts]).table
    return table.to_numpy().tobytes(), sum(noise for _items, noise in parts)


def test_map_gives_the_same_as_one_frame(partitions):
    found = map_partitions(Work(len, ["session"], {"item": "a"}), partitions, sum)

    assert found == PARTITIONS * CENTRES * SESSIONS


def test_map_combines_in_the_order_of_keys_whatever_came_first(partitions):
    class Backwards:
        def each(self, work, given):
            return Local().each(work, given[::-1])

    forwards, backwards = (
        map_partitions(Work(sums, seed=3), partitions, whole, engine=engine)
        for engine in (Local(), Backwards())
    )

    assert backwards == forwards


def test_map_tells_how_far_it_is_and_ends_when_told_to(partitions):
    told = []

    def done(finished, of):
        told.append((finished, of))
        if finished == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        map_partitions(Work(len, ["session"]), partitions, sum, done=done)
    assert told == [(1, PARTITIONS), (2, PARTITIONS)]


def test_generators_depend_on_seed_and_names_alone():
    first, again = (generator(1, "00").normal(size=3) for _ in range(2))

    assert first.tolist() == again.tolist()
    others = [generator(2, "00"), generator(1, "01"), generator(1, "00", "x"), generator(10, "0")]
    assert all(other.normal() != first[0] for other in others)


def test_cluster_that_loses_a_worker_gives_the_same_to_the_last_digit(partitions, tmp_path):
    expected = map_partitions(Work(sums, seed=3), partitions, whole)
    started = tmp_path / "started"
    started.mkdir()
    killed = []

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any port that is free
            memory_limit=0,
        ) as cluster,
        Client(cluster) as client,
    ):
        workers = client.run(os.getpid)

        def kill_one(finished, _of):
            if finished == 3:
                killed.append(next(iter(workers.values())))
                os.kill(killed[0], signal.SIGKILL)

        found = map_partitions(
            Work(sums, seed=3, arguments={"started": str(started)}),
            partitions,
            whole,
            engine=Dask(client),
            done=kill_one,
        )
        left = client.run(os.getpid)

    assert found == expected
    assert len(killed) == 1
    assert killed[0] not in left.values()
    # What the dead worker was at was begun again elsewhere.
    assert len(list(started.iterdir())) > PARTITIONS


def test_engine_is_local_unless_the_settings_say_otherwise():
    with engines.chosen() as engine:
        assert isinstance(engine, Local)


def test_cluster_that_does_not_answer_is_refused_with_a_sentence(settings):
    settings.ANALYTICS_ENGINE, settings.DASK_SCHEDULER = "dask", "tcp://127.0.0.1:1"

    soon = dask.config.set({"distributed.comm.timeouts.connect": "500ms"})
    with soon, pytest.raises(Refusal, match="do not answer"), engines.chosen():
        pass
