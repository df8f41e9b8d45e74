"""Does the score last for some weeks, and does it go with other measures of quality?"""

from typing import Any

import pandas as pd

from analytics.actions.plain import told
from analytics.actions.validity.material import Material
from analytics.reports.gates import judged
from measurement.criterion import correlation, disattenuated_correlation, test_retest
from measurement.estimates import Estimate, Reason
from measurement.indicators import MINIMUM_CLUSTERS
from measurement.reliability import cronbach_alpha
from measurement.scoring import ALL

# Long enough for observers to forget, too short for a room to change by itself.
WEEKS = (14, 28)


def compute(material: Material) -> dict[str, Any]:
    """Tables stability and criteria; the gates of both, of the whole score."""
    domains = [*material.domains, ALL]
    pairs = _pairs(material)
    stability = [_stability(domain, pairs, material.scores[domain]) for domain in domains]
    criteria = [
        _criterion(domain, str(name), material) for name in material.criteria for domain in domains
    ]
    whole = next(row["icc"] for row in stability if row["domain"] == ALL)
    related = [row["r"] for row in criteria if row["domain"] == ALL]
    unknown = Estimate.insufficient(Reason.NOT_RECORDED, 0)
    return {
        "tables": {
            "stability": [told(row) for row in stability],
            "criteria": [told(row) for row in criteria],
        },
        "notes": [] if criteria else [{"code": "no_criterion"}],
        "gates": [
            judged(material.gates["stability"], ALL, whole),
            *(judged(material.gates["criterion"], ALL, one) for one in related or [unknown]),
        ],
    }


def _pairs(material: Material) -> pd.DataFrame:
    """The first two sessions of each room that lie 2 to 4 weeks apart: first, second (ids)."""
    seen = material.sessions[material.once].dropna(subset=["day"])
    seen = seen[["room", "day"]].sort_values(["room", "day"], kind="stable").reset_index()
    seen = seen.drop_duplicates(["room", "day"])
    later = seen.groupby("room").shift(-1)
    gap = later["day"] - seen["day"]
    pairs = seen.assign(second=later["session"])[gap.between(*WEEKS)]
    return pairs.drop_duplicates("room").rename(columns={"session": "first"})[["first", "second"]]


def _stability(domain: str, pairs: pd.DataFrame, scores: pd.Series) -> dict[str, Any]:
    first, second = (scores.reindex(pairs[name]).to_numpy() for name in ("first", "second"))
    found = test_retest(first, second)
    return {
        "domain": domain,
        "icc": found.icc,
        "sem": found.sem.value,
        "detectable": found.smallest_change.value,
    }


def _criterion(domain: str, name: str, material: Material) -> dict[str, Any]:
    """Correlation over rooms, each counting once with its mean; then without the score's noise."""
    table = material.sessions.assign(score=material.scores[domain], other=material.criteria[name])[
        material.once
    ].dropna(subset=["score", "other"])
    rooms = table.groupby(["centre", "room"], as_index=False)[["score", "other"]].mean()
    enough = rooms["centre"].nunique() >= MINIMUM_CLUSTERS
    clusters = rooms["centre"] if enough else None
    items = material.domains.get(domain, list(material.means.columns))
    alpha = cronbach_alpha(material.means[items], missing="pairwise").estimate.value
    found = correlation(rooms["score"], rooms["other"], clusters=clusters)
    if alpha is None or not 0 < alpha <= 1:
        corrected = Estimate.insufficient(Reason.NEGATIVE_VARIANCE, len(rooms))
    else:
        corrected = disattenuated_correlation(
            rooms["score"], rooms["other"], alpha, 1.0, clusters=clusters
        )
    return {"domain": domain, "with": name, "r": found, "corrected": corrected}
