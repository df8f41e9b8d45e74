"""Differential item functioning by logistic regression, for items of one or more steps."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Reason, tail
from measurement.irt.dif.comparison import MINIMUM_GROUP, Comparison, Matching, comparisons, table
from measurement.irt.dif.ordinal import CumulativeLogit, cumulative_logit

COLUMNS = [
    "item", "group", "reference", "n_reference", "n_focal", "log_odds", "log_low", "log_high",
    "chi2_uniform", "p_uniform", "chi2_nonuniform", "p_nonuniform", "chi2", "df", "p", "p_holm",
    "p_bh", "r2_uniform", "r2_nonuniform", "r2", "class", "reason",
]  # fmt: skip


def logistic_dif(
    data: pd.DataFrame,
    group: pd.Series,
    reference: Hashable | None = None,
    matching: Matching = "total",
    purify: bool = False,
    minimum_group: int = MINIMUM_GROUP,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Does an item depend on the group once the score is known, everywhere alike or not?

    Three proportional-odds models, logit P(X ≥ k) = d_k + βs, + γg, + δsg, with s the matching
    value and g = 1 in the focal group, compared by likelihood ratio. Arguments as in
    ``mantel_haenszel``; a row per item and group with log_odds (γ of the second model; below 0:
    harder for the focal group) and interval; chi2_uniform (1 df, γ), chi2_nonuniform (1 df, δ) and
    chi2 on 2 df with their p; p_holm and p_bh of the last over all rows; r2_uniform, r2_nonuniform
    and r2: gains of Nagelkerke's R² by γ, δ and both. class (Jodoin & Gierl): A if p ≥ .05 or
    r2 < .035, C if r2 ≥ .070, else B. reason: as there; "perfect_separation" where a model has
    no finite maximum.
    Source: Swaminathan & Rogers (1990), J. Educ. Meas. 27, 361–370; Zumbo (1999), Handbook on DIF;
    Jodoin & Gierl (2001), Appl. Meas. Educ. 14, 329–349; Nagelkerke (1991), Biometrika 78,
    691–692. Checked against R ordinal's clm and glm: see ``docs/measurement/dif.md``.
    """
    critical = float(stats.norm.isf(tail(confidence)))

    def row(comparison: Comparison, item: int) -> dict[str, Any]:
        return _row(*comparison.counts(item), critical)

    found = table(data, comparisons(data, group, reference, matching), row, purify, minimum_group)
    return found.reindex(columns=COLUMNS)


def _row(values: np.ndarray, counts: np.ndarray, critical: float) -> dict[str, Any]:
    """``counts``: matching values × (reference, focal) × codes."""
    rows = counts.sum(axis=(1, 2))
    mean = rows @ values / rows.sum()
    sd = np.sqrt(rows @ (values - mean) ** 2 / rows.sum())
    if not sd > 0:
        return {"reason": Reason.ZERO_VARIANCE}
    score, focal = np.repeat((values - mean) / sd, 2), np.tile([0.0, 1.0], len(values))
    cells = counts.reshape(-1, counts.shape[2]).T.astype(float)
    cells = cells[cells.sum(axis=1) > 0]
    columns = np.column_stack([score, focal, score * focal])
    found: list[CumulativeLogit] = []
    for width in (1, 2, 3):
        model = cumulative_logit(cells, columns[:, :width], found[-1] if found else None)
        if model is None:
            return {"reason": Reason.PERFECT_SEPARATION}
        found.append(model)
    alone, uniform, full = found
    given = cells.sum(axis=1)
    nothing = float((given * np.log(given / given.sum())).sum())
    n = cells.sum()

    def nagelkerke(loglik: float) -> float:
        return float(np.expm1(2 * (nothing - loglik) / n) / np.expm1(2 * nothing / n))

    base, middle, top = (nagelkerke(m.loglik) for m in (alone, uniform, full))
    chi2_uniform = max(0.0, 2 * (uniform.loglik - alone.loglik))
    chi2_nonuniform = max(0.0, 2 * (full.loglik - uniform.loglik))
    chi2 = chi2_uniform + chi2_nonuniform
    p, r2 = float(stats.chi2.sf(chi2, 2)), top - base
    effect, half = uniform.slopes[1], critical * uniform.se[1]
    return {
        "log_odds": effect,
        "log_low": effect - half,
        "log_high": effect + half,
        "chi2_uniform": chi2_uniform,
        "p_uniform": float(stats.chi2.sf(chi2_uniform, 1)),
        "chi2_nonuniform": chi2_nonuniform,
        "p_nonuniform": float(stats.chi2.sf(chi2_nonuniform, 1)),
        "chi2": chi2,
        "df": 2,
        "p": p,
        "r2_uniform": middle - base,
        "r2_nonuniform": top - middle,
        "r2": r2,
        "class": "A" if p >= 0.05 or r2 < 0.035 else "B" if r2 < 0.070 else "C",
    }
