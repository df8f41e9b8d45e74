import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.urls import reverse

from core.models import AuditRecord
from organisations.actions import people
from organisations.models import User
from tests.factories import organisations as make
from tests.organisations.signing_in import PASSWORD, code_of, no_inline_code, sign_in, signed_in

pytestmark = pytest.mark.django_db


def ask_for_address(client, email):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client.post(reverse("account_email"), {"email": email, "action_add": ""})


def test_address_changes_once_the_code_sent_there_is_typed(client, person):
    answer = ask_for_address(client, "ana.nueva@trenza.example")
    assert answer.url == reverse("account_email_verification_sent")
    person.refresh_from_db()
    assert person.email == "ana@trenza.example"
    [asked] = [message for message in mail.outbox if message.to == ["ana.nueva@trenza.example"]]

    client.post(answer.url, {"code": code_of(asked)})

    person.refresh_from_db()
    assert person.email == "ana.nueva@trenza.example"
    assert ["ana@trenza.example"] in [message.to for message in mail.outbox]
    assert (
        AuditRecord.objects.filter(action="sign_ins.change_address", actor_id=person.pk).count()
        == 1
    )


@pytest.mark.parametrize("language", ["es", "en"])
def test_page_that_asks_for_the_code_is_ours(client, person, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    html = client.get(ask_for_address(client, "ana.nueva@trenza.example").url).content.decode()

    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert "ana.nueva@trenza.example" in html
    assert no_inline_code(html) == []


def test_address_is_asked_for_again_only_after_the_password(client, person):
    client.force_login(person)

    answer = client.post(
        reverse("account_email"), {"email": "ana.nueva@trenza.example", "action_add": ""}
    )

    assert answer.url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("known", [True, False], ids=["of a colleague", "of nobody yet"])
def test_address_that_is_not_proven_cannot_be_made_ones_own(client, person, known):
    other = "eva@trenza.example"
    if known:
        make.user(other)
    ask_for_address(client, other)

    client.post(reverse("account_email"), {"email": other, "action_primary": ""})

    person.refresh_from_db()
    assert person.email == "ana@trenza.example"
    assert not EmailAddress.objects.filter(user=person, email=other, verified=True).exists()


def test_who_is_registered_has_her_address_though_somebody_asked_for_it_before(client, person):
    ask_for_address(client, "eva@trenza.example")
    client.logout()
    eva = people.register(
        email="Eva@trenza.example", first_name="Eva", last_name="Inventada", by=None
    )
    mail.outbox.clear()

    client.post(reverse("account_request_login_code"), {"email": "eva@trenza.example"})
    client.post(reverse("account_confirm_login_code"), {"code": code_of(mail.outbox[0])})

    assert client.session["_auth_user_id"] == str(eva.pk)


def test_account_that_nobody_vouched_for_proves_its_address_first(client):
    user = User(email="sola@trenza.example")
    user.set_password(PASSWORD)
    user.save()

    answer = sign_in(client, email=user.email)

    assert answer.url == reverse("account_email_verification_sent")
    assert not signed_in(client)
