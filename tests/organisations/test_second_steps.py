import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.messages import get_messages
from django.urls import reverse

from organisations import second_steps
from organisations.roles import RoleCode
from tests.factories import organisations as make
from tests.organisations.signing_in import PASSWORD, set_up_second_step, sign_in

pytestmark = pytest.mark.django_db

INDEX = "/cuenta/2fa/"


@pytest.fixture(autouse=True)
def asked(settings):
    settings.SECOND_STEP_ROLES = [RoleCode.NATIONAL]


@pytest.fixture
def coordinator(person, country):
    make.post(RoleCode.NATIONAL, country.country, person)
    return person


def test_role_that_needs_a_second_step_is_led_to_it_from_every_page(client, coordinator):
    sign_in(client)

    for page in ("/", reverse("unit_list"), "/editor/", reverse("account_login"), "/campo/"):
        answer = client.get(page, headers={"accept-language": "en"})
        assert (answer.status_code, answer.url) == (302, INDEX), page
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert sum("second step" in text for text in told) == 1
    assert client.get(INDEX).status_code == 200


def test_programs_are_told_so_in_json(client, coordinator):
    sign_in(client)

    answer = client.get("/api/field/me/")

    assert (answer.status_code, answer.json()["code"]) == (401, "second_step")


def test_she_may_leave_and_choose_a_language(client, coordinator):
    sign_in(client)

    assert client.get(reverse("account_logout")).status_code == 200
    assert client.post(reverse("language_set"), {"language": "es"}).url != INDEX


def test_second_step_once_set_up_opens_the_pages(client, coordinator):
    sign_in(client)

    set_up_second_step(client)

    assert client.get(reverse("unit_list")).status_code == 200
    assert second_steps.UNLOOKED not in client.session


def test_second_step_taken_away_is_asked_for_anew(client, coordinator):
    sign_in(client)
    totp.TOTP.activate(coordinator, totp.generate_totp_secret())
    assert client.get(reverse("unit_list")).status_code == 200
    assert second_steps.UNLOOKED not in client.session

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert client.get(reverse("unit_list")).url == INDEX


def test_other_roles_are_not_asked(client, person, country):
    make.post(RoleCode.MENTOR, country.here.rooms[0], person)
    sign_in(client)

    assert client.get("/mi-perfil/").status_code == 200
    assert second_steps.UNLOOKED not in client.session


def test_unknown_role_stops_the_start(settings):
    settings.SECOND_STEP_ROLES = ["natoinal"]

    (error,) = second_steps.roles_are_known(None)

    assert (error.id, "natoinal" in error.msg) == ("organisations.E001", True)
