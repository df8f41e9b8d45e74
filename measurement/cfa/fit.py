"""How well a model fits: indices that all estimators share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

Fit = dict[str, float | None]

FIT_KEYS = (
    "chisq", "df", "p_value", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "p_close",
    "srmr", "npar", "logl", "aic", "bic", "baseline_chisq", "baseline_df",
)  # fmt: skip
"""What every fit has; None where an estimator does not give it or there is nothing to test."""

CLOSE = 0.05


def nothing() -> Fit:
    return dict.fromkeys(FIT_KEYS)


def noncentrality(
    chisq: np.ndarray | float, df: np.ndarray | float, probability: float
) -> np.ndarray:
    """The λ at which P(χ²(df, λ) ≤ chisq) = probability; 0 where even λ = 0 gives less.

    Broadcasts; λ to about 14 digits, also where chisq is in the millions.
    """
    chisq, df = np.broadcast_arrays(np.asarray(chisq, float), np.asarray(df, float))
    found = np.zeros(chisq.shape)
    inside = special.chdtr(df, np.maximum(chisq, 0)) > probability
    found[inside] = special.chndtrinc(chisq[inside], df[inside], probability)
    return found


def rmsea(chisq: float, df: float, n: int, groups: int = 1, scale: float = 1.0) -> float:
    """√(c · max(χ² − df, 0) / (df·N)) · √G.

    N rows of G groups (Steiger 1998); c 1, or a scaling factor for the robust form.
    """
    return float(np.sqrt(scale * max(chisq - df, 0) / (df * n) * groups))


def rmsea_interval(
    chisq: float, df: float, n: int, groups: int = 1, scale: float = 1.0, confidence: float = 0.9
) -> tuple[float, float]:
    """Ends of RMSEA's interval, from the noncentral chi-squares that make this one extreme.

    Source: Browne & Cudeck (1992), Sociol. Methods Res. 21, 230–258.
    """
    tail = (1 - confidence) / 2
    low, high = (noncentrality(chisq, df, p) for p in (1 - tail, tail))
    ends = np.sqrt(scale * np.array([low, high]) / (df * n) * groups)
    return float(ends[0]), float(ends[1])


def p_close(chisq: float, df: float, n: int, groups: int = 1) -> float:
    """Probability of such a chi-square or a larger one if RMSEA were .05."""
    return 1 - float(special.chndtr(max(chisq, 0.0), df, n * df * CLOSE**2 / groups))


def cfi(chisq: float, df: float, baseline: float, baseline_df: float) -> float | None:
    """1 − max(χ² − df, 0) / max(χ² − df, χ²_b − df_b, 0). Source: Bentler (1990), Psychol. Bull.
    107, 238–246."""
    most = max(chisq - df, baseline - baseline_df, 0)
    return None if most == 0 else 1 - max(chisq - df, 0) / most


def tli(chisq: float, df: float, baseline: float, baseline_df: float) -> float | None:
    """(χ²_b/df_b − χ²/df) / (χ²_b/df_b − 1). Not clamped: it can leave 0–1. Source: Tucker &
    Lewis (1973), Psychometrika 38, 1–10."""
    ratio = baseline / baseline_df
    return None if ratio == 1 else (ratio - chisq / df) / (ratio - 1)


@dataclass(frozen=True)
class ChiSquares:
    """Of a model and of the baseline in which no two items go together, on n rows of groups."""

    chisq: float
    df: int
    baseline: float
    baseline_df: int
    n: int
    groups: int = 1

    def indices(self) -> Fit:
        """Chi-square with its p, CFI, TLI, RMSEA with its 90 % interval and p of close fit.

        Without degrees of freedom a model fits any data: only the chi-squares then, the rest None.
        """
        own = (self.chisq, self.df)
        both = (*own, self.baseline, self.baseline_df)
        found: Fit = dict(zip(("chisq", "df", "baseline_chisq", "baseline_df"), both, strict=True))
        if self.df == 0:
            return found
        low, high = rmsea_interval(*own, self.n, self.groups)
        return found | {
            "p_value": float(stats.chi2.sf(*own)),
            "cfi": cfi(*both),
            "tli": tli(*both),
            "rmsea": rmsea(*own, self.n, self.groups),
            "rmsea_low": low,
            "rmsea_high": high,
            "p_close": p_close(*own, self.n, self.groups),
        }


def suffixed(found: Fit, suffix: str) -> Fit:
    return {f"{key}_{suffix}": value for key, value in found.items()}


def srmr(residuals: Sequence[np.ndarray], sizes: Sequence[int]) -> float:
    """√(mean squared standardised residual) of each group, averaged by its rows.

    ``residuals``: for each group the distinct (s − σ)/√(s_ii s_jj) that count.
    Source: Bentler (1995), EQS program manual.
    """
    each = [float(np.sqrt((own**2).mean())) for own in residuals]
    return float(np.average(each, weights=sizes))
