"""The random part of a mixed model: which groupings, how they nest, and what each lets vary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from measurement.connectivity import crossing_share
from measurement.estimates import Reason

INTERCEPT = "(Intercept)"
# Below this share of rows where observers and centres cross, their variances are told apart by
# a few places only (own choice).
MINIMUM_CROSSING = 0.5


@dataclass(frozen=True)
class Term:
    """One grouping factor: ``codes`` of its ``levels`` per row, ``design`` rows × what varies."""

    name: str
    codes: np.ndarray
    labels: pd.Index
    columns: tuple[str, ...]
    design: np.ndarray

    @property
    def levels(self) -> int:
        return len(self.labels)

    @property
    def width(self) -> int:
        return len(self.columns)

    def matrix(self) -> sparse.csr_matrix:
        """Rows × (levels · width): each row's design at the columns of its level."""
        n, q = self.design.shape
        at = self.codes[:, None] * q + np.arange(q)
        starts = np.arange(0, n * q + 1, q)
        return sparse.csr_matrix(
            (self.design.ravel(), at.ravel(), starts), shape=(n, self.levels * q)
        )


def terms(
    groups: Mapping[str, Sequence],
    kept: np.ndarray,
    slopes: Mapping[str, tuple[tuple[str, ...], np.ndarray]],
) -> list[Term]:
    """The grouping factors over the rows kept; ``slopes``: factor → (names, rows × columns) of
    what varies beside its intercept."""
    found = []
    for name, labels in groups.items():
        values = pd.Series(np.asarray(labels))
        if len(values) != len(kept):
            raise ValueError(f"Grouping '{name}' must have one entry for each row.")
        values = values[kept]
        if values.isna().any():
            raise ValueError(f"Every row needs its level of the grouping '{name}'.")
        codes, levels = pd.factorize(values, sort=True)
        names, design = slopes.get(name, ((), np.empty((len(codes), 0))))
        columns = (INTERCEPT, *names)
        full = np.column_stack([np.ones(len(codes)), design])
        found.append(Term(name, codes, pd.Index(levels, name=name), columns, full))
    if not found:
        raise ValueError("A multilevel model needs at least one grouping, such as the centre.")
    return found


def nested(inner: np.ndarray, outer: np.ndarray) -> bool:
    """Whether each level of ``inner`` occurs within one level of ``outer`` only."""
    first = np.zeros(inner.max() + 1, dtype=outer.dtype)
    first[inner] = outer
    return bool((first[inner] == outer).all())


def elimination_order(given: Sequence[Term]) -> tuple[list[Term], int]:
    """The factors, finest first, and how many of them form a chain in which each is nested in the
    next: those leave block-diagonal systems behind; the rest is solved as one dense system."""
    by_size = sorted(given, key=lambda term: -term.levels * term.width)
    chain = [by_size[0]]
    for term in by_size[1:]:
        if nested(chain[-1].codes, term.codes):
            chain.append(term)
    rest = [term for term in by_size if not any(term is link for link in chain)]
    return chain + rest, len(chain)


def obstacle(given: Sequence[Term], observers: str | None = None) -> Reason | None:
    """Why variances of these groupings cannot be told apart, if so.

    Two groupings that part the rows alike cannot. ``observers`` names the grouping of observers or
    mentors: with each other grouping that is not itself nested in a third, at least half of the
    rows must lie where two observers and two levels cross.
    """
    if observers is not None and observers not in {term.name for term in given}:
        raise ValueError(f"'{observers}' is not one of the groupings.")
    for term in given:
        if term.levels < 2:
            return Reason.ONE_RATER if term.name == observers else Reason.TOO_FEW_CLUSTERS
    for i, one in enumerate(given):
        for two in given[:i]:
            if one.levels == two.levels and nested(one.codes, two.codes):
                return Reason.OBSERVERS_CONFOUNDED
    if observers is not None and not _crossing(given, observers):
        return Reason.OBSERVERS_CONFOUNDED
    return None


def _crossing(given: Sequence[Term], observers: str) -> bool:
    own = next(term for term in given if term.name == observers)
    others = [term for term in given if term is not own]
    outermost = [
        term
        for term in others
        if not any(nested(term.codes, o.codes) for o in others if o is not term)
    ]
    return all(crossing_share(own.codes, t.codes) >= MINIMUM_CROSSING for t in outermost)
