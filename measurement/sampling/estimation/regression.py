"""Linear and logistic regression in a population, from a sample of it."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import special, stats

from measurement.estimates import Reason, tail
from measurement.sampling.estimation.design import SurveyDesign, Values
from measurement.sampling.logistic import logistic_fit

COLUMNS = ["estimate", "se", "t", "p", "low", "high"]
FAMILIES = ("linear", "logistic")


@dataclass(frozen=True)
class SurveyRegression:
    """Coefficients of a regression, or the reason why there are none.

    ``terms``: one row per term (index: "intercept", then the columns of x), estimate, se, t, p,
    low, high (log odds where logistic); empty with a reason. ``covariance``: terms × terms.
    ``df``: units − strata + 1 − terms.
    """

    n: int
    clusters: int | None
    df: int
    terms: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    covariance: pd.DataFrame = field(default_factory=pd.DataFrame)
    reason: str = ""
    method: str = ""


def survey_regression(
    y: Values,
    x: pd.DataFrame,
    design: SurveyDesign,
    family: str = "linear",
    confidence: float = 0.95,
) -> SurveyRegression:
    """Weighted regression of y on the columns of x and an intercept, linearised covariance.

    Solves Σ w·x·(y − μ) = 0 with μ = xβ or 1 / (1 + exp(−xβ)). Scores w·x·(y − μ)·A⁻¹ with
    A = Σ w·μ'·x x', and their variance under the design. Numbers enter as they are; columns of
    text become one term per category but the first. Rows with a gap are left out as a domain.
    t with units − strata + 1 − terms degrees of freedom.
    Reasons: ``not_identified`` (terms that determine each other), ``few_clusters`` (no degrees of
    freedom; terms then have no t, p or interval), and those of ``logistic_fit`` and the design.
    Source: Binder (1983), Int. Stat. Rev. 51, 279–292. Checked against R survey 4.1-1's svyglm:
    linear on apistrat to 11 digits, logistic on apistrat and apiclus2 to 8.
    """
    alpha = tail(confidence)
    if family not in FAMILIES:
        raise ValueError("A regression is linear or logistic.")
    outcome = design.numbers(y, "Outcomes")
    terms = _terms(x, design)
    used = design.used(outcome, *terms.to_numpy().T)
    n, clusters, df = design.counts(used)
    df = df + 1 - terms.shape[1]
    refused = design.refusal(used)
    if refused:
        return SurveyRegression(n, clusters, df, reason=refused.reason)
    matrix, w = terms.to_numpy()[used], design.weights[used]
    fitted = _fit(matrix, outcome[used], w, family)
    if isinstance(fitted, Reason):
        return SurveyRegression(n, clusters, df, reason=fitted)
    beta, mean, slope = fitted

    bread = np.linalg.inv((matrix * (w * slope)[:, None]).T @ matrix)
    scores = np.zeros(terms.shape)
    scores[used] = (matrix * (w * (outcome[used] - mean))[:, None]) @ bread
    covariance = design.variance(scores)
    table = pd.DataFrame({"estimate": beta}, index=terms.columns).reindex(columns=COLUMNS)
    table["se"] = np.sqrt(np.maximum(np.diag(covariance), 0))
    if df >= 1:
        table["t"] = table["estimate"] / table["se"].where(table["se"] > 0)
        table["p"] = 2 * stats.t.sf(table["t"].abs(), df)
        half = stats.t.isf(alpha, df) * table["se"]
        table["low"], table["high"] = table["estimate"] - half, table["estimate"] + half
    return SurveyRegression(
        n,
        clusters,
        df,
        table,
        pd.DataFrame(covariance, index=terms.columns, columns=terms.columns),
        "" if df >= 1 else Reason.FEW_CLUSTERS,
        f"{family} regression, Taylor-linearised, t(units-strata+1-terms)",
    )


def _fit(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, family: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | Reason:
    """Coefficients, fitted means and their slopes in xβ; or why there are none."""
    if family == "logistic":
        if not np.isin(y, (0, 1)).all():
            raise ValueError("The outcome of a logistic regression must be 0 or 1.")
        beta, reason = logistic_fit(x, y, w)
        if beta is None:
            return reason or Reason.NOT_CONVERGED
        mean = special.expit(x @ beta)
        return beta, mean, mean * (1 - mean)
    scale = np.abs(x).max(axis=0)
    if (scale == 0).any() or np.linalg.matrix_rank(x / scale) < x.shape[1]:
        return Reason.NOT_IDENTIFIED
    root = np.sqrt(w)
    beta = np.linalg.lstsq(x / scale * root[:, None], y * root, rcond=None)[0] / scale
    return beta, x @ beta, np.ones(len(y))


def _terms(x: pd.DataFrame, design: SurveyDesign) -> pd.DataFrame:
    """Intercept and terms as numbers; NaN where a row has a gap."""
    if len(x) != len(design.weights):
        raise ValueError("The columns of x must have one entry for each weight of the design.")
    parts = [pd.Series(1.0, index=x.index, name="intercept")]
    for name, column in x.items():
        if pd.api.types.is_numeric_dtype(column):
            parts.append(column.astype(float).rename(str(name)))
            continue
        known = column.notna()
        dummies = pd.get_dummies(column, prefix=str(name), dtype=float).iloc[:, 1:]
        parts += [dummies[term].where(known) for term in dummies]
    terms = pd.concat(parts, axis=1).reset_index(drop=True)
    if np.isinf(terms.to_numpy()).any():
        raise ValueError("Terms of a regression must be finite numbers, or missing.")
    return terms
