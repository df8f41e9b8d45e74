"""Ratings as codes of categories, and how often each target was put into each."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

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
    found = pd.Index(levels).get_indexer(pd.Index(flat, dtype=levels.dtype))
    if (found < 0).any():
        raise ValueError(f"These ratings are not among the categories: {set(flat[found < 0])}.")
    codes = np.full(ratings.shape, -1)
    codes[given] = found
    if levels.dtype == float:
        return Coded(codes, list(levels), levels, words=False)
    places = np.arange(1.0, len(levels) + 1)
    return Coded(codes, list(levels), None if categories is None else places, words=True)


def _plain(values: np.ndarray, what: str) -> np.ndarray:
    """Floats where all are numbers, else objects."""
    try:
        numbers = values.astype(float)
    except (TypeError, ValueError):
        return values.astype(object)
    if any(isinstance(value, str) for value in values):
        return values.astype(object)
    if np.isinf(numbers).any():
        raise ValueError(f"{what} must be finite numbers, or missing.")
    return numbers
