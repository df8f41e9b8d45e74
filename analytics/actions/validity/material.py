"""What every part of the validity report starts from: ratings laid out once, in several ways."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from measurement.scoring import ALL, RANGE, domain_scores, session_scores

SESSION = ["subject", "rater", "room", "centre", "region", "provision", "age_group"]
SESSION += ["comparable", "duplicate", "day", "facts"]
COLUMNS = ["session", "line", *SESSION, "cycle", "item", "state", "value"]


def sessions_in(ratings: pd.DataFrame) -> pd.DataFrame:
    """What is known of each session, once."""
    once = ratings.drop_duplicates("session").set_index("session")[SESSION]
    once.index = once.index.astype(str)
    return once.astype(dict.fromkeys(SESSION[:7], str))


@dataclass(frozen=True)
class Material:
    """``items``: item, domain, minimum, maximum. ``ratings``: the columns of a snapshot.

    ``gates``: the gates in force when the report was asked for, by code. ``criteria``: figures of
    other sources, one row per session (index), a column each; ``groups`` likewise what sessions may
    be told apart by.
    """

    items: pd.DataFrame
    ratings: pd.DataFrame
    gates: dict[str, dict[str, Any]]
    criteria: pd.DataFrame
    groups: pd.DataFrame

    @cached_property
    def domains(self) -> dict[str, list[str]]:
        """Each domain with its items, as designed."""
        groups = self.items.groupby("domain", sort=False)["item"]
        return {str(domain): list(items) for domain, items in groups}

    @cached_property
    def sessions(self) -> pd.DataFrame:
        """One row per session (index), in order of appearance: what is known of it."""
        return sessions_in(self.ratings)

    @cached_property
    def means(self) -> pd.DataFrame:
        """Sessions × items: mean over the cycles in which the item has a value."""
        return self._laid_out(self.ratings, "mean")

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Sessions × items: the step given in the first cycle that has one, whole numbers."""
        in_order = self.ratings.sort_values("cycle", kind="stable")
        return self._laid_out(in_order.dropna(subset=["value"]), "first")

    @cached_property
    def once(self) -> np.ndarray:
        """Which sessions repeat no other exactly."""
        return ~self.sessions["duplicate"].to_numpy(dtype=bool)

    @cached_property
    def grouped(self) -> bool:
        """Whether centres hold several sessions, so that rows do not count as independent."""
        return self.sessions["centre"].nunique() < len(self.sessions)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Sessions × domains and "ALL": scores from 0 to 100, NaN where not valid.

        100 · (value − lowest) / (highest − lowest) of each item's own scale, then as the
        programme's rules have it; for a scale from 0 that is the programme's own score.
        """
        items = self.items.assign(weight=1.0)
        found = session_scores(domain_scores(self.ratings, items, rule=RANGE))
        wide = found.pivot(index="session", columns="domain", values="score")
        wide.index = wide.index.astype(str)
        return wide.reindex(index=self.sessions.index, columns=[*self.domains, ALL])

    @cached_property
    def double(self) -> pd.DataFrame:
        """Sessions of subjects that two raters or more saw: session (index), subject, rater …"""
        kept = self.sessions[self.sessions["comparable"].to_numpy(dtype=bool) & self.once]
        raters = kept.groupby("subject")["rater"].transform("nunique")
        return kept[raters >= 2]

    def _laid_out(self, ratings: pd.DataFrame, how: str) -> pd.DataFrame:
        """By place rather than by name: a pivot of a million rows takes its time."""
        rows = self.sessions.index.get_indexer(pd.Index(ratings["session"].astype(str)))
        columns = pd.Index(self.items["item"]).get_indexer(pd.Index(ratings["item"].astype(str)))
        value = ratings["value"].to_numpy(dtype=float, na_value=np.nan)
        known = ~np.isnan(value) & (columns >= 0)
        place = rows[known] * len(self.items) + columns[known]
        size = len(self.sessions) * len(self.items)
        laid = np.full(size, np.nan)
        if how == "first":
            # Of several values for one place NumPy keeps the last that it is given.
            laid[place[::-1]] = value[known][::-1]
        else:
            counts = np.bincount(place, minlength=size)
            np.divide(np.bincount(place, value[known], size), counts, out=laid, where=counts > 0)
        shape = (len(self.sessions), len(self.items))
        return pd.DataFrame(laid.reshape(shape), self.sessions.index, list(self.items["item"]))
