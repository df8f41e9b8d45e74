"""Do the items of a domain rise and fall together?"""

from typing import Any

import numpy as np

from analytics.actions.validity.material import Material
from analytics.actions.validity.plain import told
from analytics.reports.gates import judged
from measurement.reliability import (
    alpha_bootstrap,
    alpha_partials,
    cronbach_alpha,
    omega_hierarchical,
    omega_total,
)

RESAMPLES = 1000


def compute(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """Table domains: alpha in its variants and omega; the gates of both."""
    rows = [_domain(domain, items, material, rng) for domain, items in material.domains.items()]
    gates = [
        judged(material.gates[gate], row["domain"], row[gate])
        for gate in ("alpha", "omega")
        for row in rows
    ]
    return {"tables": {"domains": [told(row) for row in rows]}, "gates": gates}


def _domain(
    domain: str, items: list[str], material: Material, rng: np.random.Generator
) -> dict[str, Any]:
    scores = material.means[items]
    alpha = cronbach_alpha(scores)
    centres = material.sessions["centre"].to_numpy()
    return {
        "domain": domain,
        "items": len(items),
        "rows": alpha.n_total,
        "complete": alpha.n_complete,
        "alpha": alpha.estimate,
        "without_duplicates": cronbach_alpha(scores[material.once]).estimate,
        "pairwise": cronbach_alpha(scores, missing="pairwise").estimate,
        "by_centre": alpha_bootstrap(alpha_partials(scores, centres), rng, RESAMPLES),
        "omega": omega_total(scores, rng=rng).estimate,
        "omega_hierarchical": omega_hierarchical(scores, rng=rng).estimate,
    }
