"""Sessions, cycles, ratings and scores into the database, some thousand sessions at a time."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from config.demo import checklist as sheet
from config.demo import scales, writing
from config.demo.checklist import Checklist, Ratings
from config.demo.sessions import Sessions
from config.demo.world import World
from measurement import scoring
from observation.actions import cycles as cycle_rows
from observation.enums import CaseEntryKind, CaseStatus, Purpose, SessionStatus
from observation.models import (
    CaseEntry,
    Cycle,
    ObservationSession,
    Rating,
    SafeguardingAlert,
    SafeguardingCase,
    SessionScore,
)
from observation.policies import Answer, CycleSheet

AT_ONCE = 2_500
DAYS_TO_CLOSE = 7  # after which an invented case is closed
STATES = np.array(scoring.STATES)


def write(
    world: World, sessions: Sessions, ids: list[str], rng: np.random.Generator
) -> Iterator[dict[str, int]]:
    """Insert everything of all sessions; yields the rows of each batch by kind.

    A closed session takes no further rows (the database refuses them), so sessions are inserted
    as drafts and closed together at the end.
    """
    checklist = world.checklist
    occasions = int(sessions.occasion.max()) + 1
    day_effect = rng.normal(0, scales.VARIANCE["occasion"] ** 0.5, occasions)
    seen = sheet.moments(occasions, rng)
    age = np.array([sheet.AGE_GROUPS.index(group) for group in world.places.age_groups])
    for start in range(0, len(sessions), AT_ONCE):
        part = np.arange(start, min(start + AT_ONCE, len(sessions)))
        room, occasion = sessions.room[part], sessions.occasion[part]
        base = sessions.level[part] - sessions.severity[part] + day_effect[occasion]
        ratings = sheet.rate(
            checklist,
            base[:, None] + world.quality.room_by_domain[room],
            age[room],
            seen[occasion],
            occasion,
            rng,
        )
        yield _batch(world, sessions, ids, part, ratings, rng)
    ObservationSession.objects.filter(status=SessionStatus.DRAFT, dataset=None).exclude(
        content_hash=""
    ).update(status=SessionStatus.CLOSED)


def _batch(
    world: World,
    sessions: Sessions,
    ids: list[str],
    part: np.ndarray,
    ratings: Ratings,
    rng: np.random.Generator,
) -> dict[str, int]:
    places, checklist = world.places, world.checklist
    count = len(part)
    keys = [ids[i] for i in part.tolist()]
    days = writing.days(sessions.day[part])
    times = _times(sessions.minutes[part], rng)
    contexts = _contexts(ratings.moments, times, rng)
    alerts = np.flatnonzero(rng.random(count) < scales.ALERTS)
    writing.insert(
        ObservationSession,
        count,
        id=keys,
        unit_id=places.rooms.ids[sessions.room[part]],
        version_id=checklist.version.pk,
        observer_id=sessions.observer[part],
        caregiver_id=sessions.caregiver[part],
        purpose=[_purpose(official) for official in sessions.official[part]],
        observed_on=days,
        age_group=[places.age_groups[room] for room in sessions.room[part].tolist()],
        status=SessionStatus.DRAFT.value,
        created_at=[writing.moment(day) for day in days],
        closed_at=[writing.moment(day, 240) for day in days],
        content_hash=_hashes(world, sessions, part, ratings, times, contexts),
    )
    cycle_ids = writing.insert(
        Cycle,
        2 * count,
        session_id=[key for key in keys for _cycle in range(2)],
        number=np.tile([1, 2], count),
        moments=[writing.text(sheet.MOMENTS[place]) for place in ratings.moments.ravel().tolist()],
        started_at=[_clock(minute) for minute in times[..., 0].ravel().tolist()],
        ended_at=[_clock(minute) for minute in times[..., 1].ravel().tolist()],
        context=[writing.text(context) for context in contexts],
    )
    rated = _insert_ratings(cycle_ids, checklist, ratings)
    scored = _insert_scores(keys, checklist, ratings)
    _insert_alerts(alerts, part, keys, world, sessions, rng)
    return {
        "sessions": count,
        "ratings": rated,
        "ratings with a value": int((ratings.state == sheet.SCORED).sum()),
        "scores": scored,
    }


def _insert_alerts(alerts, part, keys, world: World, sessions: Sessions, rng) -> None:
    """Invented alerts with their cases: those of the last days wait, older ones are closed."""
    seen = sessions.day[part[alerts]]
    opened = [writing.moment(day, 120) for day in writing.days(seen)]
    over = seen < world.day - DAYS_TO_CLOSE
    officers = np.where(over, float(world.people.protection), np.nan)
    cases = writing.insert(
        SafeguardingCase,
        len(alerts),
        unit_id=world.places.rooms.ids[sessions.room[part[alerts]]],
        session_uid=[keys[i] for i in alerts],
        status=[(CaseStatus.CLOSED if one else CaseStatus.OPEN).value for one in over],
        opened_at=opened,
        look_by=[writing.moment(day, 360) for day in writing.days(seen)],
        hand_over_by=[writing.moment(day, 120) for day in writing.days(seen + 2)],
        officer_id=writing.whole(officers),
    )
    writing.insert(
        CaseEntry,
        int(over.sum()),
        case_id=cases[over],
        kind=CaseEntryKind.CLOSED.value,
        at=[writing.moment(day, 240) for day in writing.days(seen[over] + 1)],
        by_id=world.people.protection,
        text="Cierre inventado para la demostración.",
    )
    writing.insert(
        SafeguardingAlert,
        len(alerts),
        case_id=cases,
        cycle_number=1,
        item_id=rng.choice(world.checklist.alert_ids, len(alerts)),
        observer_id=sessions.observer[part[alerts]],
        description="Hecho inventado para la demostración; no ocurrió a nadie.",
        raised_at=opened,
    )


def _insert_ratings(cycle_ids: np.ndarray, checklist: Checklist, ratings: Ratings) -> int:
    state = ratings.state.ravel()
    value = np.where(state == sheet.SCORED, ratings.value.ravel(), np.nan)
    reasons = np.array([*checklist.reasons, ""], dtype=object)
    items = np.tile(np.arange(len(checklist)), 2 * len(ratings.state))
    writing.insert(
        Rating,
        len(state),
        cycle_id=np.repeat(cycle_ids, len(checklist)),
        item_id=checklist.ids[items],
        state=STATES[state],
        value=writing.whole(value),
        note=reasons[np.where(ratings.by_hand.ravel(), items, -1)],
    )
    return len(state)


def _insert_scores(keys: list[str], checklist: Checklist, ratings: Ratings) -> int:
    """Scores as closing a session computes them: by measurement.scoring."""
    sessions, cycles, items = ratings.state.shape
    state = ratings.state.ravel()
    frame = pd.DataFrame(
        {
            "session": np.repeat(np.arange(sessions), cycles * items),
            "cycle": np.tile(np.repeat(np.arange(cycles), items), sessions),
            "item": np.tile(np.arange(items), sessions * cycles),
            "value": np.where(state == sheet.SCORED, ratings.value.ravel(), np.nan),
            "state": STATES[state],
        }
    )
    least = checklist.version.minimum_answered
    scores = scoring.session_scores(scoring.domain_scores(frame, checklist.items, str(least)))
    domain_ids = dict(enumerate(checklist.domain_ids)) | {scoring.ALL: None}
    writing.insert(
        SessionScore,
        len(scores),
        session_id=[keys[i] for i in scores["session"]],
        domain_id=[domain_ids[domain] for domain in scores["domain"]],
        score=scores["score"].to_numpy(),
        cycles=scores["cycles"].to_numpy(),
    )
    return len(scores)


def _hashes(world: World, sessions, part, ratings, times, contexts) -> list[str]:
    """The hash that closing gives each session, from the same function."""
    places, checklist = world.places, world.checklist
    reasons = np.array([*checklist.reasons, ""], dtype=object)
    notes = reasons[np.where(ratings.by_hand, np.arange(len(checklist)), -1)].tolist()
    states = STATES[ratings.state].tolist()
    values = ratings.value.astype(object)
    values[ratings.state != sheet.SCORED] = None
    values = values.tolist()
    hashes = []
    for i, k in enumerate(part.tolist()):
        session: Any = SimpleNamespace(
            unit=SimpleNamespace(code=places.rooms.codes[sessions.room[k]]),
            version=checklist.version,
            observer_id=int(sessions.observer[k]),
            caregiver_id=int(sessions.caregiver[k]),
            observed_on=str(sessions.day[k]),
            purpose=_purpose(sessions.official[k]),
            age_group=places.age_groups[sessions.room[k]],
            supersedes_id=None,
            appointment="",
        )
        cycles = [
            Cycle(
                number=c + 1,
                moments=sheet.MOMENTS[ratings.moments[i, c]],
                started_at=_clock(times[i, c, 0]),
                ended_at=_clock(times[i, c, 1]),
                context=contexts[2 * i + c],
            )
            for c in range(2)
        ]
        answers = {
            c + 1: dict(
                zip(
                    checklist.codes,
                    map(Answer, states[i][c], values[i][c], notes[i][c]),
                    strict=True,
                )
            )
            for c in range(2)
        }
        sheets = [CycleSheet(cycle) for cycle in cycles]
        hashes.append(cycle_rows.content_hash(session, sheets, answers))
    return hashes


def _purpose(official: bool) -> str:
    return Purpose.OFFICIAL.value if official else Purpose.FORMATIVE.value


def _times(minutes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sessions × 2 cycles × (from, to), in minutes of the day."""
    begins = 9 * 60 + rng.integers(0, 120, len(minutes))
    pause = rng.integers(10, 60, len(minutes))
    starts = np.column_stack([begins, begins + minutes[:, 0] + pause])
    return np.stack([starts, starts + minutes], axis=2)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:00"


def _contexts(moments: np.ndarray, times: np.ndarray, rng: np.random.Generator) -> list[dict]:
    """Answers to the context items of each cycle."""
    count = moments.size
    awake, asleep = rng.integers(5, 15, count), rng.integers(0, 4, count)
    adults, unseen = rng.integers(1, 4, count), rng.integers(0, 3, count)
    usual = rng.random(count) < 0.93
    begun, ended = times[..., 0].ravel(), times[..., 1].ravel()
    return [
        {
            "CTX1": sheet.MOMENTS[place][0],
            "CTX2": [int(awake[i]), int(asleep[i])],
            "CTX3": int(adults[i]),
            "CTX4": bool(usual[i]),
            "CTX5": int(unseen[i]),
            "CTX6": [_clock(int(begun[i]))[:5], _clock(int(ended[i]))[:5]],
        }
        for i, place in enumerate(moments.ravel().tolist())
    ]
