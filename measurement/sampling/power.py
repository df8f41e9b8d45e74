"""How large a trial must be to see an effect, and how large an effect a trial can see."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, special, stats

from measurement.estimates import Estimate, Reason, tail

MOST_CLUSTERS = 1_000_000


@dataclass(frozen=True)
class Individuals:
    """``n`` persons or rooms in all, each drawn into a group by itself.

    In every design ``treated`` is the share that gets the programme, ``r2_1``, ``r2_2``, ``r2_3``
    the share of the variance of each level that covariates explain, ``covariates`` those of the
    level that is drawn, ``lost`` the share of persons lost from each cluster and ``lost_clusters``
    of clusters, whoever drew them.
    """

    n: float
    treated: float = 0.5
    r2_1: float = 0.0
    covariates: int = 0
    lost: float = 0.0

    @property
    def top(self) -> str:
        return "n"

    @property
    def variance(self) -> float:
        """Of the standardised effect: (1−R²) / (P(1−P) n)."""
        return (1 - self.r2_1) / (_pq(self) * self.n * (1 - self.lost))

    @property
    def df(self) -> float:
        return self.n * (1 - self.lost) - self.covariates - 2


@dataclass(frozen=True)
class TwoLevels:
    """Whole clusters drawn into groups (cra2): ``n`` persons in each of ``clusters``, ``rho`` the
    share of the variance that lies between clusters."""

    rho: float
    n: float
    clusters: float
    treated: float = 0.5
    r2_1: float = 0.0
    r2_2: float = 0.0
    covariates: int = 0
    lost: float = 0.0
    lost_clusters: float = 0.0

    @property
    def top(self) -> str:
        return "clusters"

    @property
    def variance(self) -> float:
        """[ρ(1−R₂²) + (1−ρ)(1−R₁²)/n] / (P(1−P) J)."""
        return _of_clusters(self)

    @property
    def df(self) -> float:
        return self.clusters * (1 - self.lost_clusters) - self.covariates - 2


@dataclass(frozen=True)
class ThreeLevels:
    """Whole top clusters drawn into groups (cra3): ``n`` persons in each of ``rooms`` in each of
    ``clusters``; ``rho_2`` and ``rho_3`` the shares of the variance between rooms and clusters."""

    rho_2: float
    rho_3: float
    n: float
    rooms: float
    clusters: float
    treated: float = 0.5
    r2_1: float = 0.0
    r2_2: float = 0.0
    r2_3: float = 0.0
    covariates: int = 0
    lost: float = 0.0
    lost_clusters: float = 0.0

    @property
    def top(self) -> str:
        return "clusters"

    @property
    def variance(self) -> float:
        """[ρ₃(1−R₃²) + ρ₂(1−R₂²)/J + (1−ρ₂−ρ₃)(1−R₁²)/(Jn)] / (P(1−P) K)."""
        k, n = self.clusters * (1 - self.lost_clusters), self.n * (1 - self.lost)
        top, middle = self.rho_3 * (1 - self.r2_3), self.rho_2 * (1 - self.r2_2)
        inside = (1 - self.rho_2 - self.rho_3) * (1 - self.r2_1)
        return (top + middle / self.rooms + inside / (self.rooms * n)) / (_pq(self) * k)

    @property
    def df(self) -> float:
        return self.clusters * (1 - self.lost_clusters) - self.covariates - 2


@dataclass(frozen=True)
class BlockedClusters:
    """Clusters drawn into groups within each of ``blocks`` (regions) that are the only ones of
    interest (bcra3f2): ``n`` persons in each of ``clusters`` per block; ``rho`` between clusters
    of one block."""

    rho: float
    n: float
    clusters: float
    blocks: float
    treated: float = 0.5
    r2_1: float = 0.0
    r2_2: float = 0.0
    covariates: int = 0
    lost: float = 0.0
    lost_clusters: float = 0.0

    @property
    def top(self) -> str:
        return "clusters"

    @property
    def variance(self) -> float:
        """[ρ(1−R₂²) + (1−ρ)(1−R₁²)/n] / (P(1−P) J K)."""
        return _of_clusters(self) / self.blocks

    @property
    def df(self) -> float:
        """Two groups per block: K(J−2) − covariates."""
        return self.blocks * (self.clusters * (1 - self.lost_clusters) - 2) - self.covariates


Trial = Individuals | TwoLevels | ThreeLevels | BlockedClusters


def multiplier(df: float, power: float = 0.8, alpha: float = 0.05, sides: int = 2) -> float:
    """M = t(α/sides) + t(power): how many standard errors an effect must measure to be seen.

    ``df`` may be infinite (2.80 for the defaults). Source: Bloom (1995), Eval. Rev. 19, 547–556.
    """
    _check_test(power, alpha, sides)
    return float(stats.t.isf(alpha / sides, df) + stats.t.ppf(power, df))


def mdes(
    trial: Trial,
    power: float = 0.8,
    alpha: float = 0.05,
    sides: int = 2,
    confidence: float = 0.95,
) -> Estimate:
    """Minimum detectable effect size M·SE, in standard deviations of the outcome.

    Interval: MDES ± t·SE, what an estimate of that size would have around it. ``n`` counts the
    persons and ``clusters`` the units drawn, before losses. ``few_clusters`` where no degree of
    freedom is left.
    Source: Dong & Maynard (2013), J. Res. Educ. Eff. 6, 24–67. Checked against R PowerUpR 1.1.0:
    cra2 (98 designs, with and without covariates), cra3 and bcra3f2 with intervals, to 12 digits.
    """
    alpha_half = tail(confidence)
    _check(trial)
    _check_test(power, alpha, sides)
    n, clusters = _counts(trial)
    if trial.df < 1:
        return Estimate.insufficient(Reason.FEW_CLUSTERS, n, clusters)
    se = np.sqrt(trial.variance)
    value = multiplier(trial.df, power, alpha, sides) * se
    half = stats.t.isf(alpha_half, trial.df) * se
    method = f"MDES, {type(trial).__name__}, power {power:g}, alpha {alpha:g}, {sides}-sided"
    return Estimate(value, value - half, value + half, n, clusters, method=method)


def power(
    trial: Trial, effect: float, alpha: float = 0.05, sides: int = 2, both_tails: bool = True
) -> Estimate:
    """Chance that a trial finds an effect of ``effect`` standard deviations significant.

    From the noncentral t with λ = effect / SE. A two-sided test can also be significant on the
    wrong side: ``both_tails`` counts that (R PowerUpR does, R power.t.test by default does not;
    from power .5 on they differ in the fifth digit at most).
    Checked against R PowerUpR 1.1.0 (cra2) and power.t.test, each with its own tails, to 10 digits.
    """
    _check(trial)
    _check_test(0.5, alpha, sides)
    if not np.isfinite(effect):
        raise ValueError("An effect must be a finite number of standard deviations.")
    n, clusters = _counts(trial)
    if trial.df < 1:
        return Estimate.insufficient(Reason.FEW_CLUSTERS, n, clusters)
    method = f"power, {type(trial).__name__}, noncentral t, alpha {alpha:g}, {sides}-sided"
    found = _power(trial, effect, alpha, sides, both_tails)
    return Estimate(found, None, None, n, clusters, method=method)


def clusters_needed(
    trial: Trial, effect: float, target: float = 0.8, alpha: float = 0.05, sides: int = 2
) -> Estimate:
    """Fewest clusters (persons in ``Individuals``) with which ``power`` reaches ``target``.

    The number that the trial states itself is not used. For ``BlockedClusters`` it is clusters per
    block. Whole numbers, never rounded down; for two equal groups take the next even one. PowerUpR
    solves MDES = effect and rounds, which can be one less or one more. ``not_converged`` where a
    million would not do.
    """
    _check(trial)
    _check_test(target, alpha, sides)
    if not np.isfinite(effect) or effect == 0:
        raise ValueError("No trial can be planned for an effect of zero.")

    def enough(count: int) -> bool:
        sized = replace(trial, **{trial.top: count})  # type: ignore[arg-type]  # a field by its name
        return sized.df >= 1 and _power(sized, abs(effect), alpha, sides) >= target

    method = f"smallest {trial.top} with power {target:g}, {type(trial).__name__}"
    low, high = 0, 4
    while not enough(high):
        low, high = high, 2 * high
        if high > MOST_CLUSTERS:
            return Estimate.insufficient(Reason.NOT_CONVERGED, 0)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    n, clusters = _counts(replace(trial, **{trial.top: high}))  # type: ignore[arg-type]  # likewise
    return Estimate(high, None, None, n, clusters, method=method)


def persons_per_group(
    effect: float,
    target: float = 0.8,
    alpha: float = 0.05,
    sides: int = 2,
    both_tails: bool = False,
) -> float:
    """Persons in each of two equal groups with which a t-test has the power, not rounded.

    Checked against R power.t.test, which leaves out the wrong tail unless strict, to 8 digits.
    """
    _check_test(target, alpha, sides)
    if not np.isfinite(effect) or effect == 0:
        raise ValueError("No trial can be planned for an effect of zero.")

    def short(n: float) -> float:
        return _power(Individuals(2 * n), abs(effect), alpha, sides, both_tails) - target

    most = 2.0
    while short(most) < 0 and most < MOST_CLUSTERS:
        most *= 2
    if most == 2:
        return most
    if most >= MOST_CLUSTERS:
        raise ValueError("The effect is too small: a million persons per group would not do.")
    return float(optimize.brentq(short, most / 2, most, xtol=1e-12, rtol=1e-14))


def design_effect(rho: float, n: float, cv: float = 0.0) -> float:
    """1 + ((1 + cv²) n − 1) ρ: what clusters of mean size n, coefficient of variation cv, cost.

    Source: Kish (1965), Survey Sampling, §5.4; Eldridge, Ashby & Kerry (2006), Int. J. Epidemiol.
    35, 1292–1300, for unequal sizes.
    """
    if not -1 <= rho <= 1 or n < 1 or cv < 0:
        raise ValueError("A design effect needs ρ in −1 to 1, a size of at least 1 and cv ≥ 0.")
    return 1 + ((1 + cv**2) * n - 1) * rho


def _power(trial: Trial, effect: float, alpha: float, sides: int, both_tails: bool = True) -> float:
    critical, far = stats.t.isf(alpha / sides, trial.df), effect / np.sqrt(trial.variance)
    found = special.nctdtr(trial.df, -far, -critical)
    if sides == 2 and both_tails:
        found += special.nctdtr(trial.df, far, -critical)
    return float(found)


def _pq(trial: Trial) -> float:
    return trial.treated * (1 - trial.treated)


def _of_clusters(trial: TwoLevels | BlockedClusters) -> float:
    """The variance of the effect where whole clusters are drawn, within one block."""
    j, n = trial.clusters * (1 - trial.lost_clusters), trial.n * (1 - trial.lost)
    between, inside = trial.rho * (1 - trial.r2_2), (1 - trial.rho) * (1 - trial.r2_1)
    return (between + inside / n) / (_pq(trial) * j)


def _counts(trial: Trial) -> tuple[int, int | None]:
    if isinstance(trial, Individuals):
        return round(trial.n), None
    rooms = trial.rooms if isinstance(trial, ThreeLevels) else 1
    blocks = trial.blocks if isinstance(trial, BlockedClusters) else 1
    clusters = trial.clusters * blocks
    return round(trial.n * rooms * clusters), round(clusters)


def _check(trial: Trial) -> None:
    if not 0 < trial.treated < 1:
        raise ValueError("The share that gets the programme must lie between 0 and 1.")
    shares = {name: value for name, value in vars(trial).items() if name.startswith(("r2", "lost"))}
    if any(not 0 <= value < 1 for value in shares.values()):
        raise ValueError("Explained and lost shares must be at least 0 and below 1.")
    rhos = [value for name, value in vars(trial).items() if name.startswith("rho")]
    if any(not 0 <= rho <= 1 for rho in rhos) or sum(rhos) > 1:
        raise ValueError("Shares of variance must lie between 0 and 1, also in sum.")
    sizes = [value for name, value in vars(trial).items() if name in SIZES]
    if any(not np.isfinite(size) or size <= 0 for size in sizes) or trial.covariates < 0:
        raise ValueError("A trial needs positive numbers of units, and no fewer than 0 covariates.")


SIZES = ("n", "rooms", "clusters", "blocks")


def _check_test(power: float, alpha: float, sides: int) -> None:
    if not (0 < power < 1 and 0 < alpha < 1) or sides not in (1, 2):
        raise ValueError("Power and alpha must lie between 0 and 1, and a test has 1 or 2 sides.")
