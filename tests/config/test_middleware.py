import pytest
from django.urls import reverse

from mentoring.enums import CycleStatus
from tests.factories import mentoring as mentor
from tests.factories import organisations as make


def test_missing_row_of_a_page_that_is_there_is_404_and_no_redirect(client, country):
    cycle = mentor.cycle(mentor.pair(country.here), CycleStatus.PREPARE)
    client.force_login(make.person("mentor", country.elsewhere.centre))

    response = client.get(f"/mentoria/{cycle.pk}/")

    assert response.status_code == 404
    assert response.headers["Content-Language"] == "es"


def test_unknown_address_is_looked_for_under_the_language(client, db):
    assert client.get("/no-existe/").url == "/es/no-existe/"


@pytest.fixture
def coordinator(client, country):
    user = make.person("national", country.country)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("unit_list", "q"),
        ("visits:visit_list", "centre"),
        ("analytics:braid", "unit"),
        ("observation:session_list", "room"),
        ("observation_api:session_list", "room"),
    ],
)
def test_address_that_holds_nul_is_400(client, coordinator, name, field):
    assert client.get(reverse(name), {field: "norte\0"}).status_code == 400
