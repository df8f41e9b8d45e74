"""The braid over time: what lies between two scores of a room, and what goes with its change."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason
from measurement.evaluation.baseline import true_scores
from measurement.evaluation.did import two_way
from measurement.evaluation.multiplicity import adjusted
from measurement.evaluation.robust import Regression, fit

INTERVAL_COLUMNS = [
    *("room", "centre", "interval", "first_date", "last_date", "first", "last"),
    *("gap_days", "change"),
]
STRANDS = ("cycles", "modelled", "fidelity", "modules_per_learner", "turnover", "safety_index")
PANEL_COLUMNS = [
    *INTERVAL_COLUMNS,
    *("cycles", "minutes", "modelled", "fidelity", "modules", "modules_per_learner"),
    *("left", "turnover", "yes", "no", "safety_index"),
]
ASSOCIATION_COLUMNS = [
    *("strand", "estimate", "low", "high", "p", "p_holm", "per_sd", "corrected"),
    *("corrected_low", "corrected_high", "n", "rooms", "clusters", "reason"),
]
MINIMUM_ROWS = 30
MINIMUM_CLUSTERS = 10


def intervals(scores: pd.DataFrame, minimum_gap_days: int) -> pd.DataFrame:
    """Every stretch between two scores of a room: INTERVAL_COLUMNS, one row each.

    ``scores``: room, centre, date (ordinal day), score (NaN left out; those of one room on one day
    are averaged). A stretch ends at the first score at least ``minimum_gap_days`` after the score
    that it began with, and the next begins there; scores within it are left out.
    """
    _need(scores, ["room", "centre", "date", "score"], "Scores")
    if minimum_gap_days < 1:
        raise ValueError("The shortest time between two scores must be a day or more.")
    kept = scores.dropna(subset=["score"])
    if kept[["room", "centre", "date"]].isna().any(axis=None):
        raise ValueError("Every score needs its room, centre and date.")
    if kept.groupby("room")["centre"].nunique().gt(1).any():
        raise ValueError("A room stands in more than one centre.")
    days = kept.groupby(["room", "centre", "date"], sort=True, as_index=False)["score"].mean()
    chosen, room, begun = np.zeros(len(days), dtype=bool), None, -np.inf
    pairs = zip(days["room"].to_numpy(), days["date"].to_numpy(dtype=float), strict=True)
    for i, (own, date) in enumerate(pairs):
        if own != room or date - begun >= minimum_gap_days:
            chosen[i], room, begun = True, own, date
    ends = days[chosen]
    before = ends.groupby("room")[["date", "score"]].shift()
    found = pd.DataFrame(
        {
            "room": ends["room"],
            "centre": ends["centre"],
            "interval": ends.groupby("room").cumcount(),
            "first_date": before["date"],
            "last_date": ends["date"],
            "first": before["score"],
            "last": ends["score"],
        }
    )[before["date"].notna()]
    found["first_date"] = found["first_date"].astype(found["last_date"].dtype)
    found["gap_days"] = found["last_date"] - found["first_date"]
    found["change"] = found["last"] - found["first"]
    return found[INTERVAL_COLUMNS].reset_index(drop=True)


def room_panel(
    stretches: pd.DataFrame,
    rooms: pd.DataFrame,
    cycles: pd.DataFrame | None = None,
    lessons: pd.DataFrame | None = None,
    departures: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What happened in each stretch between two scores: PANEL_COLUMNS, one row per stretch.

    ``stretches``: as ``intervals`` returns them. ``rooms``: room, learners, staff (NaN unknown).
    ``cycles``: room, date, minutes, modelled (0/1), fidelity (0–1), one row per completed cycle.
    ``lessons``: room, date, one per completed module. ``departures``: room, date, one per person
    who left. ``answers``: centre, date, yes, no: parents' answers, repeated in each room of the
    centre. A strand that is None was not recorded: NaN; one that is given counts 0 where it has no
    row. Counted is first_date < date ≤ last_date (see ``linking.between``). ``modelled`` and
    ``fidelity`` are means of the cycles that have them, NaN without a cycle; ``turnover`` is people
    who left per post and year.
    """
    _need(stretches, INTERVAL_COLUMNS, "Stretches")
    _need(rooms, ["room", "learners", "staff"], "Rooms")
    if rooms["room"].duplicated().any():
        raise ValueError("Rooms need one row each.")
    panel = stretches[INTERVAL_COLUMNS].reset_index(drop=True)
    about = panel[["room"]].merge(rooms[["room", "learners", "staff"]], on="room", how="left")
    sums = _within(panel, cycles, ["minutes"], "Cycles")
    panel["cycles"], panel["minutes"] = sums["n"], sums["minutes"]
    for name in ("modelled", "fidelity"):
        panel[name] = _mean_within(panel, cycles, name)
    panel["modules"] = _within(panel, lessons, [], "Lessons")["n"]
    panel["modules_per_learner"] = panel["modules"] / about["learners"].where(about["learners"] > 0)
    panel["left"] = _within(panel, departures, [], "Departures")["n"]
    posts_years = about["staff"].where(about["staff"] > 0) * panel["gap_days"] / 365.25
    panel["turnover"] = panel["left"] / posts_years
    given = _answers_within(panel, answers)
    panel["yes"], panel["no"] = given["yes"], given["no"]
    total = panel["yes"] + panel["no"]
    panel["safety_index"] = 100 * panel["yes"] / total.where(total > 0)
    return panel[PANEL_COLUMNS]


