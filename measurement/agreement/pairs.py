"""Do two observers of the same things say the same?"""

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from measurement.agreement.categories import Categories, coded
from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS, cluster_mean, share

Values = Sequence[float] | np.ndarray | pd.Series
Labels = Sequence[Hashable] | np.ndarray | pd.Series
Groups = Sequence[Hashable] | np.ndarray | pd.Series | None
KappaWeights = Literal["none", "linear", "quadratic"]

MINIMUM_PAIRS = 10


def exact_agreement(
    first: Values,
    second: Values,
    clusters: Groups = None,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Estimate:
    """Share of pairs in which two observers give the same value; see ``within``."""
    return within(first, second, 0, clusters, confidence, minimum_clusters)


def within(
    first: Values,
    second: Values,
    k: float = 1,
    clusters: Groups = None,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Estimate:
    """Share of pairs with |first − second| ≤ k, over the pairs that both observers rated.

    Interval: Wilson when pairs are independent; with ``clusters`` (say, the session of each pair)
    cluster-robust on the logit, which keeps it within 0 and 1, and none where all clusters agree
    equally often. On a 0–3 scale "within one" comes near 90 % without any skill: show exact
    agreement and kappa beside it.
    """
    if k < 0:
        raise ValueError("The distance within which two ratings agree cannot be negative.")
    x, y, groups = pairs_of(first, second, clusters)
    if len(x) == 0:
        return Estimate.insufficient(Reason.NO_OVERLAP, 0)
    agree = np.abs(x - y) <= k
    if groups is None:
        return share(int(agree.sum()), len(agree), confidence)
    return cluster_mean(agree.astype(float), groups, confidence, minimum_clusters, highest=1)


def quadratic_kappa(
    first: Values,
    second: Values,
    clusters: Groups = None,
    confidence: float = 0.95,
    minimum_pairs: int = MINIMUM_PAIRS,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Estimate:
    """Cohen's kappa of two observers with quadratic weights.

    κ = 1 − D/E, D the mean squared difference of the pairs and E its expectation if the observers
    were independent, s²_x + s²_y + (x̄ − ȳ)² with divisor n. It needs no list of categories: values
    are the categories, and their distances count (recode to 1, 2, 3 … for equal steps).
    Interval: κ ± z·SE with the large-sample SE of Fleiss, Cohen & Everitt, here as the mean square
    of each pair's influence; with ``clusters`` influences are summed within clusters first and
    z becomes t(G−1). Not clamped. Perfect agreement has no spread of influences: κ = 1 without
    interval. An observer who always gives the same value makes κ 0 whatever the other gives:
    insufficient.
    Source: Cohen (1968), Psychol. Bull. 70, 213–220; Fleiss, Cohen & Everitt (1969), Psychol.
    Bull. 72, 323–327. Checked: value against R irr's kappa2 (anxiety data) to the 7 digits
    printed and scikit-learn to 12; SE against the matrix formula of 1969 to 12 digits, and that
    formula against a SAS printout to its 4 digits (both printouts as statsmodels' tests keep them).
    """
    tail(confidence)
    x, y, groups = pairs_of(first, second, clusters)
    reason = _nothing_to_say(x, y, minimum_pairs)
    if reason:
        return Estimate.insufficient(reason, len(x))
    apart = (x - y) ** 2
    from_x, from_y = y.var() + (x - y.mean()) ** 2, x.var() + (y - x.mean()) ** 2
    return _kappa("quadratic kappa", apart, from_x, from_y, groups, confidence, minimum_clusters)


def cohen_kappa(  # noqa: PLR0913 — the arguments of quadratic_kappa, and what the labels mean
    first: Labels,
    second: Labels,
    weights: KappaWeights = "none",
    categories: Categories = None,
    *,
    clusters: Groups = None,
    confidence: float = 0.95,
    minimum_pairs: int = MINIMUM_PAIRS,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Estimate:
    """Cohen's kappa of two observers, of numbers or words, None or NaN where missing.

    κ = 1 − D/E, D the mean distance of the pairs and E its expectation if the observers were
    independent. Distance: "none" 1 for any difference, "linear" |x − y|, "quadratic" (x − y)².
    Numbers stand at their values, as in ``quadratic_kappa``; words at the places 1, 2, 3 … that
    ``categories`` gives them, which they need for weights. Interval and ends as there.
    Source: Cohen (1960), Educ. Psychol. Meas. 20, 37–46; Cohen (1968), Psychol. Bull. 70, 213–220;
    Fleiss, Cohen & Everitt (1969), Psychol. Bull. 72, 323–327. Checked: value and SE against
    statsmodels 0.15 for the three distances to 12 digits, and against the SAS printout with linear
    weights that its tests keep to 4.
    """
    if weights not in ("none", "linear", "quadratic"):
        raise ValueError("The weights must be none, linear or quadratic.")
    tail(confidence)
    both = coded(_two_lists(first, second), categories)
    if weights != "none" and both.values is None:
        raise ValueError("Weights between words need `categories`: the words in their order.")
    x, y = np.where(both.codes < 0, np.nan, both.codes).T
    i, j, groups = pairs_of(x, y, clusters)
    reason = _nothing_to_say(i, j, minimum_pairs)
    if reason:
        return Estimate.insufficient(reason, len(i))
    i, j, places = i.astype(int), j.astype(int), both.values
    if weights == "none" or places is None:
        distance = 1 - np.eye(len(both.levels))
    else:
        distance = np.abs(places[:, None] - places) ** (1 if weights == "linear" else 2)
    p, q = (np.bincount(codes, minlength=len(distance)) / len(i) for codes in (i, j))
    name = "kappa" if weights == "none" else f"{weights} kappa"
    return _kappa(
        name,
        distance[i, j],
        (distance @ q)[i],
        (distance @ p)[j],
        groups,
        confidence,
        minimum_clusters,
    )


def side_by_side(
    first: Values,
    second: Values,
    clusters: Groups = None,
    weights: KappaWeights = "quadratic",
    confidence: float = 0.95,
) -> dict[str, Estimate]:
    """ "exact", "within_one" and "kappa" of two observers, which belong together.

    90 % agreement can come with a kappa of −.05, where nearly everything gets one value; and a
    kappa of .6 with many small differences. None of the three is to be shown alone.
    """
    return {
        "exact": exact_agreement(first, second, clusters, confidence),
        "within_one": within(first, second, 1, clusters, confidence),
        "kappa": cohen_kappa(first, second, weights, clusters=clusters, confidence=confidence),
    }


def agreement_table(
    pairs: pd.DataFrame, weights: KappaWeights = "quadratic", confidence: float = 0.95
) -> pd.DataFrame:
    """``side_by_side`` for each item.

    ``pairs``: item, first, second and, if pairs come in groups, cluster. Answers one row per item
    and statistic, items in their order of appearance: item, statistic ("exact", "within_one",
    "kappa"), value, low, high (NaN where there is none), n, clusters, reason, method.
    """
    rows = []
    for item, own in pairs.groupby("item", sort=False, observed=True):
        groups = own.get("cluster")
        found = side_by_side(own["first"], own["second"], groups, weights, confidence)
        rows += [
            {"item": item, "statistic": name, **estimate.as_dict()}
            for name, estimate in found.items()
        ]
    columns = ["item", "statistic", "value", "low", "high", "n", "clusters", "reason", "method"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype(dict.fromkeys(["value", "low", "high"], float))


def _nothing_to_say(x: np.ndarray, y: np.ndarray, minimum_pairs: int) -> Reason | None:
    if len(x) == 0:
        return Reason.NO_OVERLAP
    if len(x) < max(2, minimum_pairs):
        return Reason.TOO_FEW_ROWS
    return Reason.ZERO_VARIANCE if np.ptp(x) == 0 or np.ptp(y) == 0 else None


def _kappa(
    name: str,
    apart: np.ndarray,
    from_x: np.ndarray,
    from_y: np.ndarray,
    groups: np.ndarray | None,
    confidence: float,
    minimum_clusters: int,
) -> Estimate:
    """1 − D/E from each pair's distance and its two values' mean distances from the others."""
    n, observed, expected = len(apart), apart.mean(), from_x.mean()
    influence = observed * (from_x + from_y - 2 * expected) / expected**2
    influence -= (apart - observed) / expected
    kappa = 1 - observed / expected
    method, g, critical = f"{name}, FCE 1969", None, stats.norm.isf(tail(confidence))
    if groups is not None:
        codes, names = pd.factorize(groups)
        g = len(names)
        if g < max(2, minimum_clusters):
            return Estimate.insufficient(Reason.TOO_FEW_CLUSTERS, n, g)
        influence = np.sqrt(g / (g - 1)) * np.bincount(codes, influence, g)
        method = f"{name}, cluster-robust, t(G-1)"
        critical = stats.t.isf(tail(confidence), g - 1)
    if observed == 0:
        return Estimate(kappa, None, None, n, g, Reason.PERFECT_AGREEMENT, method)
    half = critical * np.sqrt((influence**2).sum()) / n
    return Estimate(kappa, kappa - half, kappa + half, n, g, method=method)


def _two_lists(first: Labels, second: Labels) -> np.ndarray:
    """One row per pair, numbers kept as numbers where both are."""
    x, y = np.asarray(first), np.asarray(second)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError("The ratings of two observers must be two lists of the same length.")
    if {x.dtype.kind, y.dtype.kind} <= set("biuf"):
        return np.column_stack([x, y])
    return np.column_stack([np.asarray(first, dtype=object), np.asarray(second, dtype=object)])


def pairs_of(
    first: Values, second: Values, clusters: Groups
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """The pairs that both observers rated, and the cluster of each."""
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError("The ratings of two observers must be two lists of the same length.")
    if np.isinf(x).any() or np.isinf(y).any():
        raise ValueError("Ratings must be finite numbers, or missing.")
    kept = ~(np.isnan(x) | np.isnan(y))
    if clusters is None:
        return x[kept], y[kept], None
    groups = np.asarray(clusters)
    if len(groups) != len(x):
        raise ValueError("Clusters must have one entry for each pair of ratings.")
    if pd.isna(groups[kept]).any():
        raise ValueError("Every pair of ratings needs the cluster that it belongs to.")
    return x[kept], y[kept], groups[kept]
