"""Ratings frozen as Parquet files with a manifest: what an analysis read, for anyone to read again.

Slow to import: tasks and commands only. Reading needs no Django, so a worker of a cluster can.
"""

from analytics.snapshots.manifest import Manifest, SnapshotFile
from analytics.snapshots.reading import BrokenSnapshotError, Snapshot, by_session, open_snapshot

__all__ = [
    "BrokenSnapshotError",
    "Manifest",
    "Snapshot",
    "SnapshotFile",
    "by_session",
    "open_snapshot",
]
