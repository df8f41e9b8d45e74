import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from tests.factories import organisations as people
from tests.factories import visits as make
from visits.models import PublicRule
from visits.views import next_steps
from visits.views.visits import safety_of


@pytest.fixture
def director(client, country):
    """The client, signed in as the director of the centre, reading English."""
    client.cookies["django_language"] = "en"
    client.force_login(people.person("director", country.here.centre))
    return client


def page(client, visit):
    response = client.get(reverse("visits:visit_detail", args=[visit.pk]))
    assert response.status_code == 200
    return response


@pytest.mark.parametrize(
    ("yes", "no", "value", "status"),
    [
        (19, 0, 100.0, "good"),
        (199, 1, 99.5, "info"),
        (1999, 1, 99.9, "info"),  # 99.95 would round to 100.0
        (9, 1, 90.0, "info"),
        (899, 100, 89.9, "caution"),  # 89.99 %
        (4, 1, 80.0, "caution"),
        (799, 200, 79.9, "problem"),
        (0, 1, 0.0, "problem"),
        (0, 0, None, "info"),
    ],
)
def test_safety_index_keeps_its_boundaries_exactly(yes, no, value, status):
    safety = safety_of(yes, no)

    assert (safety.value, safety.status, safety.n) == (value, status, yes + no)


def test_visit_with_199_yes_of_200_is_not_at_100(director, country):
    visit = make.visit(country.here.centre)
    make.everybody_says(visit, 199, 1)

    response = page(director, visit)

    assert response.context["safety"].value == 99.5
    text = response.content.decode()
    assert "90 % or more, with at least one no" in text
    assert "not an inspection by experts" in text
    assert "rounded down to one decimal" in text
    assert "n = 200" in text


def test_visit_shows_each_count_apart_and_no_parent_by_herself(director, country):
    visit = make.visit(country.here.centre, invited=20, accepted=8, confirmed=7, attended=6)
    make.response(visit, "1", {"PSG-ACC01": "yes", "PSG-PED01": 4})
    make.response(visit, "2", {"PSG-ACC01": "no", "PSG-PED01": 2})

    response = page(director, visit)

    counts = [visit.invited, visit.accepted, visit.confirmed, visit.attended]
    shown = response.context["visit"]
    assert [shown.invited, shown.accepted, shown.confirmed, shown.attended] == counts
    assert shown.parents == 2
    [(access, [line]), (teaching, [steps])] = response.context["areas"]
    assert (access.code, dict(line.words)) == ("ACC", {"yes": 1, "no": 1})
    assert (teaching.code, steps.numbers) == ("PED", ["2", "4"])


def test_visit_with_fewer_parents_than_the_rule_says_it_is_not_public(director, country):
    visit = make.visit(country.here.centre)
    make.response(visit)
    assert PublicRule.objects.get().minimum_parents == 10

    assert "Results are public only from 10 parents on" in page(director, visit).content.decode()
    PublicRule.objects.update(minimum_parents=1)
    assert "Results are public only" not in page(director, visit).content.decode()


def test_visit_without_answers_says_insufficient_data(director, country):
    text = page(director, make.visit(country.here.centre)).content.decode()

    assert "Insufficient data" in text
    assert "No answers yet" in text


def test_visit_lists_findings_by_the_day_they_are_due(director, country):
    visit = make.visit(country.here.centre)
    make.response(visit, "1", {"PSG-ACC01": "no", "PSG-PRC05": "no", "PSG-OPI03": "no"})

    findings = page(director, visit).context["findings"]

    days = {finding.item.code: (finding.due_on - make.DAY).days for finding in findings}
    assert days == {"PSG-PRC05": 1, "PSG-ACC01": 15}
    assert list(days) == ["PSG-PRC05", "PSG-ACC01"]


def test_neighbour_sees_no_visit(client, country):
    visit = make.visit(country.here.centre)
    client.force_login(people.person("director", country.elsewhere.centre))

    listed = client.get(reverse("visits:visit_list")).context["object_list"]
    assert list(listed) == []
    assert client.get(reverse("visits:visit_detail", args=[visit.pk])).status_code == 404


@pytest.mark.parametrize("role", ["mentor", "caregiver"])
def test_visits_are_not_for_mentors_and_caregivers(client, country, role):
    visit = make.visit(country.here.centre)
    place = country.here.rooms[0] if role == "caregiver" else country.here.centre
    client.force_login(people.person(role, place))

    assert client.get(reverse("visits:visit_list")).status_code == 403
    assert client.get(reverse("visits:visit_detail", args=[visit.pk])).status_code == 403


