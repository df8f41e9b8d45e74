import pytest
from django.core.cache import cache

from tests.factories import organisations as make


@pytest.fixture(autouse=True)
def no_limits_from_other_tests():
    cache.clear()


@pytest.fixture
def person(db):
    return make.user("ana@trenza.example")
