"""The pages of certification, from practice to the certificate on paper, and with rubbish."""

import datetime
import io
import uuid

import pypdf
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import localdate

from observation.actions import certificates, rounds
from observation.enums import ClipUse, VersionStatus
from observation.models import (
    Certificate,
    CertificateRevocation,
    CertificationGate,
    CodingRound,
    MasterCode,
    TrainingClip,
)
from observation.views.certificates import MISSES
from tests.factories import certification as make
from tests.factories import organisations

pytestmark = pytest.mark.usefixtures("version")


def url(name, *args) -> str:
    return reverse(f"observation:{name}", args=args)


@pytest.fixture
def mentor(country):
    return organisations.person("mentor", country.here.centre)


@pytest.fixture
def national(country):
    return organisations.person("national", country.country)


def posted(clip, off=0) -> dict[str, str]:
    """What a phone posts for a clip."""
    answers = make.answers(clip, off)
    data = {code: str(each["value"]) for code, each in answers["ratings"].items()}
    return data | dict.fromkeys(answers["alerts"], "on")


# ---- practice and test


def test_practice_shows_codes_beside_those_of_the_experts(mentor, sign_in):
    clip = make.clip(use=ClipUse.PRACTICE)
    client = sign_in(mentor)
    assert clip.code in client.get(url("certification_home")).content.decode()
    page = client.get(url("practice_code", clip.code))
    assert "Seen." not in page.content.decode()

    data = posted(clip, off=1) | {"id": page.context["form"]["id"].value()}
    done = client.post(url("practice_code", clip.code), data)

    page = client.get(done.url)
    assert page.content.decode().count("Seen.") == 14
    statuses = [row["status"][0] for row in page.context["rows"]]
    assert (statuses.count("good"), statuses.count("caution")) == (13, 1)
    assert [figure["n"] for _label, figure, _reason in page.context["figures"]] == [14, 14, 14]


def test_test_from_beginning_to_certificate(mentor, sign_in):
    make.bank()
    client = sign_in(mentor)
    assert "You code 5 clips" in client.get(url("test_begin", "checklist", 1)).content.decode()
    where = client.post(url("test_begin", "checklist", 1)).url
    test = CodingRound.objects.get()
    assert where == url("test_detail", test.pk)
    for coding in test.codings.select_related("clip").order_by("number"):
        at = url("test_clip", test.pk, coding.number)
        page = client.get(at).content.decode()
        assert coding.clip.words["en"] in page
        assert "Seen." not in page
        where = client.post(at, posted(coding.clip)).url

    page = client.get(where).content.decode()

    assert where == url("test_detail", test.pk)
    assert "You passed: you are certified." in page
    assert "Seen." not in page
    certificate = Certificate.objects.get()
    pdf = client.get(url("certificate_pdf", certificate.pk))
    (sheet,) = pypdf.PdfReader(io.BytesIO(pdf.content)).pages
    text = sheet.extract_text()
    assert str(mentor) in text
    assert certificate.number in text
    assert f"/certificados/{certificate.code}/" in text
    assert certificate.number in client.get(url("certification_home")).content.decode()


def test_clip_sent_again_with_other_codes_is_a_conflict(mentor, sign_in):
    make.bank()
    test = rounds.begin_test(version=make.version(), by=mentor)
    clip, at = test.codings.get(number=1).clip, url("test_clip", test.pk, 1)
    client = sign_in(mentor)
    client.post(at, posted(clip))

    assert client.post(at, posted(clip)).status_code == 302
    assert client.post(at, posted(clip, off=2)).status_code == 409
    assert client.get(at).url == url("test_detail", test.pk)


