import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from observation.actions import cases
from observation.views import next_steps
from tests.factories import observation as make
from tests.factories import organisations


def case(room, hours=0):
    """A case opened so many hours ago by an alert in ``room``."""
    made = make.case(room)
    back = datetime.timedelta(hours=hours)
    made.look_by, made.hand_over_by = made.look_by - back, made.hand_over_by - back
    made.save()
    return made


def test_home_counts_the_cases_that_wait_and_says_no_more(country, room):
    officer = organisations.person("protection", country.here.region)
    for hours in (0, 5):
        case(room, hours)
    cases.take(case=case(room, 100), by=officer)
    case(country.elsewhere.rooms[0])

    with translation.override("en"):
        (step,) = next_steps.cases(officer)

    assert step.text == "Take up 2 safeguarding cases"
    assert step.detail == "2 past their time."
    assert step.url == reverse("observation:case_list")


@pytest.mark.parametrize(
    "role", ["national", "regional", "zonal", "director", "mentor", "caregiver", "witness"]
)
def test_home_is_silent_about_cases_to_others(country, room, role):
    case(room)
    place = {"national": country.country, "regional": country.here.region}

    assert list(next_steps.cases(organisations.person(role, place.get(role, room)))) == []


def test_home_names_regions_without_an_officer_whether_or_not_there_is_a_case(country):
    national = organisations.person("national", country.country)
    organisations.person("protection", country.here.region)

    with translation.override("en"):
        (step,) = next_steps.officers(national)

    assert step.text == "Give 1 region an officer of child protection"
    assert step.detail == f"Alerts there reach nobody until then: {country.elsewhere.region}"
    regional = organisations.person("regional", country.elsewhere.region)
    assert list(next_steps.officers(regional)) == []  # nobody gives posts at her own unit
    organisations.person("protection", country.provider)
    assert list(next_steps.officers(national)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_as_many_queries_for_three_rows_as_for_one(
    country, room, rows, django_assert_num_queries
):
    mentor = organisations.person("mentor", country.here.centre)
    officer = organisations.person("protection", country.here.region)
    for _row in range(rows):
        case(room)
        make.draft(room, mentor)

    with django_assert_num_queries(3):  # her posts, the cases that wait, those that are late
        list(next_steps.cases(officer))
    with django_assert_num_queries(2):  # the drafts, the centres of their rooms
        steps = list(next_steps.drafts(mentor))

    assert len(steps) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("page", "most"), [(("session_list", "regional"), 9), (("case_list", "protection"), 6)]
)
def test_lists_name_rooms_with_their_centre_in_one_query_more(
    client, country, room, page, most, rows, django_assert_num_queries
):
    name, role = page
    client.force_login(organisations.person(role, country.here.region))
    for _row in range(rows):
        case(room)
    make.closed(room)

    with django_assert_num_queries(most):
        shown = client.get(reverse(f"observation:{name}"))

    assert f"{room} · {country.here.centre}" in shown.content.decode()
