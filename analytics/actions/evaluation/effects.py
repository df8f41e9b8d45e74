"""What the plan asks: effects, who was compared, and what speaks against believing them."""

from typing import Any

import pandas as pd

from analytics.actions.evaluation.rows import asked_of
from analytics.actions.plain import number, told
from analytics.actions.stages import Context
from analytics.reports.sentences import sentence
from core.refusals import Refusal
from measurement.evaluation.plan import Plan
from measurement.evaluation.run import Evaluation, Finding, evaluate

EVENTS = ("event", "estimate", "low", "high")
COHORTS = ("cohort", "n", "estimate", "low", "high")
DOSES = ("group", "n", "mean", "low", "high", "difference", "difference_low", "difference_high")
BALANCE = ("name", "mean_treated", "mean_control", "standardised_difference", "before", "after")
ATTRITION = ("level", "overall", "differential", "boundary")
HIDDEN = ("gamma", "p_upper", "partial_r2", "value", "value_alpha")
LEFT_OUT = ("cohort", "period", "reason")


def compute(context: Context) -> dict[str, Any]:
    """The parts effects, compared and doubts of the result."""
    plan, rows = asked_of(context)
    try:
        found = evaluate(plan, rows)
    except ValueError as error:  # what the data hold is not what the plan says of them
        raise Refusal(sentence(str(error))) from error
    return {
        "effects": _effects(found, plan),
        "compared": _compared(found),
        "doubts": _doubts(found),
    }


def _effects(found: Evaluation, plan: Plan) -> dict[str, Any]:
    return {
        "tables": {
            "effects": [_effect(finding) for finding in found.findings],
            "events": _tables(found, "by event", EVENTS),
            "cohorts": _tables(found, "by cohort", COHORTS),
            "doses": _tables(found, "groups", DOSES),
        },
        "notes": [_verdict(finding, plan) for finding in found.findings],
    }


def _compared(found: Evaluation) -> dict[str, Any]:
    flow = [
        {"outcome": finding.outcome} | row
        for finding in found.findings
        for row in finding.flow.to_dict("records")
    ]
    balance = _tables(found, "balance", BALANCE) + _tables(found, "matching", BALANCE)
    return {"tables": {"flow": flow, "balance": balance}}


def _doubts(found: Evaluation) -> dict[str, Any]:
    return {
        "tables": {
            "attrition": _tables(found, "attrition", ATTRITION),
            "hidden": _tables(found, "hidden bias", HIDDEN),
            "trend": _tables(found, "trend before", ("p",)),
            "left_out": _tables(found, "left out", LEFT_OUT),
            "not_computed": [
                {name: row[name] or None for name in ("outcome", "what", "reason", "column")}
                for row in found.not_computed.to_dict("records")
            ],
        }
    }


def _tables(found: Evaluation, name: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of a design's further table, of all outcomes, with the columns that it has."""
    return [
        {"outcome": finding.outcome}
        | {column: _plain(row[column]) for column in columns if column in row}
        for finding in found.findings
        for row in finding.tables.get(name, pd.DataFrame()).to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value or None
    return value if value is None or isinstance(value, bool | int) else number(value)


def _effect(finding: Finding) -> dict[str, Any]:
    icc = finding.tables.get("icc")
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
            "icc": None if icc is None else number(icc["icc"].iloc[0]),
        }
    )


def _verdict(finding: Finding, plan: Plan) -> dict[str, Any]:
    """The sentence of an outcome: a gain, a loss, no difference or no answer, equally plain."""
    code = finding.verdict
    if code == "none" and finding.equivalent:
        code = "equivalent"
    elif plan.design == "dose" and code != "insufficient":
        code += "_by_dose"
    estimate = finding.estimate
    facts = {"outcome": finding.outcome, "n": estimate.n, "clusters": estimate.clusters}
    facts |= {name: getattr(estimate, name) for name in ("value", "low", "high", "reason")}
    facts |= {
        "level": f"{100 * (1 - plan.alpha):g}",
        "bound": plan.equivalence.get(finding.outcome),
    }
    return {"code": code, "facts": facts}
