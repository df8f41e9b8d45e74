"""Observers tested on the written scenes: most certified, some about to end, some not."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from django.db.models import F, OuterRef, Subquery

from config.demo import scales, writing
from config.demo.world import World
from measurement import agreement
from observation import policies
from observation.actions.certificates import ALPHABET, LENGTH
from observation.enums import ClipStatus, ClipUse, ItemKind, RatingState
from observation.models import Certificate, ClipCode, ClipCoding, CodingRound, TrainingClip
from observation.queries import certification

LASTS = datetime.timedelta(minutes=55)


@dataclass(frozen=True)
class Clip:
    """A test clip: what the draw knows of it, and its master codes as arrays."""

    key: int
    drawable: policies.Drawable
    items: np.ndarray
    values: np.ndarray
    alerts: tuple[int, ...]


@dataclass
class Tests:
    """Rounds with their codes, column by column."""

    observer: list[int] = field(default_factory=list)
    day: list[np.datetime64] = field(default_factory=list)
    drawn: list[list[Clip]] = field(default_factory=list)
    draw: list[dict] = field(default_factory=list)
    given: list[list[np.ndarray]] = field(default_factory=list)
    result: list[dict] = field(default_factory=list)

    @property
    def passed(self) -> list[bool]:
        return [all(gate["met"] for gate in result["gates"]) for result in self.result]


def write(world: World, rng: np.random.Generator) -> dict[str, int]:
    """Tests of mentors and zonal coordinators in the past two years, and their certificates."""
    version = world.checklist.version
    gate = certification.gate_of(version.instrument).values()
    clips = _clips(version)
    observers = np.concatenate([world.people.mentors, world.people.zonal])
    counts = {"tests": 0, "certificates": 0}
    for tests in _plan(observers, clips, gate, world.day, rng):
        ids = _insert(tests, version.pk, gate, rng)
        counts["tests"] += len(ids)
        counts["certificates"] += _certify(tests, ids, version.pk, gate, rng)
    return counts


def _clips(version) -> list[Clip]:
    rows = TrainingClip.objects.filter(
        version=version, use=ClipUse.TEST, status=ClipStatus.PUBLISHED
    )
    clips = []
    for clip in rows.order_by("code"):
        codes = list(clip.master_codes.select_related("item").order_by("item__order"))
        scored = [code for code in codes if code.item.kind == ItemKind.SCORED]
        alerts = tuple(code.item_id for code in codes if code.item.kind == ItemKind.ALERT)
        clips.append(
            Clip(
                clip.pk,
                policies.Drawable(clip.code, clip.content_hash, clip.level, bool(alerts)),
                np.array([code.item_id for code in scored]),
                np.array([code.value for code in scored]),
                alerts,
            )
        )
    return clips


def _plan(
    observers: np.ndarray,
    clips: list[Clip],
    gate: dict,
    day: np.datetime64,
    rng: np.random.Generator,
) -> Iterator[Tests]:
    """First tests, then those of the renewal: nobody has two under way at once."""
    kinds = rng.choice(list(scales.OBSERVERS), len(observers), p=list(scales.OBSERVERS.values()))
    first, second = Tests(), Tests()
    for observer, kind in zip(observers.tolist(), kinds.tolist(), strict=True):
        if kind == "never":
            continue
        # A certificate of a year ends so many days after today.
        ends = {"renewed": (-25, 0), "expiring": (2, 55), "expired": (-90, -3), "failed": (-60, -3)}
        begun = day + int(rng.integers(*ends[kind])) - gate["valid_days"]
        _take(first, observer, begun, scales.CODES_RIGHT, clips, gate, rng)
        if kind == "renewed":
            again = begun + gate["valid_days"] - int(rng.integers(1, 30))
            _take(second, observer, again, scales.CODES_RIGHT, clips, gate, rng)
        if kind == "failed":
            again = day - int(rng.integers(1, 30))
            _take(second, observer, again, scales.CODES_RIGHT_FAILING, clips, gate, rng)
    yield first
    yield second


def _take(
    tests: Tests,
    observer: int,
    day: np.datetime64,
    right: float,
    clips: list[Clip],
    gate: dict,
    rng: np.random.Generator,
) -> None:
    seed = int(rng.integers(2**48))
    frame = [clip.drawable for clip in clips]
    by_code = {clip.drawable.code: clip for clip in clips}
    drawn = [by_code[code] for code in policies.draw(frame, gate["clips"], seed)]
    given = [_codes(clip, right, rng) for clip in drawn]
    figures = agreement.against_master(
        np.concatenate([clip.values for clip in drawn]), np.concatenate(given)
    )
    present = sum(len(clip.alerts) for clip in drawn)
    tests.observer.append(observer)
    tests.day.append(day)
    tests.drawn.append(drawn)
    tests.given.append(given)
    tests.draw.append(
        {
            "seed": seed,
            "frame": [each.as_dict() for each in frame],
            "clips": [clip.drawable.code for clip in drawn],
        }
    )
    tests.result.append(
        {
            "figures": {name: figure.as_dict() for name, figure in figures.items()},
            "alerts": {"present": present, "missed": [], "unfounded": 0},
            "clips": len(drawn),
            "gates": policies.verdict(gate, figures, 0, complete=True),
            "code_version": "demo",
        }
    )


def _codes(clip: Clip, right: float, rng: np.random.Generator) -> np.ndarray:
    """Her codes: right so often, else one step off, now and then two."""
    step = rng.choice([-2, -1, 1, 2], len(clip.values), p=[0.02, 0.48, 0.48, 0.02])
    off = np.where(rng.random(len(clip.values)) < right, 0, step)
    return np.clip(clip.values + off, 0, 3)


def _insert(tests: Tests, version: int, gate: dict, rng: np.random.Generator) -> list[str]:
    """Rows as a test leaves them: written while it is open, then submitted and finished."""
    count = len(tests.observer)
    ids = writing.uuids(rng, count)
    moments = [writing.moment(day) for day in writing.days(np.array(tests.day))]
    writing.insert(
        CodingRound,
        count,
        id=ids,
        observer_id=tests.observer,
        version_id=version,
        use=ClipUse.TEST.value,
        draw=[writing.text(draw) for draw in tests.draw],
        gate=writing.text(gate),
        started_at=moments,
        result=[writing.text(result) for result in tests.result],
    )
    clips = [clip for drawn in tests.drawn for clip in drawn]
    numbers = [number for drawn in tests.drawn for number in range(1, len(drawn) + 1)]
    codings = writing.insert(
        ClipCoding,
        len(clips),
        round_id=[key for key, drawn in zip(ids, tests.drawn, strict=True) for _clip in drawn],
        clip_id=[clip.key for clip in clips],
        number=numbers,
    )
    given = [codes for each in tests.given for codes in each]
    marked = [(key, item) for key, clip in zip(codings, clips, strict=True) for item in clip.alerts]
    sizes = [len(codes) for codes in given]
    writing.insert(
        ClipCode,
        sum(sizes) + len(marked),
        coding_id=np.concatenate(
            [np.repeat(codings, sizes), np.array([key for key, _item in marked], dtype=int)]
        ),
        item_id=np.concatenate(
            [*(clip.items for clip in clips), np.array([item for _key, item in marked], dtype=int)]
        ),
        state=RatingState.SCORED.value,
        value=np.concatenate([*given, np.ones(len(marked), dtype=int)]),
    )
    begun = CodingRound.objects.filter(pk=OuterRef("round")).values("started_at")
    ClipCoding.objects.filter(pk__in=codings.tolist()).update(submitted_at=Subquery(begun))
    for verdict in (True, False):
        these = [key for key, passed in zip(ids, tests.passed, strict=True) if passed == verdict]
        rounds = CodingRound.objects.filter(pk__in=these)
        rounds.update(finished_at=F("started_at") + LASTS, passed=verdict)
    return ids


def _certify(
    tests: Tests, ids: list[str], version: int, gate: dict, rng: np.random.Generator
) -> int:
    passed = np.flatnonzero(tests.passed)
    issued = np.array(tests.day)[passed]
    letters = rng.choice(list(ALPHABET), (len(passed), LENGTH))
    writing.insert(
        Certificate,
        len(passed),
        code=["".join(row) for row in letters.tolist()],
        round_id=[ids[place] for place in passed],
        observer_id=np.array(tests.observer)[passed],
        version_id=version,
        issued_on=writing.days(issued),
        valid_until=writing.days(issued + gate["valid_days"]),
    )
    return len(passed)