@dataclass(frozen=True)
class Linkage:
    """What goes with change.

    ``associations``: ASSOCIATION_COLUMNS, one row per strand: points of the last score per unit of
    the strand at equal first score and length of stretch; ``per_sd`` in points per standard
    deviation of the strand; ``corrected`` with the first score freed of error of measurement (NaN
    without a reliability); ``p_holm`` over all strands that have a p. ``together``: all strands
    that are recorded in one model (rows with all of them). ``within_rooms``: points per cycle from
    rooms compared with themselves.
    """

    associations: pd.DataFrame
    together: Regression | None
    within_rooms: Estimate
    reliability: float | None


def linkage(
    panel: pd.DataFrame,
    reliability: float | None = None,
    strands: Sequence[str] = STRANDS,
    confidence: float = 0.95,
) -> Linkage:
    """Models of change with baseline, dose and turnover, CR2 by centre.

    last = a + b·first + c·gap_days + d·strand, each strand alone, then all together. Rooms that
    were low by chance rise by themselves, and low rooms often get more: hence the first score in
    every model. As recorded it is right where mentoring went to rooms by that score; where it
    went by what lies behind it, ``corrected`` is (see ``evaluation.baseline.true_scores``).
    Several stretches of a room and several rooms of a centre resemble each other: errors go by
    centre. ``within_rooms``: two-way fixed effects of room and occasion on cycles so far; free of
    all that stays the same in a room, but not of mentoring that answers to a low score. None of it
    is an effect: nobody was given a dose by lot.
    Source: as ``robust.fit`` and ``baseline.true_scores``; Holm (1979). Checked: with nothing at
    work and the lowest quarter chosen, p is uniform and no strand shows a gain, in simulation.
    """
    _need(panel, [*INTERVAL_COLUMNS, *strands], "Rows of the panel")
    rows = panel.dropna(subset=["first", "last", "gap_days"])
    found = [_association(rows, strand, reliability, confidence) for strand in strands]
    table = pd.DataFrame(found, columns=ASSOCIATION_COLUMNS)
    table["p_holm"] = adjusted(table["p"].to_numpy(dtype=float), "holm")
    recorded = [s for s, row in zip(strands, found, strict=True) if not row[-1]]
    together, complete = None, rows.dropna(subset=recorded)
    if len(recorded) > 1 and len(complete) >= MINIMUM_ROWS:
        x = complete[["first", "gap_days", *recorded]].astype(float)
        together = fit(complete["last"], x, complete["centre"], confidence=confidence)
    return Linkage(table, together, _within_rooms(panel, confidence), reliability)


def _association(
    rows: pd.DataFrame, strand: str, reliability: float | None, confidence: float
) -> list:
    known = rows.dropna(subset=[strand])
    n, rooms, g = len(known), known["room"].nunique(), known["centre"].nunique()
    reason = None
    if n == 0:
        reason = Reason.NOT_RECORDED if rows[strand].isna().all() else Reason.NO_OVERLAP
    elif n < MINIMUM_ROWS:
        reason = Reason.TOO_FEW_ROWS
    elif g < MINIMUM_CLUSTERS:
        reason = Reason.TOO_FEW_CLUSTERS
    elif known[strand].nunique() < 2:
        reason = Reason.ZERO_VARIANCE
    nothing = [np.nan] * 9
    if reason:
        return [strand, *nothing, n, rooms, g, str(reason)]
    others = known[[strand, "gap_days"]].astype(float)
    plain = fit(
        known["last"], others.assign(first=known["first"]), known["centre"], confidence=confidence
    )
    slope = plain.estimate(strand)
    if slope.value is None or slope.low is None:
        return [strand, *nothing, n, rooms, g, str(slope.reason)]
    p = plain.coefficients.set_index("name")["p"][strand]
    per_sd = slope.value * known[strand].std()
    corrected = _corrected(known, others, strand, reliability, confidence)
    ends = [slope.value, slope.low, slope.high, p, np.nan, per_sd, *corrected]
    return [strand, *ends, n, rooms, g, ""]


