"""Who moves away from partners and experts, and who is due."""

import datetime
from dataclasses import astuple

import pytest
from django.urls import reverse
from django.utils import timezone

from measurement.control import ewma_chart, p_chart, spread_of_shares
from observation.models import CodingPair, QualityRules
from observation.queries import drift, experts
from observation.queries.drift import Comparison, Drift, Sums
from observation.views import drift as pages
from observation.views import quality_steps
from tests.factories import double as pairing
from tests.factories import organisations

START = datetime.date(2026, 1, 5)
WEEK = datetime.timedelta(days=7)


def pairs_of(observer, partner, differences, exact=30, compared=40):
    """Comparisons of two, one a week, from both sides."""
    found = []
    for number, difference in enumerate(differences):
        on = START + number * WEEK
        found += [
            Comparison(on, observer, partner, difference, exact, compared),
            Comparison(on, partner, observer, -difference, exact, compared),
        ]
    return found


def judged(everything, rules=None):
    """By observer of ``everything``, each judged; a pair stands in it twice and counts once."""
    once = [one for one in everything if one.observer < one.partner]
    found = {}
    for one in everything:
        found.setdefault(one.observer, Drift(one.observer)).comparisons.append(one)
    for own in found.values():
        drift.judge(own, Sums.of(once), rules or QualityRules())
    return found


STEADY = [0.1, -0.1, 0.05, -0.1, 0.1, -0.05, 0.1, -0.1]


def test_observer_who_drifts_is_seen_and_the_steady_are_not():
    everything = pairs_of(1, 2, STEADY) + pairs_of(3, 4, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.6])

    found = judged(everything)

    assert {pk for pk, one in found.items() if one.moved} == {3, 4}
    assert found[3].moving[-1].value > 0 > found[4].moving[-1].value


def test_charts_are_those_of_measurement_with_limits_from_the_others():
    everything = pairs_of(1, 2, STEADY, exact=28) + pairs_of(3, 4, STEADY, exact=32)

    one = judged(everything)[1]

    sigma = (sum(value**2 for value in STEADY) / len(STEADY)) ** 0.5
    for point, expected in zip(one.moving, ewma_chart(STEADY, 0, sigma, 0.2, 3), strict=True):
        assert astuple(point) == pytest.approx(astuple(expected))
    spread = spread_of_shares(8, 8 * 32, 8 * 40, 8 * 32**2 / 40)
    months = p_chart([4 * 28, 4 * 28], [160, 160], 0.8, 3, spread)
    assert one.months == [
        (datetime.date(2026, 1, 1), months[0]),
        (datetime.date(2026, 2, 1), months[1]),
    ]


def test_exact_agreement_below_its_limit_or_the_gate_alarms():
    low = pairs_of(1, 2, STEADY, exact=22) + pairs_of(3, 4, STEADY, exact=36)
    found = judged(low)

    assert (found[1].fell, found[1].too_little, found[1].alarming) == (True, True, True)
    assert not found[3].too_little
    assert not judged(low, QualityRules(exact_least=0.5))[1].too_little


def test_few_double_codings_are_not_judged():
    found = judged(pairs_of(1, 2, [3.0] * 3, exact=0))

    assert (found[1].months, found[1].moving, found[1].alarming) == ([], [], False)
    assert found[1].exact == 0


def test_observers_who_never_differ_have_no_moving_mean():
    found = judged(pairs_of(1, 2, [0.0] * 6, exact=40))

    assert (found[1].moving, found[1].alarming) == ([], False)
    assert found[1].months[-1][1].value == 1


def test_others_who_never_differ_leave_no_trace_of_her_own_differences():
    everything = pairs_of(1, 2, [0.1, 0.2, 0.3, 0.7]) + pairs_of(3, 4, [0.0] * 6)

    assert judged(everything)[1].moving == []


def test_sums_of_the_database_are_those_of_the_comparisons(country, version):
    for number, place in enumerate(country.here.rooms):
        pairing.completed(place, changed={(1, f"CAL{n + 1}"): 0 for n in range(number)})
    pairs = CodingPair.objects.all()

    found = drift.comparisons(pairs, set(pairs.values_list("first", flat=True)))

    assert len(found) == 2
    expected = Sums.of(one for own in found.values() for one in own)
    assert astuple(drift.sums(pairs)) == pytest.approx(astuple(expected))
    assert drift.sums(pairs.none()) == Sums()


def test_comparisons_come_from_completed_pairs_with_their_sign(room, version):
    pair = pairing.completed(room, values=(1, 2))
    two = [pair.first_id, pair.second_id]

    found = drift.judged(two, version, QualityRules())

    differences = {pk: [one.difference for one in own.comparisons] for pk, own in found.items()}
    assert differences == {pair.first_id: [-1], pair.second_id: [1]}
    assert set(drift.judged(two[1:], version, QualityRules())) == {pair.second_id}


