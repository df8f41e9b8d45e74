"""Regression whose standard errors allow for rows that come in clusters, also few of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.evaluation.clustered import (
    INTERCEPT,
    Design,
    Labels,
    Rows,
    Vector,
    contributions,
    design,
    rows,
)

COLUMNS = ["name", "estimate", "se", "df", "low", "high", "p"]
VARIANCES = ("CR0", "CR1", "CR1S", "CR2")
__all__ = ["INTERCEPT", "Regression", "Wald", "fit", "wald"]


@dataclass(frozen=True)
class Moments:
    """What the small-sample degrees of freedom need, by coefficient (k) and cluster (G).

    cov(z_ag, z_bh) = [g = h] · own[a, b, g] + factors[a, g] @ core @ factors[b, h] under the
    working model, z_ag what cluster g adds to the error of coefficient a.
    """

    own: np.ndarray  # (k, k, G)
    factors: np.ndarray  # (k, G, f)
    core: np.ndarray  # (f, f)


@dataclass(frozen=True)
class Regression:
    """Coefficients with cluster-robust standard errors.

    ``coefficients``: one row per column of the design, COLUMNS (p is two-sided); empty with a
    ``reason`` where nothing can be estimated; se, df, interval and p are NaN where nothing is left
    to make them from (no residual, or with CR2 a column that lives in one cluster, where less
    than half of its variance could be seen). ``dropped``: columns that others (or absorbed
    effects) already hold. ``covariance``: of the coefficients, in their order. ``r_squared``: of
    what nested absorbed effects leave.
    """

    coefficients: pd.DataFrame
    n: int
    clusters: int
    variance: str
    dropped: tuple[str, ...] = ()
    reason: str = ""
    covariance: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    r_squared: float = np.nan
    residual_df: int = 0
    moments: Moments | None = field(default=None, repr=False)

    def estimate(self, name: str) -> Estimate:
        """One coefficient with its interval, or why there is none."""
        found = self.coefficients[self.coefficients["name"] == name]
        if found.empty:
            reason = Reason.NOT_IDENTIFIED if name in self.dropped else self.reason
            if not reason:
                raise ValueError(f"The model has no column {name}.")
            return Estimate.insufficient(reason, self.n, self.clusters)
        row, method = found.iloc[0], f"least squares, {self.variance}, t"
        if not np.isfinite(row["low"]):
            reason = self.reason or Reason.FEW_CLUSTERS
            return Estimate(row["estimate"], None, None, self.n, self.clusters, reason, method)
        ends = (row["estimate"], row["low"], row["high"])
        return Estimate(*ends, self.n, self.clusters, method=f"{method}({row['df']:.1f})")


@dataclass(frozen=True)
class Wald:
    """A joint test that several coefficients are zero: F with its degrees of freedom and p."""

    statistic: float
    df1: int
    df2: float
    p: float


def fit(
    y: Vector,
    x: pd.DataFrame,
    clusters: Labels,
    absorb: pd.DataFrame | pd.Series | None = None,
    weights: Vector | None = None,
    variance: str = "CR2",
    confidence: float = 0.95,
) -> Regression:
    """(Weighted) least squares of y on the columns of ``x``, with cluster-robust variance.

    V = M (Σ_g X_g' W_g A_g e_g e_g' A_g W_g X_g) M, M = (X'WX)⁻¹. CR0: A = I. CR1: times G/(G−1).
    CR1S (Stata's): times G(N−1) / ((G−1)(N−K)), K with every absorbed effect. CR2: A_g the
    symmetric square root of the (pseudo-)inverse of the g-th block of (I−H)(I−H)', so that V is
    unbiased when errors are independent with equal variance, also in weighted fits (this is the
    working model of R clubSandwich for ``lm``). Intervals: t with G−1 degrees of freedom; with
    CR2 the Satterthwaite ones of Bell & McCaffrey, 2 E(V)² / Var(V) under the working model.
    A constant (INTERCEPT) is added where nothing is absorbed and ``x`` does not hold one (a column
    that never changes, or indicators of every group).
    ``absorb``: one column per set of fixed effects. Those nested in clusters are taken out within
    clusters, the others enter as indicators (so let these have few levels); A_g and the degrees
    of freedom are those of the whole design with every indicator. Rows with a gap in y or x and
    rows of weight 0 are left out.
    Source: Bell & McCaffrey (2002), Surv. Methodol. 28, 169–181; Pustejovsky & Tipton (2018), J.
    Bus. Econ. Stat. 36, 672–683; Cameron & Miller (2015), J. Hum. Resour. 50, 317–372. Checked
    against R clubSandwich 0.5.8 (``coef_test`` on ``lm``), also with unbalanced clusters,
    weights and absorbed effects: SE and degrees of freedom to 10 digits.
    """
    alpha = tail(confidence)
    if variance not in VARIANCES:
        raise ValueError(f"The variance must be one of {', '.join(VARIANCES)}.")
    data = rows(y, x, clusters, absorb, weights)
    reason, found = _why_not(data), None
    if not reason:
        found = design(data, [str(name) for name in x.columns])
        if not found.names:
            reason = Reason.NOT_IDENTIFIED
        elif len(data.y) <= found.rank:
            reason = Reason.TOO_FEW_ROWS
    if reason or found is None:
        dropped = found.dropped if found else ()
        empty = pd.DataFrame(columns=COLUMNS)
        return Regression(empty, len(data.y), data.g, variance, dropped, str(reason))
    return _estimated(data, found, variance, alpha)


def _why_not(data: Rows) -> Reason | None:
    if len(data.y) == 0:
        return data.why_empty
    if data.g < 2:
        return Reason.TOO_FEW_CLUSTERS
    flat = np.ptp(data.y) <= 1e-12 * np.abs(data.y).max()
    return Reason.ZERO_VARIANCE if flat else None


def _estimated(data: Rows, found: Design, variance: str, alpha: float) -> Regression:
    u, w, n, g, k = found.u, data.w, len(data.y), data.g, len(found.names)
    bread = np.linalg.inv(u.T @ (w[:, None] * u))
    solution = bread @ (u.T @ (w * found.y))
    errors = found.y - u @ solution
    total = (w * (found.y - np.average(found.y, weights=w)) ** 2).sum()
    z, *rest = contributions(data, found, bread, errors, corrected=variance == "CR2")
    moments = Moments(*rest)
    factor = {"CR1": g / (g - 1), "CR1S": g * (n - 1) / ((g - 1) * (n - found.rank))}
    covariance = factor.get(variance, 1.0) * (z @ z.T)
    perfect = np.abs(errors).max() <= 1e-10 * np.abs(data.y).max()
    b, df = solution[:k], np.full(k, g - 1.0)
    se = np.full(k, np.nan) if perfect else np.sqrt(np.diag(covariance))
    if variance == "CR2":
        mean = np.array([_expected(moments, a, a) for a in range(k)])
        spread = np.array([_spread(moments, a, a) for a in range(k)])
        # A column that lives in one cluster fits it: CR2 would miss most of its variance.
        alone = mean < 0.5 * np.diag(moments.core)[:k]
        df = 2 * mean**2 / np.where(alone, np.nan, spread)
        se = np.where(alone, np.nan, se)
    # Errors of a column that cancel in every cluster leave nothing to make an interval from.
    usual = np.sqrt(np.diag(moments.core)[:k] * (errors**2).mean())
    se = np.where(se > 1e-7 * usual, se, np.nan)
    half = stats.t.isf(alpha, df) * se
    p = 2 * stats.t.sf(np.abs(b / se), df)
    columns = (list(found.names), b, se, df, b - half, b + half, p)
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return Regression(
        table,
        n,
        g,
        variance,
        found.dropped,
        str(Reason.CLUSTERS_ALIKE) if perfect else "",
        covariance,
        r_squared=float(1 - (w * errors**2).sum() / total) if total > 0 else np.nan,
        residual_df=n - found.rank,
        moments=moments,
    )


def wald(regression: Regression, names: Sequence[str]) -> Wald | None:
    """Joint test that the named coefficients are zero; None where one of them has no variance.

    Q = b'V⁻¹b. CR2: the approximate Hotelling T² of Tipton & Pustejovsky (2015), J. Educ. Behav.
    Stat. 40, 604–634: (η − q + 1) / (ηq) · Q on F(q, η − q + 1), η matching the total variance
    of V (their "HTZ"). Otherwise Q/q on F(q, G−1). Checked against R clubSandwich 0.5.8
    (``Wald_test``) to 10 digits.
    """
    known = list(regression.coefficients["name"])
    if regression.reason or not set(names) <= set(known) or not names:
        return None
    at, q = [known.index(name) for name in names], len(names)
    b = regression.coefficients["estimate"].to_numpy(dtype=float)[at]
    v = regression.covariance[np.ix_(at, at)]
    with_error = regression.coefficients["se"].notna().to_numpy()[at]
    if not with_error.all() or np.linalg.matrix_rank(v, hermitian=True) < q:
        return None
    statistic, df2 = b @ np.linalg.solve(v, b) / q, regression.clusters - 1.0
    if regression.variance == "CR2" and regression.moments is not None:
        eta = _eta(regression.moments, at)
        if eta is None or eta <= q - 1:
            return None
        df2 = eta - q + 1
        statistic *= df2 / eta
    return Wald(float(statistic), q, float(df2), float(stats.f.sf(statistic, q, df2)))


def _eta(moments: Moments, at: list[int]) -> float | None:
    """q(q+1) / Σ Var(d_ab), d the variance estimate scaled to have the identity as its mean."""
    own, factors = moments.own[np.ix_(at, at)], moments.factors[at]
    q = len(at)
    plain = Moments(own, factors, moments.core)
    mean = np.array([[_expected(plain, a, b) for b in range(q)] for a in range(q)])
    if np.linalg.eigvalsh(mean)[0] <= 1e-12 * np.trace(mean):
        return None
    root = np.linalg.inv(np.linalg.cholesky(mean))
    scaled = Moments(
        np.einsum("ia,abg,jb->ijg", root, own, root),
        np.einsum("ia,agf->igf", root, factors),
        moments.core,
    )
    return q * (q + 1) / sum(_spread(scaled, a, b) for a in range(q) for b in range(q))


def _expected(m: Moments, a: int, b: int) -> float:
    """Mean of the (a, b) entry of the variance estimate: Σ_g cov(z_ag, z_bg)."""
    return float(m.own[a, b].sum() + ((m.factors[a] @ m.core) * m.factors[b]).sum())


def _spread(m: Moments, a: int, b: int) -> float:
    """Variance of that entry, over all pairs of clusters g, h the sum of
    cov(z_ag, z_ah) cov(z_bg, z_bh) + cov(z_ag, z_bh) cov(z_bg, z_ah).

    Each is diagonal plus low rank, so no G × G table is made.
    """
    fa, fb, core = m.factors[a], m.factors[b], m.core
    diagonal = {
        (i, j): ((m.factors[i] @ core) * m.factors[j]).sum(axis=1)
        for i, j in {(a, a), (b, b), (a, b)}
    }
    straight = (m.own[a, a] * m.own[b, b]).sum()
    straight += (m.own[a, a] * diagonal[b, b] + m.own[b, b] * diagonal[a, a]).sum()
    straight += np.trace(core @ (fa.T @ fb) @ core @ (fb.T @ fa))
    crossed = (m.own[a, b] ** 2 + 2 * m.own[a, b] * diagonal[a, b]).sum()
    crossed += np.trace(core @ (fb.T @ fa) @ core @ (fb.T @ fa))
    return float(straight + crossed)
