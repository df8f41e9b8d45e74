"""Snapshots of a test lie in its own folder."""

import pytest

from observation.enums import Purpose
from observation.models import InstrumentVersion
from tests.factories import observation as observe
from tests.factories import organisations as make


@pytest.fixture(autouse=True)
def _snapshots(settings, tmp_path) -> None:
    settings.SNAPSHOTS_ROOT = str(tmp_path / "snapshots")


@pytest.fixture
def observed(country) -> InstrumentVersion:
    """A formative session in each of two regions, and an official one of the first."""
    zonal = make.person("zonal", country.here.zone)
    observe.closed(country.here.rooms[0], value=1)
    observe.closed(country.elsewhere.rooms[1], value=2)
    observe.closed(country.here.rooms[0], zonal, value=3, purpose=Purpose.OFFICIAL)
    return InstrumentVersion.objects.get()
