"""Ratings in long form, and the model of a target's height plus an observer's severity."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import linalg, sparse


@dataclass(frozen=True)
class LongRatings:
    """Codes 0, 1, 2 … of the target and of the observer of each score, and what they stand for."""

    targets: np.ndarray
    raters: np.ndarray
    scores: np.ndarray
    target_names: pd.Index
    rater_names: pd.Index
    given: int  # rows before those without score were left out


@dataclass(frozen=True)
class AdditiveFit:
    """score = target + severity + residual by least squares, severities adding to 0.

    ``inverse``: raters × raters, times the residual variance the covariance of the severities;
    ``residual_df``: ratings − targets − raters + 1.
    """

    target_effects: np.ndarray
    severities: np.ndarray
    inverse: np.ndarray
    residual_ss: float
    residual_df: int

    @property
    def exact(self) -> bool:
        """Whether severity alone tells observers apart, with ratings to spare."""
        scale = ((self.target_effects - self.target_effects.mean()) ** 2).sum()
        scale += (self.severities**2).sum()
        return self.residual_df > 0 and self.residual_ss <= 1e-20 * scale


def long_ratings(ratings: pd.DataFrame) -> LongRatings:
    """Rows with a score of a frame target, rater, score; each observer rates a target once."""
    missing = {"target", "rater", "score"} - set(ratings.columns)
    if missing:
        raise ValueError(
            f"Ratings need the columns target, rater and score; missing: {sorted(missing)}."
        )
    try:
        scores = ratings["score"].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError("Scores must be numbers; turn letters into numbers first.") from error
    if np.isinf(scores).any():
        raise ValueError("Scores must be finite numbers, or missing.")
    kept = ratings[~np.isnan(scores)]
    if kept[["target", "rater"]].isna().any(axis=None):
        raise ValueError("Every score needs the target and the observer that it belongs to.")
    if kept.duplicated(["target", "rater"]).any():
        raise ValueError("An observer rated a target twice: keep or average one score of each.")
    targets, target_names = pd.factorize(kept["target"], sort=False)
    raters, rater_names = pd.factorize(kept["rater"], sort=False)
    return LongRatings(
        targets,
        raters,
        scores[~np.isnan(scores)],
        pd.Index(target_names),
        pd.Index(rater_names),
        len(ratings),
    )


def additive_fit(targets: np.ndarray, raters: np.ndarray, scores: np.ndarray) -> AdditiveFit:
    """Least squares of targets and raters, targets eliminated; the design must be connected.

    Source: Searle (1987), Linear Models for Unbalanced Data, chapter 4.
    """
    seen, rated = np.bincount(targets).astype(float), np.bincount(raters).astype(float)
    n_targets, n_raters = len(seen), len(rated)
    cells = sparse.csr_array((np.ones(len(scores)), (targets, raters)), shape=(n_targets, n_raters))
    centre = scores.mean()
    y = scores - centre
    of_targets, of_raters = np.bincount(targets, y), np.bincount(raters, y)
    shared = (cells.T @ (sparse.diags_array(1 / seen) @ cells)).toarray()
    # The matrix is singular along "all equally severe"; adding 1/R there makes the sum 0.
    inverse = linalg.inv(np.diag(rated) - shared + 1 / n_raters) - 1 / n_raters
    severities = inverse @ (of_raters - cells.T @ (of_targets / seen))
    heights = (of_targets - cells @ severities) / seen
    rest = y - heights[targets] - severities[raters]
    df = len(scores) - n_targets - n_raters + 1
    return AdditiveFit(centre + heights, severities, inverse, float(rest @ rest), df)
