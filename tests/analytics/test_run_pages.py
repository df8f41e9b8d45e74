"""The page of a run: how far it is, what may be done about it, and by whom."""

import datetime
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics import policies
from analytics.actions import runs
from analytics.models import Run
from tests.analytics.test_runs import ask
from tests.factories import organisations as make


@pytest.fixture
def coordinator(country, client):
    user = make.person("national", country.country)
    client.force_login(user)
    return user


def page(client, run: Run, language: str = "en", **headers) -> str:
    answer = client.get(
        reverse("analytics:run_detail", args=[run.pk]),
        headers={"accept-language": language} | headers,
    )
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def in_state(country, status: str, **fields) -> Run:
    run = ask(country)
    Run.objects.filter(pk=run.pk).update(status=status, **fields)
    run.refresh_from_db()
    return run


def running(country, **fields) -> Run:
    begun = timezone.now() - datetime.timedelta(seconds=75)
    fields = {"stage": "braid", "progress": 40, "started_at": begun} | fields
    return in_state(country, "running", **fields)


def lost(country) -> Run:
    return running(country, alive_at=timezone.now() - policies.LOST_AFTER)


def buttons(text: str) -> list[str]:
    return re.findall(r'id="(run-\w+)"', text)


def test_page_of_a_running_analysis_shows_bar_stage_time_and_a_way_to_stop(
    coordinator, country, client
):
    shown = page(client, running(country))

    assert re.search(
        r'<progress aria-label="Joining the three strands" value="40" max="100">', shown
    )
    assert re.search(r"Time so far: 1 min \d+ s\.", shown)
    assert buttons(shown) == ["run-cancel"]
    assert 'hx-trigger="every 2s"' in shown
    assert "Look again" in shown  # for who has no JavaScript


def test_part_that_is_polled_is_the_region_alone(coordinator, country, client):
    shown = page(client, running(country), hx_request="true")

    assert "<html" not in shown
    assert buttons(shown) == ["run-cancel"]


@pytest.mark.parametrize(
    ("made", "sentence", "offered"),
    [
        (lambda c: in_state(c, "queued"), "waits for its turn", ["run-cancel"]),
        (lambda c: running(c, cancel_asked_at=timezone.now()), "is being stopped", []),
        (lambda c: in_state(c, "cancelled", progress=40), "It had come to 40 %.", ["run-resume"]),
        (lambda c: in_state(c, "failed", failure="No rooms."), "No rooms.", ["run-resume"]),
        (lost, "Nothing has been heard of it", ["run-resume"]),
    ],
)
def test_page_says_how_it_stands_and_what_may_be_done(
    coordinator, country, client, made, sentence, offered
):
    run = made(country)
    shown = page(client, run)

    assert sentence in shown
    assert buttons(shown) == offered
    # What goes on by itself asks again by itself; what does not is left alone.
    assert ("hx-get" in shown) == (run.is_waited_for and not policies.lost(run))


def test_stopped_by_a_button_and_taken_up_by_another(
    coordinator, country, client, django_capture_on_commit_callbacks
):
    run = ask(country)

    stopped = client.post(reverse("analytics:run_cancel", args=[run.pk]))
    run.refresh_from_db()
    between = run.status
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("analytics:run_resume", args=[run.pk]))
    run.refresh_from_db()

    assert stopped.url == reverse("analytics:run_detail", args=[run.pk])
    assert (between, run.status) == ("cancelled", "done")


@pytest.mark.parametrize("name", ["run_cancel", "run_resume"])
def test_move_that_is_refused_says_why(coordinator, country, client, name):
    run = runs.compute(run=ask(country))
    answer = client.post(reverse(f"analytics:{name}", args=[run.pk]))

    assert answer.status_code == 409
    assert client.get(reverse(f"analytics:{name}", args=[run.pk])).status_code == 405


@pytest.mark.parametrize("name", ["run_cancel", "run_resume"])
def test_neighbour_finds_nothing_to_stop_or_take_up(country, client, name):
    run = running(country)
    client.force_login(make.person("regional", country.elsewhere.region))

    assert client.post(reverse(f"analytics:{name}", args=[run.pk])).status_code == 404
    run.refresh_from_db()
    assert (run.status, run.cancel_asked_at) == ("running", None)


def test_who_may_read_but_not_compute_is_offered_no_button(country, client):
    run = in_state(country, "cancelled", unit=country.here.zone)
    client.force_login(make.person("zonal", country.here.zone))

    assert buttons(page(client, run)) == []
    assert client.post(reverse("analytics:run_resume", args=[run.pk])).status_code == 403


@pytest.mark.parametrize(
    "made",
    [
        lambda c: in_state(c, "queued"),
        running,
        lambda c: running(c, cancel_asked_at=timezone.now()),
        lambda c: in_state(c, "cancelled"),
        lost,
    ],
)
def test_page_speaks_one_language_at_a_time(coordinator, country, client, made):
    run = made(country)
    english, spanish = (sentences(page(client, run, language)) for language in ("en", "es"))

    assert english
    assert english & spanish == set()


def sentences(shown: str) -> set[str]:
    """The texts between the heading and the end of the main part, those with words of their own."""
    main = re.search(r"</h1>(.*)</main>", shown, re.DOTALL)[1]
    texts = (text.strip() for text in re.split(r"<[^>]*>", main))
    return {text for text in texts if len(text) > 3 and "min" not in text}
