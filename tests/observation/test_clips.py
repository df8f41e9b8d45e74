"""Training clips: drafts with their master codes, fixed once published."""

import copy
import io

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from cms.models import Film, Picture
from core import append_only
from core.refusals import Refusal
from observation.actions import clips
from observation.enums import ClipMedium, ClipStatus, ItemKind
from observation.management.commands.load_clips import FOLDER
from observation.models import MasterCode, TrainingClip
from tests.factories import certification as make
from tests.triggers import refused

pytestmark = pytest.mark.usefixtures("version")


def test_publish_fixes_clip_and_codes_in_the_database():
    append_only.install(connection)
    clip = make.clip()
    code = clip.master_codes.first()
    more = copy.copy(code)
    more.pk, more.item = None, clip.version.items.get(code="ALE1")

    assert refused(lambda: TrainingClip.objects.update(level="low"))
    assert refused(lambda: TrainingClip.objects.update(words={}))
    assert refused(lambda: TrainingClip.objects.all().delete())
    assert refused(lambda: MasterCode.objects.filter(pk=code.pk).update(value=3))
    assert refused(lambda: MasterCode.objects.filter(pk=code.pk).delete())
    assert refused(more.save)
    clips.reveal(clip=clip, by=None)
    assert refused(lambda: TrainingClip.objects.update(public=False))
    clips.retire(clip=clip, by=None)
    assert refused(lambda: TrainingClip.objects.update(status=ClipStatus.PUBLISHED))


def test_hash_follows_from_all_that_a_clip_says_and_its_codes():
    clip = make.draft()
    before = clips.content_hash(clips.content_of(clip))
    code = clip.master_codes.first()
    clip.master_codes.filter(pk=code.pk).update(value=3 - code.value)
    changed = clips.content_hash(clips.content_of(clip))
    clip.master_codes.filter(pk=code.pk).update(value=code.value)

    assert changed != before
    assert clips.publish(clip=clip, by=None).content_hash == before


def test_published_clip_refuses_other_codes_and_words():
    clip = make.clip()

    with pytest.raises(Refusal, match="results refer to its codes"):
        clips.set_codes(clip=clip, codes={}, by=None)
    with pytest.raises(Refusal, match="results refer to its codes"):
        clips.write(clip=clip, by=None)
    assert clips.publish(clip=clip, by=None).content_hash == clip.content_hash


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda clip: clip.master_codes.first().delete(), "CAL2 has no master code yet"),
        (
            lambda clip: clip.master_codes.filter(item__code="CAL2").update(value=9),
            "CAL2: 9 is not on the scale",
        ),
        (
            lambda clip: clip.master_codes.filter(item__code="CAL2").update(value=None, state="na"),
            "CAL2 always applies",
        ),
        (
            lambda clip: clip.master_codes.filter(item__code="CAL2").update(rationale={"en": "x"}),
            "CAL2: say in Spanish why",
        ),
        (lambda clip: TrainingClip.objects.update(words={"en": "x"}), "in Spanish at least"),
        (lambda clip: TrainingClip.objects.update(consent=" "), "Say who agreed"),
        (lambda clip: TrainingClip.objects.update(moments=["SUE"]), "has no master code yet"),
        (lambda clip: TrainingClip.objects.update(age_group="LA", moments=["TRA"]), "CAL1"),
    ],
)
def test_publish_says_what_is_missing(spoil, sentence):
    clip = make.draft()
    spoil(clip)

    with pytest.raises(Refusal, match=sentence):
        clips.publish(clip=clip, by=None)
    clip.refresh_from_db()
    assert clip.status == ClipStatus.DRAFT


def test_codes_of_what_is_not_coded_are_refused():
    clip = make.draft()

    for code in ("CTX1", "NONE", "\x00"):
        told = {code: {"value": 1, "rationale": {"es": "x"}}}
        with pytest.raises(Refusal, match="no item that is coded here"):
            clips.set_codes(clip=clip, codes=told, by=None)
    assert clip.master_codes.exists()


def test_clip_has_a_film_exactly_when_it_is_one():
    clip = make.draft()

    with pytest.raises(IntegrityError):
        TrainingClip.objects.filter(pk=clip.pk).update(medium=ClipMedium.FILM)


def test_film_counts_for_the_hash_by_what_is_in_its_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    poster = Picture.objects.create(title="p", description="p", width=1, height=1, file="p.png")
    film = Film.objects.create(title="Film", poster=poster, seconds=9)
    film.file.save("film.webm", ContentFile(b"one"))
    clip = make.draft()
    clip.medium, clip.film = ClipMedium.FILM, film
    clips.write(clip=clip, by=None)
    before = clips.content_of(clip)["film"]
    film.file.save("film.webm", ContentFile(b"other"))

    assert len(before) == 64
    assert clips.content_of(TrainingClip.objects.get(pk=clip.pk))["film"] != before


