"""The pages of certification, from practice to the certificate on paper, and with rubbish."""

import io

import pypdf
import pytest

from observation.actions import clips, rounds
from observation.enums import ClipUse
from observation.models import (
    Certificate,
    CodingRound,
    TrainingClip,
)
from observation.queries import certification
from tests.factories import certification as make
from tests.factories import organisations
from tests.observation.looking import url

pytestmark = pytest.mark.usefixtures("version")


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


def test_test_of_public_clips_says_before_and_after_what_it_cannot_prove(mentor, sign_in):
    for clip in make.bank():
        clips.reveal(clip=clip, by=None)
    client = sign_in(mentor)

    before = client.get(url("test_begin", "checklist", 1)).content.decode()
    test = make.take(rounds.begin_test(version=make.version(), by=mentor))
    after = client.get(url("test_detail", test.pk)).content.decode()

    assert "The master codes of 6 of 6 test clips" in before
    assert "The master codes of 5 of 5 test clips" in after
    assert "stay with those who write them" not in after
    assert "write clips whose codes" not in before + after


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


def test_what_is_wrong_follows_the_sentence_of_an_item_without_a_second_stop(mentor, sign_in):
    clip = make.clip(use=ClipUse.PRACTICE)

    page = sign_in(mentor).post(url("practice_code", clip.code), posted(clip) | {"CAL2": ""})

    text = page.content.decode()
    label = page.context["form"]["CAL2"].label
    assert label.endswith(".")
    assert f"{label}</a> " in text
    assert f"{label}</a>:" not in text


def test_test_that_may_be_repeated_at_once_says_so(mentor, sign_in):
    make.bank()
    gate = certification.gate_of(make.version().instrument)
    gate.wait_days = 0
    gate.save()

    page = sign_in(mentor).get(url("test_begin", "checklist", 1)).content.decode()

    assert "you can try again at once" in page
    assert "0 days" not in page


@pytest.mark.parametrize("key", ["", "x", "\x00", "00000000-0000-4000-8000-00000000000"])
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


def test_page_of_an_observer_shows_her_tests_gate_by_gate(country, mentor, sign_in):
    make.bank()
    make.take(rounds.begin_test(version=make.version(), by=mentor), off=9)
    client = sign_in(organisations.person("zonal", country.here.zone))

    page = client.get(url("observer_detail", mentor.pk))

    assert "not met" in page.content.decode()
    assert page.context["items"][0].share["value"] == 0
    assert page.context["items"][0].n == 5
    assert sum(map(sum, (cells for _head, cells in page.context["matrix"]["rows"]))) == 70
