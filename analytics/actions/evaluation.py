"""The evaluation report: a frozen plan, run on the sessions that it speaks of.

Slow to import: only ``runs.compute`` does, in tasks and commands.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from analytics import frames
from analytics.actions.plain import number, told
from analytics.actions.stages import Computation, Context, Inputs, Share, Stage, frozen
from analytics.actions.validity.material import COLUMNS, Material, sessions_in
from analytics.enums import Observers, RunStage
from analytics.models import EvaluationPlan, Run
from analytics.reports.deidentified import deidentified_rows
from core.refusals import Refusal
from measurement.estimates import Estimate, Reason
from measurement.evaluation.balance import indicators, treated
from measurement.evaluation.plan import Plan
from measurement.evaluation.run import Evaluation, Finding, evaluate
from measurement.multilevel.linear import linear_mixed


@dataclass(frozen=True)
class EvaluationInputs(Inputs):
    """The plan, and the rows that it speaks of."""

    plan: Plan | None = None
    rows: pd.DataFrame | None = None


def _inputs(run: Run, share: Share) -> Inputs:
    kept = _kept(run)
    snapshot = frozen(run, share)
    ratings = snapshot.read(COLUMNS).sort_values(["line", "session"], kind="stable")
    if ratings.empty:
        raise Refusal(
            _("There are no closed sessions with this instrument in this unit and period.")
        )
    sessions, items = sessions_in(ratings), frames.items(kept.version)
    none = pd.DataFrame(index=sessions.index)
    scores = Material(items, ratings, {}, none, none).scores
    plan = Plan.from_dict(kept.content["plan"])
    rows = frames.evaluation_rows(
        sessions, scores, kept.content["rows"], plan.unit, pd.DataFrame(kept.assignment)
    )
    asked = {"rows": rows}
    return EvaluationInputs(
        frames.digest(asked, f"{snapshot.hash} {kept.content_hash}"), asked, snapshot, plan, rows
    )


def _kept(run: Run) -> EvaluationPlan:
    plans = EvaluationPlan.objects.select_related("version__instrument", "version__dataset")
    return plans.get(pk=run.options["plan"])


def _asked(context: Context) -> tuple[Plan, pd.DataFrame]:
    inputs = cast(EvaluationInputs, context.inputs)
    return cast(Plan, inputs.plan), cast(pd.DataFrame, inputs.rows)


def _about(context: Context) -> dict[str, Any]:
    run, kept = context.run, _kept(context.run)
    plan, rows = _asked(context)
    version = kept.version
    imported = hasattr(version, "dataset")
    return {
        "about": {
            "plan": kept.code,
            "question": plan.question,
            "plan_hash": kept.content_hash,
            "instrument": version.instrument.code,
            "name": dict(version.instrument.name),
            "version": version.number,
            "imported": imported,
            "unit": run.unit.code,
            "starts_on": None if imported else run.starts_on.isoformat(),
            "ends_on": None if imported else run.ends_on.isoformat(),
            "observers": None if imported else run.options.get("observers", Observers.OFFICIAL),
            "columns": [str(name) for name in rows.columns],
        },
        "names": {"outcome": frames.names(version)["domain"]},
        "plan": {"tables": {"entries": _entries(kept, plan)}},
    }


def _entries(kept: EvaluationPlan, plan: Plan) -> list[dict[str, Any]]:
    """The plan, entry by entry, as it was frozen."""
    said: dict[str, Any] = {
        "question": plan.question,
        "design": plan.design,
        "estimator": plan.chosen_estimator,
        "primary": ", ".join(plan.primary),
        "secondary": ", ".join(plan.secondary),
        "unit": plan.unit,
        "cluster": plan.cluster,
        "baselines": ", ".join(plan.baselines.values()),
        "covariates": ", ".join(plan.covariates),
        "multiplicity": plan.multiplicity,
        "alpha": plan.alpha,
        "minimum_n": plan.minimum_n,
        "minimum_clusters": plan.minimum_clusters,
        "hash": kept.content_hash,
    }
    return [{"what": name, "said": str(value)} for name, value in said.items() if value != ""]


def _effects(context: Context) -> dict[str, Any]:
    """What the plan asks: effects, who was compared, and what speaks against believing them."""
    plan, rows = _asked(context)
    found = evaluate(plan, rows)
    return {
        "effects": {
            "tables": {
                "effects": [_effect(finding) for finding in found.findings],
                "events": _tables(found, "by event", EVENT),
                "doses": _tables(found, "groups", DOSE),
            },
            "notes": [_verdict(finding, plan) for finding in found.findings],
        },
        "compared": {
            "tables": {
                "flow": [
                    {"outcome": finding.outcome} | row
                    for finding in found.findings
                    for row in finding.flow.to_dict("records")
                ],
                "balance": _tables(found, "balance", BALANCE) + _tables(found, "matching", BALANCE),
            }
        },
        "doubts": {
            "tables": {
                "attrition": _tables(found, "attrition", ATTRITION),
                "hidden": _tables(found, "hidden bias", HIDDEN),
                "trend": _tables(found, "trend before", ("p",)),
                "not_computed": [
                    {name: row[name] or None for name in ("outcome", "what", "reason", "column")}
                    for row in found.not_computed.to_dict("records")
                ],
            }
        },
    }


EVENT = ("event", "estimate", "low", "high")
DOSE = ("group", "n", "mean", "difference", "difference_low", "difference_high")
BALANCE = ("name", "mean_treated", "mean_control", "standardised_difference", "before", "after")
ATTRITION = ("level", "overall", "differential", "boundary")
HIDDEN = ("gamma", "p_upper", "partial_r2", "value", "value_alpha")


def _tables(found: Evaluation, name: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of a design's further table, of all outcomes, with the columns that it has."""
    return [
        {"outcome": finding.outcome}
        | {column: _plain(row[column]) for column in columns if column in row}
        for finding in found.findings
        for row in finding.tables.get(name, pd.DataFrame()).to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool) or value is None:
        return value
    return number(value)