# ---- the scenes that come along


def test_load_clips_loads_scenes_of_each_level_and_again_changes_nothing(capsys):
    call_command("load_clips")
    before = list(TrainingClip.objects.order_by("code").values())
    call_command("load_clips")

    assert list(TrainingClip.objects.order_by("code").values()) == before
    assert capsys.readouterr().out.count("9 clips for checklist version 1.") == 2
    rows = TrainingClip.objects.values_list("use", "level").order_by("use", "level")
    assert set(rows.filter(use="practice")) == {
        ("practice", "high"), ("practice", "low"), ("practice", "mid"),
    }  # fmt: skip
    assert [level for _use, level in rows.filter(use="test")] == [
        "high", "high", "low", "low", "mid", "mid",
    ]  # fmt: skip


def test_codes_of_the_scenes_that_come_along_are_public():
    call_command("load_clips", stdout=io.StringIO())

    assert set(TrainingClip.objects.values_list("public", flat=True)) == {True}


def test_load_clips_again_says_what_became_public_and_leaves_the_content(tmp_path):
    file = tmp_path / "kept.toml"
    text = (FOLDER / "practice.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("public = true\n", ""), encoding="utf-8")
    call_command("load_clips", str(file), stdout=io.StringIO())
    hashes = list(TrainingClip.objects.order_by("code").values_list("content_hash", "public"))

    call_command("load_clips", stdout=io.StringIO())

    assert {public for _hash, public in hashes} == {False}
    practice = TrainingClip.objects.filter(use="practice").order_by("code")
    assert [(one.content_hash, one.public) for one in practice] == [
        (content_hash, True) for content_hash, _public in hashes
    ]


def test_loaded_scenes_are_told_whole_in_both_languages():
    call_command("load_clips", stdout=io.StringIO())

    for clip in TrainingClip.objects.all():
        assert all(clip.title.get(code) and clip.words.get(code) for code in ("es", "en"))
        for code in clip.master_codes.select_related("item"):
            assert all(code.rationale.get(language) for language in ("es", "en"))
    alerts = MasterCode.objects.filter(item__kind=ItemKind.ALERT, clip__use="test")
    assert set(alerts.values_list("clip__level", flat=True)) == {"low"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("code = ", "kode = "), "“clips.1.code” is missing"),
        (("public = true", 'public = "perhaps"'), "“public” must be"),
        (('level = "low"', 'level = "lowest"'), "“clips.1.level” must be"),
        (('moments = ["HIG"]', 'moments = ["SUE"]'), "master code yet"),
        (("CAL2 = { value = 1", "CAL2 = { value = 7"), "not on the scale"),
        (("CAL2 = { value = 1", 'CAL2 = { value = "x"'), "“clips.1.codes.CAL2.value” must be"),
        (("Hay cinco", "Hay \\u0000 cinco"), "cannot be kept"),
        (("[clips.codes]", "[clips.codes"), "not valid TOML"),
    ],
)
def test_load_clips_of_a_wrong_file_says_what_is_wrong_and_loads_nothing(
    tmp_path, change, sentence
):
    file = tmp_path / "wrong.toml"
    text = (FOLDER / "practice.toml").read_text(encoding="utf-8")
    file.write_text(text.replace(*change, 1), encoding="utf-8")

    with pytest.raises(CommandError, match=sentence):
        call_command("load_clips", str(file))
    assert not TrainingClip.objects.exists()


def test_load_clips_of_other_content_under_a_published_code_is_refused(tmp_path):
    call_command("load_clips", stdout=io.StringIO())
    file = tmp_path / "other.toml"
    text = (FOLDER / "practice.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("Hay cinco bebés", "Hay seis bebés", 1), encoding="utf-8")

    with pytest.raises(CommandError, match="published with other content"):
        call_command("load_clips", str(file))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"clips = 3", b"clips = [3]", b""])
def test_load_clips_of_rubbish_is_a_sentence(tmp_path, content):
    file = tmp_path / "rubbish.toml"
    file.write_bytes(content)

    with pytest.raises(CommandError):
        call_command("load_clips", str(file))
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("load_clips", str(tmp_path / "none.toml"))
    with pytest.raises(CommandError, match="run load_checklist"):
        call_command("load_clips", "--number", "7")