def test_list_filters_by_centre_and_takes_any_text(director, country):
    make.visit(country.here.centre)

    for code, count in ((country.here.centre.code, 1), ("sur-z1-c1", 0), ("<b>'", 0), ("", 1)):
        response = director.get(reverse("visits:visit_list"), {"centre": code})
        assert len(response.context["object_list"]) == count


def test_list_takes_as_many_queries_for_three_visits_as_for_one(
    director, country, django_assert_num_queries
):
    guide = make.guide()
    url = reverse("visits:visit_list")
    make.response(make.visit(country.here.centre, guide))
    with django_assert_num_queries(6):
        director.get(url)
    for days in (1, 2):
        day = make.DAY + datetime.timedelta(days)
        make.response(make.visit(country.here.centre, guide, visited_on=day))

    with django_assert_num_queries(6):
        director.get(url)


def test_list_offers_imports_to_those_who_may(client, country):
    client.force_login(people.person("regional", country.here.region))
    assert "/importar/visits/" in client.get(reverse("visits:visit_list")).content.decode()

    client.force_login(people.person("director", country.here.centre))
    assert "/importar/" not in client.get(reverse("visits:visit_list")).content.decode()


def days_ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)


def answered(centre, days):
    """A visit so many days ago, with one parent's guide: a no to an item to fix in 5 days."""
    visit = make.visit(centre, visited_on=days_ago(days))
    make.response(visit)
    return visit


@pytest.mark.parametrize("role", ["director", "witness"])
def test_home_leads_to_the_newest_visits_with_guides_of_the_last_months(country, role):
    reader = people.person(role, country.here.centre)
    older, newer = answered(country.here.centre, 60), answered(country.here.centre, 5)
    make.visit(country.here.centre, visited_on=days_ago(1))
    answered(country.elsewhere.centre, 1)

    urls = [step.url for step in next_steps.latest_visits(reader)]

    assert urls == [reverse("visits:visit_detail", args=[each.pk]) for each in (newer, older)]


def test_home_counts_findings_past_their_day_by_centre(country):
    here, other = country.here.centre, people.unit("centre", country.here.zone)
    zonal = people.person("zonal", country.here.zone)
    for centre, days in ((here, 60), (here, 20), (other, 20), (country.elsewhere.centre, 20)):
        answered(centre, days)
    answered(here, 2)
    answered(here, 200)

    with translation.override("en"):
        (step,) = next_steps.overdue_findings(zonal)

    assert step.text == "3 findings should be fixed by now"
    assert step.detail == f"{here}: 2 · {other}: 1"
    assert step.url == "/visitas/?findings=overdue"


@pytest.mark.parametrize(("role", "steps"), [("regional", 1), ("witness", 0)])
def test_home_names_findings_to_those_who_answer_for_them(country, role, steps):
    answered(country.here.centre, 20)

    found = list(next_steps.overdue_findings(people.person(role, country.here.region)))

    assert len(found) == steps


@pytest.mark.parametrize("rows", [1, 3])
def test_home_of_visits_asks_three_queries_whatever_the_rows(
    country, rows, django_assert_num_queries
):
    regional = people.person("regional", country.here.region)
    for _row in range(rows):
        answered(people.unit("centre", country.here.zone), 20)

    with django_assert_num_queries(3):  # her posts, the findings, the visits
        list(next_steps.overdue_findings(regional))
        list(next_steps.latest_visits(regional))


def test_list_filters_visits_with_findings_past_their_day(client, country):
    late = answered(country.here.centre, 20)
    answered(country.here.centre, 2)
    client.force_login(people.person("director", country.here.centre))

    page = client.get(reverse("visits:visit_list"), {"findings": "overdue"})

    assert list(page.context["object_list"]) == [late]


@pytest.mark.parametrize(("days", "says"), [(2, 0), (20, 1)])
def test_visit_says_in_words_which_findings_are_past_their_day(client, country, days, says):
    visit = answered(country.here.centre, days)
    client.force_login(people.person("director", country.here.centre))
    url = reverse("visits:visit_detail", args=[visit.pk])

    page = client.get(url, headers={"accept-language": "en"})

    assert page.content.decode().count("The day has passed") == says


def test_home_is_silent_about_visits_of_long_ago(country):
    director = people.person("director", country.here.centre)
    answered(country.here.centre, 200)

    assert list(next_steps.latest_visits(director)) == []
