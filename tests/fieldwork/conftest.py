import pytest

from tests.factories import field, organisations
from tests.factories import observation as make


@pytest.fixture
def version(db):
    """The programme's checklist, published."""
    return make.checklist()


@pytest.fixture
def room(country, version):
    """A room of infants (LB) in the region “here”."""
    return country.here.rooms[0]


@pytest.fixture
def mentor(room):
    return organisations.person("mentor", room.get_parent())


@pytest.fixture
def phone(mentor):
    """The mentor's phone."""
    return field.Phone(mentor)


@pytest.fixture
def record(room, mentor):
    """A session of the mentor, as her phone has it."""
    return field.envelope(mentor, field.session(room))
