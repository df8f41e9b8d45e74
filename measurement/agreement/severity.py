"""Which observers score higher or lower than the others would?"""

import numpy as np
import pandas as pd
from scipy import stats

from measurement.agreement.additive import LongRatings, additive_fit, long_ratings
from measurement.agreement.crossed import crossed_reml
from measurement.connectivity import connected_components
from measurement.estimates import Reason, tail

FIGURES = ["severity", "se", "low", "high", "shrunken", "shrunken_se"]


def observer_severity(
    ratings: pd.DataFrame, confidence: float = 0.95, within_parts: bool = False
) -> pd.DataFrame:
    """How much above (+) or below (−) the others each observer scores, in points of the score.

    ``ratings``: target, rater, score, one row per rating. Answers one row per observer, in order
    of appearance: rater, n (its ratings), part, severity, se, low, high, shrunken, shrunken_se,
    reason. Severity is the observer's effect in score = target + observer + residual by least
    squares, effects adding to 0, so an observer who saw the better rooms is not thereby lenient;
    interval ± t(residual df)·SE. ``shrunken`` is the mixed model's prediction (BLUP, by REML),
    pulled to 0 the more, the fewer ratings it rests on: the one to act upon; ``shrunken_se`` is
    its SE given the variances.
    Observers can be compared only where a chain of shared targets joins them: ``part`` numbers
    the parts of the design, and with more than one all figures are NaN with ``reason``
    observers_confounded. With ``within_parts`` each part is answered by itself, its effects adding
    to 0 within it and never to be compared with those of another. Other reasons: one_rater where a
    part has one observer; too_few_rows where no rating is to spare for an SE; at_boundary where
    the residual is 0 or (for ``shrunken`` alone) REML has no answer.
    Source: Searle, Casella & McCulloch (1992), Variance Components, chapters 4 and 7; Longford
    (1994), J. Educ. Behav. Stat. 19, 171–200. Checked on an incomplete table against R's lm with
    sum contrasts (12 digits) and lme4's ranef with its conditional variance (6 digits).
    """
    tail(confidence)
    data = long_ratings(ratings)
    parts = connected_components(data.targets, data.raters)
    # Every rating of an observer is in one part: take that of the first.
    part = parts[np.unique(data.raters, return_index=True)[1]]
    table = pd.DataFrame(
        {
            "rater": data.rater_names,
            "n": np.bincount(data.raters, minlength=len(data.rater_names)),
            "part": part,
            **dict.fromkeys(FIGURES, np.nan),
            "reason": "",
        }
    )
    if len(set(part)) > 1 and not within_parts:
        return table.assign(reason=str(Reason.OBSERVERS_CONFOUNDED))
    for number in np.unique(part):
        own = part == number
        figures, reason = _of_part(data, own[data.raters], confidence)
        table.loc[own, FIGURES] = figures
        table.loc[own, "reason"] = reason
    return table


def _of_part(data: LongRatings, kept: np.ndarray, confidence: float) -> tuple[np.ndarray, str]:
    """Raters of a connected part × ``FIGURES``, and the reason where some are missing."""
    targets = pd.factorize(data.targets[kept])[0]
    raters, scores = np.unique(data.raters[kept], return_inverse=True)[1], data.scores[kept]
    figures = np.full((raters.max() + 1, len(FIGURES)), np.nan)
    if len(figures) == 1:
        return figures, str(Reason.ONE_RATER)
    fit = additive_fit(targets, raters, scores)
    figures[:, 0] = fit.severities
    if fit.residual_df == 0:
        return figures, str(Reason.TOO_FEW_ROWS)
    if fit.exact or fit.residual_ss == 0:
        return figures, str(Reason.AT_BOUNDARY)
    se = np.sqrt(np.diag(fit.inverse) * fit.residual_ss / fit.residual_df)
    half = stats.t.isf(tail(confidence), fit.residual_df) * se
    figures[:, 1:4] = np.column_stack([se, fit.severities - half, fit.severities + half])
    model = crossed_reml(targets, raters, scores)
    if model is None:
        return figures, str(Reason.NOT_CONVERGED)
    figures[:, 4], figures[:, 5] = model.rater_effects, np.sqrt(model.rater_variances)
    return figures, ""
