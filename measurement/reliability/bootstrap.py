"""Alpha of rows in clusters, from sums within clusters: a bootstrap is one matrix product."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS
from measurement.reliability import covariance as of
from measurement.reliability.sums import Missing, PairSums, numbers, pair_sums
from measurement.resampling import cluster_weights


@dataclass(frozen=True)
class AlphaSums:
    """Sums of each cluster (leading axis of ``sums``); ``clusters`` names them in that order."""

    items: list[Hashable]
    clusters: np.ndarray
    sums: PairSums
    missing: Missing
    rows: int


def alpha_partials(
    frame: pd.DataFrame,
    clusters: Sequence[Hashable] | np.ndarray | pd.Series,
    missing: Missing = "listwise",
) -> AlphaSums:
    """Per cluster: how many rows, Σx and Σxxᵀ of the items; everything alpha needs.

    ``frame``: rows × items, NaN where missing; ``clusters``: the cluster of each row. Listwise
    takes the rows with every item, pairwise keeps the sums of each pair. Raw sums add up over
    partitions (``combine``) to the same digits for whole numbers.
    """
    data, groups = numbers(frame), np.asarray(clusters)
    if missing not in ("listwise", "pairwise"):
        raise ValueError("Missing ratings are dealt with listwise or pairwise.")
    if groups.shape != (len(data),):
        raise ValueError("Clusters must have one entry for each row of items.")
    if pd.isna(groups).any():
        raise ValueError("Every row needs the cluster that it belongs to.")
    least = data.shape[1] if missing == "listwise" else min(2, data.shape[1])
    kept = (~np.isnan(data)).sum(axis=1) >= least
    codes, names = pd.factorize(groups[kept], sort=True)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    blocks = np.split(data[kept][order], ends[:-1]) if len(names) else []
    return AlphaSums(
        list(frame.columns),
        np.asarray(names),
        _stacked([pair_sums(block, missing) for block in blocks], data.shape[1], missing),
        missing,
        int(kept.sum()),
    )


def combine(parts: Sequence[AlphaSums]) -> AlphaSums:
    """The sums of several partitions as one; a cluster that is in two of them is added up."""
    if not parts:
        raise ValueError("There must be at least one partition to combine.")
    first = parts[0]
    if any((part.items, part.missing) != (first.items, first.missing) for part in parts):
        raise ValueError("Partitions to combine need the same items and the same rule for gaps.")
    codes, names = pd.factorize(np.concatenate([part.clusters for part in parts]), sort=True)

    def added(name: str) -> np.ndarray:
        each = np.concatenate([getattr(part.sums, name) for part in parts])
        total = np.zeros((len(names), *each.shape[1:]))
        np.add.at(total, codes, each)
        return total

    sums = PairSums(added("n"), added("first"), added("products"))
    rows = sum(part.rows for part in parts)
    return AlphaSums(first.items, np.asarray(names), sums, first.missing, rows)


def alpha_from_sums(partials: AlphaSums) -> Estimate:
    """Cronbach's alpha of all clusters together, without interval; equals ``cronbach_alpha``."""
    g, rows = len(partials.clusters), partials.rows
    if len(partials.items) < 2:
        return Estimate.insufficient(Reason.TOO_FEW_ITEMS, rows, g)
    if rows < 3:
        return Estimate.insufficient(Reason.TOO_FEW_ROWS, rows, g)
    total = _weighted(partials, np.ones((1, g)))
    if total.n.min() < 3:
        return Estimate.insufficient(Reason.NO_OVERLAP, rows, g)
    covariance = _blunt(total)[0]
    if not of.sum_varies(covariance):
        return Estimate.insufficient(Reason.ZERO_VARIANCE, rows, g)
    method = f"alpha {partials.missing}, from sums"
    return Estimate(float(of.alpha(covariance)), None, None, rows, g, method=method)


def alpha_bootstrap(
    partials: AlphaSums,
    rng: np.random.Generator,
    resamples: int = 1000,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Estimate:
    """Alpha with an interval for rows in clusters: whole clusters are drawn with return.

    Interval: 1 − (1−α)·exp(±t·SE), SE the standard deviation over resamples of log(1 − α), whose
    distribution is near normal (Bonett), t with G−1 degrees of freedom. None where resamples do not
    differ (``clusters_alike``) or some have no alpha (``few_clusters``).
    Source: Field & Welsh (2007), J. R. Stat. Soc. B 69, 369–390; Bonett (2002), J. Educ. Behav.
    Stat. 27, 335–340.
    """
    probability = tail(confidence)
    found = alpha_from_sums(partials)
    g, rows = len(partials.clusters), partials.rows
    if found.value is None:
        return found
    if g < max(2, minimum_clusters):
        return Estimate.insufficient(Reason.TOO_FEW_CLUSTERS, rows, g)
    if 1 - found.value < of.BLUR:
        return Estimate(1.0, None, None, rows, g, Reason.PERFECT_AGREEMENT, found.method)
    drawn = _weighted(partials, cluster_weights(rng, g, resamples))
    reason = Reason.FEW_CLUSTERS
    if drawn.n.min() > 1:
        covariance = _blunt(drawn)
        spare = 1 - of.alpha(covariance[of.sum_varies(covariance)])
        if len(spare) == resamples and spare.min() > of.BLUR:
            se = np.log(spare).std(ddof=1) if resamples > 1 else 0.0
            reason = Reason.CLUSTERS_ALIKE
            if se > of.BLUR:
                factor = np.exp(stats.t.isf(probability, g - 1) * se)
                low, high = 1 - (1 - found.value) * factor, 1 - (1 - found.value) / factor
                method = f"alpha {partials.missing}, cluster bootstrap of log(1-alpha), t(G-1)"
                return Estimate(found.value, low, high, rows, g, method=method)
    return Estimate(found.value, None, None, rows, g, reason, found.method)


def _stacked(each: list[PairSums], k: int, missing: Missing) -> PairSums:
    if not each:
        empty = pair_sums(np.empty((0, k)), missing)
        return PairSums(empty.n[None][:0], empty.first[None][:0], empty.products[None][:0])
    return PairSums(
        np.stack([one.n for one in each]),
        np.stack([one.first for one in each]),
        np.stack([one.products for one in each]),
    )


def _weighted(partials: AlphaSums, weights: np.ndarray) -> PairSums:
    """The sums of each resample: weights (resamples × clusters) times sums, as one product."""

    def product(each: np.ndarray) -> np.ndarray:
        return (weights @ each.reshape(len(each), -1)).reshape(len(weights), *each.shape[1:])

    sums = partials.sums
    return PairSums(product(sums.n), product(sums.first), product(sums.products))


def _blunt(sums: PairSums) -> np.ndarray:
    """Covariances; a variance that is only what raw sums lose to floating point becomes 0."""
    covariance = sums.covariance()
    scale = (
        np.einsum("...ii->...i", sums.products) / sums.n.max(axis=(-1, -2), keepdims=True)[..., 0]
    )
    lost = np.einsum("...ii->...i", covariance) < of.BLUR * scale
    covariance[lost[..., :, None] | lost[..., None, :]] = 0
    return covariance
