"""What each item was given: how high, how spread, how often at its ends."""

import numpy as np
import pandas as pd

from measurement.reliability.covariance import (
    BLUR,
    correlations,
    multiple_correlations,
    positive_definite,
)


def item_figures(ratings: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """What each item was given, over all its ratings that have a value.

    ``ratings``: item, value (NaN where none was given). ``items``: item, minimum, maximum (the
    ends of the item's own scale, NaN where it has none). One row per item of ``items`` (index),
    in their order: n (int), mean, sd, floor and ceiling (shares of its ratings at its lowest and
    at its highest step); NaN where there is nothing to say.
    """
    given = ratings.dropna(subset=["value"])
    ends = items.set_index("item")[["minimum", "maximum"]].astype(float)
    found = given.groupby("item", observed=True).agg(
        n=("value", "size"), mean=("value", "mean"), sd=("value", "std")
    )
    found = found.reindex(ends.index)
    for name, end in (("floor", "minimum"), ("ceiling", "maximum")):
        own = given["item"].map(ends[end]).astype(float)
        there = given["value"].eq(own).astype(float).where(own.notna())
        found[name] = there.groupby(given["item"], observed=True).mean()
    found["n"] = found["n"].fillna(0).astype("int64")
    return found


ITEM_COLUMNS = ["item_total", "r_cor", "item_rest", "alpha_if_dropped"]


def item_table(covariance: np.ndarray, still: np.ndarray) -> dict[str, np.ndarray]:
    """How each item goes with the sum, from the covariance matrix of the items.

    item_total: correlation with the sum of all. item_rest: with the sum of the others. r_cor: with
    the sum of the standardised items when each item's own share is what the others explain of it
    (its squared multiple correlation in place of the 1), Σ_j r*_ij / √ΣΣ r*. alpha_if_dropped.
    NaN where the item (``still``) or the rest does not vary; r_cor also where the matrix is not
    positive definite. Source of r_cor: Cureton (1966), Psychometrika 31, 93–96.
    """
    k, own, row = len(covariance), np.diag(covariance), covariance.sum(axis=1)
    total, rest = covariance.sum(), covariance.sum() - 2 * row + own
    moves = rest > BLUR * own.sum()
    nothing = np.full(k, np.nan)
    table = dict.fromkeys(ITEM_COLUMNS, nothing)
    varied = ~still
    item = np.where(still, 1.0, own)
    table["item_total"] = np.where(varied, row / np.sqrt(item * total), np.nan)
    safe = np.where(moves, rest, 1.0)
    table["item_rest"] = np.where(varied & moves, (row - own) / np.sqrt(item * safe), np.nan)
    if k > 2:
        without = (k - 1) / (k - 2) * (1 - (own.sum() - own) / safe)
        table["alpha_if_dropped"] = np.where(moves, without, np.nan)
    if varied.all() and positive_definite(correlations(covariance)):
        shared = correlations(covariance)
        np.fill_diagonal(shared, multiple_correlations(shared))
        table["r_cor"] = shared.sum(axis=1) / np.sqrt(shared.sum()) if shared.sum() > 0 else nothing
    return table
