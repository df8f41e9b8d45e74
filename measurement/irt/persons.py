"""Where each person or room stands on θ, from the raw score (models with one slope of 1)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from measurement.irt.curves import Curve

LIMIT = 200


def moments(curves: Sequence[Curve], theta: np.ndarray) -> np.ndarray:
    """Mean and 2nd, 3rd and 4th central moments of each item's code; 4 × items × θ."""
    found = np.empty((4, len(curves), len(theta)))
    for j, curve in enumerate(curves):
        p = curve.probabilities(theta)
        codes = np.arange(float(len(p)))
        found[0, j] = codes @ p
        apart = codes[:, None] - found[0, j]
        for power in (2, 3, 4):
            found[power - 1, j] = (apart**power * p).sum(axis=0)
    return found


def by_score(curves: Sequence[Curve]) -> pd.DataFrame:
    """θ for each raw score over these items (index: score, 0 … maximum).

    theta_ml solves Σ E(X_j | θ) = score; lowest and highest score have none (NaN). theta_wle adds
    J / 2I (Warm 1989, Psychometrika 54, 427–450), I the information and J the sum of the third
    central moments, and exists for every score. se = 1/√I at each.
    """
    top = int(sum(len(curve.intercepts) for curve in curves))
    scores = np.arange(top + 1.0)
    inner = scores[1:-1]
    likely, se_likely = _solved(curves, inner, correction=0.0)
    warm, se_warm = _solved(curves, scores, correction=0.5)
    found = pd.DataFrame(index=pd.RangeIndex(top + 1, name="score"), dtype=float)
    found["theta_ml"] = pd.Series(likely, index=range(1, top))
    found["se_ml"] = pd.Series(se_likely, index=range(1, top))
    found["theta_wle"], found["se_wle"] = warm, se_warm
    return found


def _solved(
    curves: Sequence[Curve], scores: np.ndarray, correction: float
) -> tuple[np.ndarray, np.ndarray]:
    """θ with score − Σ E + correction · J/I = 0, and its standard error."""
    theta = np.zeros(len(scores))
    for _ in range(LIMIT):
        mean, variance, third, _ = moments(curves, theta).sum(axis=1)
        step = (scores - mean + correction * third / variance) / variance
        theta = theta + np.clip(step, -1, 1)
        if not np.abs(step).max(initial=0) > 1e-12:
            break
    return theta, 1 / np.sqrt(moments(curves, theta)[1].sum(axis=0))


def person_measures(
    data: pd.DataFrame, curves: Mapping[str, Curve], values: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """One row per row of ``data`` (its index): items (answered), score, maximum, theta_ml, se_ml,
    theta_wle, se_wle (NaN where nothing was answered; ML also for the ends of the scale).

    ``curves`` and ``values`` come from a fitted model of the Rasch family. Rows with the same
    items answered share one score table. A value that the model does not know counts as missing.
    """
    codes = as_codes(data, values)
    answered = codes >= 0
    score = np.where(answered, codes, 0).sum(axis=1)
    found = pd.DataFrame(index=data.index)
    found["items"], found["score"] = answered.sum(axis=1), score
    steps = np.array([len(curve.intercepts) for curve in curves.values()])
    found["maximum"] = answered @ steps
    figures = np.full((len(data), 4), np.nan)
    every = list(curves.values())
    patterns, which = np.unique(answered, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        if pattern.any():
            table = by_score([every[j] for j in np.flatnonzero(pattern)])
            rows = which == number
            figures[rows] = table.to_numpy()[score[rows]]
    found[["theta_ml", "se_ml", "theta_wle", "se_wle"]] = figures
    return found


def as_codes(data: pd.DataFrame, values: Mapping[str, np.ndarray]) -> np.ndarray:
    """Codes of the items of a fitted model in other data of the same items; −1 where missing."""
    named = data.rename(columns=str)
    absent = [name for name in values if name not in named.columns]
    if absent:
        raise ValueError(f"The data lack these items of the model: {', '.join(absent)}.")
    found = np.full((len(data), len(values)), -1)
    for j, (name, known) in enumerate(values.items()):
        answers = named[name].to_numpy(dtype=float, na_value=np.nan)
        place = np.searchsorted(known, answers).clip(0, len(known) - 1)
        found[:, j] = np.where(known[place] == answers, place, -1)
    return found