@pytest.mark.parametrize(
    ("rubbish", "wrong"),
    [
        ({"CAL2": ""}, {"CAL2"}),
        ({"CAL2": "7"}, {"CAL2"}),
        ({"CAL2": "9" * 5000}, {"CAL2"}),
        ({"CAL2": "x"}, {"CAL2"}),
        ({"SEN3": "na"}, {"SEN3"}),
        ({"CAL3": "na"}, {"CAL3"}),
        ({"CAL2-note": "x" * 501}, {"CAL2-note"}),
    ],
)
def test_clip_with_rubbish_is_shown_again_with_what_was_entered(mentor, sign_in, rubbish, wrong):
    make.bank()
    test = rounds.begin_test(version=make.version(), by=mentor)
    coding = test.codings.get(number=1)
    client = sign_in(mentor)

    page = client.post(url("test_clip", test.pk, 1), posted(coding.clip) | rubbish)

    assert page.status_code == 200
    assert wrong <= set(page.context["form"].errors)
    assert page.context["form"]["CAL4"].value() == posted(coding.clip)["CAL4"]
    coding.refresh_from_db()
    assert coding.submitted_at is None


@pytest.mark.parametrize("key", ["", "x", "\x00", str(uuid.uuid4())[:-1]])
def test_practice_without_a_proper_id_is_not_kept(mentor, sign_in, key):
    clip = make.clip(use=ClipUse.PRACTICE)

    page = sign_in(mentor).post(url("practice_code", clip.code), posted(clip) | {"id": key})

    assert page.status_code in (200, 400)
    assert not CodingRound.objects.exists()


def test_pages_of_what_is_not_there_are_404(mentor, sign_in):
    make.bank()
    client = sign_in(mentor)
    test = rounds.begin_test(version=make.version(), by=mentor)
    tested = TrainingClip.objects.filter(use=ClipUse.TEST).first()
    draft = make.draft(use=ClipUse.PRACTICE)

    for path in (
        url("practice_code", tested.code),
        url("practice_code", draft.code),
        url("practice_detail", test.pk),
        url("test_clip", test.pk, 6),
        url("test_begin", "checklist", 2),
        url("test_begin", "psg", 1),
    ):
        assert client.get(path).status_code == 404


# ---- clips and gates


def written(**changes) -> dict:
    return {
        "code": "a-scene",
        "version": make.version().pk,
        "title_es": "Escena",
        "medium": "scene",
        "words_es": "Pasa algo.",
        "age_group": "LA",
        "moments": ["JUE"],
        "level": "low",
        "use": "practice",
        "consent": "Escrita aquí.",
    } | changes


def test_clip_from_draft_to_published_and_retired(national, sign_in):
    client = sign_in(national)
    where = client.post(url("clip_begin"), written()).url
    assert where == url("clip_codes", "a-scene")
    refused = client.post(url("clip_detail", "a-scene"))
    assert "has no master code yet" in refused.content.decode()
    form = client.get(where).context["form"]
    codes = {}
    for item, _fields in form.parts():
        if item.kind == "scored":
            codes |= {item.code: "0", f"{item.code}-es": "Se ve."}
    codes |= {"ALE1": "on", "ALE1-es": "Ocurre.", "SEN3": "", "SEN3-na": "on"}
    client.post(where, codes)

    client.post(url("clip_detail", "a-scene"))

    clip = TrainingClip.objects.get()
    assert clip.status == VersionStatus.PUBLISHED
    assert len(clip.content_hash) == 64
    assert MasterCode.objects.filter(value=0).count() == 13
    assert MasterCode.objects.get(item__code="SEN3").state == "na"
    assert client.get(url("clip_codes", "a-scene")).status_code == 404
    assert client.get(url("clip_write", "a-scene")).status_code == 404
    client.post(url("clip_detail", "a-scene"), {"retire": "1"})
    clip.refresh_from_db()
    assert clip.status == VersionStatus.RETIRED
    assert client.post(url("clip_detail", "a-scene")).status_code == 200


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"code": "with space"}, "code"),
        ({"code": ""}, "code"),
        ({"version": "999"}, "version"),
        ({"version": "x"}, "version"),
        ({"medium": "film"}, "film"),
        ({"film": "1"}, "film"),
        ({"moments": ["XXX"]}, "moments"),
        ({"moments": []}, "moments"),
        ({"age_group": "99"}, "age_group"),
        ({"level": "top"}, "level"),
        ({"words_es": ""}, "words_es"),
        ({"words_es": "x" * 8001}, "words_es"),
        ({"consent": " "}, "consent"),
    ],
)
def test_clip_with_rubbish_says_what_is_wrong(national, sign_in, change, wrong):
    page = sign_in(national).post(url("clip_begin"), written(**change))

    assert page.status_code == 200
    assert wrong in page.context["form"].errors
    assert not TrainingClip.objects.exists()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"CAL2": "4", "CAL2-es": "x"}, "CAL2"),
        ({"CAL2": "-1", "CAL2-es": "x"}, "CAL2"),
        ({"CAL2": "1.5", "CAL2-es": "x"}, "CAL2"),
        ({"CAL2": "1"}, "CAL2-es"),
        ({"SEN3": "1", "SEN3-na": "on", "SEN3-es": "x"}, "SEN3"),
        ({"ALE1": "on"}, "ALE1-es"),
    ],
)
def test_master_codes_with_rubbish_say_what_is_wrong(national, sign_in, change, wrong):
    clip = make.draft()
    page = sign_in(national).post(url("clip_codes", clip.code), change)

    assert wrong in page.context["form"].errors
    assert clip.master_codes.count() == 14


