"""The same comparison by a multilevel model: rooms in centres, centres in regions."""

from typing import Any

import pandas as pd

from analytics.actions.evaluation.rows import asked_of
from analytics.actions.plain import number, told
from analytics.actions.stages import Context
from measurement.estimates import Estimate, Reason
from measurement.evaluation.balance import indicators, treated
from measurement.evaluation.plan import Plan
from measurement.multilevel.linear import linear_mixed

# Those that compare rooms side by side; the others compare each room with itself.
DESIGNS = ("cluster_trial", "matched", "dose")


def compute(context: Context) -> dict[str, Any]:
    """The part models of the result."""
    plan, rows = asked_of(context)
    if plan.design not in DESIGNS:
        return {"models": {"notes": [{"code": "no_model"}]}}
    return {"models": {"tables": {"models": [_model(plan, rows, one) for one in plan.primary]}}}


def _model(plan: Plan, rows: pd.DataFrame, outcome: str) -> dict[str, Any]:
    """Effect of the arm in y = arm + baseline + covariates + centre (+ region)."""
    treatment = plan.arm or plan.dose
    before = [one for one in (plan.baselines.get(outcome), *plan.covariates) if one]
    needed = [outcome, treatment, plan.cluster, *before]
    if set(needed) - set(rows):
        missing = Estimate.insufficient(Reason.NOT_RECORDED, len(rows))
        return told({"outcome": outcome, "effect": missing})
    known = rows.dropna(subset=needed)
    side = known[treatment]
    if plan.arm is not None:
        side = pd.Series(treated(side, plan.treatment), known.index)
    if side.nunique() < 2:
        return told(
            {"outcome": outcome, "effect": Estimate.insufficient(Reason.ONE_GROUP, len(known))}
        )
    fixed = pd.concat([side.rename("effect").astype(float), indicators(known[before])], axis=1)
    groups = {"centre": list(known[plan.cluster])}
    if known["region"].nunique() > 1 and plan.cluster != "region":
        groups["region"] = list(known["region"])
    found = linear_mixed(known[outcome].astype(float), fixed, groups)
    p = None if found.reason else number(found.fixed.at["effect", "p"])
    return told({"outcome": outcome, "effect": found.effect("effect"), "p": p})
