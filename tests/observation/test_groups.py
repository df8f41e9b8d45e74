"""What is shown of a place beside others, and of caregivers together: only what protects them."""

import numpy as np
import pytest
from django.urls import reverse

from observation import bands, queries
from observation.actions import showing
from observation.bands import Verdict
from observation.models import ObservationSession, ShowingRule
from tests.factories import observation as make
from tests.factories import organisations
from tests.factories.mentoring import days_ago
from tests.observation.looking import observed, page, visits


@pytest.fixture
def verdict():
    """Lets a test say what the app above would."""
    before = list(bands._providers)

    def say(allowed: bool) -> None:
        bands._providers[:] = [lambda region, version: Verdict(allowed, "So it was found.")]

    yield say
    bands._providers[:] = before


def centres(zone, means):
    """Centres of one room, each with an official session of this value."""
    for number, value in enumerate(means):
        centre = organisations.unit("centre", zone, f"c-{number}", provision="contracted")
        visits(organisations.unit("room", centre, f"c-{number}-a", age_group="LB"), [value])


def test_without_a_report_only_ones_own_values_are_shown(country, regional, sign_in):
    visits(country.here.rooms[0], [2])

    answer = page(sign_in(regional), "centre", country.here.centre.code)

    assert "compared" not in answer.context
    assert b"The comparison is not shown: no validity report" in answer.content


def test_nobody_asked_means_no(country, version, monkeypatch):
    monkeypatch.setattr(bands, "_providers", [])

    assert bands.verdict(country.here.region, version).allowed is False


def test_where_it_is_allowed_the_middle_half_of_centres_is_shown(
    country, regional, sign_in, verdict
):
    verdict(True)
    visits(country.here.rooms[0], [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0])
    centres(country.here.zone, [1, 2, 2, 3])

    answer = page(sign_in(regional), "centre", country.here.centre.code)

    row = next(row for row in answer.context["compared"] if row["name"] == "Over all")
    means = [100 / 18, 100 / 3, 200 / 3, 200 / 3, 100]
    low, high = np.quantile(means, [0.25, 0.75])
    assert (row["low"], row["high"], row["centres"]) == (f"{low:.0f}", f"{high:.0f}", 5)
    assert row["words"] == "below the middle half"
    assert b"It is no ranking" in answer.content


def test_too_few_centres_have_no_middle_half(country, regional, sign_in, verdict):
    verdict(True)
    visits(country.here.rooms[0], [2])
    centres(country.here.zone, [1, 2, 3])

    answer = page(sign_in(regional), "centre", country.here.centre.code)

    assert answer.context["compared"] == []
    assert b"Fewer than 5 centres" in answer.content


def test_what_is_observed_for_mentoring_is_never_compared(country, regional, sign_in, verdict):
    verdict(True)
    make.closed(country.here.rooms[0])

    answer = page(sign_in(regional), "room", country.here.rooms[0].code)

    assert answer.context["verdict"].allowed is False


def test_group_below_the_number_shows_nothing(country, regional, sign_in):
    observed(country.here.rooms[0], 4)

    answer = page(sign_in(regional), "group", "norte")

    assert "results" not in answer.context
    assert b"a group is shown from 5 on" in answer.content


def test_group_counts_each_caregiver_once(country, regional, sign_in):
    observed(country.here.rooms[0], 5, value=3)
    again = ObservationSession.objects.first()
    make.closed(again.unit, again.observer, 0, caregiver=again.caregiver)

    shown = page(sign_in(regional), "group", "norte").context["results"].whole["ALL"]

    assert (shown.n, shown.value) == (5, pytest.approx((4 * 100 + 50) / 5))


def test_group_shows_quarters_only_where_none_can_be_worked_out(country, regional, sign_in):
    room = country.here.rooms[0]
    observed(room, 6)
    client = sign_in(regional)
    assert len(page(client, "group", "norte").context["over_time"]) == 5

    observed(room, 1, on=days_ago(200))
    answer = page(client, "group", "norte")
    assert "over_time" not in answer.context
    assert b"so that none is shown" in answer.content


def test_programme_may_change_the_number(country, version, sign_in):
    national = organisations.person("national", country.country)
    observed(country.here.rooms[0], 3)
    client = sign_in(national)
    edit = reverse("observation:showing_edit")
    values = {"minimum_caregivers": 3, "minimum_centres": 6, "at_once": 10, "kept_days": 2}

    refused = client.post(edit, values | {"minimum_caregivers": 1})
    saved = client.post(edit, values)

    assert (refused.status_code, saved.status_code) == (400, 302)
    assert ShowingRule.objects.get().minimum_caregivers == 3
    assert page(client, "group", "norte").context["results"].whole["ALL"].n == 3


def test_rules_are_one_row(country):
    by = organisations.person("national", country.country)
    values = {"minimum_caregivers": 7, "minimum_centres": 6, "at_once": 10, "kept_days": 2}

    showing.change(values=values, by=by)
    showing.change(values=values | {"minimum_caregivers": 8}, by=by)

    assert queries.showing_rule().minimum_caregivers == 8
    assert ShowingRule.objects.count() == 1
