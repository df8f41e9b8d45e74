"""Snapshots of a test lie in its own folder."""

import pytest


@pytest.fixture(autouse=True)
def _snapshots(settings, tmp_path) -> None:
    settings.SNAPSHOTS_ROOT = str(tmp_path / "snapshots")
