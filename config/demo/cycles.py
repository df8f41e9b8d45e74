"""Mentoring cycles: who accompanies whom, and how far each cycle has come by today."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from config.demo import scales
from config.demo.world import World
from mentoring.enums import CycleStatus, StepKind
from mentoring.models import StepDefault

STEPS = [kind.value for kind in StepKind]
OBSERVE, AGREE, PRACTISE, OBSERVE_AGAIN = 1, 3, 4, 5
# The status of a cycle of which so many steps are done.
STATUS_BY_DONE = [*STEPS, CycleStatus.COMPLETED.value]
SHORTEST_GAP, LONGEST_GAP = 65, 80  # days between the openings of a caregiver's cycles
NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Cycles:
    """One entry per cycle. ``done``: cycles × 6 dates, NaT where the step is still to come."""

    mentor: np.ndarray  # place in People.mentors
    caregiver: np.ndarray  # place in People.caregivers
    room: np.ndarray  # place in Places.rooms
    number: np.ndarray
    opened: np.ndarray
    ended: np.ndarray
    status: np.ndarray
    planned: np.ndarray
    planned_minutes: np.ndarray  # one per step
    done: np.ndarray
    accepted: np.ndarray  # the goal, by the caregiver; NaT where there is none or not yet
    practised: np.ndarray  # said by the caregiver herself

    def __len__(self) -> int:
        return len(self.mentor)


def plan(world: World, rng: np.random.Generator) -> Cycles:
    """Lay out all cycles of the past year; a caregiver's cycles follow one another."""
    places, people, day = world.places, world.people, world.day
    after, minutes = _defaults()
    signed_in = _mentees_of_the_first_mentor(world)
    mentees = _mentees(world, signed_in, rng)
    times = 1 + rng.choice(3, len(mentees), p=scales.CYCLES_PER_MENTEE)
    caregiver = np.repeat(mentees, times)
    number = np.arange(len(caregiver)) - np.repeat(np.cumsum(times) - times, times) + 1
    last = number == np.repeat(times, times)

    # Backwards from the latest cycle of each caregiver.
    latest = np.repeat(day - rng.integers(0, 170, len(mentees)), times)
    gap = rng.integers(SHORTEST_GAP, LONGEST_GAP, len(caregiver))
    gap[last] = 0
    before = np.cumsum(gap[::-1])[::-1]  # days from here to the end of the whole list …
    before -= np.repeat(before[np.flatnonzero(last)], times)  # … less those of the caregivers after
    opened = np.busday_offset(latest - before, 0, roll="backward")

    delay = rng.integers(0, 3, (len(caregiver), 6))
    stalled = rng.random(len(caregiver)) < 0.15
    delay[stalled, rng.integers(0, 6, stalled.sum())] += rng.integers(8, 25, stalled.sum())
    done = opened[:, None] + after + np.cumsum(delay, axis=1)
    done = np.busday_offset(done, 0, roll="backward")
    done[done >= day] = NEVER

    # A cancelled cycle stops after some of its first four steps.
    cancelled = (rng.random(len(caregiver)) < scales.CANCELLED) & (opened < day - 45)
    stop = np.where(cancelled, rng.integers(0, 4, len(caregiver)), 6)
    done[np.arange(6) >= stop[:, None]] = NEVER
    for row, steps in _arranged(signed_in, caregiver, last):
        late = 2 if steps == OBSERVE_AGAIN else 0
        # The caregiver agreed on a goal yesterday; the others' next step is due today (or late).
        begun = int(after[AGREE]) + 1 if steps == AGREE + 1 else int(after[steps]) + late
        opened[row], cancelled[row], done[row] = day - begun, False, NEVER
        done[row, :steps] = opened[row] + after[:steps]

    steps_done = (~np.isnat(done)).sum(axis=1)
    accepted, practised = _goals(done, signed_in, caregiver, last, rng)
    # A goal that waits for the caregiver keeps the cycle where it was agreed.
    stands = np.where((steps_done == AGREE + 1) & np.isnat(accepted), AGREE, steps_done)
    status = np.array(STATUS_BY_DONE)[stands]
    status[cancelled] = CycleStatus.CANCELLED.value
    ended = np.where(steps_done == 6, done[:, OBSERVE_AGAIN], NEVER)
    last_done = np.where(steps_done, done[np.arange(len(done)), steps_done - 1], opened)
    ended[cancelled] = (last_done + 5)[cancelled]
    room = people.caregiver_room[caregiver]
    return Cycles(
        mentor=people.mentor_of_centre[places.rooms.parent[room]],
        caregiver=caregiver,
        room=room,
        number=number,
        opened=opened,
        ended=ended,
        status=status,
        planned=opened[:, None] + after,
        planned_minutes=minutes,
        done=done,
        accepted=accepted,
        practised=practised,
    )


def _goals(done, signed_in, caregiver, last, rng) -> tuple[np.ndarray, np.ndarray]:
    """Days on which caregivers took goals as theirs and said that they practised.

    Who has not gone on to practise may still have to accept: one in five has not.
    """
    accepted = done[:, AGREE].copy()
    waiting = np.isnat(done[:, PRACTISE]) & (rng.random(len(done)) < 0.2)
    waiting |= last & (caregiver == signed_in[0])
    accepted[waiting] = NEVER
    practised = done[:, PRACTISE].copy()
    practised[rng.random(len(done)) < 0.25] = NEVER
    return accepted, practised


def _defaults() -> tuple[np.ndarray, np.ndarray]:
    """Days after the opening and planned minutes of the six steps, as the programme set them."""
    rows = {row.kind: row for row in StepDefault.objects.all()}
    return (
        np.array([rows[kind].days_after_opening for kind in STEPS]),
        np.array([rows[kind].minutes for kind in STEPS]),
    )


def _mentees_of_the_first_mentor(world: World) -> np.ndarray:
    """Five caregivers of the first centre: the sign-in of the caregiver is the first of them."""
    centre = world.places.rooms.parent[world.people.caregiver_room]
    return np.flatnonzero((centre == 0) & world.people.caregiver_stays)[:5]


def _mentees(world: World, signed_in: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who is accompanied: rooms of lower quality a little more often."""
    scale, people = world.scale, world.people
    wanted = np.exp(-0.4 * world.quality.room[people.caregiver_room])
    wait = rng.exponential(size=len(people.caregivers)) / wanted
    wait[~people.caregiver_stays] = np.inf
    wait[signed_in] = 0
    return np.sort(np.argsort(wait, kind="stable")[: round(scale.caregivers * scale.mentee_share)])


def _arranged(signed_in, caregiver, last) -> Iterator[tuple[int, int]]:
    """Rows and steps done of those with whom a sign-in has something to do today: a goal to
    accept, and mentees of whom one is to be prepared, observed, given a goal, and is overdue."""
    for person, steps in zip(
        signed_in, (AGREE + 1, 0, OBSERVE, AGREE, OBSERVE_AGAIN), strict=False
    ):
        yield int(np.flatnonzero((caregiver == person) & last)[0]), steps
