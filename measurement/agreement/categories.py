"""Ratings as codes of categories, and how often each target was put into each."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.estimates import Reason

MINIMUM_TARGETS = 3  # rated twice or more

Categories = Sequence[Hashable] | np.ndarray | None


@dataclass(frozen=True)
class Coded:
    """``codes``: same shape as the ratings, the place of each in ``levels``, −1 where missing.

    ``values``: the levels as numbers; of ``words`` the places 1, 2, 3 … in the order given, or None
    where no order was given, so that no distance between them can be known.
    """

    codes: np.ndarray
    levels: list[Hashable]
    values: np.ndarray | None
    words: bool

    def nothing_to_say(self, minimum_targets: int) -> Reason | None:
        """Why these ratings hold no agreement of observers, if they do not."""
        given = self.codes >= 0
        twice = int((given.sum(axis=1) > 1).sum())
        if given.shape[1] < 2 or given.any(axis=0).sum() == 1:
            return Reason.ONE_RATER
        if not given.any():
            return Reason.ALL_MISSING if given.size else Reason.TOO_FEW_ROWS
        if twice == 0:
            return Reason.NO_OVERLAP
        return Reason.TOO_FEW_ROWS if twice < max(2, minimum_targets) else None

    @property
    def counts(self) -> np.ndarray:
        """Targets × categories: by how many observers a target was put there."""
        n, q = len(self.codes), len(self.levels)
        target, _ = np.nonzero(self.codes >= 0)
        place = target * q + self.codes[self.codes >= 0]
        return np.bincount(place, minlength=n * q).reshape(n, q).astype(float)


def coded(ratings: np.ndarray, categories: Categories = None) -> Coded:
    """Codes of ratings: numbers or words, NaN or None where missing.

    ``categories``: all that could be given, in their order; without it, those that were given.
    """
    given = ~pd.isna(ratings)
    flat = _plain(ratings[given], "Ratings")
    if categories is None:
        try:
            levels = np.unique(flat)
        except TypeError as error:
            raise ValueError("Ratings must be all numbers or all words, not both.") from error
    else:
        levels = _plain(np.asarray(categories), "Categories")
        if pd.isna(levels).any() or len(set(levels)) < len(levels):
            raise ValueError("Each category must be listed once, and none can be missing.")
    found = pd.Index(levels).get_indexer(pd.Index(flat))
    if (found < 0).any():
        strange = sorted({str(rating) for rating in flat[found < 0]})[:5]
        raise ValueError(f"These ratings are not among the categories: {', '.join(strange)}.")
    codes = np.full(ratings.shape, -1)
    codes[given] = found
    if levels.dtype == float:
        return Coded(codes, list(levels), levels, words=False)
    places = np.arange(1.0, len(levels) + 1)
    return Coded(codes, list(levels), None if categories is None else places, words=True)


def _plain(values: np.ndarray, what: str) -> np.ndarray:
    """Floats where all are numbers, else objects."""
    if values.dtype.kind not in "biuf" and any(isinstance(value, str) for value in values):
        return values.astype(object)
    try:
        numbers = values.astype(float)
    except (TypeError, ValueError):
        return values.astype(object)
    if np.isinf(numbers).any():
        raise ValueError(f"{what} must be finite numbers, or missing.")
    return numbers
