"""What chance alone would have done: arms drawn again as they were drawn."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Draws:
    """Other ways in which the lot could have fallen: (draws, clusters) of 0.0 and 1.0.

    ``exact``: these are all of them, the real one among them; otherwise a sample without it.
    """

    arms: np.ndarray
    exact: bool


def draws(
    arm: np.ndarray, strata: Sequence[Hashable] | np.ndarray, rng: np.random.Generator, most: int
) -> Draws:
    """Assignments with as many treated clusters in each stratum as there were.

    All of them when they are no more than ``most``, otherwise ``most`` drawn at random.
    """
    if most < 1:
        raise ValueError("A randomisation test needs at least one draw.")
    codes = pd.factorize(np.asarray(strata))[0]
    groups = [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    treated = [int(arm[group].sum()) for group in groups]
    possible = prod(comb(len(group), k) for group, k in zip(groups, treated, strict=True))
    if possible <= most:
        arms = np.zeros((possible, len(arm)))
        choices = [
            [group[list(chosen)] for chosen in combinations(range(len(group)), k)]
            for group, k in zip(groups, treated, strict=True)
        ]
        for i, chosen in enumerate(product(*choices)):
            arms[i, np.concatenate(chosen).astype(int)] = 1.0
        return Draws(arms, True)
    arms = np.empty((most, len(arm)))
    for group in groups:
        order = rng.random((most, len(group))).argsort(axis=1)
        arms[:, group] = arm[group][order]
    return Draws(arms, False)


def differences(arms: np.ndarray, sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Mean of the treated − mean of the controls for each draw: (draws, outcomes).

    ``sums`` (clusters, outcomes) and ``counts`` (clusters, outcomes) of rows, so that all draws
    are two matrix products.
    """
    treated_n, control_n = arms @ counts, (1 - arms) @ counts
    with np.errstate(invalid="ignore", divide="ignore"):
        return (arms @ sums) / treated_n - ((1 - arms) @ sums) / control_n


def p_value(observed: float, drawn: np.ndarray, exact: bool) -> float:
    """Share of draws at least as far from 0 as what was seen.

    A sample counts what was seen among the draws, (1 + b) / (1 + B): never 0 (Phipson & Smyth
    2010, Stat. Appl. Genet. Mol. Biol. 9, 39). Draws that differ by rounding only count as equal.
    """
    drawn = drawn[np.isfinite(drawn)]
    as_far = int((np.abs(drawn) >= abs(observed) * (1 - 1e-9)).sum())
    return as_far / len(drawn) if exact else (1 + as_far) / (1 + len(drawn))
