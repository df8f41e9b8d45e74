"""Fixtures for all tests. Whoever needs a row makes it with the factories."""

from pathlib import Path

import pytest

from tests.factories import organisations

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """Reference data beside the project; a test that needs them skips where they are absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the reference data beside the project are absent")
    return SHARED_DATA


@pytest.fixture
def country(db) -> organisations.Country:
    """Two regions, each with a zone, a centre and two rooms."""
    return organisations.country()
