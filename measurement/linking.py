"""The braid: mentoring, learning, checklist scores and parents' answers, by room and centre."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from measurement.association import adjusted_correlation, group_means_at_mean_baseline
from measurement.estimates import Estimate, Reason
from measurement.indicators import MINIMUM_CLUSTERS, cluster_mean

MINIMUM_ROOMS = 30
DOSE_GROUPS = {"0": (0, 0), "1-2": (1, 2), "3+": (3, None)}
CHANGE_COLUMNS = [
    *("room", "centre", "sessions", "first_date", "last_date"),
    *("first", "last", "gap_days", "change"),
]
BRAID_COLUMNS = [
    *("room", "centre", "cycles", "minutes", "modules", "learners", "modules_per_learner"),
    *(*CHANGE_COLUMNS[2:], "cycles_between", "modules_between", "modules_per_learner_between"),
    *("yes", "no", "findings", "safety_index"),
]
ASSOCIATIONS = ("dose_change", "learning_change", "change_safety")
STRANDS = ("cycles_between", "modules_per_learner_between", "safety_index")


def change(scores: pd.DataFrame, minimum_gap_days: int) -> pd.DataFrame:
    """First and last score of each room, and their difference.

    ``scores``: room, centre, date (ordinal day, whole number), score (0–100; rows with NaN are
    left out). Scores of one room on one day are averaged. ``change`` = last − first, NaN when
    the room was seen on one day only or last − first is less than ``minimum_gap_days``.
    Returns one row per room: room, centre, sessions (int), first_date, last_date, first, last,
    gap_days (int), change.
    """
    _need(scores, ["room", "centre", "date", "score"], "Scores")
    if minimum_gap_days < 0:
        raise ValueError("The shortest time between two scores cannot be negative.")
    _one_centre_per_room([scores])
    kept = scores.dropna(subset=["score"])
    if np.isinf(kept["score"].to_numpy(dtype=float)).any():
        raise ValueError("Scores must be finite numbers, or missing.")
    if kept["date"].isna().any():
        raise ValueError("Every score needs the date of its session.")
    days = kept.groupby(["room", "centre", "date"], sort=True, as_index=False).agg(
        score=("score", "mean"), sessions=("score", "size")
    )
    rooms = days.groupby(["room", "centre"], sort=True, as_index=False).agg(
        sessions=("sessions", "sum"),
        first_date=("date", "first"),
        last_date=("date", "last"),
        first=("score", "first"),
        last=("score", "last"),
    )
    rooms["gap_days"] = rooms["last_date"] - rooms["first_date"]
    apart = rooms["gap_days"] >= max(1, minimum_gap_days)
    rooms["change"] = (rooms["last"] - rooms["first"]).astype(float).where(apart)
    return rooms[CHANGE_COLUMNS]


def between(events: pd.DataFrame, change: pd.DataFrame) -> pd.Series:
    """How many events of each room with a change lie between its two scores.

    ``events``: room, date (ordinal day). first_date < date ≤ last_date: what was completed on the
    day of the first score may have come before it and so shown in it already, and of several
    intervals of a room, each event falls into one. Returns whole numbers by room.
    """
    _need(events, ["room", "date"], "Events")
    scored = change.dropna(subset=["change"]).set_index("room")
    kept = events[events["room"].isin(scored.index)]
    first, last = (kept["room"].map(scored[name]) for name in ("first_date", "last_date"))
    inside = kept.loc[(kept["date"] > first) & (kept["date"] <= last), "room"]
    return inside.value_counts().reindex(scored.index, fill_value=0)


def braid(
    dose: pd.DataFrame,
    learning: pd.DataFrame,
    change: pd.DataFrame,
    findings: pd.DataFrame,
    cycles: pd.DataFrame,
    lessons: pd.DataFrame,
) -> pd.DataFrame:
    """The joined table: one row per room that any strand knows, sorted by centre and room.

    ``dose``: room, centre, cycles (completed), minutes. ``learning``: room, centre, modules
    (completed, all learners together), learners. ``change``: as ``change`` returns it.
    ``findings``: centre, yes, no (parents' answers), findings. ``cycles`` and ``lessons``: room,
    date (ordinal day), one row per completed cycle and per completed module.
    ``cycles`` and ``modules`` of the table are of the whole period, ``cycles_between`` and
    ``modules_between`` lie between the two scores (see ``between``), NaN without a change: what
    came before or after cannot have moved it.
    NaN where a strand has no row: a room known to have had no cycle needs a row with 0. Columns of
    the centre are repeated in its rooms; modules per learner = modules / learners and
    ``safety_index`` = 100 · yes / (yes + no), NaN where the divisor is 0. Centres without any
    room cannot stand in this table: ``centres_without_rooms`` names them.
    """
    _need(dose, ["room", "centre", "cycles", "minutes"], "Dose")
    _need(learning, ["room", "centre", "modules", "learners"], "Learning")
    _need(change, CHANGE_COLUMNS, "Change")
    _need(findings, ["centre", "yes", "no", "findings"], "Findings")
    for frame, name in ((dose, "Dose"), (learning, "Learning"), (change, "Change")):
        if frame["room"].duplicated().any():
            raise ValueError(f"{name} has more than one row for the same room.")
    if findings["centre"].isna().any() or findings["centre"].duplicated().any():
        raise ValueError("Findings need one row per centre.")
    for frame in (dose, learning, findings):
        counts = frame.drop(columns=["room", "centre"], errors="ignore").to_numpy(dtype=float)
        if (counts < 0).any() or np.isinf(counts).any():
            raise ValueError("Cycles, minutes, modules, learners and answers cannot be negative.")
    rooms = _one_centre_per_room([dose, learning, change])
    table = pd.concat(
        [
            rooms,
            _found(dose, "room", rooms["room"], ["cycles", "minutes"]),
            _found(learning, "room", rooms["room"], ["modules", "learners"]),
            _found(change, "room", rooms["room"], CHANGE_COLUMNS[2:]),
            _found(findings, "centre", rooms["centre"], ["yes", "no", "findings"]),
        ],
        axis=1,
    )
    for name, events in (("cycles", cycles), ("modules", lessons)):
        inside = table["room"].map(between(events, change))
        table[f"{name}_between"] = inside.where(table[name].notna())
    table["modules_per_learner"] = _ratio(table["modules"], table["learners"])
    table["modules_per_learner_between"] = _ratio(table["modules_between"], table["learners"])
    table["safety_index"] = 100 * _ratio(table["yes"], table["yes"] + table["no"])
    return table[BRAID_COLUMNS].sort_values(["centre", "room"], ignore_index=True)


def centres_without_rooms(table: pd.DataFrame, findings: pd.DataFrame) -> list:
    """Centres that parents visited but of which no room is known in the joined table."""
    return sorted(set(findings["centre"]) - set(table["centre"]))


def coverage(table: pd.DataFrame) -> dict[str, int]:
    """How many rooms and centres each strand reaches, and how many rooms all of them."""
    strands = {"dose": "cycles", "learning": "modules", "change": "change", "safety": "yes"}
    known = {name: table[column].notna() for name, column in strands.items()}
    found = {f"rooms_{name}": int(mask.sum()) for name, mask in known.items()}
    return {
        "rooms": len(table),
        "centres": int(table["centre"].nunique()),
        **found,
        "centres_safety": int(table.loc[known["safety"], "centre"].nunique()),
        "rooms_all": int(pd.concat(known, axis=1).all(axis=1).sum()),
    }


def change_by_dose(
    table: pd.DataFrame,
    adjusted: bool = False,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> dict[str, Estimate]:
    """Mean change of rooms with 0, 1–2 and 3 or more cycles between their two scores.

    Keys "0", "1-2", "3+"; ``n`` counts rooms, ``clusters`` centres. Plain means, with
    cluster-robust intervals, by
    ``indicators.cluster_mean``. ``adjusted=True`` asks for the means at the same first score
    (see ``group_means_at_mean_baseline``): rooms chosen because they were low show a plain gain
    that is only regression to the mean.
    """
    rooms = table.dropna(subset=["cycles_between", "change", "first"])
    cycles = rooms["cycles_between"].to_numpy(dtype=float)
    y, first = (rooms[name].to_numpy(dtype=float) for name in ("change", "first"))
    centres = rooms["centre"].to_numpy()
    masks = {name: _in_group(cycles, *ends) for name, ends in DOSE_GROUPS.items()}
    found = {
        name: cluster_mean(y[mask], centres[mask], confidence, minimum_clusters)
        for name, mask in masks.items()
    }
    if not adjusted:
        return found
    enough = {name: masks[name] for name, estimate in found.items() if estimate.sufficient}
    return found | group_means_at_mean_baseline(y, first, centres, enough, confidence)


def associations(
    table: pd.DataFrame,
    rng: np.random.Generator,
    resamples: int = 1000,
    confidence: float = 0.95,
    minimum_rooms: int = MINIMUM_ROOMS,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> dict[str, Estimate]:
    """Do the strands pull together? Correlations with change at equal first scores.

    ``dose_change``: cycles completed between the two scores × change, over rooms.
    ``learning_change``: modules per learner between them × change, over rooms.
    ``change_safety``: mean change × safety index, over centres (n counts centres, each once).
    See ``adjusted_correlation``; fewer than ``minimum_rooms`` rooms or ``minimum_clusters`` centres
    is insufficient. An association, not an effect: rooms are not given their dose by lot.
    """
    rooms = table.dropna(subset=["first", "change"])
    found = {}
    for name, column in zip(ASSOCIATIONS, STRANDS, strict=True):
        known = rooms.dropna(subset=[column])
        units = known
        if column == "safety_index":
            means = known.groupby("centre", as_index=False)
            units = means[["change", "first", "safety_index"]].mean()
        n, g = len(units), known["centre"].nunique()
        if known.empty:
            found[name] = Estimate.insufficient(Reason.NO_OVERLAP, 0, 0)
        elif len(known) < minimum_rooms:
            found[name] = Estimate.insufficient(Reason.TOO_FEW_ROWS, n, g)
        elif g < max(2, minimum_clusters):
            found[name] = Estimate.insufficient(Reason.TOO_FEW_CLUSTERS, n, g)
        else:
            x, y, first = (units[key].to_numpy(dtype=float) for key in (column, "change", "first"))
            centres = units["centre"].to_numpy()
            found[name] = adjusted_correlation(x, y, first, centres, rng, resamples, confidence)
    return found


def _need(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ValueError(f"{name} lack these columns: {', '.join(absent)}.")


def _one_centre_per_room(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Every room with its centre, once, sorted by centre and room."""
    known = [frame[["room", "centre"]] for frame in frames if len(frame)] or [frames[0].iloc[:0]]
    rooms = pd.concat(known, ignore_index=True)[["room", "centre"]].drop_duplicates()
    if rooms.isna().any(axis=None):
        raise ValueError("Every row needs its room and its centre.")
    if rooms["room"].duplicated().any():
        example = rooms.loc[rooms["room"].duplicated(), "room"].iloc[0]
        raise ValueError(f"Room {example} stands in more than one centre.")
    return rooms.sort_values(["centre", "room"], ignore_index=True)


def _found(frame: pd.DataFrame, key: str, wanted: pd.Series, names: list[str]) -> pd.DataFrame:
    """The named columns for each wanted key, NaN where the frame has no such row."""
    if frame.empty:
        return pd.DataFrame(np.nan, index=wanted.index, columns=names)
    found = frame.set_index(key)[names].astype(float).reindex(wanted)
    return found.set_axis(wanted.index)


def _ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    return above / below.where(below > 0)


def _in_group(cycles: np.ndarray, least: int, most: int | None) -> np.ndarray:
    if (cycles != np.floor(cycles)).any():
        raise ValueError("Completed cycles must be whole numbers.")
    return (cycles >= least) & (cycles <= (np.inf if most is None else most))
