"""Writing clips, their master codes and the gates on pages, and with rubbish."""

import pytest

from observation.actions import clips
from observation.enums import ClipStatus
from observation.models import CertificationGate, MasterCode, TrainingClip
from tests.factories import certification as make
from tests.observation.looking import url

pytestmark = pytest.mark.usefixtures("version")


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
    assert clip.status == ClipStatus.PUBLISHED
    assert len(clip.content_hash) == 64
    assert MasterCode.objects.filter(value=0).count() == 13
    assert MasterCode.objects.get(item__code="SEN3").state == "na"
    assert client.get(url("clip_codes", "a-scene")).status_code == 404
    assert client.get(url("clip_write", "a-scene")).status_code == 404
    client.post(url("clip_detail", "a-scene"), {"retire": "1"})
    clip.refresh_from_db()
    assert clip.status == ClipStatus.RETIRED
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


def test_clip_whose_codes_became_known_says_what_it_cannot_prove(national, sign_in):
    clip = make.clip()
    client, at = sign_in(national), url("clip_detail", clip.code)
    assert "cannot prove" not in client.get(at).content.decode()

    client.post(at, {"reveal": "1"})
    client.post(at, {"reveal": "1"})

    page = client.get(at).content.decode()
    assert "What this clip cannot prove" in page
    assert "Its codes have become known" not in page
    assert "codes public" in client.get(url("clip_list")).content.decode()
    clip.refresh_from_db()
    assert (clip.public, clip.status) == (True, ClipStatus.PUBLISHED)


def test_clip_is_written_as_public(national, sign_in):
    sign_in(national).post(url("clip_begin"), written(public="on"))

    assert TrainingClip.objects.get().public


def test_gate_says_how_many_test_clips_prove_nothing(national, sign_in):
    first, *_others = make.bank()
    make.clip(use="practice")
    client, at = sign_in(national), url("gate_edit", "checklist")
    assert "cannot prove" not in client.get(at).content.decode()

    clips.reveal(clip=first, by=national)

    page = client.get(at).content.decode()
    assert "The master codes of 1 of 6 test clips" in page
    assert "write clips whose codes stay" in page


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
