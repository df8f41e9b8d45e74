"""One demonstration country: recognised if it is there, refused where it has no place, else made.

All rows go in as one transaction: an interrupted run leaves nothing behind.
"""

import io
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from config.demo import (
    analyses,
    certifying,
    checklist,
    cycles,
    double,
    learning,
    mentoring,
    observing,
    people,
    phones,
    places,
    quality,
    sessions,
    visiting,
    writing,
)
from config.demo.scales import Scale
from config.demo.world import World
from core import audit
from core.models import AuditRecord
from organisations.enums import UnitKind
from organisations.models import Unit

LOADED = "demo.load"
# Observers were certified up to so long ago, with an instrument that was published by then.
IN_USE = timedelta(days=730)
Say = Callable[[str], None]


def content(day: date) -> list[tuple[str, dict[str, Any]]]:
    """The commands that load the programme's own content, with their options."""
    since = {"since": day - IN_USE}
    return [
        ("load_country", {}),
        ("load_checklist", since),
        ("load_clips", {}),
        ("load_guide", since),
        ("load_content", {}),
    ]


@dataclass
class Loader:
    """Makes one country; ``say`` receives a line per stage."""

    scale: Scale
    seed: int
    day: date
    say: Say
    counts: dict[str, int] = field(default_factory=dict)

    def run(self) -> bool:
        """Make the country; False where it is already there. Raises CommandError otherwise."""
        if recognised(self.scale, self.seed, self.say):
            return False
        refuse_where_it_has_no_place()
        began = time.perf_counter()
        for command, options in content(self.day):
            with self._stage(command):
                call_command(command, stdout=io.StringIO(), **options)
        with transaction.atomic():
            self._make()
        with self._stage("statistics of the tables"):
            writing.analyse()
        with self._stage("the three strands"):
            analyses.braid(self.day)
        seconds = time.perf_counter() - began
        self.say(f"Done in {seconds:.0f} s, {peak_megabytes():.0f} MB of memory at most.")
        return True

    def _rng(self, stage: str) -> np.random.Generator:
        """A generator per stage, so that one stage's draws never shift another's."""
        return np.random.default_rng([self.seed, *stage.encode()])

    def _make(self) -> None:
        scale, day = self.scale, np.datetime64(self.day, "D")
        with self._stage("places"):
            where = places.build(scale, self._rng("places"))
            self._count(
                regions=len(where.regions),
                zones=len(where.zones),
                centres=len(where.centres),
                rooms=len(where.rooms),
            )
        with self._stage("people"):
            who = people.build(scale, where, day, self._rng("people"))
            self._count(caregivers=len(who.caregivers), mentors=len(who.mentors))
        with self._stage("plan of the year"):
            sheet = checklist.read(self._rng("difficulty"))
            true = quality.draw(where, who, len(sheet.domain_ids), self._rng("quality"))
            world = World(scale, day, where, who, sheet, true)
            led = cycles.plan(world, self._rng("cycles"))
            taken = learning.plan(world, self._rng("learning"))
            seen = sessions.plan(world, led, taken.learnt(who), self._rng("sessions"))
        with self._stage("observation"):
            ids = writing.uuids(self._rng("session ids"), len(seen))
            for counts in observing.write(world, seen, ids, self._rng("ratings")):
                self._count(**counts)
                self.say(f"  … {self.counts['sessions']:,} sessions")
        with self._stage("double coding"):
            self._count(**double.write(world, seen, ids, self._rng("double coding")))
        with self._stage("certification"):
            self._count(**certifying.write(world, self._rng("certification")))
        with self._stage("mentoring"):
            rng = self._rng("mentoring")
            self._count(**mentoring.write(world, led, seen, ids, rng))
        with self._stage("learning"):
            self._count(**learning.write(taken, self._rng("answers")))
        with self._stage("parent visits"):
            rng = self._rng("visits")
            self._count(**visiting.write(world, rng))
        with self._stage("next month"):
            self._count(**double.plan_ahead(world, self._rng("next month")))
        writing.settle()
        with self._stage("phones"):
            self._count(**phones.write(world, self._rng("phones")))
        detail = {"scale": scale.name, "seed": self.seed, "day": str(self.day)}
        audit.record(LOADED, where.country, by=None, detail=detail | self.counts)

    def _count(self, **counts: int) -> None:
        for name, count in counts.items():
            self.counts[name] = self.counts.get(name, 0) + count

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        before, began = dict(self.counts), time.perf_counter()
        yield
        new = {key: n - before.get(key, 0) for key, n in self.counts.items()}
        new = {key: n for key, n in new.items() if n}
        if new:
            country = Unit.objects.of_kind(UnitKind.COUNTRY).first()
            audit.record(f"demo.{name.replace(' ', '_')}", country, by=None, detail=new)
        told = ", ".join(f"{n:,} {key}" for key, n in new.items())
        self.say(f"{name}: {told + ', ' if told else ''}{time.perf_counter() - began:.1f} s")


def recognised(scale: Scale, seed: int, say: Say) -> bool:
    """Whether this very country is already there; another one is a CommandError."""
    made = AuditRecord.objects.filter(action=LOADED).first()
    if made is None:
        return False
    known = made.detail
    if (known["scale"], known["seed"]) != (scale.name, seed):
        raise CommandError(
            f"This database already holds the demonstration country “{known['scale']}” with seed "
            f"{known['seed']}. Give the same scale and seed, or start with an empty database."
        )
    say(f"The country “{scale.name}” with seed {seed} is already there, as of {known['day']}.")
    return True


def refuse_where_it_has_no_place() -> None:
    """Invented data never mix with a programme's own."""
    own = Unit.objects.filter(kind__in=[UnitKind.ZONE, UnitKind.CENTRE, UnitKind.ROOM]).count()
    if own:
        raise CommandError(
            f"This database holds {own} zones, centres and rooms that are not of a demonstration. "
            "Invented data do not mix with them: start with an empty database."
        )


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
