"""Do the items group as designed?"""

from typing import Any

import numpy as np
import pandas as pd

from analytics.actions.plain import interval, number, told
from analytics.actions.validity.material import Material
from analytics.reports.gates import judged
from measurement.cfa import CfaFit, Model, cfa_ordinal, invariance
from measurement.dimensionality.efa import efa
from measurement.dimensionality.parallel import Parallel, parallel_analysis
from measurement.dimensionality.polychoric import polychoric
from measurement.estimates import Estimate, Reason
from measurement.scoring import ALL

# Of more rows the models say the same, to more digits than anybody reads, at many times the cost.
MOST_ROWS = 10_000
FEWEST_IN_GROUP = 200
# Models need rows that have every item: items that seldom apply would leave none.
COMPLETE = 0.5


def compute(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """Tables fit, loadings, parallel, explored and invariance; the gates of CFI and RMSEA."""
    steps = material.steps[material.once]
    notes: list[dict[str, Any]] = [{"code": "first_cycle"}]
    if len(steps) > MOST_ROWS:
        chosen = np.sort(rng.choice(len(steps), MOST_ROWS, replace=False))
        notes.append({"code": "sampled", "facts": {"n": MOST_ROWS, "total": len(steps)}})
        steps = steps.iloc[chosen]
    kept = _answered(steps)
    if seldom := [item for item in steps.columns if item not in kept]:
        notes.append({"code": "items_left_out", "facts": {"items": ", ".join(seldom)}})
    whole, steps = steps, steps[kept]
    designed = _designed(material, kept)
    models = {"domains": designed, "one": {ALL: list(steps.columns)}}
    fits = {name: _fitted(steps, factors) for name, factors in models.items()}
    alone = {domain: _fitted(whole[items], {domain: items}) for domain, items in designed.items()}
    invariant, left_out = _invariance(steps, material, designed)
    parallel = parallel_analysis(steps, rng, kind="polychoric")
    found = parallel.suggested or 0
    if parallel.suggested is not None:
        notes.append(
            {"code": "factors", "facts": {"found": found, "designed": len(material.domains)}}
        )
    return {
        "tables": {
            "fit": [
                *(_fit(name, None, fit) for name, fit in fits.items()),
                *(_fit("alone", domain, fit) for domain, fit in alone.items()),
            ],
            "loadings": _loadings(fits["domains"]),
            "parallel": _parallel(parallel),
            "explored": _explored(steps, found),
            "invariance": invariant,
        },
        "notes": notes + left_out,
        "gates": _gates(fits["domains"], material),
    }


def _answered(steps: pd.DataFrame) -> list[str]:
    """Items, those most often without a value left out until half of the rows have the rest;
    of these the ones that always have the same value."""
    kept = steps
    while kept.shape[1] > 2 and kept.notna().all(axis=1).mean() < COMPLETE:
        kept = kept.drop(columns=kept.isna().sum().idxmax())
    return [item for item in kept.columns if kept.dropna()[item].nunique() > 1]


def _designed(material: Material, kept: list[str]) -> dict[str, list[str]]:
    """The domains with the items that are kept; one item alone makes no factor."""
    own = {
        domain: [item for item in items if item in kept]
        for domain, items in material.domains.items()
    }
    return {domain: items for domain, items in own.items() if len(items) > 1}


def _fitted(steps: pd.DataFrame, factors: dict[str, list[str]]) -> CfaFit:
    if not factors or not all(factors.values()):
        return CfaFit.insufficient(Reason.TOO_FEW_ITEMS, 0, len(steps), 0, "WLSMV")
    return cfa_ordinal(steps[[item for own in factors.values() for item in own]], _model(factors))


def _model(factors: dict[str, list[str]]) -> Model:
    """Factors called like their domain, yet unlike any item: a code never holds a NUL."""
    return Model({f"\0{factor}": items for factor, items in factors.items()})


def _fit(name: str, domain: str | None, fit: CfaFit) -> dict[str, Any]:
    figures = fit.headline
    return told(
        {
            "model": name,
            "domain": domain,
            "estimator": fit.estimator,
            "n": fit.n,
            "chisq": figures.get("chisq"),
            "df": figures.get("df"),
            "p": figures.get("p_value"),
            "cfi": figures.get("cfi"),
            "tli": figures.get("tli"),
            "rmsea": _rmsea(fit),
            "srmr": figures.get("srmr"),
            "reason": fit.reason or None,
        }
    )


def _rmsea(fit: CfaFit) -> Estimate:
    figures = fit.headline
    if figures.get("rmsea") is None:
        return Estimate.insufficient(fit.reason or "not_identified", fit.n)
    ends = figures.get("rmsea_low"), figures.get("rmsea_high")
    method = f"RMSEA, {fit.estimator}, 90 % noncentral chi-square"
    return Estimate(
        figures["rmsea"], *(ends if None not in ends else (None, None)), fit.n, method=method
    )


def _loadings(fit: CfaFit) -> list[dict[str, Any]]:
    rows = fit.estimates[fit.estimates["op"] == "=~"]
    ends = rows.assign(
        low=rows["std"] - 1.96 * rows["std_se"], high=rows["std"] + 1.96 * rows["std_se"]
    )
    return [
        {
            "item": row["rhs"],
            "domain": row["lhs"].removeprefix("\0"),
            "loading": interval(
                row, "std", "low", "high", fit.n, "standardised, delta method"
            ).as_dict(),
        }
        for _index, row in ends.iterrows()
    ]


def _gates(fit: CfaFit, material: Material) -> list[dict[str, Any]]:
    """An improper solution has figures, and none of them may be judged by."""
    cfi = fit.headline.get("cfi")
    found = rmsea = Estimate.insufficient(fit.reason or "not_identified", fit.n)
    if cfi is not None and not fit.reason:
        found = Estimate(cfi, None, None, fit.n, method=f"CFI, {fit.estimator}")
        rmsea = _rmsea(fit)
    return [
        judged(material.gates["cfi"], "", found),
        judged(material.gates["rmsea"], "", rmsea),
    ]


def _parallel(parallel: Parallel) -> list[dict[str, Any]]:
    return [
        {"factor": int(rank), "eigenvalue": number(row.observed), "random": number(row.quantile)}
        for rank, row in zip(
            parallel.eigenvalues.index, parallel.eigenvalues.itertuples(), strict=True
        )
    ]


def _explored(steps: pd.DataFrame, factors: int) -> list[dict[str, Any]]:
    correlated = polychoric(steps)
    if correlated.reason or factors < 1:
        return []
    n = int(correlated.n.to_numpy().min())
    found = efa(correlated.matrix, n, min(factors, 6), method="minres", rotation="oblimin")
    if found.reason and found.loadings.empty:
        return []
    return [
        {"item": item, "communality": number(found.communalities[item])}
        | {f"f{i}": number(value) for i, value in enumerate(loadings, start=1)}
        for item, loadings in zip(found.loadings.index, found.loadings.to_numpy(), strict=True)
    ]


def _invariance(
    steps: pd.DataFrame, material: Material, designed: dict[str, list[str]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Steps of invariance across the groups that are large enough, one line each; and in a note
    the groups that are not."""
    rows: list[dict[str, Any]] = []
    left_out: list[str] = []
    for by in material.groups.columns if designed else ():
        groups = material.groups.loc[steps.index, by].replace("", None)
        if groups.nunique() < 2:
            continue
        found = invariance(steps, groups, _model(designed), "WLSMV", FEWEST_IN_GROUP)
        if found.reason:
            rows.append({"by": by, "n": int(groups.notna().sum()), "reason": str(found.reason)})
        else:
            kept = found.groups["reason"] == ""
            left_out += [str(group) for group in found.groups.loc[~kept, "group"]]
            n = int(found.groups.loc[kept, "n"].sum())
            rows += [{"by": by, "n": n} | _held(row) for row in found.steps.itertuples()]
    notes = [{"code": "groups_left_out", "facts": {"groups": ", ".join(left_out)}}]
    return rows, notes if left_out else []


def _held(row: Any) -> dict[str, Any]:
    return {
        "step": row.step,
        "chisq": number(row.chisq),
        "df": None if number(row.df) is None else int(row.df),
        "cfi": number(row.cfi),
        "change_cfi": number(row.d_cfi),
        "rmsea": number(row.rmsea),
        "p": number(row.d_p),
        "reason": row.reason or None,
    }
