"""Samples of a frame, each unit with its probability, its weight and what stands in for it.

Every draw takes rows in the order of the frame and random numbers by ``rng.random()`` alone: from
a ``FrozenFrame`` (``frozen.table`` and ``frozen.rng("centres")``) it can be repeated by anyone.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from measurement.sampling.allocation import ALLOCATIONS, allocate
from measurement.sampling.pps import draw_with, inclusion_probabilities


@dataclass(frozen=True)
class Draw:
    """What was drawn.

    ``units``: the drawn rows of the frame in its order, and of each: order (of drawing, 1, 2 … in
    its stratum), probability, weight (1 / probability), certainty (probability 1, whatever the
    draw), stratum_size (units, or clusters, that the stratum has in the frame: the fpc of
    ``SurveyDesign``) and, of two stages, cluster_size (units of the cluster in the frame: the fpc
    of the second stage) and probability_cluster.
    ``reserves``: order of use in each stratum (1, 2 …) with the rows (or stratum and cluster)
    that take the place of a drawn one that cannot be had. A reserve's own chance depends on how
    often that happens, so it takes the weight of what it replaces, and the report says how many.
    ``allocation``: one row per stratum (index): size, n.
    """

    units: pd.DataFrame
    reserves: pd.DataFrame = field(default_factory=pd.DataFrame)
    allocation: pd.DataFrame = field(default_factory=pd.DataFrame)
    method: str = ""


def stratified(
    frame: pd.DataFrame,
    strata: str | list[str],
    n: int | Mapping[Hashable, int],
    rng: np.random.Generator,
    allocation: str = "proportional",
    spread: Mapping[Hashable, float] | None = None,
    reserves: int = 0,
) -> Draw:
    """A simple random sample without return in each stratum, with ``reserves`` more in order.

    ``n``: units of each stratum (name → number; with several columns the name is a tuple), or of
    all together, split by ``allocation`` (see ``allocate``; "neyman" needs ``spread``). Each unit
    gets one random number; the lowest of a stratum are drawn, the next are its reserves.
    probability = n_h / N_h.
    """
    groups, sizes = _strata(frame, strata)
    wanted = _wanted(n, sizes, allocation, spread)
    rank = _rank(groups, rng.random(len(frame)))
    asked = wanted.to_numpy()[groups]
    size = sizes.to_numpy()[groups]
    probability = np.divide(asked, size, where=asked > 0, out=np.ones(len(frame)))
    units = _units(frame, rank < asked, probability, rank + 1, stratum_size=size)
    standing_by = (rank >= asked) & (rank < asked + reserves)
    extra = frame[standing_by].assign(order=(rank - asked + 1)[standing_by])
    method = f"stratified, {'n per stratum' if isinstance(n, Mapping) else allocation}"
    return Draw(units, _ordered(extra, strata), _table(sizes, wanted), method)


def systematic(
    frame: pd.DataFrame, n: int, rng: np.random.Generator, size: str | None = None
) -> Draw:
    """Every k-th unit in the order of the frame from a random start, k = N / n (not rounded).

    With ``size``, a column, steps are along its running sum, so the chance of a unit is
    proportional to its size (``pps`` with method "systematic"). Sort the frame first by what should
    be spread evenly. From one start no unbiased variance exists: estimates treat it as random.
    """
    if size is not None:
        return pps(frame, size, n, rng, "systematic")
    return _by_probability(frame, np.ones(len(frame)), n, rng, "systematic")


def pps(
    frame: pd.DataFrame,
    size: str,
    n: int,
    rng: np.random.Generator,
    method: str = "systematic",
    reserves: int = 0,
) -> Draw:
    """n units with probability proportional to the column ``size``, without return.

    Units larger than Σx/n are certain (probability 1, weight 1), the rest share what is left (see
    ``inclusion_probabilities``); ``method`` as ``draw_with`` has it. Each certain unit is a
    stratum of its own when a variance is made. Reserves are drawn from what is left, one at a time
    with chance proportional to size. Size zero is refused: such a unit could never be drawn.
    """
    return _by_probability(frame, frame[size].to_numpy(dtype=float), n, rng, method, reserves)


def two_stage(  # noqa: PLR0913 — a draw is stated in one sentence
    frame: pd.DataFrame,
    strata: str | list[str],
    clusters: str,
    n: int | Mapping[Hashable, int],
    units: int,
    rng: np.random.Generator,
    *,
    allocation: str = "proportional",
    size: str | None = None,
    reserves: int = 0,
) -> Draw:
    """Clusters (centres) within strata, then up to ``units`` rows (rooms) within each cluster.

    ``frame``: one row per unit of the second stage, with columns of its stratum and its cluster.
    ``n``: clusters, as in ``stratified``. First stage: a simple random sample, or by Sampford's
    method with probability proportional to the column ``size`` (the same in all rows of a
    cluster); with size = rooms and a fixed number of them every room has nearly the same weight.
    Second stage: a simple random sample of min(units, M) of the cluster's M rows.
    probability = probability_cluster · min(units, M) / M. ``reserves``: clusters per stratum.
    Source: Cochran (1977), Sampling Techniques, chapters 9A and 11.
    """
    if units < 1:
        raise ValueError("At least one unit must be drawn in each cluster.")
    heads = _heads(frame, strata, clusters, size)
    groups, sizes = _strata(heads, strata)
    wanted = _wanted(n, sizes, allocation, None)
    if size is None:
        first = stratified(heads, strata, dict(wanted), rng, reserves=reserves)
        chosen, extra = first.units, first.reserves
    else:
        parts = [
            _by_probability(part, part[size].to_numpy(dtype=float), k, rng, "sampford", reserves)
            for part, k in ((heads[groups == h], k) for h, k in enumerate(wanted) if k > 0)
        ]
        chosen = pd.concat([part.units for part in parts])
        extra = pd.concat([part.reserves for part in parts])
    of_row = pd.factorize(frame[clusters])[0]
    rank = _rank(of_row, rng.random(len(frame)))
    chosen = chosen.set_index(clusters)
    cluster = frame[clusters]
    there = heads.set_index(clusters)["cluster_size"].reindex(cluster).to_numpy()
    taken = np.minimum(units, there)
    first_stage = chosen["probability"].reindex(cluster).to_numpy()
    drawn = ~np.isnan(first_stage) & (rank < taken)
    found = _units(
        frame,
        drawn,
        np.where(drawn, first_stage, 1.0) * taken / there,
        chosen["order"].reindex(cluster).fillna(0).astype("int64").to_numpy(),
        stratum_size=sizes.to_numpy()[_strata(frame, strata)[0]],
        cluster_size=there,
    ).assign(probability_cluster=first_stage[drawn])
    kept = extra.drop(columns=["cluster_size"], errors="ignore")
    how = "simple random" if size is None else f"proportional to {size}, Sampford"
    method = f"two stages: clusters {how}, then up to {units} units"
    return Draw(found, _ordered(kept, strata), _table(sizes, wanted), method)


def _by_probability(
    frame: pd.DataFrame,
    size: np.ndarray,
    n: int,
    rng: np.random.Generator,
    method: str,
    reserves: int = 0,
) -> Draw:
    probability = inclusion_probabilities(size, n)
    drawn = np.zeros(len(frame), dtype=bool)
    drawn[draw_with(probability, method, rng)] = True
    units = _units(frame, drawn, probability, np.cumsum(drawn), stratum_size=len(frame))
    # The lowest of −log(u)/size come first: one at a time, each with chance ∝ size.
    wait = -np.log1p(-rng.random(len(frame))) / size
    rest = np.flatnonzero(~drawn)
    queue = rest[np.argsort(wait[rest], kind="stable")][:reserves]
    extra = frame.iloc[queue].assign(order=np.arange(1, len(queue) + 1))
    return Draw(units, extra, pd.DataFrame({"size": [len(frame)], "n": [n]}), method)


def _units(
    frame: pd.DataFrame,
    drawn: np.ndarray,
    probability: np.ndarray,
    order: np.ndarray,
    **sizes: np.ndarray | int,
) -> pd.DataFrame:
    added = {
        "order": order,
        "probability": probability,
        "weight": 1 / probability,
        "certainty": probability == 1,
        **sizes,
    }
    taken = [name for name in added if name in frame.columns]
    if taken:
        raise ValueError(f"The draw adds columns that the frame already has: {', '.join(taken)}.")
    return frame.assign(**added)[drawn]


def _strata(frame: pd.DataFrame, strata: str | list[str]) -> tuple[np.ndarray, pd.Series]:
    """Stratum number of each row, and rows per stratum, strata sorted."""
    if len(frame) == 0:
        raise ValueError("The frame is empty: there is nothing to draw from.")
    if frame[strata].isna().to_numpy().any():
        raise ValueError("Every unit of the frame needs its stratum.")
    groups = frame.groupby(strata, sort=True, observed=True)
    return groups.ngroup().to_numpy(), groups.size()


def _wanted(
    n: int | Mapping[Hashable, int],
    sizes: pd.Series,
    allocation: str,
    spread: Mapping[Hashable, float] | None,
) -> pd.Series:
    """Units to draw in each stratum."""
    if not isinstance(n, Mapping):
        if allocation not in ALLOCATIONS:
            raise ValueError(f"An allocation is one of: {', '.join(ALLOCATIONS)}.")
        return allocate(sizes, n, allocation, spread)
    unknown = [name for name in n if name not in sizes.index]
    if unknown:
        raise ValueError(f"The frame has no stratum {unknown[0]}.")
    wanted = pd.Series({name: int(n.get(name, 0)) for name in sizes.index}, name="n")
    if (wanted < 0).any() or (wanted.to_numpy() > sizes.to_numpy()).any():
        raise ValueError("From a stratum no fewer than 0 and no more than all can be drawn.")
    return wanted


def _rank(groups: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Place of each row in its group by key, from 0; ties go by the order of the frame."""
    order = np.lexsort((keys, groups))
    sizes = np.bincount(groups)
    starts = np.cumsum(sizes) - sizes
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = np.arange(len(groups)) - starts[groups[order]]
    return rank


def _heads(
    frame: pd.DataFrame, strata: str | list[str], clusters: str, size: str | None
) -> pd.DataFrame:
    """One row per cluster, in the order in which the frame first names it."""
    shared = [*([strata] if isinstance(strata, str) else strata), *([size] if size else [])]
    if frame[clusters].isna().any():
        raise ValueError("Every unit of the frame needs its cluster.")
    heads = frame.drop_duplicates(subset=[clusters, *shared])[[clusters, *shared]]
    if heads[clusters].duplicated().any():
        raise ValueError("All units of a cluster must be in one stratum and state one size.")
    return heads.assign(cluster_size=frame[clusters].value_counts().reindex(heads[clusters]).array)


def _ordered(extra: pd.DataFrame, strata: str | list[str]) -> pd.DataFrame:
    names = [strata] if isinstance(strata, str) else strata
    return extra.sort_values([*names, "order"], kind="stable")


def _table(sizes: pd.Series, wanted: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"size": sizes, "n": wanted})
