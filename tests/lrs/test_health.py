"""How the store does, and what it refuses."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from lrs.actions import refusals, statements
from lrs.models import Credential, RefusedRequest
from tests.factories import organisations
from tests.factories.learning import statement
from tests.lrs.conftest import browser, stored

PAGES = (
    *("record_list", "health_detail", "client_list"),
    *("erasure_list", "erasure_begin", "retention_edit"),
)


@pytest.fixture(autouse=True)
def quiet_minute() -> None:
    """Other tests of this minute have had much refused."""
    refusals._noted.clear()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_whoever_looks_after_the_store(name, country, pages):
    regional = browser(organisations.person("regional", country.here.region))

    assert pages.get(reverse(name)).status_code == 200
    assert regional.get(reverse(name)).status_code == 403


def test_health_tells_lag_sizes_and_refusals(store, pages):
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    statements.store([statement(timestamp=hour_ago.isoformat())])
    store.post({"actor": 1})

    answer = pages.get(reverse("health_detail"))

    assert answer.context["lag"].statements == 1
    assert round(answer.context["lag"].median.total_seconds()) == 3600
    assert answer.context["sizes"].database > 0
    assert answer.context["sizes"].refused == 1
    assert "POST /xapi/statements" in answer.content.decode()


def test_health_counts_by_minute_hour_and_day(pages):
    stored()
    stored()

    charts = pages.get(reverse("health_detail")).context["charts"]

    assert [len(chart.rows) for chart in charts] == [60, 24, 30]
    for chart in charts:
        assert sum(int(row[1]) for row in chart.rows) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_health_asks_as_many_queries_for_three_refusals_as_for_one(
    rows, store, pages, django_assert_num_queries
):
    for _row in range(rows):
        store.post([{}])
    pages.get(reverse("health_detail"))  # the size of the database is remembered

    with django_assert_num_queries(13):
        pages.get(reverse("health_detail"))


def test_refusal_is_noted_without_what_it_carried(store):
    store.post({"actor": {"mbox": "mailto:ana@example.org"}, "verb": 5})
    store.get(statementId="no-such")
    store.get(statementId=str(uuid.uuid4()))  # not found: an answer

    first, second = RefusedRequest.objects.order_by("pk")
    assert (first.status, first.method, first.where) == (400, "POST", "object")
    assert first.credential == second.credential == Credential.objects.get()
    assert "ana@" not in first.sentence


def test_stranger_is_noted_without_a_client(store, client):
    client.get(store.url, headers={"Authorization": "Basic eDp5"})

    row = RefusedRequest.objects.get()
    assert (row.status, row.credential) == (401, None)


def test_flood_of_refusals_is_not_noted(store, monkeypatch):
    monkeypatch.setattr(refusals, "MOST_OF_A_MINUTE", 2)

    for _request in range(4):
        assert store.post([{}]).status_code == 400

    assert RefusedRequest.objects.count() == 2


def test_refusals_are_forgotten_by_number_and_age(store, monkeypatch):
    monkeypatch.setattr(refusals, "MOST", 2)
    for _request in range(3):
        store.post([{}])

    refusals.forget()
    assert RefusedRequest.objects.count() == 2
    refusals.forget(now=timezone.now() + datetime.timedelta(days=31))
    assert not RefusedRequest.objects.exists()
