"""One general factor and what is left to the group factors beneath it."""

from dataclasses import dataclass

import numpy as np

from measurement.dimensionality.extraction import Extraction, extract
from measurement.dimensionality.rotation import rotated
from measurement.estimates import Reason
from measurement.reliability.covariance import positive_definite


@dataclass(frozen=True)
class SchmidLeiman:
    """``general`` (items; None where it is not identified), ``groups`` (items × factors) and
    ``uniquenesses`` (items). All factors are uncorrelated."""

    general: np.ndarray | None
    groups: np.ndarray
    uniquenesses: np.ndarray


def schmid_leiman(correlation: np.ndarray, factors: int) -> SchmidLeiman | Reason:
    """Schmid–Leiman solution of ``factors`` oblique factors (minres, oblimin), or why none exists.

    With Λ the loadings and γ those of the factors on the one above them (minres of their
    correlations): general Λγ, groups Λ·√(1 − γ²). Three factors identify γ. Two do not: both are
    set to √r, r the correlation of the factors, none where r < 0. One has nothing above it.
    Source: Schmid & Leiman (1957), Psychometrika 22, 53–61.
    """
    first = _first_order(correlation, factors)
    if isinstance(first, Reason):
        return first
    loadings, phi = rotated(first.loadings, "oblimin")
    if factors == 1 or (factors == 2 and phi[0, 1] < 0):
        return SchmidLeiman(None, loadings, first.uniquenesses)
    if factors == 2:
        above = np.full(2, np.sqrt(phi[0, 1]))
    else:
        second = extract(phi, 1, "minres")
        if second.improper.any():
            return Reason.IMPROPER_SOLUTION
        above = second.loadings[:, 0] * (-1 if second.loadings.sum() < 0 else 1)
    return SchmidLeiman(loadings @ above, loadings * np.sqrt(1 - above**2), first.uniquenesses)


def _first_order(correlation: np.ndarray, factors: int) -> Extraction | Reason:
    k = len(correlation)
    if (k - factors) ** 2 < k + factors:
        return Reason.NOT_IDENTIFIED
    if not positive_definite(correlation):
        return Reason.NOT_POSITIVE_DEFINITE
    found = extract(correlation, factors, "minres")
    if not found.converged:
        return Reason.NOT_CONVERGED
    return Reason.IMPROPER_SOLUTION if found.improper.any() else found
