"""The gate of the newest validity report decides whether centres may be compared."""

import datetime

import pytest
from django.utils import timezone

from analytics.bands import by_validity
from analytics.enums import RunKind, RunStatus
from analytics.models import Run
from observation import bands
from tests.factories import observation as make


@pytest.fixture
def version(db):
    return make.checklist()


def report(unit, version, state: str, *, hours_ago: int = 1, **fields) -> Run:
    """A finished validity report whose gate of Phi stands so."""
    gates = [
        {"topic": "agreement", "state": "good"},
        {"topic": "ranking", "state": state},
    ]
    today = timezone.localdate()
    made = {
        "kind": RunKind.VALIDITY,
        "unit": unit,
        "starts_on": today,
        "ends_on": today,
        "options": {"version": version.pk, "observers": "official"},
        "status": RunStatus.DONE,
        "seed": 1,
        "inputs_hash": "0" * 64,
        "finished_at": timezone.now() - datetime.timedelta(hours=hours_ago),
        "result": {"generalizability": {"gates": gates}},
    }
    return Run.objects.create(**made | fields)


def test_provider_is_registered():
    assert by_validity in bands._providers


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("good", True),
        ("provisional", False),
        ("undecided", False),
        ("poor", False),
        ("insufficient", False),
    ],
)
def test_only_a_good_gate_allows_it_and_each_says_why(country, version, state, allowed):
    report(country.country, version, state)

    verdict = by_validity(country.here.region, version)

    assert verdict.allowed is allowed
    assert "Validity report of Mx" in verdict.because


def test_without_a_report_it_is_not_allowed(country, version):
    verdict = by_validity(country.here.region, version)

    assert (verdict.allowed, verdict.because.startswith("no validity report")) == (False, True)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": RunStatus.FAILED},
        {"options": {"version": 0, "observers": "official"}},
        {"options": {}},
        {"result": {}},
        {"result": {"generalizability": {"reason": "no_overlap"}}},
    ],
)
def test_a_report_that_does_not_say_it_does_not_allow_it(country, version, fields):
    report(country.country, version, "good", **fields)

    assert by_validity(country.here.region, version).allowed is False


def test_a_report_on_formative_sessions_too_says_nothing_of_official_ones(country, version):
    options = {"version": version.pk, "observers": "all"}
    report(country.country, version, "good", options=options)

    assert by_validity(country.here.region, version).allowed is False


def test_the_nearest_place_counts_and_of_it_the_newest_report(country, version):
    report(country.country, version, "good", hours_ago=1)
    report(country.here.region, version, "good", hours_ago=9)
    report(country.here.region, version, "poor", hours_ago=5)

    assert by_validity(country.here.region, version).allowed is False
    assert by_validity(country.elsewhere.region, version).allowed is True
