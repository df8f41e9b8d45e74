"""How many factors stand out from what chance alone would give?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from measurement.dimensionality.polychoric import most_likely, polychoric
from measurement.dimensionality.tables import all_coded, pair_tables
from measurement.estimates import Reason

Kind = Literal["pearson", "polychoric"]
Model = Literal["components", "common"]


@dataclass(frozen=True)
class Parallel:
    """``eigenvalues``: a row per rank (1 …): observed, mean and quantile of those from data without
    any common factor. ``suggested``: how many observed ones, from the first on without a break, lie
    above the quantile (0 is an answer); None with a ``reason``."""

    eigenvalues: pd.DataFrame
    suggested: int | None
    n: int
    method: str
    reason: str = ""


def parallel_analysis(
    data: pd.DataFrame,
    rng: np.random.Generator,
    replications: int = 100,
    quantile: float = 0.95,
    kind: Kind = "pearson",
    model: Model = "components",
) -> Parallel:
    """Horn's parallel analysis: eigenvalues of the items against those of unrelated items.

    ``data``: rows × items. "pearson" takes complete rows; what chance gives are correlation
    matrices of as many independent normal rows (drawn as Wishart matrices). "polychoric" takes the
    rows of each pair; chance is the same answers, each item shuffled by itself, so that steps and
    gaps stay. "components": eigenvalues of the matrix; "common": of the matrix with squared
    multiple correlations on its diagonal, which asks for common factors.
    Source: Horn (1965), Psychometrika 30, 179–185; Humphreys & Ilgen (1969), Educ. Psychol. Meas.
    29, 571–578 ("common"); Buja & Eyuboglu (1992), Multivar. Behav. Res. 27, 509–540 (shuffling).
    Checked against R psych 2.2.9 (fa.parallel, SMC): observed eigenvalues to 9 digits; means of the
    simulated ones to .003, which is what 200 replications leave to chance.
    """
    if replications < 20 or not 0 < quantile < 1:
        raise ValueError("Parallel analysis needs 20 replications and a quantile between 0 and 1.")
    if kind not in ("pearson", "polychoric") or model not in ("components", "common"):
        raise ValueError("The kind is pearson or polychoric, the model components or common.")
    rows = data if kind == "polychoric" else data.dropna()
    method = f"{kind}, {model}, {replications} replications, quantile {quantile:g}"
    reason = _obstacle(data, rows)
    if not reason:
        against = _shuffled if kind == "polychoric" else _independent
        matrix, chance, reason = against(rows, replications, rng)
        if not reason and model == "common" and np.linalg.eigvalsh(matrix)[0] <= 1e-8:
            reason = Reason.NOT_POSITIVE_DEFINITE
    if reason:
        return Parallel(pd.DataFrame(), None, len(rows), method, reason)
    if model == "common":
        matrix, chance = _reduced(matrix), _reduced(chance)

    observed = np.linalg.eigvalsh(matrix)[::-1]
    simulated = np.linalg.eigvalsh(chance)[:, ::-1]
    limit = np.quantile(simulated, quantile, axis=0)
    table = pd.DataFrame(
        {"observed": observed, "mean": simulated.mean(axis=0), "quantile": limit},
        index=pd.RangeIndex(1, len(observed) + 1, name="rank"),
    )
    above = np.append(observed > limit, False)
    return Parallel(table, int(np.argmin(above)), len(rows), method)


def _obstacle(data: pd.DataFrame, rows: pd.DataFrame) -> str:
    if data.shape[1] < 3:
        return Reason.TOO_FEW_ITEMS
    if len(data) and data.isna().all(axis=None):
        return Reason.ALL_MISSING
    return Reason.TOO_FEW_ROWS if len(rows) <= data.shape[1] else ""


Against = tuple[np.ndarray, np.ndarray, str]  # the matrix, those of chance, or a reason


def _independent(rows: pd.DataFrame, count: int, rng: np.random.Generator) -> Against:
    """Pearson's matrix, and those of as many independent normal rows: Wishart matrices by
    Bartlett's decomposition, scaled to correlations."""
    values = rows.to_numpy(dtype=float)
    n, items = values.shape
    if (np.ptp(values, axis=0) <= 1e-12 * np.abs(values).max(axis=0)).any():
        return np.eye(items), np.eye(items)[None], Reason.ZERO_VARIANCE
    root = np.tril(rng.normal(size=(count, items, items)), -1)
    ranks = np.arange(items)
    root[:, ranks, ranks] = np.sqrt(rng.chisquare(n - 1 - ranks, size=(count, items)))
    root /= np.sqrt((root**2).sum(axis=2, keepdims=True))
    return np.corrcoef(values, rowvar=False), root @ root.swapaxes(1, 2), ""


def _shuffled(rows: pd.DataFrame, count: int, rng: np.random.Generator) -> Against:
    """Polychoric matrix, and those of the same answers with each item shuffled by itself."""
    found = polychoric(rows)
    codes, steps = all_coded(rows)
    widths, cuts = np.array([len(each) for each in steps]), list(found.thresholds.values())
    chance = np.stack([np.eye(len(steps))] * count)
    for matrix in chance if not found.reason else ():
        tables = pair_tables(rng.permuted(codes, axis=0), widths)
        # A pair that no longer shares rows is unrelated, as all pairs are.
        rho = np.nan_to_num(most_likely(tables, cuts, 0, minimum_rows=2)[0])
        matrix[tables.first, tables.second] = matrix[tables.second, tables.first] = rho
    return found.matrix.to_numpy(), chance, found.reason


def _reduced(matrix: np.ndarray) -> np.ndarray:
    """With squared multiple correlations in place of the ones."""
    shared = 1 - 1 / np.diagonal(np.linalg.inv(matrix), axis1=-2, axis2=-1)
    places = np.arange(matrix.shape[-1])
    reduced = matrix.copy()
    reduced[..., places, places] = shared
    return reduced
