"""From the files of a snapshot to frames, by DuckDB. Knows no Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from analytics.snapshots.columns import COLUMNS, content_hash, settled
from analytics.snapshots.manifest import Manifest

# A condition per column: one value, several (any of them), or a range with both ends.
Where = Mapping[str, Any]


class BrokenSnapshotError(Exception):
    """A snapshot that is gone, half there or changed; take it again."""


@dataclass(frozen=True)
class Partition:
    """One file of a snapshot, as it travels to a worker: what is in it is read there."""

    key: str
    path: str

    def read(
        self, columns: Sequence[str] | None = None, where: Where | None = None
    ) -> pd.DataFrame:
        return read([self.path], columns, where)


@dataclass(frozen=True)
class Snapshot:
    """A folder of Parquet files that its manifest vouches for."""

    folder: Path
    manifest: Manifest

    @property
    def hash(self) -> str:
        return self.manifest.hash

    @cached_property
    def files(self) -> list[Partition]:
        """The partitions in the order of their keys."""
        files = sorted(self.manifest.files, key=lambda file: file.partition)
        return [Partition(file.partition, str(self.folder / file.name)) for file in files]

    def read(
        self, columns: Sequence[str] | None = None, where: Where | None = None
    ) -> pd.DataFrame:
        """The rows of all partitions, in the order of their keys; see ``read``."""
        return read([file.path for file in self.files], columns, where)

    def verify(self) -> None:
        """Read every row again and compare; BrokenSnapshotError where they differ."""
        for file in self.manifest.files:
            frame = read([str(self.folder / file.name)])
            if (len(frame), content_hash(frame)) != (file.rows, file.sha256):
                raise BrokenSnapshotError(f"{file.name} does not hold what its manifest says.")


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in ``folder``; BrokenSnapshotError where it is gone or not whole."""
    try:
        snapshot = Snapshot(folder, Manifest.load(folder))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BrokenSnapshotError(f"{folder.name} cannot be read: {error}") from error
    if gone := [file.key for file in snapshot.files if not Path(file.path).is_file()]:
        raise BrokenSnapshotError(f"{folder.name} lacks its parts {', '.join(gone)}.")
    return snapshot


def read(
    paths: Sequence[str], columns: Sequence[str] | None = None, where: Where | None = None
) -> pd.DataFrame:
    """The rows of the files at ``paths``, in their order, with one dtype per kind of column.

    ``columns``: those wanted, all by default. ``where``: conditions that all hold, by column: a
    value, a list of values of which one, or a pair (lowest, highest) of a number. Text comes as
    category, numbers as float64 (NaN where none), flags as bool.
    """
    names = list(COLUMNS) if columns is None else list(columns)
    if unknown := {*names, *(where or {})} - set(COLUMNS):
        raise ValueError(f"A snapshot has no column {', '.join(sorted(unknown))}.")
    if not paths:
        return settled(pd.DataFrame({name: [] for name in names}))
    conditions, values = _conditions(where or {})
    with connection() as database:
        source = f"read_parquet(?) WHERE {conditions}"
        picked = ", ".join(_picked(database, name, paths) for name in names)
        rows = database.execute(f"SELECT {picked} FROM {source}", [list(paths), *values])  # noqa: S608 — names of COLUMNS
        return settled(rows.df())


def connection() -> duckdb.DuckDBPyConnection:
    """A database in memory that loads nothing from elsewhere and spills nothing to disk."""
    return duckdb.connect(
        ":memory:",
        config={
            "temp_directory": "",
            "preserve_insertion_order": "true",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


def _picked(database: duckdb.DuckDBPyConnection, name: str, paths: Sequence[str]) -> str:
    """Text as an enumeration, so that each text reaches Python once, not once per row."""
    if COLUMNS[name].kind != "text":
        return f'"{name}"'
    kept = database.execute(
        f'SELECT DISTINCT "{name}" AS one FROM read_parquet(?) ORDER BY one',  # noqa: S608 — likewise
        [list(paths)],
    ).df()
    database.register("kept", kept)
    database.execute(f'CREATE TYPE "{name}_kept" AS ENUM (SELECT one FROM kept)')  # noqa: S608 — likewise
    return f'"{name}"::"{name}_kept" AS "{name}"'


def _conditions(where: Where) -> tuple[str, list[Any]]:
    """The conditions as SQL with a place for each value."""
    texts, values = ["TRUE"], []
    for name, wanted in where.items():
        if isinstance(wanted, tuple):
            lowest, highest = wanted
            texts.append(f'"{name}" BETWEEN ? AND ?')
            values += [lowest, highest]
        else:
            several = wanted if isinstance(wanted, list | set | frozenset) else [wanted]
            texts.append(f'list_contains(?, "{name}")')
            values.append(sorted(several))
    return " AND ".join(texts), values


def by_session(ratings: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """Sessions × ``items``: the mean of an item's cycles, NaN where it was never scored.

    Index: session, in the order in which they first come; of ``ratings`` it takes session, item
    and value, scored rows alone counting. Sums are of whole numbers, so exact.
    """
    codes, sessions = pd.factorize(ratings["session"])
    place = pd.Index(items).get_indexer(pd.Index(ratings["item"].astype(str)))
    values = ratings["value"].to_numpy()
    used = (place >= 0) & ~np.isnan(values)
    cells = codes[used] * len(items) + place[used]
    size = len(sessions) * len(items)
    total, n = np.bincount(cells, values[used], size), np.bincount(cells, minlength=size)
    means = np.divide(total, n, out=np.full(size, np.nan), where=n > 0)
    index = pd.Index(np.asarray(sessions, dtype=object), name="session")
    return pd.DataFrame(means.reshape(-1, len(items)), index, list(items))
