"""Is there enough in common for a factor analysis?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Reason


@dataclass(frozen=True)
class Adequacy:
    """``kmo``: Kaiser–Meyer–Olkin, 0 to 1, of all items and ``items`` of each. Bartlett's test that
    no item goes with another: ``chi2``, ``df``, ``p`` (None without ``n``). None with a ``reason``.
    """

    kmo: float | None
    items: pd.Series
    chi2: float | None
    df: int
    p: float | None
    n: int | None
    reason: str = ""


def adequacy(correlation: pd.DataFrame, n: int | None = None) -> Adequacy:
    """Kaiser–Meyer–Olkin measure and Bartlett's test of sphericity of a correlation matrix.

    KMO = Σ r² / (Σ r² + Σ q²) off the diagonal, q the correlations of two items given all others;
    χ² = −(n − 1 − (2p + 5)/6)·log|R| with p(p − 1)/2 degrees of freedom. p is near 0 for any
    scale of many rows: look at KMO (above .6 or so).
    Source: Kaiser (1970), Psychometrika 35, 401–415; Kaiser & Rice (1974), Educ. Psychol. Meas. 34,
    111–117; Bartlett (1951), Biometrika 38, 337–344. Checked against R psych 2.2.9 on two sets: KMO
    of all and of each item to 8 digits, χ² to 12.
    """
    r = correlation.to_numpy(dtype=float)
    if r.ndim != 2 or r.shape[0] != r.shape[1] or not np.allclose(r, r.T, equal_nan=True):
        raise ValueError("A correlation matrix is the same both ways.")
    p = len(r)
    df = p * (p - 1) // 2

    def without(reason: Reason) -> Adequacy:
        return Adequacy(None, pd.Series(dtype=float), None, df, None, n, reason)

    if p < 2:
        return without(Reason.TOO_FEW_ITEMS)
    if np.isnan(r).any():
        return without(Reason.NOT_IDENTIFIED)
    if np.linalg.eigvalsh(r)[0] <= 1e-8:
        return without(Reason.NOT_POSITIVE_DEFINITE)
    if n is not None and n <= p:
        return without(Reason.TOO_FEW_ROWS)
    inverse = np.linalg.inv(r)
    partial = inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    own, others = r**2 - np.eye(p), partial**2 - np.eye(p)
    if not own.sum() > 0:
        return without(Reason.NOT_IDENTIFIED)
    each = own.sum(axis=0) / (own + others).sum(axis=0)
    kmo = float(own.sum() / (own + others).sum())
    chi2 = None if n is None else float(-(n - 1 - (2 * p + 5) / 6) * np.linalg.slogdet(r)[1])
    return Adequacy(
        kmo,
        pd.Series(each, correlation.columns),
        chi2,
        df,
        None if chi2 is None else float(stats.chi2.sf(chi2, df)),
        n,
    )
