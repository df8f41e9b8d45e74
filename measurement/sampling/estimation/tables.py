"""Do two classifications of a population go together? A test that knows the design."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Reason
from measurement.sampling.estimation.design import Labels, SurveyDesign


@dataclass(frozen=True)
class SurveyTable:
    """Weighted two-way table and the Rao–Scott test of independence, or the reason for none.

    ``shares``: rows × columns, adding to 1. ``chi_square``: Pearson's, as if the rows were a
    simple random sample. ``f``, ``ndf``, ``ddf``, ``p``: second-order corrected. ``effects``: the
    generalised design effects (their mean is what the first-order correction divides by).
    """

    n: int
    clusters: int | None
    shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    chi_square: float | None = None
    f: float | None = None
    ndf: float | None = None
    ddf: float | None = None
    p: float | None = None
    effects: tuple[float, ...] = ()
    reason: str = ""
    method: str = "Pearson chi-square, Rao-Scott second order, F"


def rao_scott(
    rows: Labels, columns: Labels, design: SurveyDesign, minimum_expected: float = 1.0
) -> SurveyTable:
    """Rao–Scott test that two classifications are independent in the population.

    With cell shares p, their linearised covariance V and the contrasts C of interaction, the
    generalised design effects are the eigenvalues δ of (C'D⁻¹C / n)⁻¹ C'D⁻¹VD⁻¹C, D = diag(p);
    F = X² / Σδ on ν = (Σδ)²/Σδ² and ν·(units − strata) degrees of freedom.
    ``small_cells`` where fewer than ``minimum_expected`` rows would be expected in a cell under
    independence; ``one_group`` where a classification has one category only.
    Source: Rao & Scott (1981), J. Am. Stat. Assoc. 76, 221–230, and (1984), Ann. Stat. 12, 46–60;
    Thomas & Rao (1987), J. Am. Stat. Assoc. 82, 630–636. Checked against R survey 4.1-1's
    svychisq on apistrat, apiclus1 and apiclus2: F, both df and p to 9 digits.
    """
    first, second = (pd.Series(given).to_numpy(dtype=object) for given in (rows, columns))
    if not len(first) == len(second) == len(design.weights):
        raise ValueError("Rows and columns must have one entry for each weight of the design.")
    used = design.used(first, second)
    n, clusters, df = design.counts(used)
    refused = design.refusal(used)
    if refused:
        return SurveyTable(n, clusters, reason=refused.reason)
    row_code, row_names = pd.factorize(first[used], sort=True)
    column_code, column_names = pd.factorize(second[used], sort=True)
    r, c = len(row_names), len(column_names)
    if r < 2 or c < 2 or df < 1:
        reason = Reason.TOO_FEW_CLUSTERS if r > 1 and c > 1 else Reason.ONE_GROUP
        return SurveyTable(n, clusters, reason=reason)

    w = design.weights[used] / design.weights[used].sum()
    member = np.eye(r * c)[row_code * c + column_code]
    cells = w @ member
    table = cells.reshape(r, c)
    shares = pd.DataFrame(table, index=row_names, columns=column_names)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    if n * expected.min() < minimum_expected:
        return SurveyTable(n, clusters, shares, reason=Reason.SMALL_CELLS)
    chi_square = float(n * ((table - expected) ** 2 / expected).sum())

    scores = np.zeros((len(used), r * c))
    scores[used] = w[:, None] * (member - cells)
    inverse = np.divide(1, cells, out=np.zeros_like(cells), where=cells > 0)
    contrasts = _interaction(r, c) * inverse[:, None]
    simple = contrasts.T @ (_interaction(r, c) / n)
    actual = contrasts.T @ design.variance(scores) @ contrasts
    if np.linalg.matrix_rank(simple) < len(simple) or np.trace(actual) <= 1e-12 * np.trace(simple):
        reason = Reason.ZERO_VARIANCE if (cells > 0).all() else Reason.SMALL_CELLS
        return SurveyTable(n, clusters, shares, chi_square, reason=reason)
    delta = np.linalg.solve(simple, actual)
    trace, square = float(np.trace(delta)), float(np.trace(delta @ delta))
    f, ndf = chi_square / trace, trace**2 / square
    effects = tuple(sorted(np.linalg.eigvals(delta).real.tolist(), reverse=True))
    ddf = float(ndf * df)
    p = float(stats.f.sf(f, ndf, ddf))
    return SurveyTable(n, clusters, shares, chi_square, f, ndf, ddf, p, effects)


def _interaction(r: int, c: int) -> np.ndarray:
    """Contrasts (rows·columns × (r−1)(c−1)) that are orthogonal to row and column effects."""
    rows, columns = (np.vstack([-np.ones(k - 1), np.eye(k - 1)]) for k in (r, c))
    return np.kron(rows, columns)
