"""A run as a list of stages: what each is given, how far it is, and what is kept of it.

Slow to import: only ``runs.compute`` does, in tasks and commands.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from django.utils import timezone
from threadpoolctl import threadpool_limits

from analytics import engines
from analytics.enums import RunStage, RunStatus
from analytics.models import Run, RunPart
from analytics.snapshots import BrokenSnapshotError, Snapshot, storage
from analytics.snapshots.reading import Where

Share = Callable[[float], None]
Tell = Callable[[int, str], object]
Part = TypeVar("Part")
Whole = TypeVar("Whole")
# No more often than this is a run told how far it is, unless by a whole per cent.
SECONDS = 1.0


class Stopped(Exception):  # noqa: N818 — no error: somebody asked for it
    """Somebody cancelled the run, or another worker took it up."""


@dataclass(frozen=True)
class Inputs:
    """What a run is computed from, and the hash of all of it."""

    hash: str
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    frozen: Snapshot | None = None


@dataclass(frozen=True)
class Stage:
    """A step of a run: its code (in ``RunStage``), its share of the time, and what it computes.

    ``compute`` gives a dict that JSON can hold; its keys become keys of the run's result.
    """

    name: str
    weight: float
    compute: Callable[["Context"], dict[str, Any]]


@dataclass(frozen=True)
class Computation:
    """How a kind of run is computed.

    ``inputs(run, share)`` reads what it is computed from, each time the run is taken up; ``weight``
    is its share of the time beside those of the stages. ``table`` makes the CSV behind the result.
    """

    inputs: Callable[[Run, Share], Inputs]
    stages: Sequence[Stage]
    table: Callable[["Context"], str] = lambda context: ""
    weight: float = 1.0


@dataclass(frozen=True)
class Outcome:
    inputs_hash: str
    result: dict[str, Any]
    table: str


class Progress:
    """Tells the run how far it is, and learns on the same way whether it shall go on."""

    def __init__(self, run: Run, whole: float, tell: Tell):
        self.run, self.whole, self.tell = run, whole, tell
        self.before = self.weight = 0.0
        self.told, self.at = -1, 0.0
        self.stage = ""

    def begin(self, stage: str, weight: float) -> None:
        self.before += self.weight
        self.stage, self.weight = stage, weight
        self._write(0.0)

    def share(self, share: float) -> None:
        """So much of the stage is done, from 0 to 1. Raises ``Stopped`` where it must end."""
        if self._percent(share) != self.told or time.monotonic() - self.at >= SECONDS:
            self._write(share)

    def _percent(self, share: float) -> int:
        return int(100 * (self.before + self.weight * min(max(share, 0.0), 1.0)) / self.whole)

    def _write(self, share: float) -> None:
        self.told, self.at = self._percent(share), time.monotonic()
        going = Run.objects.filter(
            pk=self.run.pk,
            attempt=self.run.attempt,
            status=RunStatus.RUNNING,
            cancel_asked_at=None,
        )
        if not going.update(progress=self.told, stage=self.stage, alive_at=timezone.now()):
            raise Stopped
        self.tell(self.told, self.stage)


class Context:
    """What a stage may use."""

    def __init__(self, run: Run, inputs: Inputs, progress: Progress, stack: ExitStack):
        self.run = run
        self.inputs = inputs
        # What the stages before this one found, by name
        self.parts: dict[str, dict[str, Any]] = {}
        self._progress, self._stack = progress, stack

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        return self.inputs.frames

    @property
    def snapshot(self) -> Snapshot:
        """The frozen ratings."""
        if self.inputs.frozen is None:
            raise ValueError(f"A run of the kind {self.run.kind} reads no snapshot.")
        return self.inputs.frozen

    def rng(self, *names: str) -> np.random.Generator:
        """Chance of this stage's own, and within it of what ``names`` name; the same each time."""
        return engines.generator(self.run.seed, self._progress.stage, *names)

    def advance(self, share: float) -> None:
        """Say that ``share`` of the stage is done (0 to 1); ends it where the run was cancelled.

        Call it often: it is cheap, and a cancel is heard here and between stages only.
        """
        self._progress.share(share)

    @cached_property
    def engine(self) -> engines.Engine:
        return self._stack.enter_context(engines.chosen())

    def map(
        self,
        function: Callable[..., Part],
        combine: Callable[[list[Part]], Whole],
        *,
        columns: Sequence[str] | None = None,
        where: Where | None = None,
        arguments: dict[str, Any] | None = None,
        chance: str = "",
    ) -> Whole:
        """``engines.map_partitions`` over the snapshot, by the engine of the settings.

        The stage advances with the partitions. With ``chance``, a name for it, the function is
        also given ``rng``, of its own for each partition.
        """
        seed = int(self.rng(chance).integers(2**63)) if chance else None
        return engines.map_partitions(
            engines.Work(function, columns, where, seed, arguments or {}),
            self.snapshot.files,
            combine,
            engine=self.engine,
            done=lambda finished, of: self.advance(finished / of),
        )


def carry_out(run: Run, computation: Computation, tell: Tell = lambda percent, stage: 0) -> Outcome:
    """Compute the stages of ``run`` that are not there yet, and put all of them together.

    A part that an earlier go left is used again where it was made from the same inputs. Raises
    ``Stopped`` where the run was cancelled or taken up by another worker.
    """
    whole = computation.weight + sum(stage.weight for stage in computation.stages)
    progress = Progress(run, whole, tell)
    progress.begin(RunStage.READING, computation.weight)
    inputs = computation.inputs(run, progress.share)
    with ExitStack() as stack:
        # Sums of several threads differ in the last digit with their number; and on matrices this
        # small threads that wait for one another take longer than one alone.
        stack.enter_context(threadpool_limits(1, "blas"))
        context = Context(run, inputs, progress, stack)
        kept = dict(run.parts.filter(inputs_hash=inputs.hash).values_list("name", "result"))
        for stage in computation.stages:
            progress.begin(stage.name, stage.weight)
            found = kept[stage.name] if stage.name in kept else _computed(stage, context)
            context.parts[stage.name] = found
        table = computation.table(context)
    return Outcome(inputs.hash, _together(context.parts), table)


def _computed(stage: Stage, context: Context) -> dict[str, Any]:
    """What ``stage`` finds, as JSON gives it back, and kept."""
    begun = time.perf_counter()
    # As text and back: a part computed now and one kept from an earlier go are then the same.
    found = json.loads(json.dumps(stage.compute(context), allow_nan=False))
    context.advance(1.0)
    RunPart.objects.update_or_create(
        run=context.run,
        name=stage.name,
        defaults={
            "result": found,
            "seconds": time.perf_counter() - begun,
            "inputs_hash": context.inputs.hash,
        },
    )
    return found


def _together(parts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, part in parts.items():
        if twice := set(result) & set(part):
            raise ValueError(f"The stage {name} gives {', '.join(sorted(twice))} a second time.")
        result |= part
    return result


def frozen(run: Run, share: Share) -> Snapshot:
    """The snapshot of ``run``: the one it took when it was first computed, while that is there."""
    # Where it was removed it is taken anew, and its hash tells whether the rows are the same.
    with suppress(BrokenSnapshotError):
        if run.snapshot:
            return storage.kept(run.snapshot)
    snapshot = storage.take(run, share)
    run.snapshot = snapshot.folder.name
    run.save(update_fields=["snapshot"])
    return snapshot
