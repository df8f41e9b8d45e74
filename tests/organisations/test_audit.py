import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from core import audit
from core.models import AuditRecord
from organisations.actions import units
from tests.factories import organisations as make


@pytest.fixture
def regional(country, client):
    client.cookies["django_language"] = "en"
    user = make.person("regional", country.here.region)
    client.force_login(user)
    AuditRecord.objects.all().delete()
    return user


def shown(client, **query) -> list[str]:
    response = client.get(reverse("audit_list"), query)
    return [row["record"].action for row in response.context["records"]]


def test_records_are_those_of_ones_units_the_newest_first(client, regional, country):
    audit.record("first", country.here.centre, by=regional)
    audit.record("second", country.here.region, by=None)
    audit.record("elsewhere", country.elsewhere.centre, by=regional)
    audit.record("nowhere", make.user(), by=None)

    assert shown(client) == ["second", "first"]


def test_records_without_a_place_are_for_a_whole_country(client, country):
    client.force_login(make.person("national", country.country))
    AuditRecord.objects.all().delete()
    audit.record("nowhere", make.user(), by=None)

    assert shown(client) == ["nowhere"]


def test_records_are_found_by_unit_action_person_and_days(client, regional, country):
    other = make.user("otra@trenza.example")
    audit.record("here", country.here.centre, by=regional)
    audit.record("above", country.here.zone, by=other)
    old = audit.record("old", country.here.centre, by=None)
    day = timezone.localdate() - datetime.timedelta(days=10)
    AuditRecord.objects.filter(pk=old.pk).update(at=timezone.now() - datetime.timedelta(days=10))

    assert shown(client, unit="norte-z1-c1") == ["here", "old"]
    assert shown(client, action="above") == ["above"]
    assert shown(client, person="OTRA@trenza.example") == ["above"]
    assert shown(client, start=day.isoformat(), end=day.isoformat()) == ["old"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"unit": "sur-z1"}, "unit"),
        ({"unit": "a b"}, "unit"),
        ({"person": "nobody@trenza.example"}, "person"),
        ({"person": "rubbish"}, "person"),
        ({"start": "soon"}, "start"),
        ({"start": "0001-01-01"}, "start"),
        ({"end": "9999-12-31"}, "end"),
        ({"start": "2026-02-01", "end": "2026-01-01"}, "end"),
        ({"action": "%"}, "action"),
        ({"after": "x"}, "after"),
    ],
)
def test_question_that_makes_no_sense_is_told_and_shows_nothing(client, regional, query, field):
    response = client.get(reverse("audit_list"), query)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert response.context["records"] == []


def test_records_go_on_page_by_page_without_gap_or_repetition(client, regional, country):
    AuditRecord.objects.bulk_create(
        AuditRecord(action=f"a{n}", unit_path=country.here.centre.path, at=AT) for n in range(120)
    )
    address, seen = reverse("audit_list"), []

    while True:
        response = client.get(address)
        seen += [row["record"].action for row in response.context["records"]]
        if not response.context["older"]:
            break
        address = f"{reverse('audit_list')}?{response.context['older']}"

    assert seen == [f"a{n}" for n in reversed(range(120))]


AT = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_records(
    client, regional, country, rows, django_assert_num_queries
):
    for _number in range(rows):
        centre = make.unit("centre", country.here.zone)
        units.change(unit=centre, by=make.user(), name="Otro")

    with django_assert_num_queries(6):
        client.get(reverse("audit_list"))


def test_page_is_closed_to_roles_without_it(client, country):
    client.force_login(make.person("director", country.here.centre))

    assert client.get(reverse("audit_list")).status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page_only_reads(client, regional, method):
    assert getattr(client, method)(reverse("audit_list")).status_code == 405


def test_known_actions_are_sentences_and_others_stay_codes(client, regional, country):
    audit.record("posts.give", country.here.centre, by=regional)
    audit.record("nobody.knows", country.here.centre, by=regional)

    page = client.get(reverse("audit_list"), headers={"accept-language": "en"}).content.decode()

    assert "Gave a post</td>" in page
    assert "<code>nobody.knows</code>" in page
