import pytest

from observation.signals import alert_raised, session_closed
from organisations.models import Unit
from tests.factories import instruments, organisations
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
def author(country):
    """Who writes instruments."""
    return organisations.person("national", country.country)


@pytest.fixture
def as_author(author, sign_in):
    return sign_in(author)


@pytest.fixture
def other_draft(db):
    """A draft of two items, answered in steps."""
    return instruments.draft(instruments.content(items=2))