def _effect(finding: Finding) -> dict[str, Any]:
    return told(
        {
            "outcome": finding.outcome,
            "family": finding.family,
            "verdict": finding.verdict,
            "effect": finding.estimate,
            "p": number(finding.p),
            "p_adjusted": number(finding.p_adjusted),
            "size": finding.effect_size,
            "by_lot": number(finding.randomisation_p),
        }
    )


def _verdict(finding: Finding, plan: Plan) -> dict[str, Any]:
    """The sentence of an outcome: a gain, a loss, no difference or no answer, equally plain."""
    code = finding.verdict
    if code == "none" and finding.equivalent:
        code = "equivalent"
    estimate = finding.estimate
    facts = {"outcome": finding.outcome, "n": estimate.n, "clusters": estimate.clusters}
    facts |= {name: getattr(estimate, name) for name in ("value", "low", "high", "reason")}
    facts |= {"bound": plan.equivalence.get(finding.outcome)}
    return {"code": code, "facts": facts | {"confidence": f"{100 * (1 - plan.alpha):g}"}}


def _models(context: Context) -> dict[str, Any]:
    """The same comparison by a multilevel model: rooms in centres, centres in regions."""
    plan, rows = _asked(context)
    models = [_model(plan, rows, outcome) for outcome in plan.primary]
    return {"models": {"tables": {"models": models}}}


def _model(plan: Plan, rows: pd.DataFrame, outcome: str) -> dict[str, Any]:
    """Effect of the arm in y = arm + baseline + covariates + centre (+ region)."""
    treatment = plan.arm or plan.dose
    before = [one for one in (plan.baselines.get(outcome), *plan.covariates) if one]
    needed = [outcome, treatment, plan.cluster, *before]
    if plan.design not in ("cluster_trial", "matched", "dose") or set(needed) - set(rows):
        missing = Estimate.insufficient(Reason.NOT_RECORDED, len(rows))
        return told({"outcome": outcome, "effect": missing})
    known = rows.dropna(subset=needed)
    side = known[treatment]
    if plan.arm is not None:
        side = pd.Series(treated(side, plan.treatment), known.index)
    fixed = pd.concat([side.rename("effect").astype(float), indicators(known[before])], axis=1)
    groups = {"centre": known[plan.cluster]}
    if known["region"].nunique() > 1 and plan.cluster != "region":
        groups["region"] = known["region"]
    found = linear_mixed(
        known[outcome].astype(float), fixed, {k: list(v) for k, v in groups.items()}
    )
    p = None if found.reason else number(found.fixed.at["effect", "p"])
    return told({"outcome": outcome, "effect": found.effect("effect"), "p": p})


def _table(context: Context) -> str:
    """The rows that the plan was run on, without anybody in them, as CSV."""
    plan, rows = _asked(context)
    rng = np.random.default_rng([context.run.seed, len(rows)])
    return deidentified_rows(rows, {plan.unit, plan.cluster}, rng).to_csv(index=False)


COMPUTATION = Computation(
    _inputs,
    [
        Stage(RunStage.ITEMS, 1, _about),
        Stage(RunStage.EFFECTS, 5, _effects),
        Stage(RunStage.MODELS, 2, _models),
    ],
    _table,
    weight=3,
)
