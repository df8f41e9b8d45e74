"""Double codings of the past year, and a round whose visits are drawn from for the next month."""

import numpy as np
import pandas as pd

from config.demo import writing
from config.demo.sessions import Sessions
from config.demo.world import World
from observation import frames
from observation.actions import draws
from observation.enums import Purpose, RatingState
from observation.models import (
    Adjudication,
    CodingDraw,
    CodingPair,
    EvaluationRound,
    Item,
    ObservationSession,
    PairCoding,
    QualityRules,
    RoundAssignment,
)

AT_ONCE = 400
REASON = "Doble codificación inventada para la demostración"
SETTLED = "Código acordado, inventado para la demostración"
LEFT_OPEN = 1  # of the double codings with differences, the newest that nobody has settled
FAR = 2  # points apart that are settled
ROUND_DAYS = 60
VISITS = 24  # planned for the coming month
CERTIFIED_DAYS = 180  # for which official sessions need a certified observer


def write(world: World, sessions: Sessions, ids: list[str], rng: np.random.Generator) -> dict:
    """Insert the pairs that two observers closed, and what a third person settled."""
    found = _pairs(sessions, ids)
    compared, apart = _compare(found)
    found = found.join(compared)
    days = writing.days(found["day"].to_numpy())
    keys = writing.insert(
        CodingPair,
        len(found),
        room_id=world.places.rooms.ids[found["room"]],
        planned_on=days,
        purpose=Purpose.OFFICIAL.value,
        reason=REASON,
        first_id=found["first_observer"].to_numpy(),
        second_id=found["second_observer"].to_numpy(),
        first_session_id=found["first"].tolist(),
        second_session_id=found["second"].tolist(),
        completed_at=[writing.moment(day, 300) for day in days],
        compared=found["compared"].to_numpy(),
        exact=found["exact"].to_numpy(),
        difference=found["difference"].to_numpy(),
    )
    for second, side in ((0, "first"), (1, "second")):
        writing.insert(
            PairCoding, len(found), pair_id=keys, session_id=found[side].tolist(), second=second
        )
    settled = _settle(world, found.assign(pair=keys), apart, rng)
    return {"double codings": len(found), "agreed codes": settled}


def _pairs(sessions: Sessions, ids: list[str]) -> pd.DataFrame:
    """One row per occasion that two observers coded, by day."""
    official = pd.DataFrame(
        {
            "session": ids,
            "occasion": sessions.occasion,
            "observer": sessions.observer,
            "room": sessions.room,
            "day": sessions.day,
            "second": sessions.second,
        }
    )[sessions.official]
    seconds = official[official["second"]]
    firsts = official[~official["second"]]
    both = firsts.merge(seconds, on="occasion", suffixes=("", "_of_second")).sort_values("day")
    names = {
        "session": "first",
        "session_of_second": "second",
        "observer": "first_observer",
        "observer_of_second": "second_observer",
    }
    both = both.drop(columns=["second", "second_of_second"]).rename(columns=names)
    return both.reset_index(drop=True)


