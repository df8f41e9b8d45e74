"""From the database to the files of a snapshot, a partition at a time."""

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from analytics import frames
from analytics.snapshots.columns import COLUMNS, OF_THE_RATING, content_hash, settled
from analytics.snapshots.manifest import Manifest, SnapshotFile
from analytics.snapshots.reading import Snapshot, connection, open_snapshot
from core.refusals import Refusal
from core.version import code_version
from observation import frames as observation_frames
from observation.models import ObservationSession

# Always as many, however many rows: which centre lies where never changes with the data.
PARTITIONS = 16
# Closed sessions never change, so batches read one after the other agree with each other.
BATCH = 500
# Measured: 50,000 sessions of 48 ratings take 95 bytes each. Ten times that, and some for others.
BYTES_PER_SESSION = 1000
RESERVE = 64 * 1024**2
TEMPORARY = ".being-written-"

Progress = Callable[[float], object]


def write(
    sessions,
    below: Path,
    about: dict[str, Any],
    *,
    seed: int = 0,
    progress: Progress = lambda share: None,
) -> Snapshot:
    """Write the ratings of closed ``sessions`` into a folder of ``below`` named by their hash.

    A partition holds the centres whose code falls to it by SHA-256, its rows ordered by line,
    session, cycle and item. The folder is renamed when all is there, so a half-written one is
    never read; the same rows for the same question give the folder that stands already. Refuses
    where there is nothing to write or no room for it. ``progress`` is told the share done.
    """
    facts = frames.session_facts(sessions)
    if facts.empty:
        raise Refusal(
            _("There are no closed sessions with this instrument in this unit and period.")
        )
    below.mkdir(mode=0o700, parents=True, exist_ok=True)
    _room_for(len(facts), below)
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=below))
    try:
        manifest = _written(facts, folder, about, seed, progress)
        manifest.save(folder)
        return _in_place(folder, below / manifest.hash[:32])
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Refusal(_no_room()) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def partition_of(centre: str) -> int:
    """The partition in which a centre lies, by its code alone."""
    return int(hashlib.sha256(centre.encode()).hexdigest(), 16) % PARTITIONS


def _written(
    facts: pd.DataFrame, folder: Path, about: dict[str, Any], seed: int, progress: Progress
) -> Manifest:
    lies = facts["centre"].map({one: partition_of(one) for one in facts["centre"].unique()})
    files, counts, done = [], {"ratings": 0, "scored": 0}, 0
    for number, own in facts.groupby(lies, sort=True):
        pieces = []
        for start in range(0, len(own), BATCH):
            chosen = own["pk"].iloc[start : start + BATCH].tolist()
            pieces.append(
                observation_frames.ratings(ObservationSession.objects.filter(pk__in=chosen))
            )
            done += len(chosen)
            progress(done / len(facts))
        rows = _joined(own, pd.concat(pieces))
        if len(rows):
            files.append(_file(rows, folder, f"{number:02d}"))
            counts["ratings"] += len(rows)
            counts["scored"] += int(rows["value"].notna().sum())
    return Manifest(
        columns=[
            {"name": name, "kind": column.kind, "unit": column.unit, "says": column.says}
            for name, column in COLUMNS.items()
        ],
        files=files,
        about=about,
        sources={
            "sessions": len(facts),
            "official": int((facts["purpose"] == "official").sum()),
            "duplicates": int(facts["duplicate"].sum()),
            "centres": int(facts["centre"].nunique()),
            **counts,
        },
        seed=seed,
        code_version=code_version(),
    )


def _joined(sessions: pd.DataFrame, ratings: pd.DataFrame) -> pd.DataFrame:
    """One settled row per rating with what is known of its session, in canonical order."""
    of_session = [name for name in COLUMNS if name not in OF_THE_RATING]
    sessions = sessions.sort_values(["line", "session"], kind="stable")
    place = pd.Series(np.arange(len(sessions)), sessions["pk"])[ratings["session"]].to_numpy()
    order = np.lexsort((ratings["item"].astype(str), ratings["cycle"], place))
    known = settled(sessions[of_session]).take(place[order]).reset_index(drop=True)
    given = settled(ratings[list(OF_THE_RATING)].iloc[order].reset_index(drop=True))
    # Sessions without ratings leave texts that no row uses.
    return settled(pd.concat([known, given], axis="columns")[list(COLUMNS)])


def _file(rows: pd.DataFrame, folder: Path, key: str) -> SnapshotFile:
    name = f"ratings-{key}.parquet"
    # Whole numbers with a gap: NaN is a number to DuckDB, <NA> is none.
    typed = rows.astype({n: "Int64" for n, column in COLUMNS.items() if column.kind == "number"})
    picked = ", ".join(f'"{n}"::{column.sql} AS "{n}"' for n, column in COLUMNS.items())
    with connection() as database:
        database.register("typed", typed)
        target = str(folder / name).replace("'", "''")
        database.execute(f"COPY (SELECT {picked} FROM typed) TO '{target}' (FORMAT parquet)")  # noqa: S608 — our own names
    return SnapshotFile(name, key, len(rows), content_hash(rows))


def _in_place(folder: Path, target: Path) -> Snapshot:
    """The snapshot under its own name; where another wrote the same meanwhile, theirs."""
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    return open_snapshot(target)


def _room_for(sessions: int, below: Path) -> None:
    if shutil.disk_usage(below).free < RESERVE + sessions * BYTES_PER_SESSION:
        raise Refusal(_no_room())


def _no_room() -> str:
    return _(
        "The disk has too little room for the data of this analysis. "
        "Ask whoever runs the platform to free some."
    )
