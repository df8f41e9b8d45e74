"""What a factor analysis found: parameters, fit, reliability of each factor."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from measurement.cfa.fit import Fit, nothing
from measurement.cfa.model import FACTOR, LOADING, Layout
from measurement.cfa.specification import Specification
from measurement.estimates import Reason

ESTIMATE_COLUMNS = ["lhs", "op", "rhs", "est", "se", "z", "p", "std", "std_se"]
SCALED = {
    name: f"{name}_scaled"
    for name in ("chisq", "p_value", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "p_close")
}
ROBUST = SCALED | {
    "cfi": "cfi_robust",
    "tli": "tli_robust",
    "rmsea": "rmsea_robust",
    "rmsea_low": "rmsea_low_robust",
    "rmsea_high": "rmsea_high_robust",
}
RELIABILITY_COLUMNS = ["factor", "omega", "ave"]


@dataclass(frozen=True)
class CfaFit:
    """A confirmatory factor analysis of ``k`` items on ``n`` complete rows of ``n_total``.

    ``estimates``: lhs, op, rhs (=~ loading, ~~ variance or covariance, ~1 intercept or factor
    mean, | threshold, ~*~ scale), est, se (0 where fixed), z, p, std (items and factors with
    variance 1), std_se; with several groups also group. ``reliability``: factor, omega (congeneric
    composite of its items, McDonald 1999), ave (mean variance extracted, Fornell & Larcker 1981),
    for ordinal items of the responses beneath the categories. ``fit``: see the estimator; None
    where there is none. ``reason`` is empty when all is fine. With ``improper_solution`` numbers
    stand beside it (a variance is negative: do not read them as they are); with any other reason
    there are none.
    """

    n: int
    n_total: int
    k: int
    estimates: pd.DataFrame
    fit: Fit
    estimator: str
    reason: str = ""
    converged: bool = False
    reliability: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=RELIABILITY_COLUMNS)
    )

    @property
    def headline(self) -> Fit:
        """The figures to read under their plain names: as they are for "ML"; for "MLR" the scaled
        chi-square and the robust indices; for ordered steps the scaled ones."""
        named = {"ML": {}, "MLR": ROBUST}.get(self.estimator, SCALED)
        return self.fit | {plain: self.fit.get(name) for plain, name in named.items()}

    @classmethod
    def insufficient(cls, reason: str, n: int, n_total: int, k: int, estimator: str) -> "CfaFit":
        return cls(
            n,
            n_total,
            k,
            pd.DataFrame(columns=ESTIMATE_COLUMNS),
            nothing(),
            estimator,
            Reason(reason),
        )


def estimate_table(
    specification: Specification,
    theta: np.ndarray,
    covariance: np.ndarray,
    groups: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """The parameter table; ``covariance``: of the free parameters. Standardised values get their
    standard errors by the delta method, their slopes by a complex step (exact to rounding)."""
    layout, values = specification.layout, specification.values(theta)
    tables = []
    for g, own_values in enumerate(values):
        numbers, picks = specification.own(g)
        own = covariance[np.ix_(numbers, numbers)]
        step = 1e-30
        std = layout.standardised(own_values)
        slopes = np.column_stack(
            [layout.standardised(own_values + 1j * step * pick).imag / step for pick in picks.T]
        )
        table = pd.DataFrame([row[:3] for row in layout.rows], columns=["lhs", "op", "rhs"])
        table["est"] = own_values
        table["se"] = np.sqrt(np.einsum("rk,kl,rl->r", picks, own, picks))
        free = table["se"] > 0
        table["z"] = (table["est"] / table["se"].where(free)).astype(float)
        table["p"] = 2 * stats.norm.sf(table["z"].abs())
        table["std"] = std
        spread = np.einsum("rk,kl,rl->r", slopes, own, slopes)
        table["std_se"] = np.sqrt(np.where(spread < 1e-24, 0.0, spread))
        if groups is not None:
            table.insert(0, "group", [groups[g]] * len(table))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def reliability(
    layout: Layout, values: np.ndarray, groups: Sequence[Hashable] | None = None
) -> pd.DataFrame:
    """Omega (Σλ)²φ / ((Σλ)²φ + Σθ) and AVE Σλ²φ / (Σλ²φ + Σθ_ii) over the items of each factor;
    Σθ has their residual covariances too. NaN where a part is negative."""
    _, items, factors = layout.at(LOADING)
    found = []
    for g, own_values in enumerate(values):
        own = layout.matrices(own_values)
        for j, name in enumerate(layout.factors):
            i = items[factors == j]
            loading, variance = own.loading[i, j], own.factor[j, j]
            error = own.residual[np.ix_(i, i)]
            common = loading.sum() ** 2 * variance
            extracted = (loading**2).sum() * variance
            proper = variance > 0 and (np.diag(error) >= 0).all() and error.sum() >= 0
            row = {
                "factor": name,
                "omega": common / (common + error.sum()) if proper else np.nan,
                "ave": extracted / (extracted + np.trace(error)) if proper else np.nan,
            }
            found.append(row if groups is None else {"group": groups[g]} | row)
    return pd.DataFrame(found)


def proper(specification: Specification, theta: np.ndarray) -> bool:
    """Whether factors and residuals have covariance matrices that data can have."""
    layout = specification.layout
    for own_values in specification.values(theta):
        own = layout.matrices(own_values)
        for matrix in (own.factor, own.residual):
            if len(matrix) and np.linalg.eigvalsh(matrix)[0] < -1e-9 * np.abs(matrix).max():
                return False
    return bool((specification.values(theta)[:, layout.variances(FACTOR)] > 0).all())
