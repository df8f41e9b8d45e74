"""Do the items of a domain rise and fall together?"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analytics.actions.plain import told
from analytics.actions.stages import Context
from analytics.actions.validity.material import Material
from analytics.reports.gates import judged
from analytics.snapshots import sums
from measurement.partials import ItemSums, alpha_bootstrap
from measurement.reliability import cronbach_alpha
from measurement.reliability.omega import omega, omega_congeneric
from measurement.scoring import ALL


def compute(material: Material, context: Context) -> dict[str, Any]:
    """Table domains: alpha in its variants and omega, by domain and of all; the gates of both."""
    rng, domains = context.rng(), dict(material.domains)
    if len(domains) > 1:
        domains[ALL] = list(material.means.columns)
    by_centre = context.map(
        sums.sums_by_domain, sums.added, columns=sums.COLUMNS, arguments={"domains": domains}
    )
    rows = [_domain(domain, items, material, by_centre, rng) for domain, items in domains.items()]
    gates = [
        judged(material.gates[gate], row["domain"], row[gate])
        for gate in ("alpha", "omega")
        for row in rows
        if row["domain"] != ALL
    ]
    if ALL in domains:
        rows[-1] |= _whole(material, rng)
    return {"tables": {"domains": [told(row) for row in rows]}, "gates": gates}


def _domain(
    domain: str,
    items: list[str],
    material: Material,
    by_centre: Mapping[str, ItemSums],
    rng: np.random.Generator,
) -> dict[str, Any]:
    scores = material.means[items]
    clusters = material.sessions["centre"].to_numpy() if material.grouped else None
    alpha = cronbach_alpha(scores)
    return {
        "domain": domain,
        "items": len(items),
        "rows": alpha.n_total,
        "complete": alpha.n_complete,
        "alpha": alpha.estimate,
        "without_duplicates": cronbach_alpha(scores[material.once]).estimate,
        "pairwise": cronbach_alpha(scores, missing="pairwise").estimate,
        "by_centre": alpha_bootstrap(by_centre[domain], rng),
        "omega": omega_congeneric(scores, rng, clusters),
    }


def _whole(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """All items as one scale, with a factor for each domain beneath the general one."""
    found = omega(material.means, max(3, len(material.domains)), rng)
    return {"omega": found.total, "omega_hierarchical": found.hierarchical}
