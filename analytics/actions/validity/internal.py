"""Do the items of a domain rise and fall together?"""

from typing import Any

import numpy as np

from analytics.actions.plain import told
from analytics.actions.validity.material import Material
from analytics.reports.gates import judged
from measurement.reliability import alpha_bootstrap, alpha_partials, cronbach_alpha
from measurement.reliability.omega import omega, omega_congeneric
from measurement.scoring import ALL


def compute(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """Table domains: alpha in its variants and omega, by domain and of all; the gates of both."""
    rows = [_domain(domain, items, material, rng) for domain, items in material.domains.items()]
    gates = [
        judged(material.gates[gate], row["domain"], row[gate])
        for gate in ("alpha", "omega")
        for row in rows
    ]
    if len(rows) > 1:
        rows.append(_whole(material, rng))
    return {"tables": {"domains": [told(row) for row in rows]}, "gates": gates}


def _domain(
    domain: str, items: list[str], material: Material, rng: np.random.Generator
) -> dict[str, Any]:
    scores = material.means[items]
    centres = material.sessions["centre"].to_numpy()
    clusters = centres if material.grouped else None
    alpha = cronbach_alpha(scores)
    return {
        "domain": domain,
        "items": len(items),
        "rows": alpha.n_total,
        "complete": alpha.n_complete,
        "alpha": alpha.estimate,
        "without_duplicates": cronbach_alpha(scores[material.once]).estimate,
        "pairwise": cronbach_alpha(scores, missing="pairwise").estimate,
        "by_centre": alpha_bootstrap(alpha_partials(scores, centres), rng),
        "omega": omega_congeneric(scores, rng, clusters),
    }


def _whole(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """All items as one scale, with a factor for each domain beneath the general one."""
    found = omega(material.means, max(3, len(material.domains)), rng)
    row = _domain(ALL, list(material.means.columns), material, rng)
    return row | {"omega": found.total, "omega_hierarchical": found.hierarchical}
