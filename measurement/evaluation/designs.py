"""How each design of a plan turns a table into an estimate: one function per design."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason
from measurement.evaluation.attrition import attrition
from measurement.evaluation.balance import indicators
from measurement.evaluation.did import Difference, bacon, two_by_two, two_way
from measurement.evaluation.dose import dose_response
from measurement.evaluation.experiment import Trial, cluster_trial
from measurement.evaluation.matching import match
from measurement.evaluation.plan import Plan
from measurement.evaluation.sensitivity import robustness_value, rosenbaum_bounds
from measurement.evaluation.staggered import att

FLOW_COLUMNS = ["step", "rows", "clusters"]


@dataclass(frozen=True)
class Outcome:
    """What a design found for one outcome; ``missing`` says what of it has no answer and why."""

    estimate: Estimate
    p: float = np.nan
    effect_size: Estimate | None = None
    randomisation_p: float | None = None
    flow: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=FLOW_COLUMNS))
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def _trial(plan: Plan, frame: pd.DataFrame, outcome: str, rng: np.random.Generator) -> Outcome:
    found = cluster_trial(
        frame,
        outcome,
        str(plan.arm),
        plan.cluster,
        baseline=plan.baselines.get(outcome),
        covariates=plan.covariates,
        strata=plan.strata,
        pairs=plan.pairs,
        treatment=plan.treatment,
        rng=rng,
        resamples=plan.resamples,
        confidence=1 - plan.alpha,
    )
    return _of_trial(found, {"attrition": _attrition(plan, frame, outcome)})


def _of_trial(found: Trial, tables: dict[str, pd.DataFrame]) -> Outcome:
    tables = {"balance": found.balance, **tables}
    icc = pd.DataFrame({"icc": [found.icc]})
    missing = {}
    if found.difference.sufficient and not found.effect_size.sufficient:
        missing["effect size"] = str(found.effect_size.reason)
    return Outcome(
        found.difference,
        found.p,
        found.effect_size,
        found.randomisation_p,
        found.flow,
        {**tables, "icc": icc},
        missing,
    )


def _matched(plan: Plan, frame: pd.DataFrame, outcome: str, rng: np.random.Generator) -> Outcome:
    """Centres are matched on their means of covariates and baseline, then compared in pairs."""
    before = [c for c in (plan.baselines.get(outcome), *plan.covariates) if c]
    known = frame.dropna(subset=[plan.cluster, plan.arm])
    columns = pd.concat([known[[plan.cluster]], indicators(known[before])], axis=1)
    centres = columns.groupby(plan.cluster).mean()
    covariates = list(centres.columns)
    centres["_arm"] = known.groupby(plan.cluster)[str(plan.arm)].first()
    found = match(centres, "_arm", covariates, plan.chosen_estimator, plan.caliper, plan.treatment)
    tables = {"matching": found.balance, "pairs": found.pairs}
    if found.reason:
        none = Estimate.insufficient(found.reason, len(known), len(centres))
        return Outcome(none, tables=tables)
    pair_of = {
        **found.pairs.set_index("treated")["pair"].to_dict(),
        **found.pairs.set_index("control")["pair"].to_dict(),
    }
    kept = known.assign(_pair=known[plan.cluster].map(pair_of)).dropna(subset=["_pair"])
    trial = cluster_trial(
        kept,
        outcome,
        str(plan.arm),
        plan.cluster,
        baseline=plan.baselines.get(outcome),
        covariates=plan.covariates,
        pairs="_pair",
        treatment=plan.treatment,
        confidence=1 - plan.alpha,
    )
    means = kept.dropna(subset=[outcome]).groupby(plan.cluster)[outcome].mean()
    gaps = (found.pairs["treated"].map(means) - found.pairs["control"].map(means)).to_numpy()
    bounds = rosenbaum_bounds(gaps if np.nansum(gaps) >= 0 else -gaps)
    one = _of_trial(trial, {**tables, "hidden bias": bounds.table})
    flow = pd.concat(
        [
            pd.DataFrame(
                [
                    ("given", len(frame), frame[plan.cluster].nunique()),
                    ("in a matched pair", len(kept), kept[plan.cluster].nunique()),
                ],
                columns=FLOW_COLUMNS,
            ),
            trial.flow.iloc[1:],
        ],
        ignore_index=True,
    )
    missing = dict(one.missing)
    if bounds.gamma is None:
        missing["hidden bias"] = bounds.reason or "p above alpha without any bias"
    return Outcome(one.estimate, one.p, one.effect_size, None, flow, one.tables, missing)


def _did(plan: Plan, frame: pd.DataFrame, outcome: str, _: np.random.Generator) -> Outcome:
    flow = _flow(plan, frame, outcome)
    arm, period = str(plan.arm), str(plan.period)
    if plan.chosen_estimator == "two_by_two":
        by_means = two_by_two(
            frame, outcome, arm, str(plan.after), plan.cluster, plan.covariates, 1 - plan.alpha
        )
        return _of_difference(by_means, flow, {})
    found = two_way(
        frame, outcome, plan.unit, period, arm,
        cluster=plan.cluster, covariates=plan.covariates, confidence=1 - plan.alpha,
    )  # fmt: skip
    rows = frame.dropna(subset=plan.columns(outcome))
    starts = rows[rows[arm] == 1].groupby(plan.unit)[period].min()
    made_of = None
    if found.effect.sufficient and not rows.duplicated([plan.unit, period]).any():
        first = rows.assign(_first=rows[plan.unit].map(starts))
        made_of = bacon(first, outcome, plan.unit, period, "_first")
    return _of_difference(found, flow, {} if made_of is None else {"made of": made_of})


def _of_difference(
    found: Difference, flow: pd.DataFrame, tables: dict[str, pd.DataFrame]
) -> Outcome:
    return Outcome(found.effect, found.p, flow=flow, tables=tables)


def _staggered(plan: Plan, frame: pd.DataFrame, outcome: str, rng: np.random.Generator) -> Outcome:
    found = att(
        frame,
        outcome,
        plan.unit,
        str(plan.period),
        str(plan.start),
        cluster=plan.cluster,
        covariates=plan.covariates,
        control=plan.chosen_estimator,
        rng=rng,
        resamples=plan.resamples,
        confidence=1 - plan.alpha,
    )
    tables = {"cells": found.cells, "by event": found.by_event, "by cohort": found.by_cohort}
    missing = {}
    if found.pre_trend is None:
        missing["trend before"] = str(Reason.TOO_FEW_CLUSTERS)
    else:
        tables["trend before"] = pd.DataFrame([vars(found.pre_trend)])
    if len(found.left_out):
        tables["left out"] = found.left_out
    return Outcome(found.overall, found.p, flow=found.flow, tables=tables, missing=missing)


def _dose(plan: Plan, frame: pd.DataFrame, outcome: str, _: np.random.Generator) -> Outcome:
    found = dose_response(
        frame,
        outcome,
        str(plan.dose),
        plan.cluster,
        baseline=plan.baselines.get(outcome),
        covariates=plan.covariates,
        reliability=plan.reliability,
        confidence=1 - plan.alpha,
    )
    tables = {"groups": found.groups}
    if found.regression is not None and found.slope.low is not None:
        table = found.regression.coefficients.set_index("name")
        t, df = table["estimate"]["dose"] / table["se"]["dose"], found.regression.residual_df
        tables["hidden bias"] = pd.DataFrame([vars(robustness_value(t, df, alpha=plan.alpha))])
    return Outcome(found.slope, found.p, flow=_flow(plan, frame, outcome), tables=tables)


def _flow(plan: Plan, frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    steps = {
        "given": frame,
        "with the outcome": frame.dropna(subset=[outcome]),
        "with every column of the plan": frame.dropna(subset=plan.columns(outcome)),
    }
    rows = [(step, len(part), part[plan.cluster].nunique()) for step, part in steps.items()]
    return pd.DataFrame(rows, columns=FLOW_COLUMNS)


def _attrition(plan: Plan, frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    known = frame.dropna(subset=[plan.arm])
    rooms = attrition(known[plan.arm], known[outcome].notna().to_numpy(), plan.treatment)
    by_centre = known.groupby(plan.cluster).agg(arm=(plan.arm, "first"), seen=(outcome, "count"))
    centres = attrition(by_centre["arm"], (by_centre["seen"] > 0).to_numpy(), plan.treatment)
    rows = [
        (level, one.overall, one.differential, one.boundary)
        for level, one in (("unit", rooms), ("cluster", centres))
    ]
    return pd.DataFrame(rows, columns=["level", "overall", "differential", "boundary"])


DESIGNS: dict[str, Callable[[Plan, pd.DataFrame, str, np.random.Generator], Outcome]] = {
    "cluster_trial": _trial,
    "matched": _matched,
    "did": _did,
    "staggered": _staggered,
    "dose": _dose,
}
