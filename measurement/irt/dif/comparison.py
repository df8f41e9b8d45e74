"""Which rows are compared with which, and on what they are matched."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from measurement.estimates import Reason
from measurement.irt.responses import aligned, read

MINIMUM_GROUP = 30
LEVELS = 20
MANY_LEVELS = 200
ROUNDS = 10

Matching = str | pd.Series


@dataclass(frozen=True)
class Comparison:
    """One focal group (``focal`` is True) and its reference, and how they are matched.

    ``codes``: rows × items; ``matched``: the value on which rows are matched, where the caller
    gave one. Otherwise the score over the items not in ``without`` (found to differ): always with
    the item in question, or, with ``rest``, always without it.
    """

    group: Hashable
    reference: Hashable
    codes: np.ndarray
    focal: np.ndarray
    matched: np.ndarray | None
    rest: bool
    without: frozenset[int] = frozenset()

    def counts(self, item: int) -> tuple[np.ndarray, np.ndarray]:
        """Different matching values, rising, and the number of rows by value, group (reference,
        focal) and code of the item."""
        own = self.codes[:, item]
        given = own >= 0
        place, values = pd.factorize(self._matching(item)[given], sort=True)
        width = int(own.max()) + 1
        cell = (place * 2 + self.focal[given]) * width + own[given]
        found = np.bincount(cell, minlength=len(values) * 2 * width)
        return np.asarray(values, dtype=float), found.reshape(-1, 2, width)

    def _matching(self, item: int) -> np.ndarray:
        if self.matched is not None:
            return self.matched
        counted, wanted = item not in self.without, not self.rest
        found: np.ndarray = self._score + (int(wanted) - int(counted)) * self.codes[:, item]
        return found

    @cached_property
    def _score(self) -> np.ndarray:
        counted = [j for j in range(self.codes.shape[1]) if j not in self.without]
        found: np.ndarray = self.codes[:, counted].sum(axis=1)
        return found


def comparisons(
    data: pd.DataFrame, group: pd.Series, reference: Hashable | None, matching: Matching
) -> Iterator[Comparison]:
    """One comparison for each focal group, in the order of their names.

    Scores need every item, so rows with a gap are left out; with a matching value given for each
    row gaps stay (code −1). ``reference``: a group, "rest" (each group against all others
    together), or None for the largest group.
    """
    labels = aligned(group, data.index)
    if isinstance(matching, pd.Series):
        values = aligned(matching, data.index).to_numpy(dtype=float, na_value=np.nan)
        usable = labels.notna().to_numpy() & np.isfinite(values)
    elif matching in ("total", "rest"):
        values = None
        usable = labels.notna().to_numpy() & data.notna().all(axis=1).to_numpy()
    else:
        raise ValueError('Rows are matched on their "total" or "rest" score, or on a value each.')
    # A group none of whose rows is usable is still a group, with small cells.
    counts = labels.value_counts()
    codes, labels = _codes(data)[usable], labels[usable]
    values = None if values is None else values[usable]
    rest = isinstance(matching, str) and matching == "rest"
    names = sorted(counts.index[counts > 0], key=str)
    if reference is None and names:
        reference = max(names, key=counts.__getitem__)
    if reference not in ("rest", *names) and names:
        raise ValueError(f"No row belongs to the reference group {reference}.")
    for name in names if len(names) > 1 else []:
        if name != reference:
            focal = (labels == name).to_numpy()
            both = focal | ((labels == reference).to_numpy() | (reference == "rest"))
            own = None if values is None else values[both]
            yield Comparison(name, reference, codes[both], focal[both], own, rest)


def _codes(data: pd.DataFrame) -> np.ndarray:
    """Codes 0, 1, 2 … of every item, −1 where missing; a constant item is all 0."""
    responses = read(data)
    found = np.asfortranarray(np.where(data.notna().to_numpy(), 0, -1))
    for j, name in enumerate(map(str, data.columns)):
        if name in responses.items:
            found[responses.rows, j] = responses.codes[:, responses.items.index(name)]
    return found


def in_strata(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Counts by stratum: each matching value is one, or, where there are more than
    ``MANY_LEVELS``, they are put together into ``LEVELS`` with about as many rows each."""
    if len(values) <= MANY_LEVELS:
        return counts
    rows = counts.sum(axis=(1, 2))
    level = ((rows.cumsum() - rows / 2) / rows.sum() * LEVELS).astype(int)
    found = np.zeros((LEVELS, *counts.shape[1:]), dtype=counts.dtype)
    np.add.at(found, level, counts)
    return found


Row = Callable[[Comparison, int], dict[str, Any]]


def table(
    data: pd.DataFrame, found: Iterable[Comparison], row: Row, purify: bool, minimum_group: int
) -> pd.DataFrame:
    """One row for each item and comparison, of what ``row`` says of it; with p_holm and p_bh over
    all rows. With ``purify`` items of class B or C leave the score until the same ones stay out.
    """
    names = [str(name) for name in data.columns]
    rows = []
    for comparison in found:
        own, differ = _rows(comparison, names, row, minimum_group)
        for _ in range(ROUNDS if purify else 0):
            before = differ
            purer = replace(comparison, without=before)
            own, differ = _rows(purer, names, row, minimum_group)
            if differ == before:
                break
        rows += own
    if not rows:
        rows = [{"item": name, "reason": Reason.ONE_GROUP} for name in names]
    return _with_adjusted(pd.DataFrame(rows))


def _rows(
    comparison: Comparison, names: list[str], row: Row, minimum_group: int
) -> tuple[list[dict[str, Any]], frozenset[int]]:
    """What is found of each item, and which items are of class B or C."""
    found = [
        {"item": name, "group": comparison.group, "reference": comparison.reference}
        | _guarded(comparison, j, row, minimum_group)
        for j, name in enumerate(names)
    ]
    return found, frozenset(j for j, own in enumerate(found) if own.get("class") in ("B", "C"))


def _guarded(comparison: Comparison, item: int, row: Row, minimum_group: int) -> dict[str, Any]:
    codes = comparison.codes[:, item]
    given = codes >= 0
    n_focal = int((given & comparison.focal).sum())
    n_reference = int(given.sum()) - n_focal
    found: dict[str, Any] = {"n_reference": n_reference, "n_focal": n_focal, "reason": ""}
    if not given.any():
        return found | {"reason": Reason.ALL_MISSING}
    if min(n_reference, n_focal) < max(2, minimum_group):
        return found | {"reason": Reason.SMALL_CELLS}
    if np.ptp(codes[given]) == 0:
        return found | {"reason": Reason.ZERO_VARIANCE}
    return found | row(comparison, item)


def _with_adjusted(found: pd.DataFrame) -> pd.DataFrame:
    p = found.get("p", pd.Series(np.nan, index=found.index)).astype(float)
    for column, method in (("p_holm", "holm"), ("p_bh", "fdr_bh")):
        found[column] = np.nan
        if p.notna().any():
            found.loc[p.notna(), column] = multipletests(p.dropna(), method=method)[1]
    return found
