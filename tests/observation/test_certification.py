"""Who was certified on which day, who answers for whom, and what they see."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from core.refusals import Refusal
from observation.actions import certificates, certification_gates, rounds
from observation.enums import Purpose
from observation.models import InstrumentVersion, ObservationSession
from observation.queries import certification, observers
from observation.views import certification_steps
from organisations.models import User
from tests.factories import certification as make
from tests.factories import observation as sessions
from tests.factories import organisations

DAY = datetime.timedelta(days=1)


@pytest.fixture
def held(mentor):
    """A certificate that ends today."""
    return make.certificate(mentor, localdate())


def certified(person, on) -> bool:
    return certification.is_certified(person, make.version(), on)


# ---- to the day


@pytest.mark.parametrize(
    ("days", "expected"), [(-366, False), (-365, True), (-1, True), (0, True), (1, False)]
)
def test_certificate_counts_from_its_first_day_to_its_last(mentor, held, days, expected):
    assert certified(mentor, localdate() + days * DAY) is expected


@pytest.mark.parametrize(
    ("utc", "day"),
    [("2026-03-11T05:59:00", 10), ("2026-03-11T06:00:00", 11)],  # Mexico is six hours behind
)
def test_day_of_issue_is_that_of_the_programme(mentor, utc, day):
    round_ = make.certificate(mentor, localdate()).round
    round_.finished_at = datetime.datetime.fromisoformat(utc + "+00:00")

    assert round_.finished_on == datetime.date(2026, 3, day)


def test_revoked_certificate_counts_up_to_the_day_before(country, mentor, held):
    national = organisations.person("national", country.country)
    since = localdate() - 10 * DAY
    certificates.revoke(certificate=held, reason="Codes were shared.", by=national, since=since)

    assert certified(mentor, since - DAY)
    assert not certified(mentor, since)
    assert not certified(mentor, localdate())


def test_revocation_needs_a_reason_a_day_within_and_happens_once(country, held):
    national = organisations.person("national", country.country)
    for reason, since in ((" ", None), ("x", localdate() + DAY), ("x", localdate() - 400 * DAY)):
        with pytest.raises(Refusal):
            certificates.revoke(certificate=held, reason=reason, by=national, since=since)
    certificates.revoke(certificate=held, reason="x", by=national)

    with pytest.raises(Refusal, match="revoked already"):
        certificates.revoke(certificate=held, reason="x", by=national)


def test_later_certificate_carries_on_where_the_first_ends(mentor, held):
    make.certificate(mentor, localdate() + 300 * DAY)

    assert certified(mentor, localdate() + DAY)
    assert certification.held_by(mentor, make.version(), localdate()) != held


def test_certificate_holds_for_another_version_unless_the_gate_asks_for_a_new_one(mentor, held):
    later = InstrumentVersion.objects.create(instrument=held.version.instrument, number=2)
    assert certification.is_certified(mentor, later, localdate())

    gate = certification.gate_of(later.instrument)
    gate.each_version = True
    certification_gates.change(gate=gate, by=None)

    assert not certification.is_certified(mentor, later, localdate())
    assert certified(mentor, localdate())


def test_certificate_of_another_instrument_does_not_hold(mentor, held):
    other = InstrumentVersion.objects.create(
        instrument=type(held.version.instrument).objects.create(code="other", kind="checklist"),
        number=1,
    )

    assert not certification.is_certified(mentor, other, localdate())


def test_certified_on_filters_people(country, mentor, held):
    other = organisations.person("mentor", country.here.centre)
    everybody = User.objects.filter(pk__in=[mentor.pk, other.pk])

    assert list(certification.certified_on(everybody, localdate())) == [mentor]
    assert list(certification.certified_on(everybody, localdate() + DAY)) == []


def test_sessions_count_by_the_day_on_which_they_were_observed(room, mentor, held):
    today = sessions.draft(room, mentor)
    before = sessions.draft(room, mentor, observed_on=localdate() - 366 * DAY)
    organisations_other = sessions.draft(room)

    found = certification.observed_by_certified(ObservationSession.objects.all())

    assert {one.pk for one in found} == {today.pk}
    assert {before.pk, organisations_other.pk, today.pk} == {
        one.pk for one in ObservationSession.objects.all()
    }
    assert today.purpose == Purpose.FORMATIVE


# ---- who answers for whom


def test_observers_are_those_of_ones_own_jurisdiction(country, mentor):
    elsewhere = organisations.person("mentor", country.elsewhere.centre)
    director = organisations.person("director", country.here.centre)
    regional = organisations.person("regional", country.here.region)

    found = set(observers.observers_of(regional))

    assert mentor in found
    assert not {elsewhere, director, regional} & found


@pytest.mark.parametrize(
    ("until", "expected"),
    [(61, "certified"), (60, "expiring"), (0, "expiring"), (-1, "expired"), (None, "never")],
)
def test_state_of_an_observer_by_the_days_that_are_left(mentor, until, expected):
    if until is not None:
        make.certificate(mentor, localdate() + until * DAY)
    rows = observers.with_states(User.objects.filter(pk=mentor.pk), localdate(), 60)

    assert rows.get().state == expected


def test_nearest_above_answers_for_an_observer(country, mentor):
    zonal = organisations.person("zonal", country.here.zone)
    regional = organisations.person("regional", country.here.region)
    organisations.person("regional", country.elsewhere.region)
    national = organisations.person("national", country.country)

    found = observers.answering_for([mentor, zonal])

    assert found == {mentor.pk: [zonal], zonal.pk: [regional]}
    assert national not in found[mentor.pk]


def test_confusion_counts_codes_of_finished_tests_beside_master_codes(mentor, version):
    make.bank()
    test = rounds.begin_test(version=version, by=mentor)
    assert list(observers.confusion(User.objects.filter(pk=mentor.pk))) == []
    make.take(test, off=1)

    rows = list(observers.confusion(User.objects.filter(pk=mentor.pk)))

    assert sum(row["n"] for row in rows) == 70
    assert sum(row["n"] for row in rows if row["master"] != row["value"]) == 5
    assert {row["item__code"] for row in rows if row["master"] != row["value"]} == {"CAL2"}


# ---- home


def steps(provider, person) -> list[str]:
    return [str(step.text) for step in provider(person)]


def test_home_is_silent_where_there_are_no_clips(mentor):
    assert steps(certification_steps.own, mentor) == []


def test_home_asks_to_certify_to_go_on_and_to_renew(mentor, version):
    make.bank()
    assert steps(certification_steps.own, mentor) == [
        "Certify as an observer: Observation checklist"
    ]
    rounds.begin_test(version=version, by=mentor)
    assert steps(certification_steps.own, mentor) == ["Go on with your test: Observation checklist"]


@pytest.mark.parametrize(("left", "count"), [(61, 0), (60, 1)])
def test_home_reminds_observer_and_coordinator_within_the_days_of_the_gate(
    country, mentor, left, count
):
    make.bank()
    make.certificate(mentor, localdate() + left * DAY)
    regional = organisations.person("regional", country.here.region)
    elsewhere = organisations.person("regional", country.elsewhere.region)

    assert len(steps(certification_steps.own, mentor)) == count
    assert (
        steps(certification_steps.of_others, regional)
        == ["1 observer has to renew her certificate"][:count]
    )
    assert steps(certification_steps.of_others, elsewhere) == []


# ---- lists


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_observers_asks_as_many_queries_for_three_as_for_one(
    country, version, rows, sign_in, django_assert_num_queries
):
    client = sign_in(organisations.person("regional", country.here.region))
    for _row in range(rows):
        make.certificate(organisations.person("mentor", country.here.centre), localdate())

    with django_assert_num_queries(8):
        page = client.get(reverse("observation:observer_list"))

    assert len(page.context["rows"]) == rows


def test_list_of_observers_filters_by_name_and_state(country, mentor, held, sign_in):
    other = organisations.person("mentor", country.here.centre)
    client = sign_in(organisations.person("regional", country.here.region))

    def shown(**query):
        page = client.get(reverse("observation:observer_list"), query)
        return {person for person, _state in page.context["rows"]}

    assert shown() == {mentor, other}
    assert shown(state="expiring") == {mentor}
    assert shown(name=other.last_name) == {other}
    assert shown(name="' OR 1=1 --", state="x") == set()
    assert shown(page="9" * 30, state="never") == {other}


def test_observer_sees_only_what_is_her_own(country, mentor, held, sign_in):
    other = organisations.person("mentor", country.here.centre)
    client = sign_in(other)

    page = client.get(reverse("observation:certification_home"))

    assert held.number not in page.content.decode()
    assert client.get(reverse("observation:certificate_pdf", args=[held.pk])).status_code == 404
    assert client.get(reverse("observation:observer_detail", args=[mentor.pk])).status_code == 403


def test_today_is_the_day_of_the_programme():
    assert localdate() == timezone.localtime().date()