def _compare(found: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """By pair what the two values of each item compare to; and those far apart."""
    told, far = [], []
    for start in range(0, len(found), AT_ONCE):
        part = found.iloc[start : start + AT_ONCE]
        chosen = ObservationSession.objects.filter(pk__in=[*part["first"], *part["second"]])
        ratings = frames.ratings(chosen).dropna(subset=["value"])
        ratings = ratings.assign(session=[key.hex for key in ratings["session"]])
        sides = part[["first", "second"]].rename_axis("place").reset_index()
        both = sides.merge(ratings, left_on="first", right_on="session").merge(
            ratings, left_on=["second", "cycle", "item"], right_on=["session", "cycle", "item"]
        )
        both["apart"] = both["value_y"] - both["value_x"]
        by_pair = both.groupby("place")["apart"]
        same = both["apart"].eq(0).groupby(both["place"]).sum()
        told.append(
            pd.DataFrame({"compared": by_pair.size(), "exact": same, "difference": by_pair.mean()})
        )
        far.append(both.loc[both["apart"].abs() >= FAR, ["place", "cycle", "item", "value_x"]])
    empty = pd.DataFrame(columns=["compared", "exact", "difference"])
    return pd.concat(told) if told else empty, pd.concat(far) if far else pd.DataFrame()


def _settle(world: World, found: pd.DataFrame, apart: pd.DataFrame, rng) -> int:
    """Settle the differences by the national coordinator, but those of the newest pairs."""
    if apart.empty:
        return 0
    places = sorted(apart["place"].unique())
    apart = apart[~apart["place"].isin(places[-LEFT_OPEN:])]
    items = dict(Item.objects.filter(version=world.checklist.version).values_list("code", "pk"))
    days = writing.days(found["day"].to_numpy())
    agreed = np.clip(apart["value_x"].to_numpy() + rng.integers(-1, 2, len(apart)), 0, 3)
    writing.insert(
        Adjudication,
        len(apart),
        pair_id=found["pair"].to_numpy()[apart["place"].to_numpy(dtype=int)],
        cycle=apart["cycle"].to_numpy(),
        item_id=[items[code] for code in apart["item"].astype(str)],
        state=RatingState.SCORED.value,
        value=agreed.astype(int),
        reason=SETTLED,
        by_id=world.people.national,
        at=[writing.moment(days[place], 400) for place in apart["place"]],
    )
    return len(apart)


def plan_ahead(world: World, rng: np.random.Generator) -> dict[str, int]:
    """A round of the first region, visits of its zonal coordinators, and the draw for next month.

    Official figures ask for certified observers in the last half year.
    """
    writing.insert(
        QualityRules, 1, id=[1], certified_from=writing.days(np.array([world.day - CERTIFIED_DAYS]))
    )
    month = (world.day.astype("datetime64[M]") + 1).astype("datetime64[D]")
    (evaluation,) = writing.insert(
        EvaluationRound,
        1,
        unit_id=world.places.regions.ids[:1],
        name=[writing.text({"es": "Ronda de la demostración", "en": "Demonstration round"})],
        starts_on=writing.days(np.array([world.day - 10])),
        ends_on=writing.days(np.array([world.day + ROUND_DAYS])),
    )
    link = EvaluationRound.versions.through
    versions = [world.checklist.version.pk]
    writing.insert(link, 1, evaluationround_id=[int(evaluation)], instrumentversion_id=versions)
    rooms = _rooms_of_the_first_region(world)
    zonal = 2 * world.places.centres.parent[world.places.rooms.parent[rooms]]
    observers = world.people.zonal[zonal + np.arange(len(rooms)) % 2]
    on = writing.days(month + np.arange(len(rooms)) // 2)
    keys = writing.insert(
        RoundAssignment,
        len(rooms),
        round_id=int(evaluation),
        room_id=world.places.rooms.ids[rooms],
        observer_id=observers,
        planned_on=on,
    )
    frame = [
        {
            "visit": f"round-visit-{key}",
            "observer": int(observer),
            "room": world.places.rooms.codes[room],
            "on": day,
            "purpose": Purpose.OFFICIAL.value,
        }
        for key, observer, room, day in zip(keys.tolist(), observers, rooms, on, strict=True)
    ]
    frame.sort(key=lambda row: (row["observer"], row["on"], row["visit"]))
    return _draw(world, month, frame, rng)


def _rooms_of_the_first_region(world: World) -> np.ndarray:
    """Places of rooms, one of each centre after the other, as many as are visited."""
    region = world.places.centre_region[world.places.rooms.parent]
    here = np.flatnonzero(region == 0)
    return np.tile(here, VISITS // len(here) + 1)[:VISITS]


def _draw(world: World, month: np.datetime64, frame: list[dict], rng) -> dict[str, int]:
    """What ``draws.draw`` does, with a seed that follows from ``rng``."""
    rules, region = QualityRules(), world.places.regions.ids[:1]
    made = CodingDraw(
        seed=rng.bytes(16).hex(),
        share=rules.share,
        minimum=rules.minimum,
        frame=frame,
        frame_hash=draws.frame_hash(frame),
    )
    made.result = draws.repeat(made)
    day = writing.days(np.array([world.day]))
    (key,) = writing.insert(
        CodingDraw,
        1,
        unit_id=region,
        month=writing.days(np.array([month])),
        seed=made.seed,
        share=made.share,
        minimum=made.minimum,
        frame=[writing.text(frame)],
        frame_hash=made.frame_hash,
        result=[writing.text(made.result)],
        drawn_by_id=world.people.national,
        drawn_at=[writing.moment(day[0])],
    )
    drawn = [row for row in frame if row["visit"] in set(made.result)]
    ids = dict(zip(world.places.rooms.codes, world.places.rooms.ids, strict=True))
    writing.insert(
        CodingPair,
        len(drawn),
        draw_id=int(key),
        visit=[row["visit"] for row in drawn],
        room_id=[int(ids[row["room"]]) for row in drawn],
        planned_on=[row["on"] for row in drawn],
        purpose=Purpose.OFFICIAL.value,
        first_id=[row["observer"] for row in drawn],
    )
    return {"planned visits": len(frame), "drawn visits": len(drawn)}
