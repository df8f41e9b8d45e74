"""Which sessions official figures count, and how one comes back."""

import datetime

import pytest
from django.urls import reverse

from core.models import AuditRecord
from core.refusals import Refusal
from mentoring.models import MentoringCycle
from observation import frames, queries
from observation.actions import quality, sessions
from observation.enums import Purpose
from observation.models import (
    Certificate,
    CertificateRevocation,
    CodingRound,
    ObservationSession,
    QualityRules,
    Reinstatement,
)
from tests.factories import double as pairing
from tests.factories import observation as make
from tests.factories import organisations

ALL = ObservationSession.objects
DAY = datetime.timedelta(days=1)


def official(room, observer, **fields):
    return make.closed(room, observer, purpose=Purpose.OFFICIAL, **fields)


def certify(observer, version, since, until, revoked=None):
    coding = CodingRound.objects.create(
        observer=observer, version=version, use="test", finished_at="2020-01-01T00:00Z", passed=True
    )
    certificate = Certificate.objects.create(
        code=f"C{coding.pk.hex[:10]}",
        round=coding,
        observer=observer,
        version=version,
        issued_on=since,
        valid_until=until,
    )
    if revoked:
        CertificateRevocation.objects.create(
            certificate=certificate, since=revoked, reason="Invented", by=observer
        )
    return certificate


def require(since=None):
    QualityRules.objects.create(pk=1, certified_from=since or pairing.today() - 30 * DAY)


def counted() -> list:
    return list(queries.official(ALL.all()).order_by("created_at"))


def flags(session) -> tuple[bool, bool, bool]:
    found = queries.with_flags(ALL.filter(pk=session.pk)).get()
    return found.uncertified, found.mentored, found.flagged


@pytest.fixture
def zonal(room):
    return pairing.observer(room)


def test_nobody_is_left_out_where_no_certificate_is_asked_for(room, zonal):
    session = official(room, zonal)

    assert counted() == [session]
    assert flags(session) == (False, False, False)


@pytest.mark.parametrize(
    ("since", "until", "revoked", "left_out"),
    [
        (-9, 9, None, False),
        (0, 0, None, False),
        (-9, -1, None, True),
        (1, 9, None, True),
        (-9, 9, 0, True),
        (-9, 9, 1, False),
    ],
)
def test_session_counts_where_its_observer_was_certified_on_its_day(
    room, zonal, version, since, until, revoked, left_out
):
    require()
    session, today = official(room, zonal), pairing.today()
    until, since = today + until * DAY, today + since * DAY
    certify(zonal, version, since, until, None if revoked is None else today + revoked * DAY)

    assert counted() == ([] if left_out else [session])
    assert flags(session) == (left_out, False, left_out)


def test_certificate_is_asked_for_from_a_day_on(room, zonal):
    require(pairing.today())
    before = official(room, zonal, observed_on=pairing.today() - DAY)
    after = official(room, zonal)

    assert counted() == [before]
    assert flags(after) == (True, False, True)


def test_formative_session_is_never_flagged(room):
    require()
    session = make.closed(room)

    assert flags(session) == (True, False, False)
    assert queries.current(ALL.all()).get() == session


def test_who_becomes_a_mentor_within_the_round_no_longer_judges(country, room, zonal, version):
    session = official(room, zonal)
    evaluation = pairing.evaluation(country.here.region, version)
    assert counted() == [session]

    post = organisations.post("mentor", country.here.centre, zonal, starts_on=evaluation.ends_on)
    assert flags(session) == (False, True, True)
    assert counted() == []

    post.starts_on = evaluation.ends_on + DAY
    post.save()
    assert counted() == [session]


@pytest.mark.parametrize(("opened", "left_out"), [(5, True), (11, False), (-30, True)])
def test_cycle_of_mentoring_in_the_round_counts_as_mentoring(
    country, room, zonal, version, opened, left_out
):
    session = official(room, zonal)
    pairing.evaluation(country.here.region, version)
    MentoringCycle.objects.create(
        room=room,
        mentor=zonal,
        caregiver=session.caregiver,
        number=1,
        opened_on=pairing.today() + opened * DAY,
    )

    assert counted() == ([] if left_out else [session])


def test_mentoring_elsewhere_takes_nobody_from_her_rounds(country, room, zonal, version):
    session = official(room, zonal)
    pairing.evaluation(country.here.region, version)
    organisations.post("mentor", country.elsewhere.centre, zonal)

    assert counted() == [session]


