"""A country of ratings with a known seed, the same for every program that is timed on it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

SEED = 20_260_101
REGIONS, CENTRES, ROOMS, MENTORS = 35, 1_400, 8_400, 200
VISITS = 6  # sessions of each room
ITEMS, DOMAINS, TOP = 24, 4, 3
ANSWERS = 200_000
RESAMPLES = 1_000


@dataclass(frozen=True)
class Country:
    """``items``: sessions × items, whole numbers from 0 to 3. ``sessions``: their region, centre,
    room and mentor (codes), score (0 to 100), whether the centre is treated (0 or 1; it does
    nothing), weight, and how many centres the region has.
    ``answers``: yes (0 or 1), taught (0 or 1), centre and room of each answer."""

    items: pd.DataFrame
    sessions: pd.DataFrame
    answers: pd.DataFrame

    @cached_property
    def by_room(self) -> pd.DataFrame:
        """Rooms × visits: the scores."""
        scores = self.sessions["score"].to_numpy().reshape(ROOMS, VISITS)
        return pd.DataFrame(scores, columns=[f"visit{i}" for i in range(1, VISITS + 1)])

    @cached_property
    def domains(self) -> dict[str, list[str]]:
        names = list(self.items.columns)
        own = ITEMS // DOMAINS
        return {f"d{d + 1}": names[d * own : (d + 1) * own] for d in range(DOMAINS)}

    def write(self, folder: Path) -> None:
        """As CSV, for programs in another language."""
        self.items.to_csv(folder / "items.csv", index=False)
        self.sessions.to_csv(folder / "sessions.csv", index=False)
        self.by_room.to_csv(folder / "by_room.csv", index=False)
        self.answers.to_csv(folder / "answers.csv", index=False)


def country() -> Country:
    """50,400 sessions and 200,000 answers; variance of rooms, centres, regions and mentors."""
    rng = np.random.default_rng(SEED)
    of_room = np.arange(ROOMS) % CENTRES
    room = np.repeat(np.arange(ROOMS), VISITS)
    centre = of_room[room]
    region, mentor = centre % REGIONS, rng.integers(MENTORS, size=len(room))
    ability = (
        rng.normal(0, 0.7, len(room))
        + rng.normal(0, 0.5, ROOMS)[room]
        + rng.normal(0, 0.4, CENTRES)[centre]
        + rng.normal(0, 0.2, REGIONS)[region]
        - rng.normal(0, 0.3, MENTORS)[mentor]
    )
    items = _ratings(rng, ability)
    drawn = rng.uniform(0.2, 0.8, REGIONS)  # share of its centres that a region's sample has
    centres = np.round(CENTRES / REGIONS / drawn)
    sessions = pd.DataFrame(
        {
            "region": region,
            "centre": centre,
            "room": room,
            "mentor": mentor,
            "score": items.to_numpy().mean(axis=1) * 100 / TOP,
            "treated": centre // REGIONS % 2,
            "weight": centres[region] / (CENTRES / REGIONS),
            "centres": centres[region],
        }
    )
    return Country(items, sessions, _answers(rng, of_room))


def _ratings(rng: np.random.Generator, ability: np.ndarray) -> pd.DataFrame:
    """Graded answers: logistic noise around slope · ability, cut at three thresholds."""
    n = len(ability)
    of_domain = ability[:, None] + rng.normal(0, 0.5, (n, DOMAINS))
    places = np.repeat(of_domain, ITEMS // DOMAINS, axis=1)
    slopes, middles = rng.uniform(0.8, 2.2, ITEMS), rng.normal(0, 0.5, ITEMS)
    cuts = middles + np.array([[-1.3], [0.0], [1.2]])
    lean = slopes * places + rng.logistic(size=(n, ITEMS))
    steps = (lean[None] > cuts[:, None]).sum(axis=0)
    return pd.DataFrame(steps.astype(float), columns=[f"i{i:02}" for i in range(1, ITEMS + 1)])


def _answers(rng: np.random.Generator, of_room: np.ndarray) -> pd.DataFrame:
    room = np.sort(rng.integers(ROOMS, size=ANSWERS))
    centre, taught = of_room[room], rng.integers(2, size=ANSWERS)
    logit = 0.3 + 0.4 * taught + rng.normal(0, 0.6, ROOMS)[room]
    logit += rng.normal(0, 0.5, CENTRES)[centre]
    yes = (rng.random(ANSWERS) < expit(logit)).astype(int)
    return pd.DataFrame({"yes": yes, "taught": taught, "centre": centre, "room": room})
