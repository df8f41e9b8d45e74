"""Shares, the safety index with its bands, and means of grouped data."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

import numpy as np
import pandas as pd
from scipy import special, stats

from measurement.estimates import Estimate, Reason, tail

MINIMUM_CLUSTERS = 10
ANSWERS = ("yes", "no", "not_seen")


class Band(StrEnum):
    """Bands of the safety index; see ``safety_band`` for the boundaries."""

    ALL_YES = "100"
    HIGH = "90-99"
    MIDDLE = "80-89"
    LOW = "below-80"


def share(successes: int, n: int, confidence: float = 0.95) -> Estimate:
    """Share of successes, 0 to 1, with the Wilson score interval.

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), p = successes / n. The n answers count as
    independent; for answers in groups use ``cluster_mean``.
    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209–212. Checked against the four examples of
    Newcombe (1998), Stat. Med. 17, 857–872, table I, method 3, to the 4 decimals printed.
    """
    alpha = tail(confidence)
    if successes != int(successes) or n != int(n) or not 0 <= successes <= n:
        raise ValueError("A share needs whole numbers with 0 ≤ successes ≤ n.")
    if n == 0:
        return Estimate.insufficient(Reason.TOO_FEW_ROWS, 0)
    p, z = successes / n, stats.norm.isf(alpha)
    centre = p + z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    # At the ends the formula gives 0 or 1 exactly; floating point would miss it by a hair.
    low = 0.0 if successes == 0 else (centre - half) / scale
    high = 1.0 if successes == n else (centre + half) / scale
    return Estimate(p, low, high, n, method="wilson")


def safety_index(answers: Iterable[str], confidence: float = 0.95) -> Estimate:
    """Safety index of answers spelt "yes", "no" or "not_seen": 100 × yes / (yes + no).

    What a parent did not see counts neither for nor against. See ``safety_index_of_counts``.
    """
    counts = Counter(answers)
    unknown = sorted(str(answer) for answer in counts if answer not in ANSWERS)
    if unknown:
        raise ValueError(f"Answers must be yes, no or not_seen; these are not: {unknown[:5]}.")
    return safety_index_of_counts(counts["yes"], counts["no"], confidence)


def safety_index_of_counts(yes: int, no: int, confidence: float = 0.95) -> Estimate:
    """100 × yes / (yes + no), a percentage, with its Wilson interval; n = yes + no.

    Answers of one parent, and of parents in one visit, resemble each other, so this interval is
    narrow as a statement about all parents: it describes these answers.
    """
    if yes < 0 or no < 0:
        raise ValueError("Counts of yes and no cannot be negative.")
    found = share(yes, yes + no, confidence)
    if found.value is None or found.low is None or found.high is None:
        return found
    # 100 × yes / n, rather than 100 × (yes / n), so that whole percentages come out whole.
    index = 100 * yes / (yes + no)
    return Estimate(index, 100 * found.low, 100 * found.high, found.n, method="wilson")


def safety_band(yes: int, no: int) -> Band | None:
    """Band of a safety index, decided in whole numbers, never on a rounded percentage.

    "100" means that every answer is yes; "90-99" is 90 % or more with at least one no (so 99.9 %
    and 89.99… % fall on their own side); "80-89" is 80 % or more and less than 90 %; "below-80"
    is the rest. None without a yes or no.
    """
    if yes != int(yes) or no != int(no) or yes < 0 or no < 0:
        raise ValueError("Counts of yes and no must be whole numbers that are not negative.")
    if yes + no == 0:
        return None
    if no == 0:
        return Band.ALL_YES
    if 10 * yes >= 9 * (yes + no):
        return Band.HIGH
    return Band.MIDDLE if 5 * yes >= 4 * (yes + no) else Band.LOW


def percentages(counts: Sequence[int], decimals: int = 1) -> list[float]:
    """Percentages of a whole, rounded so that they add to exactly 100.

    Largest remainder (Hamilton): each share is rounded down, and the units that are left go to the
    largest remainders, the earlier count first where two are equal. All 0.0 when the counts are.
    """
    if decimals < 0 or any(count != int(count) or count < 0 for count in counts):
        raise ValueError("Percentages need whole counts and a number of decimals, none negative.")
    total, units = sum(counts), 100 * 10**decimals
    if total == 0:
        return [0.0 for _ in counts]
    exact = [Fraction(int(count) * units, int(total)) for count in counts]
    floors = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: floors[i] - exact[i])
    for i in by_remainder[: units - sum(floors)]:
        floors[i] += 1
    return [value / 10**decimals for value in floors]


def cluster_mean(
    values: Sequence[float] | np.ndarray | pd.Series,
    clusters: Sequence[Hashable] | np.ndarray | pd.Series,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
    highest: float | None = None,
) -> Estimate:
    """Mean of rows that come in clusters, with a cluster-robust interval.

    SE² = G/(G−1) · Σ_g (Σ_{i∈g} (x_i − x̄))² / n²; interval x̄ ± t(G−1) · SE. This is CR1 of an
    intercept-only regression, and the linearised SE of a mean from clusters drawn with return.
    Values between 0 and ``highest`` (percentages: 100) have the interval made on the logit of
    x̄ / highest, with SE · highest / (x̄ (highest − x̄)): it stays within the scale and leans
    towards its middle, where skewed clusters have their tail.
    Rows with a missing value are left out; fewer than ``minimum_clusters`` clusters (own default
    10; never below 2) is insufficient. Clusters that are all alike leave nothing to estimate an
    SE from: the mean comes without interval.
    Source: Liang & Zeger (1986), Biometrika 73, 13–22; Cameron & Miller (2015), J. Hum. Resour.
    50, 317–372; for the logit Korn & Graubard (1998), Surv. Methodol. 24, 193–201. Checked
    against the identity sd(cluster means)/√G for equal clusters to 12 digits, and by simulated
    coverage.
    """
    alpha = tail(confidence)
    x = np.asarray(values, dtype=float)
    group = pd.Series(np.asarray(clusters))
    if x.ndim != 1 or len(x) != len(group):
        raise ValueError("Values and clusters must be two lists of the same length.")
    if np.isinf(x).any():
        raise ValueError("Values must be finite numbers, or missing.")
    if group.isna().any():
        raise ValueError("Every value needs the cluster that it belongs to.")
    kept = ~np.isnan(x)
    x, n = x[kept], int(kept.sum())
    codes, names = pd.factorize(group[kept])
    g = len(names)
    if n == 0:
        return Estimate.insufficient(Reason.ALL_MISSING if len(kept) else Reason.TOO_FEW_ROWS, 0, 0)
    if g < max(2, minimum_clusters):
        return Estimate.insufficient(Reason.TOO_FEW_CLUSTERS, n, g)
    if highest is not None and ((x < 0) | (x > highest)).any():
        raise ValueError(f"Values must lie between 0 and {highest}.")
    mean, method = x.mean(), "mean, CR1, t(G-1)"
    sums = np.bincount(codes, x - mean, g)
    if np.abs(sums).max() <= 1e-12 * np.abs(x).sum():
        return Estimate(mean, None, None, n, g, Reason.CLUSTERS_ALIKE, method)
    half = stats.t.isf(alpha, g - 1) * np.sqrt(g / (g - 1) * (sums**2).sum()) / n
    if highest is None:
        return Estimate(mean, mean - half, mean + half, n, g, method=method)
    middle, half = special.logit(mean / highest), half * highest / (mean * (highest - mean))
    low, high = highest * special.expit(middle - half), highest * special.expit(middle + half)
    return Estimate(mean, low, high, n, g, method=f"{method} on the logit")


def described_mean(
    values: Sequence[float] | np.ndarray | pd.Series,
    clusters: Sequence[Hashable] | np.ndarray | pd.Series,
    highest: float | None = None,
) -> Estimate:
    """``cluster_mean`` for a page that describes a place: few clusters still have their mean.

    Below the number from which an interval can be trusted the mean stands without one, as what
    was seen there and no more. Never compare such means.
    """
    found = cluster_mean(values, clusters, highest=highest)
    if found.reason != Reason.TOO_FEW_CLUSTERS:
        return found
    seen = np.nanmean(np.asarray(values, dtype=float))
    return Estimate(seen, None, None, found.n, found.clusters, Reason.FEW_CLUSTERS, "mean")
