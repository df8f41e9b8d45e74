"""Practice and tests: drawn, handed in once, judged by the gate that held when they began."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import AuditRecord
from core.refusals import Refusal
from observation import policies
from observation.actions import certification_gates, rounds
from observation.enums import ClipUse, RatingState
from observation.models import (
    Certificate,
    CertificationGate,
    ClipCode,
    ClipCoding,
    CodingRound,
    TrainingClip,
)
from observation.queries import certification
from tests.factories import certification as make
from tests.factories import organisations


@pytest.fixture
def bank(version):
    return make.bank()


@pytest.fixture
def test(mentor, bank, version):
    return rounds.begin_test(version=version, by=mentor)


def gate(**changes) -> CertificationGate:
    made = certification.gate_of(make.version().instrument)
    for name, value in changes.items():
        setattr(made, name, value)
    return certification_gates.change(gate=made, by=None)


def first(test) -> ClipCoding:
    return test.codings.select_related("clip__version", "round").order_by("number")[0]


def met(test) -> dict[str, bool]:
    return {gate["gate"]: gate["met"] for gate in test.result["gates"]}


# ---- practice


def test_practice_keeps_codes_and_figures_and_may_be_repeated(mentor, version):
    clip = make.clip(use=ClipUse.PRACTICE)
    for off in (0, 4):
        rounds.practise(clip=clip, answers=make.answers(clip, off), by=mentor, id=uuid.uuid4())

    perfect, other = CodingRound.objects.order_by("started_at")
    assert perfect.result["figures"]["exact"]["value"] == 1
    assert other.result["figures"]["exact"]["value"] == pytest.approx(10 / 14)
    assert (perfect.passed, perfect.codings.get().codes.count()) == (None, 14)


def test_practice_sent_twice_is_one(mentor, version):
    clip, key = make.clip(use=ClipUse.PRACTICE), uuid.uuid4()
    one = rounds.practise(clip=clip, answers=make.answers(clip), by=mentor, id=key)
    two = rounds.practise(clip=clip, answers=make.answers(clip), by=mentor, id=key)

    assert one.pk == two.pk
    assert CodingRound.objects.count() == 1


def test_practice_under_the_id_of_another_is_refused(country, mentor, version):
    clip, key = make.clip(use=ClipUse.PRACTICE), uuid.uuid4()
    rounds.practise(clip=clip, answers=make.answers(clip), by=mentor, id=key)
    other = organisations.person("mentor", country.elsewhere.centre)

    with pytest.raises(Refusal, match="another practice"):
        rounds.practise(clip=clip, answers=make.answers(clip), by=other, id=key)


@pytest.mark.parametrize("use", ClipUse.values)
def test_practice_is_on_published_practice_clips_alone(mentor, version, use):
    clip = make.draft(use=use) if use == ClipUse.PRACTICE else make.clip(use=use)

    with pytest.raises(Refusal, match="not open for practice"):
        rounds.practise(clip=clip, answers=make.answers(clip), by=mentor, id=uuid.uuid4())


def test_who_may_not_observe_neither_practises_nor_is_tested(country, bank, version):
    director = organisations.person("director", country.here.centre)
    clip = make.clip(use=ClipUse.PRACTICE)

    with pytest.raises(Refusal, match="no post that lets you observe"):
        rounds.practise(clip=clip, answers=make.answers(clip), by=director, id=uuid.uuid4())
    with pytest.raises(Refusal, match="no post that lets you observe"):
        rounds.begin_test(version=version, by=director)


# ---- the draw


def test_begin_records_seed_and_frame_from_which_the_clips_follow(test):
    told = test.draw
    clips = [policies.Drawable(**each) for each in told["frame"]]

    assert policies.draw(clips, test.gate["clips"], told["seed"]) == told["clips"]
    assert (
        list(test.codings.order_by("number").values_list("clip__code", flat=True)) == told["clips"]
    )
    hashes = dict(TrainingClip.objects.values_list("code", "content_hash"))
    assert {each["code"]: each["hash"] for each in told["frame"]} == hashes


def test_begin_again_gives_the_test_that_is_open(test, mentor, version):
    assert rounds.begin_test(version=version, by=mentor).pk == test.pk
    assert CodingRound.objects.count() == 1


def test_two_tests_at_once_are_refused_by_the_database(test):
    with pytest.raises(DatabaseError), transaction.atomic():
        CodingRound.objects.create(observer=test.observer, version=test.version, use=ClipUse.TEST)


def test_begin_twice_at_once_is_one_test(country, version, meanwhile):
    make.bank()
    mentor = organisations.person("mentor", country.here.centre)
    with transaction.atomic():
        one = rounds.begin_test(version=version, by=mentor)
        other = meanwhile(lambda: rounds.begin_test(version=version, by=mentor))

    assert other.result().pk == one.pk


# ---- handing in


def test_test_passed_gives_a_certificate_from_today(test):
    done = make.take(test)

    assert done.passed
    assert met(done) == {
        **dict.fromkeys(["exact", "kappa", "within_one", "alerts", "complete"], True)
    }
    certificate = Certificate.objects.get()
    assert (certificate.observer, certificate.round) == (test.observer, done)
    assert certificate.issued_on == timezone.localdate()
    assert certificate.valid_until == timezone.localdate() + datetime.timedelta(days=365)
    assert AuditRecord.objects.filter(action="certificates.issue").count() == 1


def test_figures_are_those_of_all_clips_together(test):
    done = make.take(test, off=3)

    exact, kappa = done.result["figures"]["exact"], done.result["figures"]["kappa"]
    assert (exact["n"], exact["value"]) == (70, pytest.approx(55 / 70))
    assert exact["low"] < exact["value"] < exact["high"]
    assert kappa["low"] < kappa["value"] < kappa["high"]


def test_too_little_agreement_is_no_certificate_and_says_which_gate(test):
    done = make.take(test, off=7)

    assert done.passed is False
    assert met(done)["exact"] is False
    assert met(done)["within_one"] is True
    assert not Certificate.objects.exists()


def test_one_missed_alert_fails_however_well_she_codes(test):
    for coding in test.codings.select_related("clip__version", "round"):
        answers = make.answers(coding.clip, alerts=[])
        done = rounds.submit(coding=coding, answers=answers, by=test.observer)

    assert done.result["alerts"] == {"present": 1, "missed": ["ALE1"], "unfounded": 0}
    assert [name for name, fine in met(done).items() if not fine] == ["alerts"]
    assert done.passed is False


def test_alert_that_does_not_occur_is_told_and_fails_nobody(test):
    for coding in test.codings.select_related("clip__version", "round"):
        answers = make.answers(coding.clip)
        answers["alerts"] = [*answers["alerts"], "ALE2"]
        done = rounds.submit(coding=coding, answers=answers, by=test.observer)

    assert done.result["alerts"]["unfounded"] == 5
    assert done.passed is True


def test_always_the_same_code_has_no_kappa_and_no_certificate(test):
    gate(exact=0, within_one=0)
    for coding in test.codings.select_related("clip__version", "round"):
        answers = make.answers(coding.clip)
        for rating in answers["ratings"].values():
            rating["value"] = 2
        done = rounds.submit(coding=coding, answers=answers, by=test.observer)

    assert done.result["figures"]["kappa"]["value"] is None
    assert done.result["figures"]["kappa"]["reason"] == "zero_variance"
    assert met(done)["kappa"] is False
    assert done.passed is False


def test_gate_is_that_of_the_beginning(test):
    gate(exact=1.0)

    assert make.take(test, off=1).passed is True


def test_lower_end_is_held_against_the_gate_where_it_says_so(mentor, bank, version):
    gate(basis="low", exact=0.75)
    test = rounds.begin_test(version=version, by=mentor)

    done = make.take(test, off=3)

    assert done.result["figures"]["exact"]["value"] > 0.75
    assert met(done)["exact"] is False


def test_perfect_agreement_passes_a_gate_on_the_lower_end(mentor, bank, version):
    gate(basis="low", within_one=0.9)

    assert make.take(rounds.begin_test(version=version, by=mentor)).passed is True


def test_same_codes_again_are_accepted_and_others_refused(test):
    coding = first(test)
    rounds.submit(coding=coding, answers=make.answers(coding.clip), by=test.observer)
    rounds.submit(coding=coding, answers=make.answers(coding.clip), by=test.observer)

    with pytest.raises(Refusal, match="handed in this clip already"):
        rounds.submit(coding=coding, answers=make.answers(coding.clip, 1), by=test.observer)
    assert ClipCode.objects.filter(coding=coding).count() >= 14


def test_two_submissions_at_once_keep_the_first(country, version, meanwhile):
    make.bank()
    test = rounds.begin_test(
        version=version, by=organisations.person("mentor", country.here.centre)
    )
    coding = first(test)
    with transaction.atomic():
        rounds.submit(coding=coding, answers=make.answers(coding.clip), by=test.observer)
        late = make.answers(coding.clip, 2)
        other = meanwhile(lambda: rounds.submit(coding=coding, answers=late, by=test.observer))

    with pytest.raises(Refusal, match="handed in this clip already"):
        other.result()
    assert rounds.verdicts.compare([coding])["figures"]["exact"].value == 1


def test_another_observer_cannot_hand_in(country, test):
    other = organisations.person("mentor", country.here.centre)
    coding = first(test)

    with pytest.raises(Refusal, match="Only the person who is tested"):
        rounds.submit(coding=coding, answers=make.answers(coding.clip), by=other)


def spoilt(answers, code, **entry):
    answers["ratings"][code] = {"state": RatingState.SCORED, "value": 1} | entry
    return answers


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda told: told["ratings"].pop("CAL2"), "Missing: CAL2"),
        (lambda told: told["ratings"].clear(), "Missing: CAL2, CAL3"),
        (lambda told: spoilt(told, "CAL2", value=4), "CAL2: 4 is not on the scale"),
        (lambda told: spoilt(told, "CAL2", value=-1), "not on the scale"),
        (lambda told: spoilt(told, "CAL2", value=None), "not on the scale"),
        (lambda told: spoilt(told, "CAL2", state="na"), "CAL2 always applies"),
        (lambda told: spoilt(told, "SEN3", state="na"), "say why it is not applicable"),
        (lambda told: spoilt(told, "LEN5"), "no item that is coded here"),
        (lambda told: spoilt(told, "CTX1"), "no item that is coded here"),
        (lambda told: told["alerts"].append("CAL2"), "not a treatment alert"),
        (lambda told: told["alerts"].append("\x00"), "not a treatment alert"),
    ],
)
def test_codes_that_do_not_fit_are_refused_whole(test, change, sentence):
    coding = first(test)
    answers = make.answers(coding.clip)
    change(answers)

    with pytest.raises(Refusal, match=sentence):
        rounds.submit(coding=coding, answers=answers, by=test.observer)
    coding.refresh_from_db()
    assert (coding.submitted_at, coding.codes.count()) == (None, 0)


# ---- time


def test_deadline_ends_the_test_with_what_was_handed_in(mentor, bank, version):
    gate(minutes=60)
    test = rounds.begin_test(version=version, by=mentor)
    one, two = test.codings.select_related("clip__version", "round").order_by("number")[:2]
    rounds.submit(coding=one, answers=make.answers(one.clip), by=mentor)
    CodingRound.objects.update(deadline=timezone.now())

    done = rounds.submit(coding=two, answers=make.answers(two.clip), by=mentor)

    assert (done.passed, done.result["clips"]) == (False, 1)
    assert met(done)["complete"] is False
    assert two.codes.count() == 0
    assert rounds.finish_all_overdue() == 0


def test_time_that_ran_out_before_anything_was_handed_in_is_a_verdict_too(mentor, bank, version):
    gate(minutes=60)
    test = rounds.begin_test(version=version, by=mentor)
    CodingRound.objects.update(deadline=timezone.now())

    assert rounds.finish_all_overdue() == 1
    test.refresh_from_db()
    assert test.passed is False
    assert test.result["figures"]["kappa"]["reason"] == "no_overlap"


def test_test_that_failed_is_repeated_after_the_days_of_the_gate(test, mentor, version):
    make.take(test, off=9)
    with pytest.raises(Refusal, match="You can take the test again from"):
        rounds.begin_test(version=version, by=mentor)

    CodingRound.objects.update(finished_at=timezone.now() - datetime.timedelta(days=7))

    assert rounds.begin_test(version=version, by=mentor).pk != test.pk


@pytest.mark.parametrize(("left", "may"), [(61, False), (60, True), (0, True), (-1, True)])
def test_certificate_is_renewed_in_the_days_before_its_end(mentor, bank, version, left, may):
    make.certificate(mentor, timezone.localdate() + datetime.timedelta(days=left))

    if may:
        assert rounds.begin_test(version=version, by=mentor).finished_at is None
    else:
        with pytest.raises(Refusal, match="You can renew from"):
            rounds.begin_test(version=version, by=mentor)
