"""Do observers agree? Over what two or more of them rated."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from analytics.actions.plain import number, told
from analytics.actions.validity.material import Material
from analytics.reports.gates import judged
from measurement.agreement import (
    bland_altman,
    gwet_ac,
    icc,
    icc_incomplete,
    krippendorff_alpha,
    observer_severity,
    side_by_side,
)
from measurement.estimates import Estimate, Reason
from measurement.indicators import MINIMUM_CLUSTERS
from measurement.scoring import ALL


def compute(material: Material) -> dict[str, Any]:
    """Tables domains, items, observers and pairs; the gate of ICC by domain."""
    double = material.double
    if double.empty:
        one = material.sessions["rater"].nunique() < 2
        reason = Reason.ONE_RATER if one else Reason.NO_OVERLAP
        nothing = Estimate.insufficient(reason, 0)
        gates = [judged(material.gates["icc"], domain, nothing) for domain in material.domains]
        return {"reason": str(reason), "gates": gates}
    scores = material.scores.loc[double.index]
    domains = [_domain(domain, double, scores[domain]) for domain in material.domains]
    items = [_item(item, double, material.steps[item]) for item in material.steps.columns]
    observers, notes = _observers(double, scores[ALL])
    return {
        "tables": {
            "domains": [told(row) for row in domains],
            "items": [told(row) for row in items],
            "observers": observers,
            "pairs": _pairs(double, scores[list(material.domains)]),
        },
        "notes": notes,
        "gates": [judged(material.gates["icc"], row["domain"], _best(row)) for row in domains],
    }


def _domain(domain: str, double: pd.DataFrame, scores: pd.Series) -> dict[str, Any]:
    """ICC of the domain's score."""
    rated = _rated(double, scores)
    rated = rated[rated.groupby("subject")["rater"].transform("size") >= 2]
    subjects, raters = rated["subject"].nunique(), rated["rater"].nunique()
    places = _side_by_side(double, scores).drop(columns="centre")[[0, 1]]
    one_way = icc(places.dropna())["ICC(1,1)"]
    if len(rated) == subjects * raters:
        found = icc(rated.pivot(index="subject", columns="rater", values="score"))
        forms, model = ("ICC(2,1)", "ICC(2,k)", "ICC(3,1)"), "anova"
    else:
        found = icc_incomplete(
            rated.rename(columns={"subject": "target"})[["target", "rater", "score"]]
        )
        forms, model = ("ICC(A,1)", "ICC(A,khat)", "ICC(C,1)"), "mixed"
    one, mean, consistency = (found[form] for form in forms)
    return {
        "domain": domain,
        "icc": one,
        "icc_mean": mean,
        "consistency": consistency,
        "one_way": one_way,
        "model": model,
    }


def _rated(double: pd.DataFrame, scores: pd.Series) -> pd.DataFrame:
    """Subject, rater, centre, score: a rater's several sessions of a subject are averaged."""
    table = double.assign(score=scores).dropna(subset=["score"])
    keys = ["subject", "rater", "centre"]
    return table.groupby(keys, sort=False)[["score"]].mean().reset_index()


def _best(row: dict[str, Any]) -> Estimate:
    """ICC(2,1); where observers cannot be told from rooms, the one-way ICC, which is no higher."""
    return row["icc"] if row["icc"].sufficient else row["one_way"]


def _item(item: str, double: pd.DataFrame, steps: pd.Series) -> dict[str, Any]:
    """Agreement on one item: pairs of the first two observers, and all of them together."""
    matrix = _side_by_side(double, steps.loc[double.index])
    values = matrix.drop(columns="centre")
    enough = matrix["centre"].nunique() >= MINIMUM_CLUSTERS
    clusters = matrix["centre"] if enough else None
    found = side_by_side(values[0], values[1], clusters) if 1 in values else {}
    missing = Estimate.insufficient(Reason.NO_OVERLAP, 0)
    several = values.dropna(thresh=2)
    return {
        "item": item,
        **{name: found.get(name, missing) for name in ("exact", "within_one", "kappa")},
        "ac2": gwet_ac(several, "quadratic") if len(several) else missing,
        "alpha": krippendorff_alpha(several, "ordinal") if len(several) else missing,
    }


def _side_by_side(double: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Subjects × places: the value of each subject's first observer, second … and its centre."""
    table = double.assign(value=values).sort_values(["subject", "rater"], kind="stable")
    table = table.drop_duplicates(["subject", "rater"])
    table["place"] = table.groupby("subject").cumcount()
    matrix = table.pivot(index="subject", columns="place", values="value")
    return matrix.join(table.drop_duplicates("subject").set_index("subject")["centre"])


def _observers(
    double: pd.DataFrame, scores: pd.Series
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """How severe each observer is, in points of the whole score; who cannot be compared."""
    rated = _rated(double, scores).rename(columns={"subject": "target"})
    found = observer_severity(rated[["target", "rater", "score"]])
    if (found["reason"] == Reason.OBSERVERS_CONFOUNDED).any():
        apart = found.loc[found["part"] != found["part"].mode()[0], "rater"]
        notes = [{"code": "confounded", "facts": {"raters": ", ".join(apart.astype(str))}}]
        return [], notes
    return [_observer(row) for row in found.to_dict("records")], []


def _observer(row: dict[Hashable, Any]) -> dict[str, Any]:
    severity = Estimate.insufficient(row["reason"] or Reason.NOT_IDENTIFIED, row["n"])
    if number(row["severity"]) is not None:
        ends = number(row["low"]), number(row["high"])
        method = "additive model, least squares, t"
        why = row["reason"] if None in ends else ""
        severity = Estimate(row["severity"], *ends, row["n"], reason=why, method=method)
    return {
        "rater": str(row["rater"]),
        "severity": severity.as_dict(),
        "shrunken": number(row["shrunken"]),
    }


def _pairs(double: pd.DataFrame, scores: pd.DataFrame) -> list[dict[str, Any]]:
    """Limits of agreement of two observers; between changing pairs no bias has a sign."""
    if double["rater"].nunique() != 2:
        return []
    rows = []
    for domain in scores.columns:
        matrix = _side_by_side(double, scores[domain])
        found = bland_altman(matrix[0], matrix[1])
        rows.append(
            {
                "domain": domain,
                "bias": found.bias.as_dict(),
                "lower": found.lower.as_dict(),
                "upper": found.upper.as_dict(),
            }
        )
    return rows
