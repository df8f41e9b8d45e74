import pytest
from axes.models import AccessLog
from django.urls import reverse

from core.models import AuditRecord
from tests.factories import organisations as make

pytestmark = pytest.mark.django_db


def sign_in(client, email, password):
    data = {"login": email, "password": password}
    return client.post(reverse("account_login"), data)


def trail() -> list[tuple]:
    records = AuditRecord.objects.order_by("id")
    return list(records.values_list("action", "actor_id", "object_id", "detail"))


def test_signing_in_and_out_is_on_record(client):
    user = make.user("ana@trenza.example")

    sign_in(client, "ana@trenza.example", "trenza-prueba")
    client.post(reverse("account_logout"))

    assert trail() == [
        ("sign_ins.succeed", user.pk, str(user.pk), {}),
        ("sign_ins.end", user.pk, str(user.pk), {}),
    ]


def test_signing_in_leaves_no_second_record_with_address_and_network(client):
    make.user("ana@trenza.example")

    sign_in(client, "ana@trenza.example", "trenza-prueba")

    assert not AccessLog.objects.exists()


def test_failure_is_on_record_with_the_account_and_without_the_address(client):
    user = make.user("ana@trenza.example")

    sign_in(client, "Ana@trenza.example", "wrong")
    sign_in(client, "nobody@trenza.example", "wrong")

    assert trail() == [
        ("sign_ins.fail", None, str(user.pk), {"known": True}),
        ("sign_ins.fail", None, "", {"known": False}),
    ]
