"""How far two halves of the items agree, over all ways to halve them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason
from measurement.reliability import covariance as of
from measurement.reliability.alpha import MINIMUM_ROWS
from measurement.reliability.sums import numbers

AT_ONCE = 20_000


@dataclass(frozen=True)
class SplitHalves:
    """Split-half reliabilities of the standardised items: the best split (Guttman's λ4), the worst
    and the mean, without intervals. ``splits`` were tried; ``exhaustive``: that is all there are.
    """

    highest: Estimate
    lowest: Estimate
    mean: Estimate
    splits: int
    exhaustive: bool


def split_halves(
    items: pd.DataFrame, rng: np.random.Generator | None = None, most: int = 200_000
) -> SplitHalves:
    """Guttman's split-half reliability over all ways to halve the items, of rows with every item.

    4·Σ r_ab / ΣΣ r over items a of one half and b of the other; for an odd number of items one half
    has one more. Where there are more than ``most`` ways, ``most`` of them are drawn with ``rng``.
    Source: Guttman (1945), Psychometrika 10, 255–282 (λ4). Checked against R psych 2.2.9 on the
    attitude data: highest to 12 digits. Its lowest for an odd number of items (.7433 there) is over
    the first half of the splits only; over all 35 it is .6750.
    """
    data = numbers(items)
    complete = data[~np.isnan(data).any(axis=1)]
    n, k = complete.shape

    def without(reason: Reason) -> SplitHalves:
        no = Estimate.insufficient(reason, n)
        return SplitHalves(no, no, no, 0, False)

    if k < 2:
        return without(Reason.TOO_FEW_ITEMS)
    if len(data) and np.isnan(data).all():
        return without(Reason.ALL_MISSING)
    if n < MINIMUM_ROWS:
        return without(Reason.TOO_FEW_ROWS)
    covariance = np.cov(complete - complete.mean(axis=0), rowvar=False)
    if (np.ptp(complete, axis=0) <= of.BLUR * np.abs(complete).max()).any():
        return without(Reason.ZERO_VARIANCE)
    r = of.correlations(covariance)
    if not of.sum_varies(r):
        return without(Reason.ZERO_VARIANCE)
    ways = comb(k, k // 2) if k % 2 else comb(k - 1, k // 2)
    exhaustive = ways <= most
    if not exhaustive and rng is None:
        raise ValueError(f"There are {ways} ways to halve {k} items; give an rng to draw some.")
    low, high, added, tried = np.inf, -np.inf, 0.0, 0
    for side in _every_half(k) if exhaustive or rng is None else _some_halves(k, most, rng):
        # Signs s = ±1 give sᵀRs = ΣΣ r − 4·Σ r_ab.
        values = 1 - ((side @ r) * side).sum(axis=1) / r.sum()
        low, high = min(low, values.min()), max(high, values.max())
        added, tried = added + values.sum(), tried + len(values)
    highest, lowest, mean = (
        Estimate(value, None, None, n, method=f"split half, {name} of {tried}")
        for name, value in (("highest", high), ("lowest", low), ("mean", added / tried))
    )
    return SplitHalves(highest, lowest, mean, tried, exhaustive)


def _every_half(k: int) -> Iterator[np.ndarray]:
    """Signs of all halves, many at a time; with an even k the first item stays on one side."""
    fixed = 1 - k % 2
    every = combinations(range(fixed, k), k // 2 - fixed)
    while block := list(islice(every, AT_ONCE)):
        side = -np.ones((len(block), k))
        side[:, :fixed] = 1
        if k // 2 > fixed:
            side[np.arange(len(block))[:, None], np.array(block)] = 1
        yield side


def _some_halves(k: int, most: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    for start in range(0, most, AT_ONCE):
        order = rng.random((min(AT_ONCE, most - start), k)).argsort(axis=1)
        yield np.where(order < k // 2, 1.0, -1.0)
