"""How many observers and visits are enough?"""

from typing import Any

import pandas as pd

from analytics.actions.plain import number
from analytics.actions.validity.material import Material
from analytics.reports.gates import judged
from measurement.connectivity import connected
from measurement.estimates import Estimate, Reason
from measurement.generalizability import GStudy, d_study, fewest, generalizability
from measurement.scoring import ALL

# Beyond these nobody could go: a room is one of six, and a visit takes an observer's morning.
MOST = {"r": 4, "v": 6}
OBSERVERS, VISITS = "p x r", "v:(p:c)"


def compute(material: Material) -> dict[str, Any]:
    """Tables components, coefficients and decisions; what would be enough; the gate of Phi."""
    tables: dict[str, list[dict[str, Any]]] = {
        "components": [],
        "coefficients": [],
        "decisions": [],
    }
    notes: list[dict[str, Any]] = []
    gate = material.gates["phi"]
    domains = [*material.domains, ALL]
    for domain in domains:
        for design, frame in (
            (OBSERVERS, _observers(material, domain)),
            (VISITS, _visits(material, domain)),
        ):
            if len(frame) < 2:
                continue
            what = {"domain": domain, "what": "observers" if design == OBSERVERS else "visits"}
            study = _study(frame, design)
            if study is None or study.reason:
                reason = study.reason if study else Reason.OBSERVERS_CONFOUNDED
                nothing = Estimate.insufficient(reason, len(frame)).as_dict()
                tables["coefficients"].append(what | {"g": nothing, "phi": nothing})
                continue
            found = {"g": study.g.as_dict(), "phi": study.phi.as_dict()}
            tables["coefficients"].append(what | found)
            tables["components"] += _components(domain, study)
            facet = "r" if design == OBSERVERS else "v"
            tables["decisions"] += _decisions(domain, study, facet)
            if 0 < gate["good"] < 1:  # any number of visits reaches 0, and none reaches 1
                notes.append(_enough(domain, study, facet, gate["good"]))
    centres = _centres(material)
    result: dict[str, Any] = {
        "tables": tables,
        "notes": notes,
        "gates": [judged(gate, "", centres)],
    }
    if not tables["coefficients"]:
        result["reason"] = str(Reason.NO_OVERLAP)
    return result


def _observers(material: Material, domain: str) -> pd.DataFrame:
    """What observers rated twice: p (room on a day), r (observer), score."""
    table = material.double.assign(score=material.scores.loc[material.double.index, domain])
    table = table.dropna(subset=["score"]).rename(columns={"subject": "p", "rater": "r"})
    return table.groupby(["p", "r"])["score"].mean().reset_index()


def _visits(material: Material, domain: str) -> pd.DataFrame:
    """Rooms seen on several days: c (centre), p (room), v (day), score; observers averaged."""
    table = material.sessions.assign(score=material.scores[domain])[material.once]
    table = table.dropna(subset=["score", "day"])
    seen = table.groupby(["centre", "room", "day"], as_index=False)["score"].mean()
    again = seen.groupby("room")["day"].transform("size") >= 2
    return seen[again].rename(columns={"centre": "c", "room": "p", "day": "v"})


def _study(frame: pd.DataFrame, design: str) -> GStudy | None:
    """None where observers that nothing joins saw different rooms: how severe they are cannot be
    told from how good their rooms are, and any split of the two is arbitrary."""
    if design == OBSERVERS and not connected(frame["p"], frame["r"]):
        return None
    return generalizability(frame, design, object="p", estimator="henderson1")


def _components(domain: str, study: GStudy) -> list[dict[str, Any]]:
    total = study.components["variance_zero"].sum()
    return [
        {
            "domain": domain,
            "effect": row["effect"],
            "variance": number(row["variance"]),
            "share": number(row["variance_zero"] / total) if total > 0 else None,
            "estimator": study.estimator,
        }
        for row in study.components.to_dict("records")
    ]


def _decisions(domain: str, study: GStudy, facet: str) -> list[dict[str, Any]]:
    found = d_study(study, {facet: range(1, MOST[facet] + 1)})
    column = "observers" if facet == "r" else "visits"
    return [
        {
            "domain": domain,
            column: int(row[facet]),
            "g": number(row["g"]),
            "phi": number(row["phi"]),
            "se": number(row["absolute_se"]),
        }
        for _index, row in found.iterrows()
    ]


def _enough(domain: str, study: GStudy, facet: str, target: float) -> dict[str, Any]:
    """The answer in a sentence: so many are enough, or not even the most are."""
    found = fewest(study, {facet: MOST[facet]}, target)
    number_of = found.numbers[facet] if found.numbers else MOST[facet]
    kind = "observers" if facet == "r" else "visits"
    return {
        "code": f"enough_{kind}" if found.numbers else f"never_enough_{kind}",
        "facts": {"domain": domain, "n": number_of, "target": target},
    }


def _centres(material: Material) -> Estimate:
    """Phi of centres, from rooms within them: what ranking centres would rest upon."""
    table = material.sessions.assign(score=material.scores[ALL])[material.once]
    rooms = (
        table.dropna(subset=["score"]).groupby(["centre", "room"], as_index=False)["score"].mean()
    )
    rooms = rooms[rooms.groupby("centre")["room"].transform("size") >= 2]
    if rooms["centre"].nunique() < 2:
        return Estimate.insufficient(Reason.NOT_RECORDED, len(rooms))
    frame = rooms.rename(columns={"centre": "c", "room": "p"})
    return generalizability(frame, "p:c", object="c", estimator="henderson1").phi
