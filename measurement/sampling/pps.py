"""Units drawn with probability proportional to their size."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

METHODS = ("systematic", "sampford", "brewer")
MAXIMUM_TRIALS = 10_000
# 1 to within rounding: a unit of this probability is in the sample for certain.
CERTAIN = 1 - 1e-9


def inclusion_probabilities(size: Sequence[float] | np.ndarray | pd.Series, n: int) -> np.ndarray:
    """π_i = n·x_i / Σx, one per unit, adding to n; units too large for that are certain (π = 1).

    Where n·x_i / Σx ≥ 1 the unit is taken for certain and the rest is shared among the others,
    again until none exceeds 1.
    Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, §3.6.2.
    """
    x = np.asarray(size, dtype=float)
    if x.ndim != 1 or not np.isfinite(x).all() or (x < 0).any():
        raise ValueError("Every unit needs a size that is a number and not negative.")
    if (x == 0).any():
        raise ValueError(
            f"{int((x == 0).sum())} units have size zero and could never be drawn: give them a"
            " size, or leave them out of the frame and say so."
        )
    if n != int(n) or not 1 <= n <= len(x):
        raise ValueError(f"A sample of {n} cannot be drawn from {len(x)} units.")
    certain = np.zeros(len(x), dtype=bool)
    while True:
        rest = x[~certain].sum()
        probability = np.where(certain, 1.0, (n - certain.sum()) * x / rest if rest else 1.0)
        more = ~certain & (probability >= CERTAIN)
        if not more.any():
            return probability
        certain |= more


def draw_with(probability: np.ndarray, method: str, rng: np.random.Generator) -> np.ndarray:
    """Positions of a sample in which unit i has exactly the probability given, in frame order.

    Sizes are fixed: Σ probability is a whole number. "systematic": one random start, frame order
    kept (Madow 1949); neighbours rarely come together, so a sorted frame is spread evenly.
    "sampford": all samples possible (Sampford 1967). "brewer": one unit at a time (Brewer 1975).
    """
    if method not in METHODS:
        raise ValueError(f"Drawing by size is one of: {', '.join(METHODS)}.")
    certain = probability >= CERTAIN
    rest = np.flatnonzero(~certain)
    drawn = np.flatnonzero(certain)
    if len(rest):
        step = {"systematic": _systematic, "sampford": _sampford, "brewer": _brewer}[method]
        drawn = np.concatenate([drawn, rest[step(probability[rest], rng)]])
    return np.sort(drawn)


def _systematic(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The units in whose stretch of the cumulated probabilities u, u + 1, u + 2 … fall."""
    n, ends = round(p.sum()), np.cumsum(p)
    ends[-1] = n  # rounding must not lose the last one
    return np.searchsorted(ends, rng.random() + np.arange(n), side="right")


def _sampford(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One unit with p/n and each unit by itself with its own p, until that makes n different ones.

    A set s then has probability ∝ Σ_{j∈s} p_j Π_{i∈s, i≠j} p_i/(1−p_i): Sampford's design.
    Source: Sampford (1967), Biometrika 54, 499–513.
    """
    n, ends = round(p.sum()), np.cumsum(p)
    for _ in range(MAXIMUM_TRIALS):
        first = min(int(np.searchsorted(ends, rng.random() * ends[-1], side="right")), len(p) - 1)
        others = rng.random(len(p)) < p
        if others.sum() == n - 1 and not others[first]:
            others[first] = True
            return np.flatnonzero(others)
    raise ValueError(
        "Sampford's method found no sample: some probabilities are too close to 1. Draw by the"
        " method brewer or systematic."
    )


def _brewer(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """In step r unit i with p_i (m − p_i) / (m − (n − r + 1) p_i), m the p not drawn so far.

    Source: Brewer (1975), Aust. J. Stat. 17, 166–172; Tillé (2006), Sampling Algorithms, §6.2.
    """
    n, free = round(p.sum()), np.arange(len(p))
    drawn: list[int] = []
    for left in range(n, 0, -1):
        q = p[free]
        m = n - p[drawn].sum()
        ends = np.cumsum(q * (m - q) / (m - left * q) if left > 1 else q)
        at = min(int(np.searchsorted(ends, rng.random() * ends[-1], side="right")), len(q) - 1)
        drawn.append(int(free[at]))
        free = np.delete(free, at)
    return np.array(drawn)
