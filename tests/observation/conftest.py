import pytest

from observation.signals import alert_raised, session_closed
from organisations.models import Unit
from tests.factories import field, organisations
from tests.factories import observation as make


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


@pytest.fixture
def heard():
    """What the signals said."""
    said = []

    def listen(sender, **kwargs):
        said.append({key: value for key, value in kwargs.items() if key.endswith("_id")})

    session_closed.connect(listen)
    alert_raised.connect(listen)
    yield said
    session_closed.disconnect(listen)
    alert_raised.disconnect(listen)


@pytest.fixture
def sign_in(client):
    def use(person):
        client.force_login(person)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return use


@pytest.fixture
def mentor(room):
    return organisations.person("mentor", room.get_parent())


@pytest.fixture
def caregiver(room):
    return organisations.person("caregiver", room)


@pytest.fixture
def zonal(country, room):
    return organisations.person("zonal", country.here.zone)


@pytest.fixture
def send(mentor):
    """Sends a content as the mentor's phone does; what the server answers."""

    def put(content, by=None, **fields):
        by = by or mentor
        return field.Phone(by).put(field.envelope(by, content, **fields)).json()

    return put
