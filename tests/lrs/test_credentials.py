"""The clients of the store: issued, changed, revoked."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.models import AuditRecord
from lrs import positions
from lrs.actions import credentials
from lrs.enums import Scope
from lrs.models import Credential
from tests.factories import learning as make
from tests.lrs.conftest import text


def test_client_is_issued_and_its_secret_shown_once(pages, national):
    answer = pages.post(reverse("client_list"), {"name": "moodle", "scopes": ["state"]})

    client = Credential.objects.get()
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in text(pages, "client_list")
    assert answer["Cache-Control"].startswith("max-age=0")
    assert credentials.recognise(key=client.key, secret=secret) == client
    assert AuditRecord.objects.get(action="credentials.issue").actor_id == national.pk


@pytest.mark.parametrize(
    "body", [{}, {"name": "moodle"}, {"name": "moodle", "scopes": ["everything"]}]
)
def test_client_without_scopes_is_not_made(body, pages):
    assert pages.post(reverse("client_list"), body).status_code == 400
    assert not Credential.objects.exists()


def test_client_of_the_same_name_is_refused(pages):
    credentials.issue(name="moodle")

    answer = pages.post(reverse("client_list"), {"name": "moodle", "scopes": ["all"]})

    assert answer.status_code == 400
    assert "Choose another one" in answer.content.decode()


def test_scopes_are_changed_and_on_record(pages, national):
    client, secret = credentials.issue(name="moodle", scopes=(Scope.ALL,))
    credentials.recognise(key=client.key, secret=secret)

    pages.post(reverse("client_detail", args=[client.pk]), {"scopes": ["state", "profile"]})

    known = credentials.recognise(key=client.key, secret=secret)
    assert known is not None
    assert known.scopes == ["profile", "state"]
    record = AuditRecord.objects.get(action="credentials.change_scopes")
    assert (record.actor_id, record.detail["before"]) == (national.pk, ["all"])


def test_client_is_revoked_after_asking(pages):
    client, secret = credentials.issue(name="moodle")
    assert "cannot be undone" in text(pages, "client_revoke", client.pk)

    for _twice in range(2):
        pages.post(reverse("client_revoke", args=[client.pk]))

    assert credentials.recognise(key=client.key, secret=secret) is None
    assert AuditRecord.objects.filter(action="credentials.revoke").count() == 1
    answer = pages.post(reverse("client_detail", args=[client.pk]), {"scopes": ["all"]})
    assert answer.status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_clients_ask_as_many_queries_for_three_as_for_one(rows, pages, django_assert_num_queries):
    for _row in range(rows):
        make.credential()

    with django_assert_num_queries(4):
        pages.get(reverse("client_list"))


def test_use_of_a_client_is_written_once_an_hour(store):
    store.get()
    used = Credential.objects.get().last_used_at
    credentials._read.clear()

    store.get()

    assert used is not None
    assert Credential.objects.get().last_used_at == used
    assert positions.first(used) > 0


def test_command_lists_and_revokes(db, capsys):
    call_command("lrs_credential", "moodle", "--scope", "state")
    call_command("lrs_credential", "--list")
    listed = capsys.readouterr().out.splitlines()[-1].split("\t")

    call_command("lrs_credential", "moodle", "--revoke")
    call_command("lrs_credential", "--list")

    assert (listed[0], *listed[2:]) == ("moodle", "state", "never used")
    assert capsys.readouterr().out.splitlines()[-1].endswith("\trevoked")


@pytest.mark.parametrize("arguments", [[], ["moodle", "--revoke"]])
def test_command_without_a_client_says_so(arguments, db):
    with pytest.raises(CommandError, match="--list"):
        call_command("lrs_credential", *arguments)
