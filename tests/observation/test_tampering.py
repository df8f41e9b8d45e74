"""What cannot be changed once a test has begun, by whatever door."""

import pytest
from django.db import connection
from django.utils import timezone

from core import append_only
from core.refusals import Refusal
from observation.actions import clips, rounds
from observation.models import Certificate, ClipCode, ClipCoding, CodingRound, TrainingClip
from tests.factories import certification as make
from tests.factories import organisations
from tests.triggers import refused


@pytest.fixture
def bank(version):
    return make.bank()


@pytest.fixture
def test(country, bank, version):
    mentor = organisations.person("mentor", country.here.centre)
    return rounds.begin_test(version=version, by=mentor)


def test_clips_other_than_those_drawn_give_no_verdict(test):
    other = TrainingClip.objects.exclude(codings__round=test).get()
    last = test.codings.order_by("-number")[0]
    ClipCoding.objects.filter(pk=last.pk).update(clip=other)

    with pytest.raises(Refusal, match="not those that were drawn"):
        make.take(test)
    assert not Certificate.objects.exists()


def test_clip_taken_out_of_a_test_gives_no_verdict(test):
    test.codings.order_by("-number")[0].delete()

    with pytest.raises(Refusal, match="not those that were drawn"):
        make.take(test)


def test_master_codes_changed_behind_its_back_show_in_the_hash(test):
    clip = test.codings.first().clip
    clip.master_codes.filter(item__code="CAL2").update(value=3)

    assert clips.content_hash(clips.content_of(clip)) != clip.content_hash


def test_rounds_their_draw_and_codes_stay_as_they_are_in_the_database(test, bank):
    append_only.install(connection)

    assert refused(lambda: CodingRound.objects.update(draw={}))
    assert refused(lambda: CodingRound.objects.update(gate={}, finished_at=timezone.now()))
    assert refused(lambda: ClipCoding.objects.update(clip=bank[0]))
    assert refused(lambda: ClipCoding.objects.filter(round=test).first().delete())
    done = make.take(test)  # the order of writes passes the triggers
    code = ClipCode.objects.first()
    assert refused(lambda: ClipCode.objects.filter(pk=code.pk).update(value=3))
    assert refused(code.delete)
    assert refused(lambda: ClipCoding.objects.update(submitted_at=None))
    assert refused(lambda: CodingRound.objects.update(passed=False))
    assert refused(lambda: CodingRound.objects.filter(pk=done.pk).update(finished_at=None))
    assert refused(lambda: Certificate.objects.update(valid_until="2099-01-01"))
    assert refused(lambda: Certificate.objects.all().delete())
    extra = ClipCoding(round=done, clip=bank[0], number=9)
    assert refused(extra.save)