def test_comparisons_older_than_a_year_are_left_out(room, version):
    on = pairing.today() - datetime.timedelta(days=400)
    first, second = pairing.observer(room), pairing.observer(room)
    pair = CodingPair.objects.create(
        room=room, planned_on=on, purpose="official", first=first, second=second, reason="x"
    )
    for person in (first, second):
        pairing.code(pair, person)

    assert drift.judged([first.pk, second.pk], version, QualityRules()) == {}


@pytest.mark.parametrize(
    ("checked", "months", "due"),
    [
        (datetime.date(2026, 1, 5), 2, datetime.date(2026, 3, 5)),
        (datetime.date(2025, 12, 31), 2, datetime.date(2026, 2, 28)),
        (datetime.date(2026, 11, 30), 1, datetime.date(2026, 12, 30)),
        (datetime.date(2026, 12, 1), 12, datetime.date(2027, 12, 1)),
    ],
)
def test_check_is_due_months_later(checked, months, due):
    assert drift._months_later(checked, months) == due


def test_who_was_never_checked_is_due_at_once(room, version):
    observer = pairing.observer(room)
    found = drift.with_checks([observer.pk], {}, QualityRules())[observer.pk]
    assert (found.checked_on, found.due_on) == (None, timezone.localdate())

    pair = pairing.completed(room, observer)
    found = drift.with_checks([observer.pk, pair.second_id], {}, QualityRules())
    assert {one.checked_on for one in found.values()} == {pairing.today()}
    assert found[observer.pk].due_on > pairing.today()


@pytest.fixture
def drifting(room):
    """Two who differ by a point in each of five double codings."""
    first, second = pairing.observer(room), pairing.observer(room)
    for number in range(5):
        on = pairing.today() - datetime.timedelta(days=7 * number)
        pair = CodingPair.objects.create(
            room=room, planned_on=on, purpose="official", first=first, second=second, reason="x"
        )
        pairing.code(pair, first, 1)
        pairing.code(pair, second, 2)
    return first, second


def test_home_alerts_her_and_her_coordinator(country, drifting):
    first, _second = drifting
    regional = organisations.person("regional", country.here.region)
    neighbour = organisations.person("regional", country.elsewhere.region)

    (step,) = quality_steps.drift(regional)
    assert step.text == "Talk with 2 observers who drift or agree too little"
    assert "Your codes have moved" in next(iter(quality_steps.drift(first))).text
    assert list(quality_steps.drift(neighbour)) == []
    QualityRules.objects.create(pk=1, exact_least=0, minimum_pairs=6)
    assert list(quality_steps.drift(regional)) == []


def test_pages_show_charts_within_jurisdiction(country, drifting, sign_in):
    first, second = drifting
    client = sign_in(organisations.person("regional", country.here.region))
    rows = client.get(reverse("observation:drift_list")).context["rows"]
    assert {row[0] for row in rows} == {first, second}
    where = reverse("observation:drift_detail", args=[second.pk])
    page = client.get(where)
    assert "Exact agreement by month" in page.content.decode()
    assert page.context["drift"].too_little
    assert client.get(where, {"version": "x\x00"}).status_code == 400
    assert client.get(where, {"version": "x"}).status_code == 200

    neighbour = sign_in(organisations.person("regional", country.elsewhere.region))
    assert neighbour.get(where).status_code == 404
    assert neighbour.get(reverse("observation:drift_list")).context["rows"] == []


def test_list_has_pages_with_those_to_speak_with_on_the_first(
    country, drifting, sign_in, monkeypatch
):
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    steady = pairing.observer(country.here.rooms[0])
    client = sign_in(organisations.person("regional", country.here.region))
    where = reverse("observation:drift_list")

    first, second = client.get(where), client.get(where, {"page": 2})

    assert {row[0] for row in first.context["rows"]} == set(drifting)
    assert [row[0] for row in second.context["rows"]] == [steady]
    assert "page=2" in first.content.decode()


@pytest.mark.usefixtures("drifting")
def test_home_of_who_never_coded_twice_pays_for_no_comparison(country, django_assert_num_queries):
    mentor = organisations.person("mentor", country.here.centre)

    # Her permissions, the newest checklist, the rules, her own double codings: none.
    with django_assert_num_queries(4):
        assert list(quality_steps.drift(mentor)) == []


def test_mentor_sees_her_own_drift_alone(country, drifting, sign_in):
    mentor = organisations.person("mentor", country.here.centre)
    client = sign_in(mentor)

    assert [row[0] for row in client.get(reverse("observation:drift_list")).context["rows"]] == [
        mentor
    ]
    other = reverse("observation:drift_detail", args=[drifting[0].pk])
    assert client.get(other).status_code == 404


def test_clips_are_held_against_their_master_codes(room, version):
    observer = pairing.observer(room)

    assert experts.against_masters(observer.pk, pairing.today()) == []
