"""What each step of an item says, and whether items work the same everywhere."""

from typing import Any

import numpy as np
import pandas as pd

from analytics.actions.plain import number, told
from analytics.actions.validity.material import Material
from measurement.estimates import Estimate
from measurement.irt import (
    MarginalFit,
    eap_scores,
    fit_grm,
    information,
    item_fit,
    logistic_dif,
    marginal_reliability,
    partial_credit_cml,
)

THETA = np.linspace(-3, 3, 7)
# A scale from 0 to 10 is answered in steps; one with more values is read like a measure.
MOST_STEPS = 10
# The conditional likelihood goes through every pattern of gaps: a draw of rows says the same.
MOST_ROWS = 5_000
CERTAIN = 0.05


def compute(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """Tables items, information, persons, fit and dif, by domain."""
    tables: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("items", "information", "persons", "fit", "dif")
    }
    notes: list[dict[str, Any]] = [{"code": "first_cycle"}]
    tested = 0
    for domain, items in material.domains.items():
        steps = material.steps.loc[material.once, items]
        if (most := int(steps.nunique().max())) > MOST_STEPS + 1:
            notes.append({"code": "too_many_steps", "facts": {"domain": domain, "n": most}})
            continue
        fit = fit_grm(steps)
        tables["persons"].append(_persons(domain, fit))
        if fit.sufficient:
            tables["items"] += _items(domain, fit)
            tables["information"] += _information(domain, fit)
            found, count = _dif(steps, fit, material.groups[material.once])
            tables["dif"] += found
            tested += count
        tables["fit"] += _fit(domain, steps, rng)
    if not tables["dif"]:
        notes.append({"code": "dif_none" if tested else "dif_untested"})
    if (total := int(material.once.sum())) > MOST_ROWS and tables["fit"]:
        notes.append({"code": "fit_sampled", "facts": {"n": MOST_ROWS, "total": total}})
    return {"tables": tables, "notes": notes}


def _persons(domain: str, fit: MarginalFit) -> dict[str, Any]:
    return {
        "domain": domain,
        "n": fit.n,
        "reliability": marginal_reliability(fit).value,
        "loglik": fit.loglik,
        "reason": fit.reason or None,
    }


def _items(domain: str, fit: MarginalFit) -> list[dict[str, Any]]:
    places = fit.steps.groupby("item", sort=False)["difficulty"].apply(list)
    return [
        told(
            {"item": item, "domain": domain, "a": _slope(row)}
            | {f"b{i}": number(b) for i, b in enumerate(places.get(item, [])[:MOST_STEPS], start=1)}
        )
        for item, row in fit.items.iterrows()
    ]


def _slope(row: pd.Series) -> Estimate:
    if np.isnan(row["slope"]):
        return Estimate.insufficient(row["reason"] or "not_identified", row["n"])
    if np.isnan(row["slope_se"]):
        return Estimate(row["slope"], None, None, row["n"], method="graded response, MML")
    half = 1.96 * row["slope_se"]
    ends = row["slope"] - half, row["slope"] + half
    return Estimate(row["slope"], *ends, row["n"], method="graded response, MML, Wald")


def _information(domain: str, fit: MarginalFit) -> list[dict[str, Any]]:
    found = information(fit, THETA)
    return [
        {
            "domain": domain,
            "theta": float(theta),
            "information": number(total),
            "se": number(se),
        }
        for theta, total, se in zip(THETA, found["total"], found["se"], strict=True)
    ]


def _fit(domain: str, steps: pd.DataFrame, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Fit of the partial credit model, each item's steps counted from its lowest in use."""
    if len(steps) > MOST_ROWS:
        steps = steps.iloc[np.sort(rng.choice(len(steps), MOST_ROWS, replace=False))]
    model = partial_credit_cml(steps)
    if not model.sufficient:
        return []
    return [
        {
            "item": item,
            "domain": domain,
            "infit": number(row["infit"]),
            "outfit": number(row["outfit"]),
        }
        for item, row in item_fit(model, steps).iterrows()
    ]


def _dif(
    steps: pd.DataFrame, fit: MarginalFit, groups: pd.DataFrame
) -> tuple[list[dict[str, Any]], int]:
    """Items that differ between a group and the rest at the same place on the line; how many
    comparisons there were."""
    # A hundredth of a standard deviation tells rooms apart well enough, and rows that say the same
    # are counted once.
    places = eap_scores(fit, steps)["eap"].round(2)
    rows: list[dict[str, Any]] = []
    tested = 0
    for by in groups.columns:
        named = groups[by].replace("", None)
        if named.nunique() < 2:
            continue
        found = logistic_dif(steps, named, reference="rest", matching=places)
        tested += int(found["p_holm"].notna().sum())
        sure = found[(found["p_holm"] < CERTAIN) & found["class"].isin(["B", "C"])]
        rows += [
            {
                "item": row["item"],
                "by": by,
                "group": str(row["group"]),
                "effect": _effect(row).as_dict(),
                "p": number(row["p_holm"]),
                "size": row["class"],
            }
            for _index, row in sure.iterrows()
        ]
    return rows, tested


def _effect(row: pd.Series) -> Estimate:
    n = int(row["n_reference"] + row["n_focal"])
    method = "log odds at equal EAP, proportional odds, Wald"
    return Estimate(row["log_odds"], row["log_low"], row["log_high"], n, method=method)
