"""Mentoring cycles, their steps and goals into the database."""

import numpy as np

from config.demo import writing
from config.demo.cycles import AGREE, OBSERVE, OBSERVE_AGAIN, PRACTISE, STEPS, Cycles
from config.demo.goals import GOALS
from config.demo.sessions import NOBODY, Sessions
from config.demo.world import World
from mentoring.enums import CycleStatus
from mentoring.models import CycleStep, MentoringCycle, PracticeGoal

MODELLED = 0.55  # of the cycles whose practice is done


def write(
    world: World,
    cycles: Cycles,
    sessions: Sessions,
    session_ids: list[str],
    rng: np.random.Generator,
) -> dict[str, int]:
    """Insert all cycles with the sessions that did their steps; returns rows by kind."""
    places, people = world.places, world.people
    count = len(cycles)
    first, second = _linked(count, sessions)
    keys = np.array([*session_ids, None], dtype=object)
    practised = ~np.isnat(cycles.done[:, PRACTISE])
    ids = writing.insert(
        MentoringCycle,
        count,
        room_id=places.rooms.ids[cycles.room],
        mentor_id=people.mentors[cycles.mentor],
        caregiver_id=people.caregivers[cycles.caregiver],
        number=cycles.number,
        status=cycles.status,
        opened_on=writing.days(cycles.opened),
        ended_on=writing.days(cycles.ended),
        cancel_reason=np.where(
            cycles.status == CycleStatus.CANCELLED.value, "Cambio de sala (inventado).", ""
        ),
        first_session_id=keys[first],
        second_session_id=keys[second],
        modelled=(practised & (rng.random(count) < MODELLED)).astype(int),
    )
    planned = np.broadcast_to(cycles.planned_minutes, cycles.done.shape)
    minutes = np.maximum(5, planned * rng.lognormal(0, 0.25, planned.shape)).round()
    for step, session in ((OBSERVE, first), (OBSERVE_AGAIN, second)):
        # An observation takes the minutes of its session's cycles.
        seen = session != NOBODY
        minutes[seen, step] = sessions.minutes[session[seen]].sum(axis=1)
    minutes[np.isnat(cycles.done)] = np.nan
    writing.insert(
        CycleStep,
        count * len(STEPS),
        cycle_id=np.repeat(ids, len(STEPS)),
        kind=STEPS * count,
        planned_on=writing.days(cycles.planned.ravel()),
        planned_minutes=planned.ravel(),
        done_on=writing.days(cycles.done.ravel()),
        actual_minutes=writing.whole(minutes.ravel()),
    )
    goals = _write_goals(world, ids, cycles, rng)
    return {"cycles": count, "steps": count * len(STEPS), "goals": goals}


def _linked(count: int, sessions: Sessions) -> tuple[np.ndarray, np.ndarray]:
    """Places of each cycle's first and second session, NOBODY where there is none."""
    linked = []
    for again in (False, True):
        session = np.full(count, NOBODY)
        here = np.flatnonzero((sessions.cycle != NOBODY) & (sessions.again == again))
        session[sessions.cycle[here]] = here
        linked.append(session)
    return linked[0], linked[1]


def _write_goals(world: World, ids: np.ndarray, cycles: Cycles, rng: np.random.Generator) -> int:
    """A goal for each cycle that came so far: an item of the room's age group, harder ones more."""
    checklist = world.checklist
    agreed = np.flatnonzero(~np.isnat(cycles.done[:, AGREE]))
    wanted = np.exp(checklist.difficulty)
    groups = np.array(world.places.age_groups)[cycles.room[agreed]]
    item = np.zeros(len(agreed), dtype=int)
    for group in np.unique(groups):
        here = np.flatnonzero(groups == group)
        chance = wanted * checklist.by_age[group]
        item[here] = rng.choice(len(chance), len(here), p=chance / chance.sum())
    writing.insert(
        PracticeGoal,
        len(agreed),
        cycle_id=ids[agreed],
        item_id=checklist.ids[item],
        text=[GOALS[checklist.codes[i]] for i in item.tolist()],
        agreed_on=writing.days(cycles.done[agreed, AGREE]),
        accepted_on=writing.days(cycles.accepted[agreed]),
        practised_on=writing.days(cycles.practised[agreed]),
    )
    return len(agreed)
