"""The six intraclass correlations of observers who all rated the same targets."""

import numpy as np
import pandas as pd
from scipy import stats

from measurement.agreement.categories import MINIMUM_TARGETS
from measurement.estimates import Estimate, Reason, tail


def icc(
    ratings: pd.DataFrame, confidence: float = 0.95, minimum_targets: int = MINIMUM_TARGETS
) -> dict[str, Estimate]:
    """The six intraclass correlations of Shrout & Fleiss, with F-based intervals.

    ``ratings``: one row per target, one column per observer; rows with a gap are left out
    (``n`` counts the targets used). Keys: "ICC(1,1)", "ICC(2,1)", "ICC(3,1)" for one observer,
    "ICC(1,k)", "ICC(2,k)", "ICC(3,k)" for the mean of k. (1) each target has its own observers;
    (2) observers are a sample and their severity counts as error; (3) only these observers.
    The interval of ICC(2,1) has Satterthwaite degrees of freedom; that of ICC(2,k) is its
    Spearman–Brown step-up, as in R psych (McGraw & Wong's own, as in R irr, differs).
    Negative values stay negative. ``negative_variance`` where a denominator is not positive; no
    interval where observers leave no residual to make one from.
    Source: Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428; McGraw & Wong (1996), Psychol.
    Methods 1, 30–46. Checked against R psych 2.2.9 on table 2 of 1979: values and intervals to
    11 digits.
    """
    alpha = tail(confidence)
    data = _matrix(ratings)
    n_raters = data.shape[1]
    complete = data[~np.isnan(data).any(axis=1)]
    n, k = complete.shape
    reason = None
    if n_raters < 2 or (~np.isnan(data)).any(axis=0).sum() == 1:
        reason = Reason.ONE_RATER
    elif data.size and np.isnan(data).all():
        reason = Reason.ALL_MISSING
    elif len(data) and n == 0:
        reason = Reason.NO_OVERLAP
    elif n < max(2, minimum_targets):
        reason = Reason.TOO_FEW_ROWS
    elif np.ptp(complete) == 0:
        reason = Reason.ZERO_VARIANCE
    if reason:
        return {form: Estimate.insufficient(reason, n) for form in ICC_FORMS}

    b, j, e, w = mean_squares(complete)
    one = _one_way(b, w, n - 1, n * (k - 1), k, alpha)
    three = _one_way(b, e, n - 1, (n - 1) * (k - 1), k, alpha)
    two = _two_way(b, j, e, n, k, alpha)
    values = {
        "ICC(1,1)": one,
        "ICC(2,1)": two,
        "ICC(3,1)": three,
        "ICC(1,k)": _stepped_up(one, k) if b > 0 else None,
        "ICC(2,k)": _stepped_up(two, k) if two and b + (j - e) / n > 0 else None,
        "ICC(3,k)": _stepped_up(three, k) if b > 0 else None,
    }
    return {
        form: _form(found, n, f"{form}, {n_raters} raters, F interval")
        for form, found in values.items()
    }


ICC_FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")

Triple = tuple[float, float | None, float | None]


def _form(found: Triple | None, n: int, method: str) -> Estimate:
    if found is None:
        return Estimate.insufficient(Reason.NEGATIVE_VARIANCE, n)
    value, low, high = found
    if low is not None and low == high:
        return Estimate(value, None, None, n, None, Reason.PERFECT_AGREEMENT, method)
    return Estimate(value, low, high, n, method=method)


def mean_squares(complete: np.ndarray) -> tuple[float, float, float, float]:
    """Mean squares of a full targets × observers table: between targets, between observers,
    residual, and within targets (BMS, JMS, EMS, WMS of Shrout & Fleiss)."""
    n, k = complete.shape
    grand, rows, columns = complete.mean(), complete.mean(axis=1), complete.mean(axis=0)
    residual = complete - rows[:, None] - columns[None, :] + grand
    between = k * ((rows - grand) ** 2).sum() / (n - 1)
    observers = n * ((columns - grand) ** 2).sum() / (k - 1)
    error = (residual**2).sum() / ((n - 1) * (k - 1))
    within_targets = ((complete - rows[:, None]) ** 2).sum() / (n * (k - 1))
    # Sums of squares that should be 0 come out near 1e-31: call them 0.
    tiny = 1e-20 * max(1.0, float((complete**2).mean()))
    found = [0.0 if m < tiny else float(m) for m in (between, observers, error, within_targets)]
    return found[0], found[1], found[2], found[3]


def _one_way(b: float, e: float, df1: int, df2: int, k: int, alpha: float) -> Triple | None:
    """(B − E) / (B + (k−1)E), its ends with E multiplied by each critical F."""
    if b + (k - 1) * e <= 0:
        return None
    upper_f, lower_f = stats.f.isf([alpha, 1 - alpha], df1, df2)
    value, low, high = ((b - f * e) / (b + (k - 1) * f * e) for f in (1.0, upper_f, lower_f))
    return value, low, high


def _two_way(b: float, j: float, e: float, n: int, k: int, alpha: float) -> Triple | None:
    """(B − E) / (B + (k−1)E + k(J−E)/n) with the ends of McGraw & Wong (1996), table 7."""
    denominator = b + (k - 1) * e + k * (j - e) / n
    if denominator <= 0:
        return None
    value = (b - e) / denominator
    if j == 0 and e == 0:
        return value, value, value
    observers, rest = k * value * j, (n * (1 + (k - 1) * value) - k * value) * e
    spread = (n - 1) * observers**2 + rest**2
    if spread == 0:
        return value, None, None
    v = (k - 1) * (n - 1) * (observers + rest) ** 2 / spread
    if v <= 0:
        return value, None, None
    upper_f, lower_f = stats.f.isf(alpha, n - 1, v), stats.f.isf(alpha, v, n - 1)
    noise = k * j + (k * n - k - n) * e
    low = n * (b - upper_f * e) / (upper_f * noise + n * b)
    high = n * (lower_f * b - e) / (noise + n * lower_f * b)
    return value, low, high


def _stepped_up(single: Triple | None, k: int) -> Triple | None:
    """Spearman–Brown: kr / (1 + (k−1)r) of the value and of both ends."""
    if single is None:
        return None
    ends = [
        k * r / (1 + (k - 1) * r) if r is not None and 1 + (k - 1) * r > 0 else None for r in single
    ]
    return None if ends[0] is None else (ends[0], ends[1], ends[2])


def _matrix(ratings: pd.DataFrame) -> np.ndarray:
    try:
        data = ratings.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError("Ratings must be numbers; turn letters into numbers first.") from error
    if np.isinf(data).any():
        raise ValueError("Ratings must be finite numbers, or missing.")
    return data
