"""Do the items group as designed?"""

from typing import Any

import numpy as np
import pandas as pd

from analytics.actions.validity.material import Material
from analytics.actions.validity.plain import interval, number, told
from analytics.reports.gates import judged
from measurement.cfa import CfaFit, Model, cfa_ordinal, invariance
from measurement.dimensionality import efa, parallel_analysis, polychoric
from measurement.estimates import Estimate

# Of more rows the models say the same, to more digits than anybody reads, at many times the cost.
MOST_ROWS = 10_000
FEWEST_IN_GROUP = 200
GROUPINGS = ("age_group", "provision")


def compute(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """Tables fit, loadings, parallel, explored and invariance; the gates of CFI and RMSEA."""
    steps = material.steps[material.once]
    notes: list[dict[str, Any]] = [{"code": "first_cycle"}]
    if len(steps) > MOST_ROWS:
        chosen = np.sort(rng.choice(len(steps), MOST_ROWS, replace=False))
        notes.append({"code": "sampled", "facts": {"n": MOST_ROWS, "total": len(steps)}})
        steps = steps.iloc[chosen]
    designed = {domain: items for domain, items in material.domains.items() if len(items) > 1}
    models = {"domains": designed, "one": {"all": list(steps.columns)}}
    fits = {name: cfa_ordinal(steps, Model(factors)) for name, factors in models.items()}
    parallel = parallel_analysis(steps, rng, kind="polychoric")
    found = parallel.suggested
    notes.append({"code": "factors", "facts": {"found": found, "designed": len(material.domains)}})
    return {
        "tables": {
            "fit": [_fit(name, fit) for name, fit in fits.items()],
            "loadings": _loadings(fits["domains"]),
            "parallel": _parallel(parallel),
            "explored": _explored(steps, found),
            "invariance": _invariance(steps, material, designed),
        },
        "notes": notes,
        "gates": _gates(fits["domains"], material),
    }


def _fit(name: str, fit: CfaFit) -> dict[str, Any]:
    figures = fit.headline
    return told(
        {
            "model": name,
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
            "domain": row["lhs"],
            "loading": interval(
                row, "std", "low", "high", fit.n, "standardised, delta method"
            ).as_dict(),
        }
        for _index, row in ends.iterrows()
    ]


def _gates(fit: CfaFit, material: Material) -> list[dict[str, Any]]:
    cfi = fit.headline.get("cfi")
    found = (
        Estimate.insufficient(fit.reason or "not_identified", fit.n)
        if cfi is None
        else Estimate(cfi, None, None, fit.n, method=f"CFI, {fit.estimator}")
    )
    return [
        judged(material.gates["cfi"], "", found),
        judged(material.gates["rmsea"], "", _rmsea(fit)),
    ]


def _parallel(parallel: Any) -> list[dict[str, Any]]:
    return [
        {"factor": i, "eigenvalue": number(own), "random": number(random)}
        for i, (own, random) in enumerate(
            zip(parallel.eigenvalues, parallel.quantiles, strict=True), start=1
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
) -> list[dict[str, Any]]:
    """Steps of invariance across the groups that are large enough, one line each."""
    rows = []
    for by in GROUPINGS:
        groups = material.sessions.loc[steps.index, by]
        sizes = groups[groups != ""].value_counts()
        enough = sizes[sizes >= FEWEST_IN_GROUP].index
        if len(enough) < 2:
            continue
        kept = groups.isin(enough).to_numpy()
        found = invariance(steps[kept], Model(designed), groups[kept], ordinal=True)
        rows += [{"by": by} | row for row in _held(found)]
    return rows


def _held(found: Any) -> list[dict[str, Any]]:
    names = {"p_difference": "p", "delta_cfi": "change_cfi"}
    table = found.steps.rename(columns=names)
    return [
        {
            "step": row["step"],
            "n": int(row["n"]),
            **{name: number(row[name]) for name in ("chisq", "cfi", "change_cfi", "rmsea", "p")},
            "df": int(row["df"]),
            "reason": row["reason"] or None,
        }
        for _index, row in table.iterrows()
    ]
