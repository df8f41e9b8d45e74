import base64
import json

import pytest
from django.test import Client
from django.urls import reverse

from lrs.actions import deliveries, statements
from lrs.enums import Scope
from lrs.models import Statement
from organisations.models import User
from tests.factories import learning as make
from tests.factories import organisations

JSON = "application/json"


class RecordStore:
    """A client of the record store as another program would be one."""

    url = "/xapi/statements"

    def __init__(self, key: str, secret: str, version: str | None = "1.0.3"):
        token = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}"}
        if version:
            self.headers["X-Experience-API-Version"] = version
        self.client = Client()

    def post(self, body, url: str = url, content_type: str = JSON, **headers):
        return self.send("post", url, body, content_type, **headers)

    def put(self, body, url: str = url, content_type: str = JSON, **headers):
        return self.send("put", url, body, content_type, **headers)

    def send(self, method: str, url: str, body="", content_type: str = JSON, **headers):
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(
            url, data, content_type=content_type, headers=self.headers | named
        )

    def get(self, url: str = url, **parameters):
        return self.client.get(url, parameters or None, headers=self.headers)

    def ids(self, **parameters) -> list[str]:
        """The ids of all statements that a search finds, in order, over all pages."""
        page = self.get(**parameters).json()
        found = page["statements"]
        while page["more"]:
            page = self.get(page["more"]).json()
            found += page["statements"]
        return [one["id"] for one in found]


def client_with(*scopes: Scope, version: str = "1.0.3") -> RecordStore:
    credential, secret = make.credential(scopes=scopes or (Scope.ALL,))
    return RecordStore(credential.key, secret, version)


@pytest.fixture
def store(db) -> RecordStore:
    return client_with()


@pytest.fixture
def second(db) -> RecordStore:
    """A client that speaks xAPI 2.0."""
    return client_with(version="2.0.0")


@pytest.fixture
def national(country) -> User:
    """Who looks after the record store."""
    return organisations.person("national", country.country)


@pytest.fixture
def pages(national) -> Client:
    """Her browser."""
    return browser(national)


def browser(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(client: Client, name: str, *args, **query) -> str:
    """The page ``name`` as it is shown."""
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def stored(**parts) -> Statement:
    """The row of a statement that the house stored."""
    (identity,) = statements.store([make.statement(**parts)])
    return Statement.objects.get(pk=identity)


@pytest.fixture
def no_worker(settings):
    """Nothing is sent by itself, no file is kept, and nothing is believed of earlier tests."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    settings.STORAGES = settings.STORAGES | {
        "xapi": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    deliveries.look_again()
    yield
    deliveries.look_again()
