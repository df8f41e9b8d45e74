"""The sums of a partition of the rows, and how those of several add up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class ItemSums:
    """Per centre (index): rows, n (rows that have every item), Σx of each item, Σxy of each pair.

    ``table`` has 2 + k + k(k+1)/2 columns; pairs run as ``numpy.triu_indices(k)``. ``origin`` was
    taken from every value first: sums of squares of large numbers would lose digits.
    """

    items: tuple[str, ...]
    origin: float
    table: pd.DataFrame


@dataclass(frozen=True)
class ScoreSums:
    """Per centre and room (index): n, Σx and Σx² of its scores, each less ``origin``."""

    origin: float
    table: pd.DataFrame


Sums = TypeVar("Sums", ItemSums, ScoreSums)


def item_sums(items: pd.DataFrame, centres: Sequence | pd.Series, origin: float = 0.0) -> ItemSums:
    """Sums of ``items`` (rows × items, NaN where missing) by the centre of each row.

    Rows with a gap count in ``rows`` alone (listwise).
    """
    data = _numbers(items) - origin
    codes, names = _codes(centres, len(data))
    k, full = data.shape[1], ~np.isnan(data).any(axis=1)
    order = np.argsort(codes[full], kind="stable")
    complete, of = data[full][order], codes[full][order]
    ends = np.searchsorted(of, np.arange(len(names) + 1))
    above = np.triu_indices(k)
    sums = np.zeros((len(names), 2 + k + len(above[0])))
    sums[:, 0] = np.bincount(codes, minlength=len(names))
    for row, start, end in zip(sums, ends[:-1], ends[1:], strict=True):
        there = complete[start:end]
        row[1], row[2 : 2 + k], row[2 + k :] = (
            len(there),
            there.sum(axis=0),
            (there.T @ there)[above],
        )
    return ItemSums(tuple(map(str, items.columns)), origin, pd.DataFrame(sums, names))


def score_sums(
    scores: Sequence[float] | np.ndarray | pd.Series,
    rooms: Sequence | pd.Series,
    centres: Sequence | pd.Series,
    origin: float = 0.0,
) -> ScoreSums:
    """Sums of ``scores`` (NaN: left out) by room; rooms of two centres are never one."""
    x = _numbers(scores) - origin
    if x.ndim != 1:
        raise ValueError("Scores must be one list of numbers.")
    centre, centre_names = _codes(centres, len(x))
    room, room_names = _codes(rooms, len(x))
    given = ~np.isnan(x)
    both = centre[given] * len(room_names) + room[given]
    codes, keys = pd.factorize(both, sort=True)
    sums = [np.bincount(codes, column, len(keys)) for column in (None, x[given], x[given] ** 2)]
    index = pd.MultiIndex.from_arrays(
        [centre_names[keys // max(1, len(room_names))], room_names[keys % max(1, len(room_names))]],
        names=["centre", "room"],
    )
    return ScoreSums(origin, pd.DataFrame(dict(zip(["n", "x", "xx"], sums, strict=True)), index))


def combine(parts: Sequence[Sums]) -> Sums:
    """The sums of several partitions, added in the order given; centres come out sorted."""
    if not parts:
        raise ValueError("There is nothing to add: give the sums of one partition at least.")
    first = parts[0]
    if any(_made_of(part) != _made_of(first) for part in parts):
        raise ValueError("Only sums of the same items, in one order and from one origin, add.")
    tables = pd.concat([part.table for part in parts])
    return replace(first, table=tables.groupby(level=list(range(tables.index.nlevels))).sum())


def _made_of(sums: Sums) -> dict[str, object]:
    return {name: value for name, value in vars(sums).items() if name != "table"}


def _numbers(values) -> np.ndarray:
    framed = isinstance(values, pd.DataFrame | pd.Series)
    try:
        data = values.to_numpy(float, na_value=np.nan) if framed else np.asarray(values, float)
    except (TypeError, ValueError) as error:
        raise ValueError("Values must be numbers; turn letters into numbers first.") from error
    if np.isinf(data).any():
        raise ValueError("Values must be finite numbers, or missing.")
    return data


def _codes(labels: Sequence | pd.Series, rows: int) -> tuple[np.ndarray, pd.Index]:
    """The place of each label among the sorted ones that occur."""
    codes, names = pd.factorize(pd.Series(labels), sort=True)
    if len(codes) != rows or (codes < 0).any():
        raise ValueError("Every row needs the centre (and room) that it belongs to.")
    return codes, pd.Index(names)