def _corrected(
    known: pd.DataFrame,
    others: pd.DataFrame,
    strand: str,
    reliability: float | None,
    confidence: float,
) -> tuple[float, float, float]:
    nothing = (np.nan, np.nan, np.nan)
    if reliability is None:
        return nothing
    first = true_scores(known["first"].to_numpy(dtype=float), others, reliability)
    if isinstance(first, Reason):
        return nothing
    x = others.assign(first=first)
    found = fit(known["last"], x, known["centre"], confidence=confidence).estimate(strand)
    if found.value is None or found.low is None or found.high is None:
        return nothing
    return found.value, found.low, found.high


def _within_rooms(panel: pd.DataFrame, confidence: float) -> Estimate:
    """Score on cycles so far with effects of room and occasion, from rooms with two stretches."""
    if panel["cycles"].isna().all():
        return Estimate.insufficient(Reason.NOT_RECORDED, 0, 0)
    known = panel.dropna(subset=["first", "last", "cycles"]).sort_values(["room", "interval"])
    start = known.drop_duplicates("room").assign(interval=0, score=lambda f: f["first"], dose=0.0)
    later = known.assign(score=known["last"], dose=known.groupby("room")["cycles"].cumsum())
    long = pd.concat([start, later], ignore_index=True)
    if known["room"].nunique() < MINIMUM_ROWS:
        return Estimate.insufficient(Reason.TOO_FEW_ROWS, len(long), long["centre"].nunique())
    if long["centre"].nunique() < MINIMUM_CLUSTERS:
        return Estimate.insufficient(Reason.TOO_FEW_CLUSTERS, len(long), long["centre"].nunique())
    return two_way(
        long, "score", "room", "interval", "dose", cluster="centre", confidence=confidence
    ).effect


def _within(
    panel: pd.DataFrame, events: pd.DataFrame | None, sums: list[str], name: str
) -> pd.DataFrame:
    """Number of events in each stretch (n), and sums of columns; NaN when not recorded."""
    if events is None:
        return pd.DataFrame(np.nan, index=panel.index, columns=["n", *sums])
    _need(events, ["room", "date", *sums], name)
    at = _stretch_of(panel, events)
    inside = events[at >= 0]
    found = pd.DataFrame({"n": np.bincount(at[at >= 0], minlength=len(panel)).astype(float)})
    for column in sums:
        weight = inside[column].to_numpy(dtype=float)
        found[column] = np.bincount(at[at >= 0], np.nan_to_num(weight), len(panel))
    return found.set_index(panel.index)


def _mean_within(panel: pd.DataFrame, events: pd.DataFrame | None, column: str) -> np.ndarray:
    if events is None or column not in events.columns:
        return np.full(len(panel), np.nan)
    known = events.dropna(subset=[column])
    at = _stretch_of(panel, known)
    inside = known.loc[at >= 0, column].astype(float).to_numpy()
    n = np.bincount(at[at >= 0], minlength=len(panel))
    total = np.bincount(at[at >= 0], inside, len(panel))
    return np.divide(total, n, out=np.full(len(panel), np.nan), where=n > 0)


def _stretch_of(panel: pd.DataFrame, events: pd.DataFrame) -> np.ndarray:
    """Row of the panel whose stretch (first_date, last_date] holds each event; −1 for none."""
    found = np.full(len(events), -1)
    if len(events) == 0 or len(panel) == 0:
        return found
    dates = events["date"].to_numpy(dtype=float)
    left = pd.DataFrame({"room": events["room"].to_numpy(), "date": dates, "at": range(len(dates))})
    right = panel[["room", "first_date", "last_date"]].astype(
        {"first_date": float, "last_date": float}
    )
    right = right.assign(row=range(len(panel))).sort_values("last_date")
    merged = pd.merge_asof(
        left.dropna(subset=["date"]).sort_values("date"), right, left_on="date",
        right_on="last_date", by="room", direction="forward",
    )  # fmt: skip
    inside = merged[merged["date"] > merged["first_date"]]
    found[inside["at"].to_numpy()] = inside["row"].to_numpy(dtype=int)
    return found


def _answers_within(panel: pd.DataFrame, answers: pd.DataFrame | None) -> pd.DataFrame:
    if answers is None:
        return pd.DataFrame(np.nan, index=panel.index, columns=["yes", "no"])
    _need(answers, ["centre", "date", "yes", "no"], "Answers")
    keys = panel[["centre", "first_date", "last_date"]].assign(row=panel.index)
    both = keys.merge(answers[["centre", "date", "yes", "no"]], on="centre")
    inside = both[(both["date"] > both["first_date"]) & (both["date"] <= both["last_date"])]
    return inside.groupby("row")[["yes", "no"]].sum().reindex(panel.index, fill_value=0)


def _need(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ValueError(f"{name} lack these columns: {', '.join(absent)}.")
