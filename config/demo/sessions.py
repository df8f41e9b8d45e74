"""Which room is observed when, by whom and for what: the plan of all observation sessions."""

from dataclasses import dataclass

import numpy as np

from config.demo import scales
from config.demo.cycles import OBSERVE, OBSERVE_AGAIN, PRACTISE, Cycles
from config.demo.people import People
from config.demo.world import World

NOBODY = -1


@dataclass(frozen=True)
class Sessions:
    """One entry per session, by day. ``level`` is the room's true quality on that day."""

    room: np.ndarray
    caregiver: np.ndarray  # key of the person
    observer: np.ndarray  # key of the person
    severity: np.ndarray  # of the observer
    day: np.ndarray
    official: np.ndarray
    occasion: np.ndarray  # sessions of two observers side by side share theirs
    level: np.ndarray
    cycle: np.ndarray  # place in Cycles, NOBODY for official sessions
    again: np.ndarray  # the second observation of its mentoring cycle
    second: np.ndarray  # coded beside another observer, and compared with hers
    minutes: np.ndarray  # sessions × 2 cycles

    def __len__(self) -> int:
        return len(self.room)


def plan(world: World, cycles: Cycles, learnt: np.ndarray, rng: np.random.Generator) -> Sessions:
    """Two sessions per completed mentoring cycle, and official ones until the scale is met.

    ``learnt``: the day on which each caregiver completed the lesson, NaT if she has not.
    """
    people, quality = world.people, world.quality
    cycle, step = np.nonzero(~np.isnat(cycles.done[:, [OBSERVE, OBSERVE_AGAIN]]))
    formative = {
        "room": cycles.room[cycle],
        "caregiver": people.caregivers[cycles.caregiver[cycle]],
        "observer": people.mentors[cycles.mentor[cycle]],
        "severity": quality.mentor_severity[cycles.mentor[cycle]],
        "day": cycles.done[:, [OBSERVE, OBSERVE_AGAIN]][cycle, step],
        "official": np.zeros(len(cycle), dtype=bool),
        "cycle": cycle,
        "again": step == 1,
        "second": np.zeros(len(cycle), dtype=bool),
    }
    official = _official(world, world.scale.sessions - len(cycle), rng)
    merged = {name: np.concatenate([formative[name], official[name]]) for name in formative}
    pair = np.concatenate([np.arange(len(cycle)), len(cycle) + official["pair"]])

    order = np.lexsort([merged["room"], merged["day"]])
    merged = {name: values[order] for name, values in merged.items()}
    level = quality.room[merged["room"]] + _gains(
        world, merged["room"], merged["day"], cycles, learnt
    )
    minutes = rng.integers(15, 21, (len(order), 2))
    return Sessions(**merged, occasion=pair[order], level=level, minutes=minutes)


def _official(world: World, count: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Sessions by zonal coordinators, spread over the rooms; some are coded by two at once."""
    places, people, quality = world.places, world.people, world.quality
    if count < 0:
        raise ValueError("The mentoring cycles of this scale need more sessions than it has.")
    double = round(count * scales.DOUBLE_CODED)
    visits = count - double
    rooms = np.concatenate(
        [rng.permutation(len(places.rooms)) for _round in range(visits // len(places.rooms) + 1)]
    )[:visits]
    when = np.busday_offset(world.day - rng.integers(1, 340, visits), 0, roll="backward")
    zonal = 2 * places.centres.parent[places.rooms.parent[rooms]] + rng.integers(0, 2, visits)
    again = rng.permutation(visits)[:double]
    pair = np.concatenate([np.arange(visits), again])
    zonal = np.concatenate([zonal, zonal[again] ^ 1])
    first, staying = _staying(people, len(places.rooms))
    chosen = staying[first[rooms] + rng.integers(0, np.diff(first)[rooms])]
    # The second coordinator of the first zone grows milder by the week.
    late = (when[pair] - (world.day - scales.DRIFT_DAYS)).astype(int) / scales.DRIFT_DAYS
    drift = np.where(zonal == 1, scales.DRIFT * np.clip(late, 0, None), 0)
    return {
        "room": rooms[pair],
        "caregiver": people.caregivers[chosen[pair]],
        "observer": people.zonal[zonal],
        "severity": quality.zonal_severity[zonal] - drift,
        "day": when[pair],
        "official": np.ones(count, dtype=bool),
        "cycle": np.full(count, NOBODY),
        "again": np.zeros(count, dtype=bool),
        "second": np.arange(count) >= visits,
        "pair": pair,
    }


def _staying(people: People, rooms: int) -> tuple[np.ndarray, np.ndarray]:
    """Caregivers still in post, by room: room r's stand from first[r] to first[r + 1]."""
    staying = np.flatnonzero(people.caregiver_stays)
    first = np.searchsorted(people.caregiver_room[staying], np.arange(rooms + 1))
    return first, staying


def _gains(world: World, room, when, cycles: Cycles, learnt: np.ndarray) -> np.ndarray:
    """What mentoring and learning had added to each session's room by its day."""
    places, people, quality = world.places, world.people, world.quality
    events: list[list[tuple[np.datetime64, float]]] = [[] for _room in range(len(places.rooms))]
    practised = np.flatnonzero(~np.isnat(cycles.done[:, PRACTISE]))
    seen = np.zeros(len(places.rooms), dtype=int)
    for c in practised[np.argsort(cycles.done[practised, PRACTISE], kind="stable")].tolist():
        r = cycles.room[c]
        share = scales.GAIN_BY_CYCLE[min(seen[r], len(scales.GAIN_BY_CYCLE) - 1)]
        events[r].append((cycles.done[c, PRACTISE], share * quality.mentor_gain[cycles.mentor[c]]))
        seen[r] += 1
    for p in np.flatnonzero(~np.isnat(learnt)).tolist():
        r = people.caregiver_room[p]
        events[r].append((learnt[p], quality.learning_gain[places.rooms.parent[r]]))
    return np.array(
        [
            sum(gain for since, gain in events[r] if since < on)
            for r, on in zip(room.tolist(), when, strict=True)
        ]
    )
