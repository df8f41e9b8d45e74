"""What a frozen plan is run on: its sessions as the rows that it speaks of."""

from dataclasses import dataclass
from typing import cast

import pandas as pd
from django.utils.translation import gettext as _

from analytics import frames
from analytics.actions.stages import Context, Inputs, Share, frozen
from analytics.actions.validity.material import COLUMNS, Material, sessions_in
from analytics.models import EvaluationPlan, Run
from core.refusals import Refusal
from measurement.evaluation.plan import Plan


@dataclass(frozen=True)
class EvaluationInputs(Inputs):
    """The plan, and the rows that it speaks of."""

    plan: Plan | None = None
    rows: pd.DataFrame | None = None


def inputs(run: Run, share: Share) -> Inputs:
    kept = kept_plan(run)
    snapshot = frozen(run, share)
    ratings = snapshot.read(COLUMNS).sort_values(["line", "session"], kind="stable")
    if ratings.empty:
        raise Refusal(
            _("There are no closed sessions with this instrument in this unit and period.")
        )
    plan, rows = Plan.from_dict(kept.content["plan"]), rows_of(kept, ratings)
    _check(plan, rows)
    asked = {"rows": rows}
    return EvaluationInputs(
        frames.digest(asked, f"{snapshot.hash} {kept.content_hash}"), asked, snapshot, plan, rows
    )


def kept_plan(run: Run) -> EvaluationPlan:
    """The plan of ``run`` as it was frozen."""
    plans = EvaluationPlan.objects.select_related("version__instrument", "version__dataset")
    return plans.get(pk=run.options["plan"])


def asked_of(context: Context) -> tuple[Plan, pd.DataFrame]:
    """The plan and its rows, as a stage is given them."""
    given = cast(EvaluationInputs, context.inputs)
    return cast(Plan, given.plan), cast(pd.DataFrame, given.rows)


def rows_of(kept: EvaluationPlan, ratings: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``kept`` over the columns of a snapshot."""
    sessions, items = sessions_in(ratings), frames.items(kept.version)
    none = pd.DataFrame(index=sessions.index)
    scores = Material(items, ratings, {}, none, none).scores
    assignment = pd.DataFrame(kept.assignment)
    if taken := [name for name in assignment if name in scores]:
        raise Refusal(
            _("The assignment has a column “%(column)s”, which is computed from the sessions.")
            % {"column": taken[0]}
        )
    plan, spec = Plan.from_dict(kept.content["plan"]), kept.content["rows"]
    rows = frames.evaluation_rows(sessions, scores, spec, plan.unit, assignment)
    return frames.as_the_plan_means(rows, plan, spec)


def _check(plan: Plan, rows: pd.DataFrame) -> None:
    """Columns that are computed with hold numbers, or nothing."""
    numbers = [*plan.outcomes, *plan.baselines.values(), plan.dose, plan.period, plan.after]
    numbers += {"staggered": [plan.start], "did": [plan.arm]}.get(plan.design, [])
    for name in numbers:
        words = name in rows and not pd.api.types.is_numeric_dtype(rows[name])
        if words and rows[name].notna().any():
            raise Refusal(
                _("The column “%(column)s” of the plan must hold numbers.") % {"column": name}
            )
