import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from observation.models import SafeguardingAlert
from observation.views import next_steps
from tests.factories import observation as make
from tests.factories import organisations


def alert(room, days=0):
    """An alert raised so many days ago in a session of ``room``."""
    session = make.draft(room)
    item = session.version.items.get(code="ALE1")
    raised = SafeguardingAlert.objects.create(session=session, cycle_number=1, item=item)
    at = timezone.now() - datetime.timedelta(days=days)
    SafeguardingAlert.objects.filter(pk=raised.pk).update(raised_at=at)
    return raised


def test_home_counts_the_alerts_of_the_last_days_and_says_no_more(country, room):
    regional = organisations.person("regional", country.here.region)
    for days in (0, 20, 40):
        alert(room, days)
    alert(country.elsewhere.rooms[0])

    with translation.override("en"):
        (step,) = next_steps.alerts(regional)

    assert step.text == "Read 2 treatment alerts"
    assert step.detail == "Raised in the last 30 days."
    assert step.url == reverse("observation:alert_list")


@pytest.mark.parametrize("role", ["zonal", "director", "mentor", "caregiver", "witness"])
def test_home_is_silent_about_alerts_to_others(country, room, role):
    alert(room)

    assert list(next_steps.alerts(organisations.person(role, country.here.centre))) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_as_many_queries_for_three_rows_as_for_one(
    country, room, rows, django_assert_num_queries
):
    mentor = organisations.person("mentor", country.here.centre)
    regional = organisations.person("regional", country.here.region)
    for _row in range(rows):
        alert(room)
        make.draft(room, mentor)

    with django_assert_num_queries(2):  # her posts, the alerts
        list(next_steps.alerts(regional))
    with django_assert_num_queries(2):  # the drafts, the centres of their rooms
        steps = list(next_steps.drafts(mentor))

    assert len(steps) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["session_list", "alert_list"])
def test_lists_name_rooms_with_their_centre_in_one_query_more(
    client, country, room, name, rows, django_assert_num_queries
):
    client.force_login(organisations.person("regional", country.here.region))
    for _row in range(rows):
        alert(room)
    make.closed(room)

    with django_assert_num_queries({"session_list": 9, "alert_list": 6}[name]):
        page = client.get(reverse(f"observation:{name}"))

    assert f"{room} · {country.here.centre}" in page.content.decode()
