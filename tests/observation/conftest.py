import pytest

from observation.actions import sessions
from observation.signals import alert_raised, session_closed
from organisations.models import Unit
from tests.factories import field, instruments, organisations
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


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Where exports are written."""
    settings.EXPORTS_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def regional(country):
    return organisations.person("regional", country.here.region)


@pytest.fixture
def mixed(filled):
    """Closed, with an item that does not apply, one unanswered, an alert, and notes."""
    entry = {
        "number": 1,
        "ratings": {
            "CAL2": {"state": "scored", "value": 3, "note": "=HYPERLINK(1)"},
            "SEN2": {"state": "scored", "value": 0},
            "SEN3": {"state": "na", "note": "Nadie lloró"},
            "CAL1": None,
        },
        "alerts": {"ALE1": "Hidden fact"},
        "context": {"CTX1": "ALI", "CTX2": [9, 3], "CTX3": 2, "CTX4": True, "CTX5": 0},
    }
    sessions.save_draft(session=filled, cycles=[entry], by=filled.observer)
    return sessions.close(session=filled, by=filled.observer, leave_missing=True)


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


@pytest.fixture
def national(country):
    return organisations.person("national", country.country)


@pytest.fixture
def author(national):
    """Who writes instruments."""
    return national


@pytest.fixture
def as_author(author, sign_in):
    return sign_in(author)


@pytest.fixture
def other_draft(db):
    """A draft of two items, answered in steps."""
    return instruments.draft(instruments.content(items=2))
