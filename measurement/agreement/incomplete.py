"""Intraclass correlations where not every observer rated every target."""

import numpy as np
import pandas as pd
from scipy import special, stats

from measurement.agreement.additive import LongRatings, additive_fit, long_ratings
from measurement.agreement.categories import MINIMUM_TARGETS
from measurement.agreement.crossed import crossed_reml
from measurement.connectivity import connected_components
from measurement.estimates import Estimate, Reason, tail

INCOMPLETE_FORMS = ("ICC(A,1)", "ICC(A,khat)", "ICC(C,1)", "ICC(C,khat)", "ICC(Q,khat)")


def icc_incomplete(
    ratings: pd.DataFrame, confidence: float = 0.95, minimum_targets: int = MINIMUM_TARGETS
) -> dict[str, Estimate]:
    """Intraclass correlations of an incomplete crossed design, by a mixed model.

    ``ratings``: target, rater, score, one row per rating; missing scores are left out. Targets,
    raters and the residual are random, their variances T, R, E by REML. Each form is
    T/(T + r·R + e·E):
    ICC(A,1) r = e = 1, any one observer, severity counting as error;
    ICC(A,khat) r = e = 1/k̂, the mean of k̂ other observers for each target;
    ICC(C,1) r = 0, e = 1, severity left aside, as if one observer rated all;
    ICC(C,khat) r = 0, e = 1/k̂, the mean of k̂ who rate all;
    ICC(Q,khat) r = q, e = 1/k̂, the means as they are here: severity counts as far as targets have
    different observers. k̂ is the harmonic mean of observers per target; q = 1/k̂ − mean over pairs
    of targets of c/(k k'), c the observers that both have: 0 in a complete design (then (A,·) are
    the REML forms of ICC(2,·) and (C,·) of ICC(3,·)), 1/k̂ where no observer sees two targets.
    Interval: on the logit of the form, from the information of the three log standard deviations
    (delta method). A variance of 0 is not stepped over: the value stands without interval,
    ``at_boundary``. Observers and targets that fall into parts which share nothing cannot be told
    apart by any model: ``observers_confounded``; so where observers share targets but never leave
    their centre. ``n`` counts targets.
    Source: ten Hove, Jorgensen & van der Ark (2022), Psychol. Methods, doi 10.1037/met0000516;
    q Putka, Le, McCloy & Diaz (2008), J. Appl. Psychol. 93, 959–981. Checked: components against
    R lme4 1.1-31 on six incomplete designs (6 × 4 to 5,000 × 200), standard deviations to 6 digits
    and restricted likelihood to 9; values on complete ratings against ``icc`` to 9 digits and one
    interval against the delta method on the mean squares to 8; coverage by simulation.
    """
    tail(confidence)
    data = long_ratings(ratings)
    n = len(data.target_names)
    reason = _nothing_to_say(data, n, minimum_targets)
    if reason is None and connected_components(data.targets, data.raters).max() > 0:
        reason = Reason.OBSERVERS_CONFOUNDED
    if reason:
        return _without(reason, n)

    additive = additive_fit(data.targets, data.raters, data.scores)
    covariance = None
    if additive.exact:
        variances = np.array(
            [additive.target_effects.var(ddof=1), additive.severities.var(ddof=1), 0]
        )
    else:
        fit = crossed_reml(data.targets, data.raters, data.scores)
        if fit is None:
            return _without(Reason.NOT_CONVERGED, n)
        if fit.covariance is None and fit.variances.min() > 0:
            return _without(Reason.NOT_IDENTIFIED, n)
        variances, covariance = fit.variances, fit.covariance
    k, q = mean_observers(data.targets, data.raters)
    parts = ((1, 1), (1 / k, 1 / k), (0, 1), (0, 1 / k), (q, 1 / k))
    method = f"REML, {len(data.rater_names)} raters, k = {k:.3g}, delta method on the logit"
    return {
        form: _form(variances, covariance, part, confidence, n, f"{form}, {method}")
        for form, part in zip(INCOMPLETE_FORMS, parts, strict=True)
    }


def mean_observers(targets: np.ndarray, raters: np.ndarray) -> tuple[float, float]:
    """k̂, the harmonic mean of observers per target, and q of ``icc_incomplete``, from codes."""
    seen = np.bincount(targets)
    n, part = len(seen), 1 / seen[targets]
    shared = (np.bincount(raters, part) ** 2).sum() - (1 / seen).sum()
    k = n / (1 / seen).sum()
    return float(k), float(1 / k - shared / (n * (n - 1)))


def _form(
    variances: np.ndarray,
    covariance: np.ndarray | None,
    part: tuple[float, float],
    confidence: float,
    n: int,
    method: str,
) -> Estimate:
    """T/(T + r·R + e·E) with the interval on its logit, log T − log(r·R + e·E)."""
    t, errors = variances[0], np.array(part) * variances[1:]
    value, noise = t / (t + errors.sum()), errors.sum()
    if covariance is None:
        perfect = variances[1:].max() <= 1e-20 * t
        reason = Reason.PERFECT_AGREEMENT if perfect else Reason.AT_BOUNDARY
        return Estimate(value, None, None, n, None, reason, method)
    gradient = 2 * np.array([1, *(-errors / noise)])
    half = stats.norm.isf(tail(confidence)) * np.sqrt(gradient @ covariance @ gradient)
    low, high = special.expit(np.log(t / noise) + half * np.array([-1, 1]))
    return Estimate(value, low, high, n, method=method)


def _nothing_to_say(data: LongRatings, n: int, minimum_targets: int) -> Reason | None:
    if n == 0:
        return Reason.ALL_MISSING if data.given else Reason.TOO_FEW_ROWS
    if len(data.rater_names) < 2:
        return Reason.ONE_RATER
    if np.bincount(data.targets).max() < 2:
        return Reason.NO_OVERLAP
    if n < max(2, minimum_targets):
        return Reason.TOO_FEW_ROWS
    return Reason.ZERO_VARIANCE if np.ptp(data.scores) == 0 else None


def _without(reason: Reason, n: int) -> dict[str, Estimate]:
    return {form: Estimate.insufficient(reason, n) for form in INCOMPLETE_FORMS}
