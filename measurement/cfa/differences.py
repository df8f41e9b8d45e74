"""Whether a stricter model fits worse than the looser one that it is part of."""

import numpy as np
from scipy import stats

from measurement.cfa.ordinal import shifted
from measurement.cfa.result import CfaFit
from measurement.cfa.solution import Solution
from measurement.cfa.weighted import WeightedSquares

Difference = tuple[float, int, float | None]
"""Chi-square of the difference, its degrees of freedom and its p."""


def plain(strict: CfaFit, loose: CfaFit) -> Difference:
    """χ²_strict − χ²_loose."""
    return _with_p(_less("chisq", strict, loose), _less("df", strict, loose))


def scaled(strict: CfaFit, loose: CfaFit) -> Difference | None:
    """(χ²_strict − χ²_loose) / c, c = (df_s·c_s − df_l·c_l) / (df_s − df_l) from the plain
    chi-squares and their scaling factors; None where c is not positive.

    Source: Satorra & Bentler (2001), Psychometrika 66, 507–514.
    """
    df = _less("df", strict, loose)
    weights = [_figure("df", own) * _figure("scaling_factor", own) for own in (strict, loose)]
    c = (weights[0] - weights[1]) / df if df else 0.0
    return _with_p(_less("chisq", strict, loose) / c, df) if c > 0 else None


def ordinal(
    strict: Solution[WeightedSquares],
    strict_fit: CfaFit,
    loose: Solution[WeightedSquares],
    loose_fit: CfaFit,
) -> Difference | None:
    """χ²_strict − χ²_loose, scaled and shifted to the mean and the variance of a chi-square.

    What strictness forbids is read from the slopes of both models.

    Source: Satorra (2000), in Heijmans et al., Innovations in multivariate statistical analysis,
    233–247; Asparouhov & Muthén (2010).
    """
    df = len(loose.theta) - len(strict.theta)
    if df <= 0:
        return None
    slopes = loose.function.every_slope(loose.theta)
    inner = np.linalg.lstsq(slopes, strict.function.every_slope(strict.theta), rcond=None)[0]
    forbidden = np.linalg.qr(inner, mode="complete")[0][:, -df:].T
    across = forbidden @ np.linalg.inv(loose.curvature)
    lost = across.T @ np.linalg.solve(across @ forbidden.T, across)
    product = lost @ loose.function.meat(loose.theta)
    c, shift = shifted(float(np.trace(product)), float(np.sum(product * product.T)), df)
    return _with_p(_less("chisq", strict_fit, loose_fit) / c + shift, df)


def _figure(name: str, own: CfaFit) -> float:
    return own.fit.get(name) or 0.0


def _less(name: str, strict: CfaFit, loose: CfaFit) -> float:
    return _figure(name, strict) - _figure(name, loose)


def _with_p(chisq: float, df: float) -> Difference:
    # Of two models that fit alike the difference is a rounding error, and means 0.
    return chisq, int(df), float(stats.chi2.sf(max(chisq, 0.0), df)) if df > 0 else None
