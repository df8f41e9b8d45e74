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
