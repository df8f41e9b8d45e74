"""The public check of a certificate, and its revocation."""

import datetime
import io

import pypdf
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate

from observation.actions import certificates
from observation.models import Certificate, CertificateRevocation
from observation.views import certification_steps
from observation.views.certificates import MISSES
from tests.factories import certification as make
from tests.observation.looking import url

pytestmark = pytest.mark.usefixtures("version")


@pytest.fixture
def held(mentor):
    cache.clear()
    return make.certificate(mentor, localdate())


def check(client, code):
    return client.get(
        reverse("certificates:certificate_check", args=[code]), HTTP_ACCEPT_LANGUAGE="en"
    )


def test_check_says_whose_it_is_and_no_more(client, held, mentor):
    page = check(client, held.code)
    text = page.content.decode()

    assert str(mentor) in text
    assert mentor.email not in text
    assert "valid" in text
    assert "0.8" not in text.split("<main")[1].split("</main")[0]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in text


def test_check_names_nobody_by_her_address(client, held, mentor):
    type(mentor).objects.update(first_name="", last_name="")

    assert mentor.email not in check(client, held.code).content.decode()


def test_check_says_expired_and_revoked_without_the_reason(client, held, national):
    Certificate.objects.update(valid_until=localdate() - datetime.timedelta(days=1))
    assert "expired" in check(client, held.code).content.decode()
    Certificate.objects.update(valid_until=localdate())
    certificates.revoke(certificate=held, reason="A secret matter", by=national)

    page = check(client, held.code).content.decode()

    assert f"revoked since {date_format(localdate())}" in page
    assert "A secret matter" not in page


def test_check_says_from_when_a_certificate_ends_early(client, held, national):
    Certificate.objects.update(valid_until=localdate() + datetime.timedelta(days=9))
    soon = localdate() + datetime.timedelta(days=3)
    certificates.revoke(certificate=held, reason="She leaves.", since=soon, by=national)

    text = check(client, held.code).content.decode().split("<main")[1]

    assert "valid</span>" in text
    assert "revoked" not in text
    assert f"<dt>Not valid from</dt><dd>{date_format(soon)}</dd>" in text


def test_search_finds_a_code_however_it_is_typed(client, held):
    code = held.code
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]} "

    answer = client.get(reverse("certificates:certificate_search"), {"code": typed})

    assert answer.url == reverse("certificates:certificate_check", args=[code])


def test_unknown_code_stays_in_the_field(client, held):
    page = check(client, "ABCDEFGH23456789")

    assert page.context["form"]["code"].value() == "ABCDEFGH23456789"


@pytest.mark.parametrize("typed", ["", "x", "é" * 16, "' OR 1=1 --", "A" * 5000, "<script>"])
def test_search_with_rubbish_says_what_a_code_is(client, db, typed):
    page = client.get(reverse("certificates:certificate_search"), {"code": typed})

    assert page.status_code == 200
    assert page.context["form"].errors


def test_guessing_codes_ends_soon_and_spares_nobody_elsewhere(client, held):
    answers = [check(client, f"{n:016d}").status_code for n in range(MISSES + 2)]

    assert answers == [404] * MISSES + [429, 429]
    elsewhere = client.get(
        reverse("certificates:certificate_check", args=[held.code]), REMOTE_ADDR="10.1.2.3"
    )
    assert elsewhere.status_code == 200


# ---- revocation


def test_revoke_on_the_page_keeps_reason_and_day(held, national, sign_in):
    client = sign_in(national)
    at = url("certificate_revoke", held.pk)
    assert held.number in client.get(at).content.decode()
    assert client.post(at, {"reason": "", "since": "x"}).status_code == 200

    done = client.post(at, {"reason": "Codes were shared.", "since": localdate().isoformat()})

    assert done.url == url("observer_detail", held.observer_id)
    revocation = CertificateRevocation.objects.get()
    assert (revocation.reason, revocation.by) == ("Codes were shared.", national)
    assert "revoked" in client.get(done.url).content.decode()
    again = client.post(at, {"reason": "x", "since": localdate().isoformat()})
    assert again.status_code == 409


def test_revocation_is_told_with_its_reason_to_the_holder_and_who_answers_for_her(
    held, mentor, national, zonal, sign_in
):
    certificates.revoke(certificate=held, reason="Codes were shared.", by=national)

    hers = sign_in(mentor).get(url("certification_home")).content.decode()
    test = sign_in(mentor).get(url("test_detail", held.round_id)).content.decode()
    theirs = sign_in(zonal).get(url("observer_detail", mentor.pk)).content.decode()

    assert "Why: Codes were shared." in hers
    assert "Why: Codes were shared." in theirs
    assert "You passed this test, but its certificate was revoked." in test
    pdf = sign_in(mentor).get(url("certificate_pdf", held.pk)).content
    (sheet,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert f"Revoked: not valid from {date_format(localdate())}." in sheet.extract_text()


def test_link_to_revoke_is_there_for_those_who_may(held, mentor, national, zonal, sign_in):
    at = url("observer_detail", mentor.pk)

    assert url("certificate_revoke", held.pk) in sign_in(national).get(at).content.decode()
    assert url("certificate_revoke", held.pk) not in sign_in(zonal).get(at).content.decode()


def test_list_of_observers_says_when_a_revoked_certificate_ended(held, national, zonal, sign_in):
    Certificate.objects.update(valid_until=localdate() + datetime.timedelta(days=200))
    certificates.revoke(certificate=held, reason="Codes were shared.", by=national)

    page = sign_in(zonal).get(url("observer_list"), {"state": "expired"}).context["page"]

    assert [(row.pk, row.ended) for row in page] == [(held.observer_id, localdate())]


def test_home_tells_her_that_her_certificate_was_revoked(held, mentor, national):
    make.bank()
    certificates.revoke(certificate=held, reason="Codes were shared.", by=national)

    (step,) = certification_steps.own(mentor)

    assert str(step.text).startswith("Your certificate was revoked. See why, and certify again")
