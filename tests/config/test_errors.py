import json

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.test import Client, RequestFactory
from django.urls import reverse

from config import errors
from core.refusals import Refusal
from tests.factories import organisations as make

pytestmark = pytest.mark.django_db


def ask(accept="text/html"):
    return RequestFactory().get("/anywhere/", headers={"accept": accept})


PAGES = [
    (errors.bad_request, SuspiciousOperation("odd"), 400),
    (errors.bad_request, RequestDataTooBig("big"), 413),
    (errors.bad_request, TooManyFieldsSent("many"), 413),
    (errors.forbidden, None, 403),
    (errors.not_found, None, 404),
    (errors.conflict, Refusal("The session is closed."), 409),
    (errors.too_many, None, 429),
]


@pytest.mark.parametrize(("handler", "exception", "status"), PAGES)
def test_error_for_a_person_is_a_page_with_a_way_on(handler, exception, status):
    answer = handler(ask(), exception)

    html = answer.content.decode()
    assert answer.status_code == status
    assert html.count("<h1>") == 1
    assert 'href="/"' in html


@pytest.mark.parametrize(("handler", "exception", "status"), PAGES)
@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_error_for_a_program_is_json(handler, exception, status, accept):
    answer = handler(ask(accept), exception)

    assert answer.status_code == status
    assert set(json.loads(answer.content)) == {"detail"}


def test_error_for_htmx_is_a_page():
    request = RequestFactory().get("/anywhere/", headers={"accept": "*/*", "hx-request": "true"})

    assert "<h1>" in errors.not_found(request).content.decode()


def test_conflict_gives_the_reason_of_the_rule():
    html = errors.conflict(ask(), Refusal("The session is <closed>.")).content.decode()

    assert "The session is &lt;closed&gt;." in html


def test_address_that_leads_nowhere_is_the_404_page(client):
    answer = client.get("/no-such-page/", follow=True)

    assert answer.status_code == 404
    assert "404.html" in [template.name for template in answer.templates]


def test_form_larger_than_the_door_is_the_413_page(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = client.post(
        reverse("account_login"),
        "login=" + "x" * 200,
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 413
    assert "413.html" in [template.name for template in answer.templates]


def test_form_with_too_many_fields_is_the_413_page(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5

    answer = client.post(reverse("account_login"), {f"field{n}": "1" for n in range(9)})

    assert answer.status_code == 413


def test_form_of_an_old_page_says_that_the_entries_are_still_there():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})

    assert answer.status_code == 403
    assert answer.context["stale_form"] is True


def test_500_page_needs_no_context_processor(settings):
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"] = ["no.such.processor"]

    answer = errors.server_error(ask())

    assert answer.status_code == 500
    assert "<h1>" in answer.content.decode()


def test_500_page_without_templates_is_still_a_sentence(monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("no templates")

    monkeypatch.setattr(errors, "render_to_string", broken)

    answer = errors.server_error(ask())

    assert (answer.status_code, answer["Content-Type"]) == (500, "text/plain; charset=utf-8")


def test_offline_page_is_public_and_says_what_to_do(client):
    assert client.get(reverse("offline")).status_code == 200


def test_missing_page_keeps_the_menu_of_whoever_is_signed_in(client, country):
    client.force_login(make.person("mentor", country.here.zone))

    html = client.get("/no-such-page/", follow=True).content.decode()

    assert reverse("home") in html
