"""Weights of rows: of the draw, how unequal they are, and cut where they are too large."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason

Values = np.ndarray | pd.Series | list[float]


@dataclass(frozen=True)
class Weighting:
    """New weights, one per row (0 for who did not answer), and how they came about.

    ``weights`` is empty with a ``reason``. ``table``: of cells, propensities or margins, as the
    function says. ``factor``: largest new weight / old weight.
    """

    weights: np.ndarray
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    reason: str = ""
    method: str = ""
    factor: float | None = None
    steps: int = 0


def design_weights(probability: Values) -> np.ndarray:
    """1 / probability of being drawn."""
    p = np.asarray(probability, dtype=float)
    if not ((p > 0) & (p <= 1)).all():
        raise ValueError("Every drawn unit needs a probability above 0 and at most 1.")
    return 1 / p


def effective_n(weights: Values) -> Estimate:
    """Kish's effective sample size (Σw)² / Σw²: how many equally weighted rows know as much.

    It counts only what unequal weights cost, as n / (1 + cv²), cv that of the weights.
    Source: Kish (1965), Survey Sampling, §11.7; Kish (1992), J. Off. Stat. 8, 183–200.
    """
    w = weights_of(weights)
    if not (w > 0).any():
        return Estimate.insufficient(Reason.ZERO_WEIGHTS, len(w))
    w = w / w.max()
    value = w.sum() ** 2 / (w**2).sum()
    return Estimate(value, None, None, int((w > 0).sum()), method="Kish effective n")


def trim(weights: Values, limit: float = 5.0, at: str = "median") -> Weighting:
    """Weights cut at ``limit`` × their median (or mean); what is cut goes to the others.

    The others get it in proportion to their weights, so the sum stays; again until none is above
    the limit. Trimming trades bias for variance, so the table says what was done: trimmed (rows),
    cut (share of the sum), limit (the highest weight allowed). ``not_converged`` where all would
    have to be cut.
    """
    w = weights_of(weights)
    if at not in ("median", "mean"):
        raise ValueError("Weights are trimmed at a multiple of their median or mean.")
    positive = w > 0
    if not positive.any():
        return without(Reason.ZERO_WEIGHTS)
    highest = limit * float(np.median(w[positive]) if at == "median" else w[positive].mean())
    if highest * positive.sum() < w.sum():
        return without(Reason.NOT_CONVERGED)
    found, cut, steps = w.copy(), np.zeros(len(w), dtype=bool), 0
    while (found > highest * (1 + 1e-12)).any():
        cut |= found > highest
        rest = w.sum() - highest * cut.sum()
        kept = positive & ~cut
        found = np.where(cut, highest, np.where(kept, w * rest / w[kept].sum(), 0.0))
        steps += 1
    share = float((w - highest)[w > highest].sum() / w.sum())
    table = pd.DataFrame({"trimmed": [int(cut.sum())], "cut": [share], "limit": [highest]})
    return Weighting(found, table, "", f"trimmed at {limit} x {at}", factor_of(found, w), steps)


def weights_of(weights: Values) -> np.ndarray:
    w = np.asarray(weights, dtype=float)
    if w.ndim != 1 or not np.isfinite(w).all() or (w < 0).any():
        raise ValueError("Every row needs a weight that is a number and not negative.")
    return w


def factor_of(found: np.ndarray, before: np.ndarray) -> float:
    return float((found[before > 0] / before[before > 0]).max())


def without(reason: Reason) -> Weighting:
    return Weighting(np.empty(0), reason=reason)
