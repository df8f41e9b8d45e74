import pytest
from django.utils import translation

from organisations.models import Unit
from tests.factories import observation as make


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared as they stand in the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def version(db):
    """The programme's checklist, published."""
    return make.checklist()


@pytest.fixture
def room(country, version) -> Unit:
    """A room of infants (LB) in the region “here”."""
    return country.here.rooms[0]


@pytest.fixture
def draft(room):
    return make.draft(room)


@pytest.fixture
def filled(room):
    return make.filled(room)
