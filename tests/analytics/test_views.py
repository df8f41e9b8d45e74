import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analytics import next_steps
from analytics.actions import runs
from analytics.models import Run
from tests.analytics.test_runs import PERIOD
from tests.factories import organisations as make

FORM = {"starts_on": "2026-01-01", "ends_on": "2026-06-30"}


@pytest.fixture
def coordinator(country, client):
    user = make.person("national", country.country)
    client.force_login(user)
    return user


def run_for(unit) -> Run:
    return runs.compute(run=runs.request(kind="braid", unit=unit, background=False, **PERIOD))


def test_braid_without_result_says_what_to_do(coordinator, client):
    page = client.get(reverse("analytics:braid"), headers={"accept-language": "en"})

    assert "Nothing was computed for this place yet" in page.content.decode()


def test_braid_asked_for_is_computed_and_shown(
    coordinator, country, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("analytics:braid"), FORM | {"unit": "norte"})
    page = client.get(answer.url, headers={"accept-language": "en"})

    assert Run.objects.get().status == "done"
    assert "Insufficient data" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"unit": "norte", "ends_on": "2025-01-01"}, "The last day is before the first."),
        ({"unit": "norte", "starts_on": "2000-01-01"}, "five years at most"),
        ({"unit": "norte", "starts_on": "hoy"}, "Enter a valid date."),
        ({"unit": "luna"}, "Choose a place from the list."),
        ({"unit": "norte-z1-c1-lb"}, "Choose a place from the list."),
        ({"unit": "norte\0"}, "Null characters are not allowed."),
    ],
)
def test_braid_with_rubbish_is_refused_with_a_sentence(coordinator, client, fields, sentence):
    answer = client.post(
        reverse("analytics:braid"), FORM | fields, headers={"accept-language": "en"}
    )

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Run.objects.exists()


def test_neighbour_sees_neither_run_nor_table(country, client):
    run = run_for(country.here.region)
    client.force_login(make.person("regional", country.elsewhere.region))

    assert client.get(reverse("analytics:run_detail", args=[run.pk])).status_code == 404
    assert client.get(reverse("analytics:run_table", args=[run.pk])).status_code == 404
    assert client.post(reverse("analytics:braid"), FORM | {"unit": "norte"}).status_code == 400


def test_evaluation_unit_gets_figures_and_no_table_of_rooms(country, client):
    run = run_for(country.here.region)
    client.force_login(make.person("evaluator", country.country))
    table = reverse("analytics:run_table", args=[run.pk])

    page = client.get(reverse("analytics:run_detail", args=[run.pk]))

    assert page.status_code == 200
    assert table not in page.content.decode()
    assert client.get(table).status_code == 404


def test_room_is_not_offered_as_a_place(coordinator, country, client):
    page = client.get(reverse("analytics:braid"), {"unit": country.here.rooms[0].code})

    assert country.here.rooms[0].code not in dict(page.context["form"].fields["unit"].choices)


def test_table_has_codes_and_no_names(coordinator, country, client):
    run = run_for(country.here.region)
    lines = client.get(reverse("analytics:run_table", args=[run.pk])).content.decode().split()

    assert lines[0].startswith("\ufeffroom,centre,cycles,")
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["norte-z1-c1-lb", "norte-z1-c1"],
        ["norte-z1-c1-ma", "norte-z1-c1"],
    ]


def test_braid_page_asks_the_same_number_of_queries_for_more_units(coordinator, country, client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("analytics:braid"), {"unit": "norte"})
        return len(caught)

    run_for(country.here.region)
    queries()
    before = queries()
    for number in range(3):
        zone = make.unit("zone", country.here.region, f"norte-z{number + 2}")
        make.unit("centre", zone)
        run_for(country.here.region)

    assert queries() == before


def test_home_asks_to_compute_the_strands_and_then_to_read_them(coordinator, country):
    (before,) = next_steps.braid(coordinator)
    run_for(country.country)
    (after,) = next_steps.braid(coordinator)

    assert before.action == "Choose the period"
    assert (after.action, after.url) == ("Open the braid", reverse("analytics:braid"))
