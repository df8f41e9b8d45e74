"""Where the partitions of a snapshot are computed: in this process, or on a cluster of machines.

Both give the same result to the last digit: a function sees one partition whole, its chance comes
from the seed of the run and the key of the partition, and what it found is put together in the
order of the keys, whoever finished first. Loads where Django is not set up, as on a worker.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _

from analytics.snapshots.reading import Partition, Where
from core.refusals import Refusal

Whole = TypeVar("Whole")
Done = Callable[[int, int], object]


@dataclass(frozen=True)
class Work:
    """What is done with each partition: read these columns and rows, call ``function(frame)``.

    With ``seed`` it is ``function(frame, rng=…)``. ``columns`` and ``where``: what is read, as in
    ``snapshots.read``; ``arguments`` are handed on by name. On a cluster the function must be one
    that its workers can import, and neither it nor what it returns may need Django.
    """

    function: Callable[..., Any]
    columns: Sequence[str] | None = None
    where: Where | None = None
    seed: int | None = None
    arguments: dict[str, Any] = field(default_factory=dict)

    def __call__(self, partition: Partition) -> Any:
        frame = partition.read(self.columns, self.where)
        if self.seed is None:
            return self.function(frame, **self.arguments)
        return self.function(frame, rng=generator(self.seed, partition.key), **self.arguments)


class Engine(Protocol):
    """Gives what ``work`` finds in each partition, by key, as it comes."""

    def each(self, work: Work, partitions: Sequence[Partition]) -> Iterator[tuple[str, Any]]: ...


class Local:
    """One partition after the other, in this process."""

    def each(self, work: Work, partitions: Sequence[Partition]) -> Iterator[tuple[str, Any]]:
        for partition in partitions:
            yield partition.key, work(partition)


class Dask:
    """A future per file on the workers of a Dask scheduler, which see the same folder.

    A future per file, since ``read_parquet`` of Dask would fuse files as it sees fit. A worker that
    dies has its partitions computed again by the others.
    """

    def __init__(self, client: Any):
        self.client = client

    def each(self, work: Work, partitions: Sequence[Partition]) -> Iterator[tuple[str, Any]]:
        from distributed import as_completed  # noqa: PLC0415 — an extra; where Dask is chosen

        # Not pure: Dask would hand out the result of an earlier run with the same arguments.
        futures = self.client.map(work, partitions, pure=False)
        keys = {
            future.key: partition.key for future, partition in zip(futures, partitions, strict=True)
        }
        try:
            for future, found in as_completed(futures, with_results=True):
                yield keys[future.key], found
        finally:
            self.client.cancel(futures)


def map_partitions(
    work: Work,
    partitions: Sequence[Partition],
    combine: Callable[[list[Any]], Whole],
    *,
    engine: Engine | None = None,
    done: Done = lambda finished, of: None,
) -> Whole:
    """``combine`` of what ``work`` finds in each partition, in the order of their keys.

    ``done`` is told after each partition how many there are; what it raises ends the work.
    """
    found: dict[str, Any] = {}
    for key, part in (engine or Local()).each(work, partitions):
        found[key] = part
        done(len(found), len(partitions))
    return combine([found[key] for key in sorted(found)])


def generator(seed: int, *names: str) -> np.random.Generator:
    """Chance of its own for what ``names`` name, within a run with ``seed``.

    The SHA-256 of seed and names seeds it: streams of two names have nothing in common, and
    neither depends on which was made first.
    """
    digest = hashlib.sha256("\0".join([str(seed), *names]).encode()).digest()
    words = np.frombuffer(digest, dtype="<u4")
    return np.random.default_rng(np.random.SeedSequence([int(word) for word in words]))


@contextmanager
def chosen() -> Iterator[Engine]:
    """The engine of the settings: TRENZA_ENGINE, TRENZA_DASK_SCHEDULER."""
    if settings.ANALYTICS_ENGINE != "dask":
        yield Local()
        return
    from distributed import Client  # noqa: PLC0415 — an extra; where Dask is chosen

    try:
        client = Client(settings.DASK_SCHEDULER)
    except OSError as error:
        raise Refusal(
            _(
                "The computers that share the work of analyses do not answer. "
                "Tell whoever runs the platform."
            )
        ) from error
    with client:
        yield Dask(client)
