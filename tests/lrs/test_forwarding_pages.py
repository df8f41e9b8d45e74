import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditRecord
from lrs import sealing
from lrs.actions import deliveries, destinations, statements
from lrs.models import Delivery, Destination
from tests.factories import organisations as make
from tests.factories.learning import statement

FORM = {
    "name": "Almacén nacional",
    "endpoint": "https://lrs.example/xapi/",
    "version": "2.0.0",
    "key": "key",
    "secret": " with spaces ",
}


pytestmark = pytest.mark.usefixtures("no_worker")


@pytest.fixture
def person(country):
    return make.person("national", country.country)


@pytest.fixture
def page(client, person):
    client.force_login(person)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def destination(**fields) -> Destination:
    made = destinations.add(**(FORM | {"by": None} | fields))
    deliveries.look_again()
    return made


def refused(one: Destination, number: int) -> None:
    statements.store([statement(id=str(uuid.uuid4())) for _ in range(number)])
    for row in deliveries.claim(destination=one):
        deliveries.give_up(row=row, error="HTTP 400 <b>no</b>")


def test_store_is_added_with_its_secret_sealed(page, person):
    answer = page.post(reverse("destination_add"), FORM | {"everything": "on"})

    made = Destination.objects.get()
    assert answer.url == reverse("destination_detail", args=[made.pk])
    assert sealing.unseal(made.sealed_secret) == " with spaces "
    assert (made.version, made.owed_from) == ("2.0.0", 0)
    record = AuditRecord.objects.get(action="destinations.add")
    assert (record.actor_id, record.detail) == (person.pk, {"everything": True})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "http://lrs.example/xapi/"),
        ("endpoint", "https://user:pass@lrs.example/"),
        ("endpoint", "https://lrs.example/?a=b"),
        ("endpoint", "https://[::1"),
        ("endpoint", "file:///etc/passwd"),
        ("endpoint", "https://" + "a" * 600 + ".example/"),
        ("endpoint", "javascript:alert(1)"),
        ("version", "0.9"),
        ("name", ""),
        ("name", "a\x00b"),
        ("key", "k" * 201),
        ("secret", ""),
    ],
)
def test_what_cannot_be_a_store_is_named_beside_its_field(page, field, value):
    answer = page.post(reverse("destination_add"), FORM | {field: value})

    assert field in answer.context["form"].errors
    assert Destination.objects.count() == 0


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:8000/xapi", "http://localhost/xapi"])
def test_store_on_this_machine_needs_no_encryption(page, endpoint):
    page.post(reverse("destination_add"), FORM | {"endpoint": endpoint})

    assert Destination.objects.get().endpoint == endpoint


def test_second_store_of_a_name_is_refused_beside_it(page):
    destination()

    answer = page.post(reverse("destination_add"), FORM)

    assert answer.context["form"].errors["name"] == [
        "There is a destination with this name. Choose another."
    ]
    assert answer.context["form"]["endpoint"].value() == FORM["endpoint"]


def test_change_keeps_the_secret_unless_the_address_is_another(page):
    one = destination()
    url = reverse("destination_edit", args=[one.pk])

    page.post(url, FORM | {"secret": "", "key": "other"})
    one.refresh_from_db()
    assert (one.key, sealing.unseal(one.sealed_secret)) == ("other", " with spaces ")

    answer = page.post(url, FORM | {"secret": "", "endpoint": "https://elsewhere.example/"})
    assert "secret" in answer.context["form"].errors
    one.refresh_from_db()
    assert one.endpoint == FORM["endpoint"]
    assert " with spaces " not in page.get(url).content.decode()


def test_list_says_what_waits_since_when_and_what_was_wrong(page):
    one = destination()
    statements.store([statement(id=str(uuid.uuid4())) for _ in range(3)])
    Delivery.objects.update(made_at=timezone.now() - datetime.timedelta(hours=2))
    destinations.failed(destination=one, error="HTTP 503 <i>tired</i>")

    text = page.get(reverse("destination_list")).content.decode()

    assert "does not take any" in text
    assert "2\xa0hours" in text
    assert "HTTP 503 &lt;i&gt;tired&lt;/i&gt;" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_often_for_many(page, rows, django_assert_num_queries):
    for n in range(rows):
        destination(name=f"store {n}")
    page.get(reverse("destination_list"))

    with django_assert_num_queries(4):
        page.get(reverse("destination_list"))


@pytest.mark.parametrize("rows", [1, 3])
def test_detail_asks_as_often_for_many(page, rows, django_assert_num_queries):
    one = destination()
    refused(one, rows)
    page.get(reverse("destination_list"))

    with django_assert_num_queries(7):
        page.get(reverse("destination_detail", args=[one.pk]))


def test_dead_letters_are_sent_again_one_or_all(page, person):
    one = destination()
    refused(one, 3)
    text = page.get(reverse("destination_detail", args=[one.pk])).content.decode()
    assert text.count("HTTP 400 &lt;b&gt;no&lt;/b&gt;") == 3

    letter = one.deliveries.first()
    page.post(reverse("delivery_send_again", args=[one.pk, letter.pk]))
    assert one.deliveries.filter(dead_at=None).count() == 1
    page.post(reverse("deliveries_send_again", args=[one.pk]))
    assert one.deliveries.filter(dead_at=None).count() == 3

    details = AuditRecord.objects.filter(action="deliveries.send_again", actor_id=person.pk)
    assert [row.detail["statements"] for row in details.order_by("pk")] == [1, 2]


def test_letter_of_another_store_is_not_sent_again(page):
    one, other = destination(), destination(name="other")
    refused(other, 1)

    page.post(reverse("delivery_send_again", args=[one.pk, other.deliveries.get().pk]))

    assert other.deliveries.get().dead_at is not None


def test_pause_resume_and_remove(page, person):
    one = destination()
    statements.store([statement()])
    page.post(reverse("destination_pause", args=[one.pk]))
    page.post(reverse("destination_pause", args=[one.pk]))
    assert "paused" in page.get(reverse("destination_list")).content.decode()
    page.post(reverse("destination_resume", args=[one.pk]))
    assert (
        "1 statement still waits"
        in page.get(reverse("destination_remove", args=[one.pk])).content.decode()
    )
    page.post(reverse("destination_remove", args=[one.pk]))

    assert page.get(reverse("destination_detail", args=[one.pk])).status_code == 404
    acts = AuditRecord.objects.filter(model="lrs.Destination", actor_id=person.pk)
    assert list(acts.order_by("pk").values_list("action", flat=True)) == [
        "destinations.pause",
        "destinations.resume",
        "destinations.remove",
    ]


def test_home_leads_to_what_was_refused(page):
    one = destination()
    assert "refused" not in page.get(reverse("home")).content.decode()
    refused(one, 2)

    text = page.get(reverse("home")).content.decode()

    assert "See why Almacén nacional refused 2 statements" in text
    assert reverse("destination_detail", args=[one.pk]) in text
