"""Does a score stay where nothing changed, and move where something did?"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from measurement.agreement import MINIMUM_TARGETS, icc
from measurement.criterion.influence import Groups, Values, complete, half_width, varies
from measurement.estimates import Estimate, Reason, tail
from measurement.indicators import MINIMUM_CLUSTERS, share

RETEST_FORMS = ("ICC(2,1)", "ICC(3,1)")
VERDICTS = ("improved", "no_reliable_change", "worse")


@dataclass(frozen=True)
class TestRetest:
    """Stability of a score over two times.

    ``sem``: standard error of measurement, in units of the score. ``smallest_change``: smallest
    detectable change of one unit, z·√2·SEM. ``shift``: mean of second − first.
    """

    icc: Estimate
    sem: Estimate
    smallest_change: Estimate
    shift: Estimate

    __test__ = False  # pytest takes names that begin with Test for tests


def test_retest(
    first: Values,
    second: Values,
    form: str = "ICC(2,1)",  # noqa: PT028 — a statistic, not a test
    confidence: float = 0.95,  # noqa: PT028 — likewise
) -> TestRetest:
    """ICC of two times, standard error of measurement and smallest detectable change.

    ``form``: ICC(2,1), where a shift of all counts as error: SEM = √(Σd²/2n), which is
    √(σ²_occasions + σ²_residual); or ICC(3,1), where it does not: SEM = s_d/√2. d are the
    differences. SDC = z·√2·SEM: a change of one unit below it may be noise alone. Intervals:
    chi-square, for ICC(2,1) with Satterthwaite degrees of freedom. Rows need both scores.
    Source: de Vet, Terwee, Knol & Bouter (2006), J. Clin. Epidemiol. 59, 1033–1039; Weir (2005),
    J. Strength Cond. Res. 19, 231–240. Checked against the mean squares of Shrout & Fleiss's
    table (two observers) by hand; ICC see ``agreement.icc``.
    """
    alpha = tail(confidence)
    if form not in RETEST_FORMS:
        raise ValueError("Stability over time is ICC(2,1) or ICC(3,1).")
    (x, y), _, _ = complete(first, second)
    ratings = pd.DataFrame({"first": np.asarray(first), "second": np.asarray(second)}, dtype=float)
    stability = icc(ratings, confidence)[form]
    n, d = len(x), y - x
    if n < MINIMUM_TARGETS:
        nothing = Estimate.insufficient(stability.reason or Reason.TOO_FEW_ROWS, n)
        return TestRetest(stability, nothing, nothing, nothing)
    residual, shift = d.var(ddof=1) / 2, n * d.mean() ** 2 / 2
    variance, df = residual, float(n - 1)
    if form == "ICC(2,1)":
        parts = shift / n, residual * (n - 1) / n
        variance = sum(parts)
        df = variance**2 / (parts[0] ** 2 + parts[1] ** 2 / (n - 1)) if variance else df
    sem, z = np.sqrt(variance), stats.norm.isf(alpha)
    method = f"SEM of {form}, chi-square({df:.1f})"
    if not varies(x) or not varies(y):
        nothing = Estimate.insufficient(Reason.ZERO_VARIANCE, n)
        return TestRetest(stability, nothing, nothing, _mean(d, None, alpha))
    if variance == 0:
        same = Estimate(0, None, None, n, None, Reason.PERFECT_AGREEMENT, method)
        return TestRetest(stability, same, same, _mean(d, None, alpha))
    ends = [
        float(np.sqrt(df * variance / stats.chi2.isf(tail_, df))) for tail_ in (alpha, 1 - alpha)
    ]
    found = [
        Estimate(by * sem, by * ends[0], by * ends[1], n, method=name)
        for by, name in ((1, method), (z * np.sqrt(2), f"SDC from {method}"))
    ]
    return TestRetest(stability, found[0], found[1], _mean(d, None, alpha))


test_retest.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test


@dataclass(frozen=True)
class Responsiveness:
    """Mean change measured in standard deviations: of the change, of the first score, and of the
    change of units that should not have changed (``not_recorded`` where none are known)."""

    standardized_response_mean: Estimate
    effect_size: Estimate
    guyatt: Estimate
    change: Estimate


def responsiveness(
    first: Values,
    second: Values,
    stable: Values | None = None,
    clusters: Groups = None,
    confidence: float = 0.95,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Responsiveness:
    """Does the score move where it should? Of the units that should have changed:

    SRM = d̄ / s_d, effect size = d̄ / s_first, Guyatt's = d̄ / s_d of the stable units, d = second −
    first, s with n − 1. ``stable``: true for units that were not to change; they are left out of
    d̄. Intervals: value ± t·SE from the influence of each row, summed within ``clusters``; they do
    not assume normal scores. A group chosen because it was low moves by itself (regression to the
    mean): no index of it says anything about a programme.
    Source: Liang, Fossel & Larson (1990), Med. Care 28, 632–642; Kazis, Anderson & Meenan (1989),
    Med. Care 27, S178–S189; Guyatt, Walter & Norman (1987), J. Chronic Dis. 40, 171–178. Checked
    against the formulas and the delta-method SE of normal scores, and by simulated coverage.
    """
    alpha = tail(confidence)
    still = np.zeros(len(np.asarray(first))) if stable is None else stable
    (x, y, flag), groups, kept = complete(
        first, second, np.asarray(still, dtype=float), clusters=clusters
    )
    if not np.isin(flag, (0, 1)).all():
        raise ValueError("Whether a unit was to stay stable must be true or false.")
    moved = flag == 0
    d, own = (y - x)[moved], None if groups is None else groups[moved]
    n, g = len(d), None if own is None else len(pd.unique(own))
    reason = None
    if len(kept) and n == 0:
        reason = Reason.NO_OVERLAP
    elif n < MINIMUM_TARGETS:
        reason = Reason.TOO_FEW_ROWS
    elif g is not None and g < max(2, minimum_clusters):
        reason = Reason.TOO_FEW_CLUSTERS
    if reason:
        nothing = Estimate.insufficient(reason, n, g)
        return Responsiveness(nothing, nothing, nothing, nothing)
    return Responsiveness(
        _standardized(d, d, own, alpha, "SRM"),
        _standardized(d, x[moved], own, alpha, "effect size"),
        _guyatt(y - x, moved, groups, alpha) if stable is not None else _unrecorded(n, g),
        _mean(d, own, alpha),
    )


@dataclass(frozen=True)
class ReliableChange:
    """Change of each unit against the noise of its two scores.

    ``units``: one row per pair given, with its index: first, second, change, index (RCI), verdict
    (improved, no_reliable_change, worse; missing where a score is). ``shares`` of the verdicts.
    ``smallest_change``: what is beyond noise. ``by_chance``: share expected on each side if nobody
    changed. ``regression``: how far the mean would move by itself, (1 − reliability) · (mean of
    the population − mean of the first scores); ``not_recorded`` without a population mean.
    ``warning``: "regression_to_the_mean" where the first scores lie so far from the population
    that they look chosen, "population_unknown" where that cannot be told, else "".
    """

    units: pd.DataFrame
    smallest_change: float | None = None
    shares: dict[str, Estimate] = field(default_factory=dict)
    by_chance: float | None = None
    regression: Estimate = field(default=Estimate.insufficient(Reason.NOT_RECORDED, 0))
    warning: str = ""
    reason: str = ""


def reliable_change_index(
    first: Values,
    second: Values,
    reliability: float,
    sd: float | None = None,
    population_mean: float | None = None,
    higher_is_better: bool = True,
    confidence: float = 0.95,
) -> ReliableChange:
    """Did this unit change by more than noise? RCI = (second − first) / (s √2 √(1 − reliability)).

    ``sd``: standard deviation of the score in the population (None: of the first scores).
    |RCI| > z is a reliable change; on the border it is none. If nobody changed, (1 − confidence)/2
    of the units would still land on each side. Units chosen for low scores rise by themselves:
    read ``regression`` and ``warning`` before any share.
    Source: Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59, 12–19. Checked by
    hand: s 7.5, reliability .80, 32.5 → 47.5 give S_diff 4.74 and RC 3.16.
    """
    alpha = tail(confidence)
    if not 0 <= reliability <= 1:
        raise ValueError("A reliability must lie between 0 and 1.")
    (x, _), _, kept = complete(first, second)
    index = first.index if isinstance(first, pd.Series) else pd.RangeIndex(len(kept))
    units = pd.DataFrame(
        {"first": np.asarray(first, float), "second": np.asarray(second, float)}, index=index
    )
    units["change"] = units["second"] - units["first"]
    n, spread = len(x), sd
    if spread is None and n >= MINIMUM_TARGETS:
        spread = float(x.std(ddof=1))
    if spread is None or n == 0:
        return ReliableChange(units, reason=Reason.TOO_FEW_ROWS)
    noise = spread * np.sqrt(2) * np.sqrt(1 - reliability)
    if noise <= 0:
        return ReliableChange(units, reason=Reason.ZERO_VARIANCE)
    z = stats.norm.isf(alpha)
    units["index"] = units["change"] / noise
    better = units["index"] if higher_is_better else -units["index"]
    verdict = np.select([better > z, better < -z], [VERDICTS[0], VERDICTS[2]], VERDICTS[1])
    units["verdict"] = pd.Series(verdict, index=index, dtype=object).where(kept)
    counts = units["verdict"].value_counts()
    shares = {name: share(int(counts.get(name, 0)), n, confidence) for name in VERDICTS}
    regression, warning = _unrecorded(n, None), "population_unknown"
    if population_mean is not None:
        away = population_mean - x.mean()
        regression = Estimate(
            (1 - reliability) * away, None, None, n, method="expected regression to the mean"
        )
        chosen = abs(away) > z * spread / np.sqrt(n)
        warning = "regression_to_the_mean" if chosen else ""
    return ReliableChange(units, float(z * noise), shares, alpha, regression, warning)


def _mean(values: np.ndarray, groups: np.ndarray | None, alpha: float) -> Estimate:
    mean, n, g = values.mean(), len(values), None if groups is None else len(pd.unique(groups))
    half = half_width(values - mean, groups, alpha)
    if not varies(values):
        return Estimate(mean, None, None, n, g, Reason.ZERO_VARIANCE, "mean change, t")
    return Estimate(mean, mean - half, mean + half, n, g, method="mean change, t")


def _standardized(
    d: np.ndarray, by: np.ndarray, groups: np.ndarray | None, alpha: float, name: str
) -> Estimate:
    """d̄ / s, with influence (d − d̄)/s − (value/2)·((b − b̄)²/s² − 1)."""
    n, g = len(d), None if groups is None else len(pd.unique(groups))
    if not varies(by):
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n, g)
    s = by.std(ddof=1)
    value = d.mean() / s
    spread = (by - by.mean()) ** 2 / by.var()
    influence = (d - d.mean()) / s - value / 2 * (spread - 1)
    half = half_width(influence, groups, alpha)
    return Estimate(value, value - half, value + half, n, g, method=f"{name}, robust SE, t")


def _guyatt(d: np.ndarray, moved: np.ndarray, groups: np.ndarray | None, alpha: float) -> Estimate:
    """Mean change of those that moved / SD of change of the stable ones."""
    still = d[~moved]
    n, g = len(d), None if groups is None else len(pd.unique(groups))
    if len(still) < MINIMUM_TARGETS:
        return Estimate.insufficient(Reason.TOO_FEW_ROWS, n, g)
    if not varies(still):
        return Estimate.insufficient(Reason.ZERO_VARIANCE, n, g)
    s, mean = still.std(ddof=1), d[moved].mean()
    spread = (d - still.mean()) ** 2 / still.var()
    # Each group's influence by the share of rows that it is, so that both sum over all rows.
    influence = np.where(
        moved, (d - mean) / s / moved.mean(), -mean / s / 2 * (spread - 1) / (~moved).mean()
    )
    half = half_width(influence, groups, alpha)
    value = mean / s
    return Estimate(value, value - half, value + half, n, g, method="Guyatt, robust SE, t")


def _unrecorded(n: int, clusters: int | None) -> Estimate:
    return Estimate.insufficient(Reason.NOT_RECORDED, n, clusters)
