"""The evaluation report: a frozen plan, run on the sessions that it speaks of.

Slow to import: only ``runs.compute`` does, in tasks and commands.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from analytics import frames
from analytics.actions.evaluation import effects, models
from analytics.actions.evaluation.rows import asked_of, inputs, kept_plan
from analytics.actions.stages import Computation, Context, Stage
from analytics.enums import Observers, RunStage
from analytics.models import EvaluationPlan
from analytics.reports.deidentified import deidentified_rows, shown_columns
from measurement.evaluation.plan import Plan


def _about(context: Context) -> dict[str, Any]:
    run, kept = context.run, kept_plan(context.run)
    plan, rows = asked_of(context)
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
            "columns": shown_columns(rows, _used(plan)),
        },
        "names": {"outcome": frames.names(version)["domain"]},
        "plan": {"tables": {"entries": _entries(kept, plan)}},
    }


def _entries(kept: EvaluationPlan, plan: Plan) -> list[dict[str, Any]]:
    """The plan, entry by entry, as it was frozen."""
    roles = ("arm", "treatment", "start", "period", "after", "dose", "strata", "pairs")
    said: dict[str, Any] = {
        "question": plan.question,
        "design": plan.design,
        "estimator": plan.chosen_estimator,
        "primary": plan.primary,
        "secondary": plan.secondary,
        "unit": plan.unit,
        "cluster": plan.cluster,
        **{role: getattr(plan, role) for role in roles},
        "baselines": plan.baselines.values(),
        "covariates": plan.covariates,
        "lower_is_better": plan.lower_is_better,
        "equivalence": [f"{name} {bound:g}" for name, bound in sorted(plan.equivalence.items())],
        "multiplicity": plan.multiplicity,
        "alpha": plan.alpha,
        "minimum_n": plan.minimum_n,
        "minimum_clusters": plan.minimum_clusters,
        "reliability": plan.reliability,
        "resamples": plan.resamples,
        "seed": plan.seed,
        # PostgreSQL keeps no order of keys.
        "rows": [
            f"{name}: {_said(kept.content['rows'][name])}"
            for name in ("by", "before", "after", "each")
            if name in kept.content["rows"]
        ],
        "assigned": len(kept.assignment),
        "hash": kept.content_hash,
    }
    return [{"what": name, "said": text} for name, value in said.items() if (text := _said(value))]


def _said(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return ", ".join(map(str, value)) if isinstance(value, Iterable) else str(value)


def _used(plan: Plan) -> set[str]:
    """Every column that the plan uses."""
    return {column for outcome in plan.outcomes for column in plan.columns(outcome)}


def _table(context: Context) -> str:
    """The rows that the plan was run on, without anybody in them, as CSV."""
    plan, rows = asked_of(context)
    rng = np.random.default_rng([context.run.seed, len(rows)])
    shown = rows[shown_columns(rows, _used(plan))]
    return deidentified_rows(shown, {plan.unit, plan.cluster, plan.pairs}, rng).to_csv(index=False)


COMPUTATION = Computation(
    inputs,
    [
        Stage(RunStage.ITEMS, 1, _about),
        Stage(RunStage.EFFECTS, 5, effects.compute),
        Stage(RunStage.MODELS, 2, models.compute),
    ],
    _table,
    weight=3,
)
