"""How long one stays signed in, where, and how that is ended."""

import datetime
import io

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditRecord
from tests.factories import organisations as make
from tests.organisations.signing_in import PASSWORD, sign_in

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
HERE = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def travel(monkeypatch):
    """Moves the clock of sessions on."""

    def ahead(span: datetime.timedelta) -> None:
        later = timezone.now() + span
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    return ahead


def is_in(client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def elsewhere(person) -> Client:
    """Another browser in which ``person`` is signed in."""
    browser = Client()
    sign_in(browser, email=person.email, headers={"user-agent": PHONE})
    return browser


def test_session_in_use_ends_two_weeks_after_signing_in(client, person, travel):
    sign_in(client)

    lived = []
    for _nth in range(5):
        travel(3 * DAY)
        lived.append(is_in(client))

    assert lived == [True, True, True, True, False]
    assert UserSession.objects.purge_and_list(person) == []


def test_session_that_rests_ends_after_four_days(client, person, travel):
    sign_in(client)

    travel(4 * DAY + datetime.timedelta(minutes=1))

    assert not is_in(client)


def test_session_in_use_is_put_off_once_an_hour_and_not_each_time(client, person, travel):
    sign_in(client)
    client.get(reverse("profile"))
    key = client.session.session_key
    ends = []
    for minutes in (0, 59, 2):
        travel(datetime.timedelta(minutes=minutes))
        client.get(reverse("profile"))
        ends.append(client.session.model.objects.get(pk=key).expire_date)

    assert ends[0] == ends[1] < ends[2]


def test_page_lists_where_one_is_signed_in_and_marks_this_browser(client, person):
    elsewhere(person)
    elsewhere(make.user("eva@trenza.example"))
    sign_in(client, headers={"user-agent": HERE})

    answer = client.get(reverse("own_sessions"))

    shown = [(one.name, one.is_here) for one in answer.context["browsers"]]
    assert shown == [("Chrome, Android", False), ("Firefox, Linux", True)]


def test_signing_out_elsewhere_asks_for_the_password_and_then_is_done(client, person):
    phone = elsewhere(person)
    sign_in(client)

    asked = client.post(reverse("own_sessions"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert is_in(phone)
    client.post(asked.url, {"password": PASSWORD})

    assert [is_in(client), is_in(phone)] == [True, False]


def test_signing_out_elsewhere_leaves_this_browser_and_goes_on_record(client, person):
    phone = elsewhere(person)
    colleague = elsewhere(make.user("eva@trenza.example"))
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    answer = client.post(reverse("own_sessions"))

    assert answer.url == reverse("own_sessions")
    assert [is_in(client), is_in(phone), is_in(colleague)] == [True, False, True]
    ended = AuditRecord.objects.get(action="sign_ins.end_elsewhere")
    assert (ended.actor_id, ended.detail) == (person.pk, {"sessions": 1})


def test_new_password_ends_the_sessions_elsewhere(client, person):
    phone = elsewhere(person)
    sign_in(client)
    new = "otra-llave-de-prueba"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert [is_in(client), is_in(phone)] == [True, False]


def test_closed_account_is_out_at_once(client, person):
    sign_in(client)

    person.is_active = False
    person.save()

    assert not is_in(client)


def test_own_data_name_where_one_is_signed_in(client, person):
    sign_in(client, headers={"user-agent": HERE})

    told = client.get(reverse("own_data")).json()["sessions"]

    assert [(one["user_agent"], one["ip"]) for one in told] == [(HERE, "127.0.0.1")]


def test_command_ends_the_sessions_of_one_person(client, person):
    colleague = elsewhere(make.user("eva@trenza.example"))
    sign_in(client)
    out = io.StringIO()

    call_command("end_sessions", "Ana@trenza.example", stdout=out)

    assert [is_in(client), is_in(colleague)] == [False, True]
    assert out.getvalue() == "1 sessions ended.\n"
    ended = AuditRecord.objects.get(action="sign_ins.end_elsewhere")
    assert (ended.actor_id, ended.object_id) == (None, str(person.pk))


def test_command_ends_the_sessions_of_everybody(client, person):
    colleague = elsewhere(make.user("eva@trenza.example"))
    sign_in(client)

    call_command("end_sessions", "--all", stdout=io.StringIO())

    assert [is_in(client), is_in(colleague)] == [False, False]


@pytest.mark.parametrize("arguments", [[], ["nobody@trenza.example"], ["a@b.example", "--all"]])
def test_command_says_what_it_needs(arguments):
    with pytest.raises(CommandError):
        call_command("end_sessions", *arguments)
