"""The pages of what is held."""

import pytest
from django.test import Client
from django.urls import reverse

from fieldwork.models import Delivery
from fieldwork.views import next_steps
from observation.models import ObservationSession
from tests.factories import field, organisations

WHY = "I telephoned her."


def browser(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def zonal(country, room):
    return organisations.person("zonal", country.here.zone)


@pytest.fixture
def pages(zonal):
    return browser(zonal)


def page(client, name, *args, **kwargs):
    return client.get(reverse(f"fieldwork:{name}", args=args, **kwargs)).content.decode()


def test_list_says_how_many_since_when_and_why(pages, room):
    field.held(room)
    field.held(room)

    text = page(pages, "held_list")

    assert "2 records wait for a decision." in text
    assert text.count("Without an answer: cycle 1: CAL2") == 2
    assert room.name in text


def test_list_when_nothing_is_held_says_so(pages):
    assert "There is nothing to decide." in page(pages, "held_list")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_many_queries_for_three_rows_as_for_one(
    pages, room, rows, django_assert_num_queries
):
    for _row in range(rows):
        field.held(room)

    with django_assert_num_queries(6):  # session, person, posts, count, rows, centres
        pages.get(reverse("fieldwork:held_list"))


def test_home_counts_what_is_held(zonal, room):
    assert list(next_steps.held(zonal)) == []
    field.held(room)
    field.held(room)

    (step,) = next_steps.held(zonal)

    assert step.text == "Decide about 2 records from phones that do not count yet"
    assert step.detail.startswith("The oldest waits since")
    assert step.url == reverse("fieldwork:held_list")


def test_detail_reads_as_a_person_reads(pages, room):
    delivery = field.held(room)

    text = page(pages, "held_detail", delivery.pk)

    assert "observation session" in text
    assert "Without an answer: cycle 1: CAL2" in text
    assert "1 · CAL1" in text
    assert "1 · CAL2" not in text


def test_detail_of_content_not_of_its_kind_shows_what_there_is(pages, room, mentor, phone):
    content = field.session(room) | {"purpose": "<script>alert(1)</script>"}
    phone.put(field.envelope(mentor, content))

    text = page(pages, "held_detail", Delivery.objects.get().pk)

    assert "cycles · 1 · number" in text
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text


def test_detail_of_a_conflict_shows_both_and_marks_what_differs(pages, phone, record):
    phone.put(record)
    other = field.canonical(record).replace(b'"value":2', b'"value":1', 1)
    phone.put(record, other)
    second = Delivery.objects.get(state="conflict")

    text = page(pages, "held_detail", second.pk)

    assert text.count("<mark>") == 2
    assert "differs" in text
    assert "Take it in instead of the other one" in text


def test_body_is_given_as_it_came(pages, room):
    delivery = field.held(room)

    answer = pages.get(reverse("fieldwork:held_body", args=[delivery.pk]))

    assert answer.content == bytes(delivery.body)
    assert answer["Content-Disposition"] == f'attachment; filename="{delivery.record}.json"'


def decide(pages, delivery, **fields):
    address = reverse("fieldwork:held_detail", args=[delivery.pk])
    return pages.post(address, {"decision": "set_aside", "reason": WHY} | fields)


def test_decision_leads_back_to_the_list(pages, room):
    delivery = field.held(room)

    answer = decide(pages, delivery)

    assert answer.url == reverse("fieldwork:held_list")
    assert Delivery.objects.get().state == "set_aside"
    assert "set aside" in page(pages, "held_list", query={"set_aside": ""})


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"reason": "x" * 501},
        {"reason": "a\0b"},
        {"decision": ""},
        {"decision": "choose"},
        {"decision": "delete"},
    ],
)
def test_decision_that_cannot_be_read_keeps_what_was_entered(pages, room, fields):
    delivery = field.held(room)

    answer = decide(pages, delivery, **fields)

    assert answer.status_code == 200
    assert Delivery.objects.get().state == "held"
    assert delivery.settlements.count() == 0


def test_decision_that_a_rule_refuses_again_says_so(pages, room):
    delivery = field.held(room)

    answer = decide(pages, delivery, decision="take_in")

    assert answer.url == reverse("fieldwork:held_detail", args=[delivery.pk])
    assert "It is still held: Without an answer" in pages.get(answer.url).content.decode()


def test_decision_twice_is_refused_the_second_time(pages, room):
    delivery = field.held(room)
    decide(pages, delivery)

    answer = decide(pages, delivery)

    assert answer.status_code == 200
    assert delivery.settlements.count() == 1


def test_own_record_shows_no_form(country, room, zonal, pages):
    delivery = field.held(room, by=zonal)

    text = page(pages, "held_detail", delivery.pk)

    assert "Somebody else decides about what you sent yourself." in text
    assert 'name="reason"' not in text


def test_retry_takes_in_what_has_been_mended(pages, notes, note, phone):
    notes.raises = [ValueError("a bug")]
    phone.put(note())
    delivery = Delivery.objects.get()
    notes.raises = []

    assert "Try again" in page(pages, "held_detail", delivery.pk)
    pages.post(reverse("fieldwork:held_retry", args=[delivery.pk]))

    assert Delivery.objects.get().state == "accepted"


def test_conflict_chosen_by_a_coordinator_becomes_the_correction(pages, phone, record):
    phone.put(record)
    phone.put(record, field.canonical(record).replace(b'"value":2', b'"value":1', 1))
    second = Delivery.objects.get(state="conflict")

    decide(pages, second, decision="choose")

    correction = ObservationSession.objects.get(supersedes=record["id"])
    assert (correction.status, correction.reason) == ("closed", WHY)
    assert Delivery.objects.get(pk=second.pk).state == "accepted"


def test_retry_is_no_way_around_a_reason(pages, room):
    delivery = field.held(room)

    answer = pages.post(reverse("fieldwork:held_retry", args=[delivery.pk]))

    assert answer.status_code == 404
