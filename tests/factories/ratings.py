"""Ratings made up for the validity report, in the columns of a snapshot."""

import numpy as np
import pandas as pd

from analytics import queries
from analytics.actions.validity.material import COLUMNS, Material, sessions_in
from analytics.snapshots.columns import settled


class InMemory:
    """What a stage is given, over ratings that lie in one frame; chance by ``seed``."""

    def __init__(self, given: pd.DataFrame, seed: int = 1):
        self.given, self.seed = settled(given), seed

    def rng(self, *names: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *map(len, names)])

    def map(self, function, combine, *, columns, arguments):
        return combine([function(self.given[columns], **arguments)])

    def advance(self, share: float) -> None:
        pass


def items(domains: dict[str, int], low: int = 0, high: int = 3) -> pd.DataFrame:
    """So many items in each domain, all on one scale: CAL1, CAL2 …"""
    return pd.DataFrame(
        [
            {"item": f"{domain}{number}", "domain": domain, "minimum": low, "maximum": high}
            for domain, count in domains.items()
            for number in range(1, count + 1)
        ]
    )


def ratings(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows``: subject, rater, item, value and what else is known; the rest as of an import."""
    known = pd.DataFrame(
        {
            "session": rows["subject"] + " " + rows["rater"],
            "line": np.nan,
            "room": rows["subject"],
            "centre": rows["subject"],
            "region": "",
            "provision": "",
            "age_group": "",
            "comparable": True,
            "duplicate": False,
            "day": np.nan,
            "facts": "{}",
            "cycle": 1.0,
            "state": np.where(rows["value"].isna(), "missing", "scored"),
        }
    )
    return known.assign(**{name: rows[name] for name in rows})[COLUMNS]


def sheet(scores: dict[str, dict[str, float | None]], names: tuple = ("CAL1", "CAL2")):
    """Ratings in which each rater gives each subject the same value in every item."""
    return ratings(
        pd.DataFrame(
            [
                (subject, rater, item, value)
                for rater, given in scores.items()
                for subject, value in given.items()
                for item in names
            ],
            columns=["subject", "rater", "item", "value"],
        )
    )


def material(given: pd.DataFrame, of: pd.DataFrame, **more: pd.DataFrame) -> Material:
    """``more``: criteria and groups, by session; none and unknown by default."""
    sessions = sessions_in(given)
    groups = sessions[["age_group", "provision", "region"]]
    more = {"criteria": pd.DataFrame(index=sessions.index), "groups": groups} | more
    return Material(of, given, {gate["code"]: gate for gate in queries.gates()}, **more)


def observed(
    rng: np.random.Generator,
    of: pd.DataFrame,
    *,
    centres: int = 12,
    rooms: int = 3,
    days: tuple[int, ...] = (0, 21),
    raters: int = 4,
    noise: float = 0.5,
) -> pd.DataFrame:
    """Each room on each day by two of the raters: a quality of each domain, and noise."""
    room = np.repeat(np.arange(centres * rooms), len(days) * 2)
    day = np.tile(np.repeat(days, 2), centres * rooms)
    pair = np.arange(len(room)) // 2
    rater = (pair + np.arange(len(room)) % 2 * (1 + pair % (raters - 1))) % raters
    own, domain = pd.factorize(of["domain"])
    quality = rng.normal(size=(centres, len(domain)))[room // rooms]
    quality += rng.normal(size=(centres * rooms, len(domain)))[room]
    low, high = of["minimum"].to_numpy(), of["maximum"].to_numpy()
    latent = quality[:, own] + noise * rng.normal(size=(len(room), len(of)))
    share = 1 / (1 + np.exp(-latent))
    steps = np.clip(np.floor(low + share * (high - low + 1)), low, high)
    sessions = pd.DataFrame(
        {
            "subject": [f"R{r:03d} D{d:03d}" for r, d in zip(room, day, strict=True)],
            "rater": [f"O{r:02d}" for r in rater],
            "room": [f"R{r:03d}" for r in room],
            "centre": [f"C{r // rooms:02d}" for r in room],
            "region": np.where(room // rooms % 2 == 0, "norte", "sur"),
            "provision": "contracted",
            "age_group": np.where(room % 2 == 0, "LB", "MA"),
            "day": 738_000.0 + day,
        }
    )
    wide = sessions.join(pd.DataFrame(steps, columns=list(of["item"])))
    long = wide.melt(list(sessions), list(of["item"]), "item", "value")
    return ratings(long)
