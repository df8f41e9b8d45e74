import pytest

from tests.factories import mentoring as mentor


@pytest.fixture
def pair(country):
    return mentor.pair(country.here)


@pytest.fixture
def english(client):
    """The client reads English and signs in whoever is needed."""

    def signed_in(user):
        client.cookies["django_language"] = "en"
        client.force_login(user)
        return client

    return signed_in