def test_mentor_cannot_begin_officially_in_a_round_in_which_she_mentored(
    country, room, zonal, version
):
    pairing.evaluation(country.here.region, version)
    ended = pairing.today() - 5 * DAY
    organisations.post("mentor", country.here.centre, zonal, ends_on=ended)

    with pytest.raises(Refusal, match="for the whole of its round"):
        make.draft(room, zonal, purpose=Purpose.OFFICIAL)
    assert make.draft(room, zonal)


def test_session_comes_back_once_with_a_reason_that_stays(country, room, zonal):
    require()
    session = official(room, zonal)
    national = organisations.person("national", country.country)
    with pytest.raises(Refusal, match="Give the reason"):
        quality.reinstate(session=session, reason="  ", by=national)
    with pytest.raises(Refusal, match="other than its observer"):
        quality.reinstate(session=session, reason="Mine", by=zonal)

    quality.reinstate(session=session, reason="Her test was lost", by=national)

    assert counted() == [session]
    assert Reinstatement.objects.get().reason == "Her test was lost"
    assert AuditRecord.objects.filter(action="quality.reinstate").count() == 1
    with pytest.raises(Refusal, match="already"):
        quality.reinstate(session=session, reason="Again", by=national)


def test_session_that_counts_cannot_be_brought_back(country, room, zonal):
    session = official(room, zonal)

    with pytest.raises(Refusal, match="nothing to bring back"):
        quality.reinstate(
            session=session, reason="x", by=organisations.person("national", country.country)
        )


def test_correction_of_a_session_brought_back_is_flagged_again(country, room, zonal):
    require()
    session = official(room, zonal)
    national = organisations.person("national", country.country)
    quality.reinstate(session=session, reason="Her test was lost", by=national)

    later = sessions.correct(session=session, reason="A slip", by=zonal)
    sessions.close(session=later, by=zonal)

    assert counted() == []
    assert flags(later)[2]


def test_second_coding_never_counts_beside_the_first_nor_does_its_correction(room):
    pair = pairing.completed(room, values=(2, 3))

    assert counted() == [pair.first_session]
    scores = frames.scores(queries.official(ALL.all()))
    assert set(scores["session"]) == {pair.first_session.pk}

    later = sessions.correct(session=pair.second_session, reason="A slip", by=pair.second)
    sessions.close(session=later, by=pair.second)
    assert counted() == [pair.first_session]
    assert queries.official_codings(ALL.all()).count() == 2


def test_flagged_pages_say_why_and_offer_what_each_may_do(country, room, zonal, sign_in):
    require()
    session = official(room, zonal)
    where = reverse("observation:session_detail", args=[session.pk])
    back = reverse("observation:session_reinstate", args=[session.pk])
    regional = organisations.person("regional", country.here.region)
    national = organisations.person("national", country.country)

    page = sign_in(regional).get(where).content.decode()
    assert "The observer was not certified on that day." in page
    assert back not in page
    client = sign_in(regional)
    assert "left out" in client.get(reverse("observation:session_list")).content.decode()
    client = sign_in(national)
    assert back in client.get(where).content.decode()
    assert back in client.get(reverse("observation:left_out_list")).content.decode()
    assert client.post(back, {"reason": " "}).status_code == 400
    assert client.post(back, {"reason": "Her test\x00"}).status_code == 400
    assert client.post(back, {"reason": "Her test was lost"}).status_code == 302
    assert client.post(back, {"reason": "Her test was lost"}).status_code == 409
    page = client.get(where).content.decode()
    assert "Her test was lost" in page
    assert "Left out of official figures" not in page


def test_rules_are_changed_by_the_nation_alone(country, sign_in):
    where = reverse("observation:quality_rules_edit")
    national = organisations.person("national", country.country)
    form = {
        "certified_from": "2026-01-01",
        "share": 18,
        "minimum": 1,
        "adjudicate_from": 1,
        "check_months": 2,
        "exact_least": "0.7",
        "minimum_pairs": 4,
        "sigmas": "2.7",
        "weight": "0.3",
    }
    regional = organisations.person("regional", country.here.region)
    assert sign_in(regional).post(where, form).status_code == 403

    client = sign_in(national)
    assert client.post(where, form | {"share": 101}).status_code == 200
    assert not QualityRules.objects.exists()
    assert client.post(where, form).status_code == 302

    rules = queries.rules()
    assert (rules.certified_from, rules.share) == (datetime.date(2026, 1, 1), 18)
    detail = AuditRecord.objects.get(action="quality.change").detail
    assert detail["certified_from"] == "2026-01-01"
