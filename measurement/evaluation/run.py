"""Runs a frozen plan on a table: exactly what it says, and what could not be computed."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason
from measurement.evaluation.balance import indicators, treated
from measurement.evaluation.designs import DESIGNS, Outcome
from measurement.evaluation.experiment import residuals
from measurement.evaluation.multiplicity import adjusted, westfall_young
from measurement.evaluation.permutation import draws
from measurement.evaluation.plan import WESTFALL_YOUNG, Plan

VERDICTS = ("gain", "loss", "none", "insufficient")
TABLE_COLUMNS = [
    *("outcome", "family", "verdict", "estimate", "low", "high", "p", "p_adjusted"),
    *("effect_size", "randomisation_p", "equivalent", "n", "clusters", "reason"),
]
MISSING_COLUMNS = ["outcome", "what", "reason", "column"]


@dataclass(frozen=True)
class Finding:
    """One outcome: its estimate, what it means, and what lies beneath.

    ``verdict``: "gain" or "loss" where the adjusted p is at most alpha, "none" where it is not, and
    "insufficient" without an interval. ``equivalent``: True where the whole interval lies within
    the bound of the plan (nothing that matters), None where the plan has no bound.
    ``flow``: step, rows, clusters. ``tables``: further tables by name, as the design gives them.
    """

    outcome: str
    family: str
    estimate: Estimate
    p: float
    p_adjusted: float
    verdict: str
    equivalent: bool | None
    effect_size: Estimate | None
    randomisation_p: float | None
    flow: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """``findings`` in the order of the plan; ``table`` (TABLE_COLUMNS) has one row for each.

    ``not_computed``: MISSING_COLUMNS, what the plan asks for and the data cannot answer.
    ``plan_sha256`` names the plan that was run.
    """

    plan: Plan
    plan_sha256: str
    findings: tuple[Finding, ...]
    table: pd.DataFrame
    not_computed: pd.DataFrame


def evaluate(plan: Plan, frame: pd.DataFrame, rng: np.random.Generator | None = None) -> Evaluation:
    """Runs the plan on one row per unit (and period).

    Chance comes from the plan's seed, each outcome from its own stream, so that the same plan and
    data give the same numbers; ``rng`` only stands in for it in simulations. An outcome whose
    columns are absent is NOT_RECORDED and the others are still computed. Estimates with fewer rows
    or clusters than the plan asks for are withheld. p-values are adjusted within the primary and
    within the secondary family over the outcomes that have one.
    """
    problems = plan.problems()
    if problems:
        raise ValueError(" ".join(problems))
    streams = (rng or np.random.default_rng(plan.seed)).spawn(len(plan.outcomes) + 1)
    missing: list[tuple[str, str, str, str]] = []
    computed = [
        _computed(plan, frame, outcome, stream, missing)
        for outcome, stream in zip(plan.outcomes, streams, strict=False)
    ]
    p = np.array([one.p for one in computed])
    families = np.array(["primary"] * len(plan.primary) + ["secondary"] * len(plan.secondary))
    p_adjusted = np.full(len(p), np.nan)
    for family in ("primary", "secondary"):
        at = (families == family) & ~np.isnan(p)
        if not at.any():
            continue
        if plan.multiplicity == WESTFALL_YOUNG:
            names = [name for name, good in zip(plan.outcomes, at, strict=True) if good]
            p_adjusted[at] = _together(plan, frame, names, streams[-1])
        else:
            p_adjusted[at] = adjusted(p[at], plan.multiplicity)
    findings = tuple(
        _finding(plan, outcome, family, one, float(p_one))
        for outcome, family, one, p_one in zip(
            plan.outcomes, families, computed, p_adjusted, strict=True
        )
    )
    table = pd.DataFrame([_row(finding) for finding in findings], columns=TABLE_COLUMNS)
    not_computed = pd.DataFrame(missing, columns=MISSING_COLUMNS)
    return Evaluation(plan, plan.sha256(), findings, table, not_computed)


def _computed(
    plan: Plan,
    frame: pd.DataFrame,
    outcome: str,
    rng: np.random.Generator,
    missing: list[tuple[str, str, str, str]],
) -> Outcome:
    absent = [column for column in plan.columns(outcome) if column not in frame.columns]
    if absent:
        missing += [(outcome, "estimate", str(Reason.NOT_RECORDED), column) for column in absent]
        return Outcome(Estimate.insufficient(Reason.NOT_RECORDED, len(frame)))
    found = DESIGNS[plan.design](plan, frame, outcome, rng)
    estimate, reason = found.estimate, None
    if estimate.sufficient and estimate.n < plan.minimum_n:
        reason = Reason.TOO_FEW_ROWS
    elif estimate.sufficient and (estimate.clusters or 0) < plan.minimum_clusters:
        reason = Reason.TOO_FEW_CLUSTERS
    if reason:
        withheld = Estimate.insufficient(reason, estimate.n, estimate.clusters)
        found = Outcome(withheld, flow=found.flow)
    if found.estimate.low is None:
        missing.append((outcome, "estimate", str(found.estimate.reason), ""))
    missing += [(outcome, what, str(why), "") for what, why in found.missing.items()]
    return found


def _finding(plan: Plan, outcome: str, family: str, found: Outcome, p_adjusted: float) -> Finding:
    estimate, verdict, equivalent = found.estimate, "insufficient", None
    if estimate.value is not None and estimate.low is not None and estimate.high is not None:
        better = -estimate.value if outcome in plan.lower_is_better else estimate.value
        verdict = "none"
        if p_adjusted <= plan.alpha:
            verdict = "gain" if better > 0 else "loss"
        bound = plan.equivalence.get(outcome)
        if bound is not None:
            equivalent = bool(-bound < estimate.low and estimate.high < bound)
    return Finding(
        outcome,
        family,
        estimate,
        found.p,
        p_adjusted,
        verdict,
        equivalent,
        found.effect_size,
        found.randomisation_p,
        found.flow,
        found.tables,
    )


def _together(
    plan: Plan, frame: pd.DataFrame, names: list[str], rng: np.random.Generator
) -> np.ndarray:
    """Step-down p of several outcomes of a cluster trial, lots drawn again for all at once."""
    block = plan.strata or plan.pairs
    rows = frame.dropna(subset=[c for c in (plan.arm, plan.cluster, block) if c])
    codes, clusters = pd.factorize(rows[plan.cluster])
    side_of = np.zeros(len(clusters))
    side_of[codes] = treated(rows[plan.arm], plan.treatment)
    left = pd.DataFrame(np.nan, index=range(len(rows)), columns=names)
    for name in names:
        before = [c for c in (plan.baselines.get(name), *plan.covariates) if c]
        known = rows[[name, *before]].notna().all(axis=1).to_numpy()
        part = rows[known]
        y, within = part[name].to_numpy(dtype=float), part[block] if block else None
        errors = residuals(y, indicators(part[before]), within)
        left.loc[known, name] = errors
    at = pd.Series(codes).drop_duplicates().index
    blocks = rows[block].iloc[at].to_numpy() if block else np.zeros(len(at))
    lots = draws(side_of, blocks, rng, plan.resamples)
    return westfall_young(left, codes, side_of, lots).to_numpy()


def _row(finding: Finding) -> tuple:
    estimate, size = finding.estimate, finding.effect_size
    return (
        finding.outcome,
        finding.family,
        finding.verdict,
        estimate.value,
        estimate.low,
        estimate.high,
        finding.p,
        finding.p_adjusted,
        size.value if size else None,
        finding.randomisation_p,
        finding.equivalent,
        estimate.n,
        estimate.clusters,
        str(estimate.reason),
    )
