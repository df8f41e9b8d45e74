"""What the browser is told besides the page: what may run, and what it may keep."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import organisations as make


@pytest.fixture
def director(client, country):
    user = make.person("director", country.here.centre)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", ["home", "observation:session_list", "own_data", "profile"])
def test_page_of_who_is_signed_in_stays_in_no_cache(client, director, name):
    assert client.get(reverse(name))["Cache-Control"] == "no-store"


def test_answer_to_a_key_stays_in_no_cache(client, db):
    answer = client.get("/api/observation/sessions/", headers={"Authorization": "Bearer none"})

    assert answer["Cache-Control"] == "no-store"


def test_page_that_is_the_same_for_everybody_says_itself_how_long_it_lasts(client, director):
    assert client.get(reverse("field:page"))["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/css/tokens.css", "/campo/", "/nada/", "/healthz"])
def test_every_answer_carries_the_policy_and_no_foreign_origin(client, db, path):
    answer = client.get(path)

    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer


def test_editor_allows_neither_plug_ins_nor_another_base():
    policy = settings.EDITOR_SECURITY_POLICY

    assert (policy["object-src"], policy["base-uri"]) == (["'none'"], ["'none'"])
    assert [one for sources in policy.values() for one in sources if "//" in one] == []


@pytest.mark.parametrize("path", ["/api/field/me/", "/xapi/statements"])
def test_program_that_forgets_encryption_is_refused_and_not_led_on(client, db, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get(path)

    assert (answer.status_code, answer.json()["detail"]) == (403, "Use https.")


def test_person_who_forgets_encryption_is_led_to_it(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/cuenta/login/")["Location"] == "https://testserver/cuenta/login/"


def test_message_to_a_person_travels_in_no_cookie(client, director):
    answer = client.post(reverse("profile"), {"first_name": "Ana", "last_name": "Inventada"})

    assert "messages" not in answer.cookies
    assert len(list(client.get(reverse("profile")).context["messages"])) == 1
