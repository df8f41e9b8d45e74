"""Quantiles of a population, with Woodruff's interval."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from measurement.estimates import Estimate, Reason, tail
from measurement.sampling.estimation.design import SurveyDesign, Values
from measurement.sampling.estimation.means import SurveyEstimate, survey_mean


def survey_quantiles(
    y: Values,
    design: SurveyDesign,
    at: Sequence[float] = (0.25, 0.5, 0.75),
    confidence: float = 0.95,
) -> dict[float, SurveyEstimate]:
    """Weighted quantiles: for each share p of ``at`` the lowest value with F(value) ≥ p.

    F is the weighted share of rows at or below a value; no step is interpolated. Interval: the
    linearised SE of F at the quantile gives p ± t·SE, and both ends are read off F in the same way
    (``at_boundary`` and no interval where an end leaves 0 to 1). SE = width / 2t.
    Source: Woodruff (1952), J. Am. Stat. Assoc. 47, 635–646. Checked against R survey 4.1-1's
    svyquantile (qrule "math", interval "mean") on apistrat and apiclus2: all digits.
    """
    alpha = tail(confidence)
    if any(not 0 < p < 1 for p in at):
        raise ValueError("A quantile is asked for by a share between 0 and 1, for example 0.5.")
    x = design.numbers(y)
    used = design.used(x)
    refused = design.refusal(used)
    if refused:
        return {p: SurveyEstimate(refused) for p in at}
    order = np.argsort(x[used], kind="stable")
    values, weights = x[used][order], design.weights[used][order]
    below = np.cumsum(weights) / weights.sum()
    n, clusters, df = design.counts(used)

    def inverse(p: float) -> float:
        # Cumulated weights miss a share like 1/4 by a hair: 1e-12 of slack.
        return float(values[min(np.searchsorted(below, p - 1e-12), n - 1)])

    found = {}
    method = "weighted quantile (lowest value with F >= p), Woodruff, t(units-strata)"
    for p in at:
        value = inverse(p)
        share = survey_mean(np.where(used, x <= value, np.nan), design, confidence)
        if share.estimate.low is None or share.estimate.high is None:
            reason = share.estimate.reason
            found[p] = SurveyEstimate(Estimate(value, None, None, n, clusters, reason, method))
        elif share.estimate.low <= 0 or share.estimate.high >= 1:
            estimate = Estimate(value, None, None, n, clusters, Reason.AT_BOUNDARY, method)
            found[p] = SurveyEstimate(estimate, None, df)
        else:
            low, high = inverse(share.estimate.low), inverse(share.estimate.high)
            se = float((high - low) / (2 * stats.t.isf(alpha, df)))
            estimate = Estimate(value, low, high, n, clusters, method=method)
            found[p] = SurveyEstimate(estimate, se, df)
    return found
