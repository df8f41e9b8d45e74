import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import observation as make
from tests.factories import organisations

LIST = reverse("observation_api:session_list")


@pytest.fixture
def director(country, client):
    person = organisations.person("director", country.here.centre)
    client.force_login(person)
    return person


def test_list_gives_closed_sessions_with_scores(room, director, client):
    session = make.closed(room)
    make.draft(room)

    body = client.get(LIST).json()

    assert body["count"] == 1
    row = body["results"][0]
    assert (row["id"], row["room"], row["version"]) == (str(session.pk), room.code, 1)
    assert {score["domain"] for score in row["scores"]} == {"CAL", "SEN", "LEN", "CON", None}


def test_detail_gives_cycles_and_ratings(room, director, client):
    session = make.closed(room)

    body = client.get(reverse("observation_api:session_detail", args=[session.pk])).json()

    assert [len(cycle["ratings"]) for cycle in body["cycles"]] == [24, 24]
    assert {rating["state"] for rating in body["cycles"][1]["ratings"]} == {"scored", "na"}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("room=norte-z1-c1-lb", 1),
        ("room=sur-z1-c1-lb", 0),
        ("room=nowhere", 0),
        ("status=closed", 1),
        ("from=2020-01-01&to=2020-12-31", 0),
        ("from=2020-01-01", 1),
    ],
)
def test_list_filters(room, director, client, query, count):
    make.closed(room)

    assert client.get(f"{LIST}?{query}").json()["count"] == count


def test_list_includes_both_ends_of_the_period(room, director, client):
    today = timezone.localdate()
    make.closed(room)
    yesterday = today - datetime.timedelta(days=1)

    assert client.get(f"{LIST}?from={today}&to={today}").json()["count"] == 1
    assert client.get(f"{LIST}?to={yesterday}").json()["count"] == 0


@pytest.mark.parametrize("query", ["from=soon", "status=lost", "to=2026-13-01"])
def test_list_with_a_filter_that_cannot_be_read_is_400(room, director, client, query):
    response = client.get(f"{LIST}?{query}")

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("number", ["1", "9223372036854775807", "9" * 30, ""])
@pytest.mark.parametrize("name", ["limit", "offset"])
def test_list_of_any_page_is_answered(room, director, client, name, number):
    make.closed(room)

    assert client.get(f"{LIST}?{name}={number}").status_code == 200


@pytest.mark.parametrize("number", ["rubbish", "-1", "1.5", "9" * 5000, "٣"])
@pytest.mark.parametrize(("name", "least"), [("limit", 1), ("offset", 0)])
def test_page_that_is_no_number_is_refused_with_a_sentence(director, client, name, least, number):
    answer = client.get(f"{LIST}?{name}={number}", headers={"accept-language": "en"})

    assert answer.status_code == 400
    assert answer.json() == {name: [f"Write a whole number, {least} or more."]}


def test_list_of_no_rows_is_refused(director, client):
    ratings = reverse("observation_api:rating_list")

    assert [client.get(f"{at}?limit=0").status_code for at in (LIST, ratings)] == [400, 400]
    assert client.get(f"{ratings}?limit=x").status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/api/nothing/", "/api/observation/", "/api/observation/sessions/x/", "/api/field/nothing/"],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_unknown_address_is_said_in_json(room, director, address, accept):
    client = Client(headers={"accept": accept})
    anonymous = client.get(address)
    client.force_login(director)
    known = client.get(address)

    assert (anonymous.status_code, known.status_code) == (401, 404)
    assert client.post(address).status_code == 404
    assert anonymous.headers["WWW-Authenticate"] == "Bearer"
    assert set(anonymous.json()) == set(known.json()) == {"detail"}
    assert client.get(address.rstrip("/")).url == address


def test_list_without_the_permission_is_403(country, client, version):
    assert client.get(LIST).status_code == 401
    client.force_login(organisations.person("witness", country.country))
    assert client.get(LIST).status_code == 403


def test_api_is_read_only(room, director, client):
    session = make.closed(room)

    assert client.post(LIST, {}).status_code == 405
    detail = reverse("observation_api:session_detail", args=[session.pk])
    assert client.delete(detail).status_code == 405


@pytest.mark.parametrize("detail", [False, True])
def test_queries_do_not_grow_with_rows(room, director, client, detail):
    session = make.closed(room)
    where = reverse("observation_api:session_detail", args=[session.pk]) if detail else LIST
    client.get(where)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(where)
        return len(queries)

    one = count()
    make.closed(room)
    make.closed(room)
    assert count() == one
