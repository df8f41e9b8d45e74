"""The three strands of a unit and period, side by side and joined.

Slow to import: only ``runs.compute`` does, in tasks and commands.
"""

from typing import Any

import numpy as np
import pandas as pd

from analytics import frames, queries
from analytics.actions.stages import Computation, Context, Inputs, Share, Stage
from analytics.enums import RunStage
from analytics.models import Run
from measurement import linking, prediction
from measurement.indicators import Band, described_mean, safety_band

# Two scores closer than this are the same moment of a mentoring cycle, not a change.
MINIMUM_GAP_DAYS = 21


def _inputs(run: Run, share: Share) -> Inputs:
    read = frames.braid_inputs(run.unit, run.starts_on, run.ends_on, queries.judged_by(run))
    return Inputs(frames.digest(read), read)


def _joined(context: Context) -> pd.DataFrame:
    """The strands in one table, a row per room."""
    inputs = context.frames
    return linking.braid(
        inputs["dose"],
        inputs["learning"],
        linking.change(inputs["scores"], MINIMUM_GAP_DAYS),
        inputs["findings"],
        inputs["cycles"],
        inputs["lessons"],
    )


def _strands(context: Context) -> dict[str, Any]:
    inputs, table = context.frames, _joined(context)
    rng = np.random.default_rng(context.run.seed)
    unjoined = linking.centres_without_rooms(table, inputs["findings"])
    return {
        "coverage": linking.coverage(table) | {"centres_without_rooms": len(unjoined)},
        "mentoring": _mentoring(table),
        "observation": _observation(table, inputs["sessions"], inputs["scores"])
        | {"instrument": queries.instrument_name(queries.judged_by(context.run))},
        "families": _families(inputs["findings"]),
        "change_by_dose": _dicts(linking.change_by_dose(table)),
        "change_by_dose_adjusted": _dicts(linking.change_by_dose(table, adjusted=True)),
        "associations": _dicts(linking.associations(table, rng)),
        "prediction": _prediction(prediction.predictive_gain(table, rng)),
        "minimum_gap_days": MINIMUM_GAP_DAYS,
    }


def _table(context: Context) -> str:
    """The joined table as CSV."""
    return frames.named(_joined(context), context.run.unit).to_csv(index=False)


COMPUTATION = Computation(_inputs, [Stage(RunStage.BRAID, 1, _strands)], _table)


def _prediction(gain: prediction.PredictiveGain) -> dict[str, Any]:
    """How well the last score is foretold in centres that the model has not seen."""
    return {
        "baseline_r2": gain.baseline_r2.as_dict(),
        "full_r2": gain.full_r2.as_dict(),
        "gain": gain.gain.as_dict(),
        "better": gain.better,
    }


def _dicts(estimates: dict) -> dict[str, dict]:
    return {name: estimate.as_dict() for name, estimate in estimates.items()}


def _mentoring(table: pd.DataFrame) -> dict[str, Any]:
    """Dose of mentoring and learning: totals, and means over rooms with intervals by centre."""
    return {
        "cycles": int(table["cycles"].sum()),
        "minutes": int(table["minutes"].sum()),
        "modules": int(table["modules"].sum()),
        "learners": int(table["learners"].sum()),
        "cycles_per_room": described_mean(table["cycles"], table["centre"]).as_dict(),
        "modules_per_learner": described_mean(
            table["modules_per_learner"], table["centre"]
        ).as_dict(),
    }


def _observation(
    table: pd.DataFrame, sessions: pd.DataFrame, scores: pd.DataFrame
) -> dict[str, Any]:
    """Sessions; first and last official scores and their difference, over rooms, by centre."""
    again = table[table["change"].notna()]
    return {
        "sessions": int(sessions["all"].sum()),
        "official": int(sessions["official"].sum()),
        "others": int(sessions["others"].sum()),
        "versions": str(sessions["versions"].iloc[0]),
        "without_score": int(scores["score"].isna().sum()),
        "first": described_mean(again["first"], again["centre"]).as_dict(),
        "last": described_mean(again["last"], again["centre"]).as_dict(),
        "change": described_mean(again["change"], again["centre"]).as_dict(),
    }


def _families(findings: pd.DataFrame) -> dict[str, Any]:
    """Parents' answers: totals, mean safety index over centres, centres by band."""
    answered = findings[findings["yes"] + findings["no"] > 0]
    index = 100 * answered["yes"] / (answered["yes"] + answered["no"])
    bands = [
        safety_band(int(yes), int(no))
        for yes, no in zip(answered["yes"], answered["no"], strict=True)
    ]
    return {
        "visits": int(findings["visits"].sum()),
        "parents": int(findings["parents"].sum()),
        "findings": int(findings["findings"].sum()),
        "yes": int(findings["yes"].sum()),
        "no": int(findings["no"].sum()),
        "safety_index": described_mean(index, answered["centre"], highest=100).as_dict(),
        "bands": {band.value: bands.count(band) for band in Band},
    }