def gates(**changes) -> dict:
    return {
        "clips": 6,
        "exact": "0.7",
        "kappa": "0.5",
        "within_one": "0.9",
        "alerts_missed": "1",
        "basis": "low",
        "minutes": "",
        "valid_days": "180",
        "wait_days": "14",
        "reminder_days": "7, 90;30",
    } | changes


def test_gate_is_changed_for_the_tests_to_come(national, sign_in):
    client = sign_in(national)

    client.post(url("gate_edit", "checklist"), gates())
    client.post(url("gate_edit", "checklist"), gates(clips=4))

    gate = CertificationGate.objects.get()
    assert (gate.clips, gate.exact, gate.basis, gate.minutes) == (4, 0.7, "low", None)
    assert gate.reminder_days == [90, 30, 7]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"clips": "2"}, "clips"),
        ({"exact": "1.1"}, "exact"),
        ({"kappa": "-0.1"}, "kappa"),
        ({"within_one": "nan"}, "within_one"),
        ({"valid_days": "0"}, "valid_days"),
        ({"valid_days": "9" * 30}, "valid_days"),
        ({"minutes": "5"}, "minutes"),
        ({"basis": "high"}, "basis"),
        ({"reminder_days": "soon"}, "reminder_days"),
        ({"reminder_days": "0"}, "reminder_days"),
        ({"reminder_days": ""}, "reminder_days"),
    ],
)
def test_gate_with_rubbish_says_what_is_wrong(national, sign_in, change, wrong):
    page = sign_in(national).post(url("gate_edit", "checklist"), gates(**change))

    assert wrong in page.context["form"].errors
    assert not CertificationGate.objects.exists()


# ---- the public check


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

    assert "revoked" in page
    assert "A secret matter" not in page


def test_search_finds_a_code_however_it_is_typed(client, held):
    code = held.code
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]} "

    answer = client.get(reverse("certificates:certificate_search"), {"code": typed})

    assert answer.url == reverse("certificates:certificate_check", args=[code])


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


def test_page_of_an_observer_shows_her_tests_gate_by_gate(country, mentor, sign_in):
    make.bank()
    make.take(rounds.begin_test(version=make.version(), by=mentor), off=9)
    client = sign_in(organisations.person("zonal", country.here.zone))

    page = client.get(url("observer_detail", mentor.pk))

    assert "not met" in page.content.decode()
    assert page.context["items"][0].share["value"] == 0
    assert page.context["items"][0].n == 5
    assert sum(map(sum, (cells for _head, cells in page.context["matrix"]["rows"]))) == 70
