import datetime
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditRecord
from tests.factories import organisations as make
from tests.organisations.signing_in import (
    PASSWORD,
    code_of,
    no_inline_code,
    set_up_second_step,
    sign_in,
    signed_in,
)

pytestmark = pytest.mark.django_db


def guess(client, times, **kwargs):
    return [sign_in(client, "wrong", **kwargs).status_code for _ in range(times)]


def test_password_signs_in(client, person):
    answer = sign_in(client)

    assert answer.url == reverse("home")
    assert signed_in(client)


def test_wrong_password_says_so_and_keeps_the_address(client, person):
    answer = sign_in(client, "wrong")

    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in html
    assert 'value="ana@trenza.example"' in html


def test_sixth_wrong_password_locks_and_says_for_how_long(client, person):
    assert guess(client, 6) == [200, 200, 200, 200, 200, 429]

    answer = sign_in(client)

    html = answer.content.decode()
    assert answer.status_code == 429
    assert "account/lockout.html" in [template.name for template in answer.templates]
    assert re.search(r"\b15\b", html)
    assert not signed_in(client)


def test_lock_does_not_tell_upper_from_lower_case(client, person):
    guess(client, 3)
    guess(client, 3, email="ANA@trenza.example ")

    assert sign_in(client).status_code == 429


def test_lock_holds_for_one_account_and_not_for_the_colleague_beside_her(client, person):
    make.user("eva@trenza.example")
    guess(client, 6)

    sign_in(client, email="eva@trenza.example")

    assert signed_in(client)


def test_lock_holds_for_an_address_without_account_alike(client):
    assert guess(client, 6, email="nobody@trenza.example")[-1] == 429


def test_attempts_are_counted_by_the_address_that_the_proxy_names(client, person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(2):
        sign_in(client, "wrong", headers={"x-forwarded-for": f"9.9.9.9, 203.0.113.{number}"})

    counted = AccessAttempt.objects.order_by("ip_address").values_list("ip_address", flat=True)
    assert list(counted) == ["203.0.113.0", "203.0.113.1"]


def test_lock_ends_after_the_wait(client, person):
    guess(client, 6)
    earlier = timezone.now() - datetime.timedelta(hours=settings.AXES_COOLOFF_TIME, seconds=1)
    AccessAttempt.objects.update(attempt_time=earlier)

    sign_in(client)

    assert signed_in(client)


def test_forty_in_one_room_may_sign_in_at_the_same_moment(person):
    statuses = [sign_in(Client()).status_code for _ in range(40)]

    assert statuses == [302] * 40


def test_wrong_password_when_confirming_counts_towards_the_lock(client, person):
    client.force_login(person)
    for _ in range(6):
        answer = client.post(reverse("account_reauthenticate"), {"password": "wrong"})

    assert answer.status_code == 429


def test_signing_up_is_closed(client):
    answer = client.post(
        reverse("account_signup"),
        {"email": "new@trenza.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert "account/signup_closed.html" in [template.name for template in answer.templates]
    assert not signed_in(client)


def test_code_by_mail_signs_in(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    client.post(reverse("account_confirm_login_code"), {"code": code_of(mail.outbox[0])})

    assert signed_in(client)


def test_what_is_mailed_does_not_open_for_long():
    codes = {
        settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
        settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    }

    assert (codes, settings.PASSWORD_RESET_TIMEOUT) == ({600}, 3600)


def test_code_by_mail_does_not_pass_over_the_second_step(client, person):
    totp.TOTP.activate(person, totp.generate_totp_secret())
    client.post(reverse("account_request_login_code"), {"email": person.email})

    answer = client.post(reverse("account_confirm_login_code"), {"code": code_of(mail.outbox[0])})

    assert answer.url == reverse("mfa_authenticate")
    assert not signed_in(client)


def test_code_by_mail_opens_once(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = {"code": code_of(mail.outbox[0])}
    client.post(reverse("account_confirm_login_code"), code)
    client.post(reverse("account_logout"))

    client.post(reverse("account_confirm_login_code"), code)

    assert not signed_in(client)


def test_code_for_an_address_without_account_does_not_tell(client):
    answer = client.post(
        reverse("account_request_login_code"), {"email": "nobody@trenza.example"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == reverse("account_confirm_login_code")


def test_second_step_stands_between_password_and_home(client, person):
    totp.TOTP.activate(person, totp.generate_totp_secret())

    answer = sign_in(client)

    assert answer.url == reverse("mfa_authenticate")
    assert not signed_in(client)


def test_second_step_cannot_be_guessed_for_ever(client, person):
    totp.TOTP.activate(person, totp.generate_totp_secret())
    sign_in(client)

    for _ in range(12):
        answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})

    errors = answer.context["form"].errors.as_data()["code"]
    assert [error.code for error in errors] == ["too_many_login_attempts"]


def test_editor_does_not_let_a_password_in_without_the_second_step(client, person):
    totp.TOTP.activate(person, totp.generate_totp_secret())

    answer = client.post("/editor/login/", {"username": person.email, "password": PASSWORD})

    assert answer.url.startswith(reverse("account_login"))
    assert not signed_in(client)


def test_editor_says_403_to_whoever_is_signed_in_and_may_not_edit(client, person):
    client.force_login(person)

    assert client.get("/editor/", follow=True).status_code == 403


OPEN = [
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_inactive",
]
OWN = [
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_activate_totp",
]


@pytest.mark.parametrize("name", OPEN + OWN)
@pytest.mark.parametrize("language", ["es", "en"])
def test_account_page_is_ours_in_both_languages_without_inline_code(client, person, name, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if name in OWN:
        sign_in(client)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    answer = client.get(reverse(name))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in html
    assert 'class="site-header"' in html
    assert html.count("<h1") == 1
    assert no_inline_code(html) == []


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_come_with_the_second_step(client, person):
    sign_in(client)

    answer = set_up_second_step(client)

    assert answer.status_code == 200
    kinds = {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}
    assert set(person.authenticator_set.values_list("type", flat=True)) == kinds
    changes = AuditRecord.objects.filter(action="sign_ins.change_second_step", actor_id=person.pk)
    assert {change.detail["kind"] for change in changes} == kinds


def test_new_password_is_on_record(client, person):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    new = "otra-trenza-de-prueba"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert (
        AuditRecord.objects.filter(action="sign_ins.change_password", actor_id=person.pk).count()
        == 1
    )


def test_home_without_post_says_whom_to_ask(client, person):
    client.force_login(person)

    html = client.get(reverse("home")).content.decode()

    assert 'class="empty-state"' in html


def test_home_lists_the_posts_one_holds(client, country):
    director = make.person("director", country.here.centre)
    client.force_login(director)

    assert str(country.here.centre) in client.get(reverse("home")).content.decode()
