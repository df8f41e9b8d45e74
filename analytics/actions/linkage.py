"""Do the strands move together, and which rooms will need a mentor next?

Slow to import: only stages do, in tasks and commands.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analytics.actions.braid import MINIMUM_GAP_DAYS
from analytics.actions.plain import interval, number, told
from measurement.criterion import test_retest
from measurement.estimates import Estimate
from measurement.linkage import STRANDS, intervals, linkage, room_panel
from measurement.need import Need, rank_need

# Seen again so soon and without mentoring between, a room has not changed: what differs is noise.
WEEKS = (14, 28)
FEWEST_FOR_NOISE = 30
FEATURES = ("cycles", "modelled", "modules_per_learner", "turnover", "safety_index", "gap_days")
MOST_SHOWN = 20


def panel_of(frames: Mapping[str, pd.DataFrame], gap: int = MINIMUM_GAP_DAYS) -> pd.DataFrame:
    """A row per stretch between two official scores of a room, with what lies in it."""
    return room_panel(
        intervals(frames["scores"], gap),
        frames["rooms"],
        frames["cycles"],
        frames["lessons"],
        frames["departures"],
        frames["answers"],
    )


def strands(panel: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Tables associations and within; how noisy the first score is, in a note."""
    reliability = _reliability(frames)
    value = reliability.value if reliability.value and reliability.value > 0 else None
    found = linkage(panel, value)
    rows = [_association(row) for row in found.associations.to_dict("records")]
    code = "corrected" if value else "not_corrected"
    return {
        "tables": {
            "associations": rows,
            "within": [told({"strand": "cycles", "effect": found.within_rooms})],
        },
        "notes": [{"code": code, "facts": {"value": value, "n": reliability.n}}],
    }


def need(
    panel: pd.DataFrame, frames: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> dict[str, Any]:
    """Tables quality and rooms: those expected lowest, by the better of model and last score."""
    history = panel.rename(columns={"first": "score", "last": "following"})
    found = rank_need(history, _now(panel, frames), FEATURES, rng, confidence=0.95)
    if found.reason:
        return {"reason": found.reason}
    quality = {
        "model": found.r2_model,
        "last_score": found.r2_last_score,
        "gain": found.gain,
        "slope": found.calibration.slope if found.calibration else None,
    }
    return {
        "tables": {
            "quality": [told({"what": what, "r2": value}) for what, value in quality.items()],
            "rooms": [
                {
                    "room": str(row["room"]),
                    "centre": str(row["centre"]),
                    **{name: number(row[name]) for name in ("score", "expected", "low", "high")},
                    "rank_low": int(row["rank_low"]),
                    "rank_high": int(row["rank_high"]),
                }
                for row in found.ranking.nsmallest(MOST_SHOWN, "expected").to_dict("records")
            ],
        },
        "notes": [_verdict(found)],
    }


def _verdict(found: Need) -> dict[str, Any]:
    code = "model_better" if found.better else "model_no_better"
    facts = {"gain": found.gain.value, "low": found.gain.low, "high": found.gain.high}
    return {"code": code, "facts": facts}


def _now(panel: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Each room's newest score, with what its latest stretch held."""
    newest = frames["scores"].sort_values(["room", "date"]).drop_duplicates("room", keep="last")
    latest = panel.sort_values(["room", "last_date"]).drop_duplicates("room", keep="last")
    return newest[["room", "centre", "score"]].merge(
        latest[["room", *FEATURES]], on="room", how="left"
    )


def _reliability(frames: Mapping[str, pd.DataFrame]) -> Estimate:
    """ICC of two scores two to four weeks apart with no cycle completed between them."""
    days = frames["scores"].groupby(["room", "date"], as_index=False)["score"].mean()
    later = days.groupby("room").shift(-1)
    pairs = days.assign(after=later["score"], until=later["date"])
    pairs = pairs[(pairs["until"] - pairs["date"]).between(*WEEKS)].drop_duplicates("room")
    done = frames["cycles"].merge(pairs[["room", "date", "until"]], on="room")
    mentored = done[(done["date_x"] > done["date_y"]) & (done["date_x"] <= done["until"])]["room"]
    still = pairs[~pairs["room"].isin(mentored)]
    found = test_retest(still["score"].to_numpy(), still["after"].to_numpy()).icc
    if found.n < FEWEST_FOR_NOISE:
        return Estimate.insufficient("too_few_rows", found.n)
    return found


def _association(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    strand = str(row["strand"])
    if row["reason"]:
        effect = Estimate.insufficient(row["reason"], row["n"], row["clusters"])
        return told({"strand": strand, "effect": effect})
    series = pd.Series(dict(row))
    method = "last on first, gap and strand, CR2 by centre"
    n = int(row["n"])
    corrected = None
    if number(row["corrected"]) is not None:
        names = ("corrected", "corrected_low", "corrected_high")
        corrected = interval(series, *names, n, f"{method}, first score freed of noise")
    return told(
        {
            "strand": strand,
            "effect": interval(series, "estimate", "low", "high", n, method),
            "per_sd": number(row["per_sd"]),
            "p": number(row["p_holm"]),
            "corrected": corrected,
        }
    )


__all__ = ["STRANDS", "need", "panel_of", "strands"]
