"""Double codings of the past year, and a round whose visits are drawn from for the next month."""

import datetime

import numpy as np
import pandas as pd

from config.demo import writing
from config.demo.sessions import Sessions
from config.demo.world import World
from observation import frames
from observation.actions import draws, rounds
from observation.enums import Purpose, RatingState
from observation.models import (
    Adjudication,
    Certificate,
    CodingPair,
    EvaluationRound,
    Item,
    ObservationSession,
    PairCoding,
    QualityRules,
)
from organisations.models import Unit, User

AT_ONCE = 400
REASON = "Doble codificación inventada para la demostración"
SETTLED = "Código acordado, inventado para la demostración"
LEFT_OPEN = 2  # of the double codings with differences, the newest that nobody has settled
FAR = 2  # points apart that are settled
ROUND_DAYS = 60
VISITS = 24  # planned for the coming month


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


def plan_ahead(world: World) -> dict[str, int]:
    """A round of the first region, visits of its zonal coordinators, and the draw for next month.

    Official figures ask for certified observers from the day on which the first was certified.
    """
    first = Certificate.objects.order_by("issued_on").first()
    if first is not None:
        QualityRules.objects.create(pk=1, certified_from=first.issued_on)
    today: datetime.date = world.day.astype(datetime.date)
    month = (today.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    national = User.objects.get(pk=world.people.national)
    region = Unit.objects.get(pk=world.places.regions.ids[0])
    evaluation = EvaluationRound(
        unit=region,
        name={"es": "Ronda de la demostración", "en": "Round of the demonstration"},
        starts_on=today - datetime.timedelta(days=10),
        ends_on=today + datetime.timedelta(days=ROUND_DAYS),
    )
    rounds.keep(evaluation=evaluation, versions=[world.checklist.version], by=national)
    zones = list(region.get_children())
    rooms = [[*Unit.objects.of_kind("room").within(zone)] for zone in zones]
    for number in range(VISITS):
        zone = number % len(zones)
        place = number // len(zones)
        observer = User.objects.get(pk=world.people.zonal[2 * zone + place % 2])
        rounds.assign(
            evaluation=evaluation,
            rooms=[rooms[zone][place % len(rooms[zone])]],
            observer=observer,
            planned_on=month + datetime.timedelta(days=place),
            by=national,
        )
    made = draws.draw(unit=region, month=month, by=national)
    return {"planned visits": len(made.frame), "drawn visits": len(made.result)}
