"""Where snapshots lie, and how they go again."""

import datetime
import os
import shutil
from pathlib import Path

from django.conf import settings

from analytics import queries
from analytics.enums import Observers
from analytics.models import Run
from analytics.snapshots.manifest import NAME
from analytics.snapshots.reading import Snapshot, open_snapshot
from analytics.snapshots.writing import Progress, write
from observation.models import InstrumentVersion


def folder() -> Path:
    """The private folder of all snapshots (setting TRENZA_SNAPSHOTS)."""
    return Path(settings.SNAPSHOTS_ROOT)


def take(run: Run, progress: Progress = lambda share: None) -> Snapshot:
    """Freeze what ``run`` asks for: the ratings of its version, unit and period, as of now."""
    version = InstrumentVersion.objects.select_related("instrument").get(pk=run.options["version"])
    observers = run.options.get("observers", Observers.OFFICIAL)
    sessions = queries.validity_sessions(version, run.unit, run.starts_on, run.ends_on, observers)
    about = {
        "instrument": version.instrument.code,
        "version": version.number,
        "content_hash": version.content_hash,
        "unit": run.unit.code,
        "observers": observers,
        "starts_on": run.starts_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
    }
    return write(sessions, folder(), about, seed=run.seed, progress=progress)


def kept(name: str) -> Snapshot:
    """The snapshot ``name`` again, marked as used; BrokenSnapshotError where it is gone."""
    snapshot = open_snapshot(folder() / name)
    os.utime(snapshot.folder / NAME)
    return snapshot


def forget(before: datetime.datetime) -> int:
    """Remove snapshots last used, and half-written ones begun, ``before``; how many there were.

    Results stay; whoever wants to see the rows again takes the snapshot anew.
    """
    old = [one for one in _all() if _used(one) < before.timestamp()]
    for one in old:
        shutil.rmtree(one)
    return len(old)


def _all() -> list[Path]:
    return [one for one in folder().iterdir() if one.is_dir()] if folder().is_dir() else []


def _used(snapshot: Path) -> float:
    manifest = snapshot / NAME
    return (manifest if manifest.exists() else snapshot).stat().st_mtime
