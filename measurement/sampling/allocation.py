"""How many units to draw from each stratum."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

ALLOCATIONS = ("proportional", "neyman", "equal")
# Two units are the least from which a stratum has a standard error (own).
MINIMUM_PER_STRATUM = 2


def allocate(
    sizes: Mapping[Hashable, int] | pd.Series,
    n: int,
    how: str = "proportional",
    spread: Mapping[Hashable, float] | pd.Series | None = None,
    minimum: int = MINIMUM_PER_STRATUM,
    measure: Mapping[Hashable, float] | pd.Series | None = None,
) -> pd.Series:
    """Splits ``n`` among strata of ``sizes`` units, in whole numbers that add to n exactly.

    Shares: "proportional" to the units (or to ``measure``, say children), "equal", or "neyman":
    units × ``spread``, the standard deviation in the stratum. Each stratum gets at least
    ``minimum`` units and at most all it has (both where it has fewer); what that takes or gives is
    shared among the others in the same proportion. Then largest remainders: all rounded down,
    what is left goes to the largest remainders, the earlier stratum first where two are equal.
    Source: Neyman (1934), J. R. Stat. Soc. 97, 558–625; Cochran (1977), Sampling Techniques, §5.
    Returns whole numbers by stratum.
    """
    if how not in ALLOCATIONS:
        raise ValueError(f"An allocation is one of: {', '.join(ALLOCATIONS)}.")
    have = pd.Series(sizes).astype("int64")
    if (have < 1).any():
        raise ValueError("Every stratum must have at least one unit.")
    if how == "neyman" and spread is None:
        raise ValueError("The allocation neyman needs the spread of each stratum.")
    weight = {
        "proportional": have if measure is None else measure,
        "equal": pd.Series(1.0, index=have.index),
        "neyman": spread,
    }[how]
    share = pd.Series(weight).reindex(have.index).to_numpy(dtype=float)
    if not np.isfinite(share).all() or (share < 0).any():
        raise ValueError("Every stratum needs a spread or measure that is not negative.")
    most = have.to_numpy(dtype=float)
    if how == "neyman":
        share = share * most
    least = np.minimum(minimum, most)
    if n != int(n) or not least.sum() <= n <= most.sum():
        raise ValueError(
            f"A sample of {n} is not possible: the strata need at least {int(least.sum())} units"
            f" and have {int(most.sum())}."
        )
    exact = _within(share, n, least, most)
    whole = np.floor(exact + 1e-9)
    order = np.argsort(-np.round(exact - whole, 9), kind="stable")
    whole[order[: int(n - whole.sum())]] += 1
    return pd.Series(whole.astype("int64"), index=have.index, name="n")


def _within(share: np.ndarray, n: int, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """n in proportion to ``share``, where no part leaves its bounds.

    Whatever side is out of bounds by more in sum is fixed at its bounds first: then the other side
    can only come closer, and no part is fixed wrongly.
    """
    found, free = np.zeros(len(share)), np.ones(len(share), dtype=bool)
    while free.any():
        left = n - found[~free].sum()
        weight = share[free] if share[free].sum() > 0 else most[free]
        part = left * weight / weight.sum()
        short, over = np.maximum(least[free] - part, 0), np.maximum(part - most[free], 0)
        out = np.zeros(len(part), dtype=bool)
        if short.sum() >= over.sum():
            out |= short > 0
        if over.sum() >= short.sum():
            out |= over > 0
        found[free] = np.where(out, np.where(short > 0, least[free], most[free]), part)
        if not out.any():
            break
        free[np.flatnonzero(free)[out]] = False
    return found
