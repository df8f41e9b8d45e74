"""The pages of exports: asked for, waited for, taken; by nobody else, and not for ever."""

import datetime
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from observation.enums import ExportStatus
from observation.models import Export, ShowingRule
from tests.factories import organisations
from tests.observation.exporting import asked

LIST = reverse("observation:export_list")


def sent(mixed, **fields) -> dict:
    today = timezone.localdate()
    return {
        "version": mixed.version_id,
        "unit": "",
        "starts_on": today,
        "ends_on": today,
        "purpose": "",
        "level": "wide",
        "form": "csv",
        "language": "es",
    } | fields


def test_page_makes_a_small_file_at_once_and_gives_it(
    regional, mixed, sign_in, django_capture_on_commit_callbacks
):
    client = sign_in(regional)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(LIST, sent(mixed))
    detail = client.get(answer.url)
    export = Export.objects.get()
    file = client.get(reverse("observation:export_file", args=[export.pk]))

    assert (answer.status_code, detail.status_code) == (302, 200)
    assert b"archivo.zip" in detail.content
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert zipfile.ZipFile(io.BytesIO(b"".join(file))).testzip() is None


def test_page_hands_a_large_one_to_the_worker(
    regional, mixed, sign_in, django_capture_on_commit_callbacks
):
    ShowingRule.objects.create(pk=1, at_once=0)
    client = sign_in(regional)

    with django_capture_on_commit_callbacks() as waiting:
        client.post(LIST, sent(mixed))
        client.post(LIST, sent(mixed))  # sent twice: one export
    export = Export.objects.get()
    page = client.get(reverse("observation:export_detail", args=[export.pk]))
    early = client.get(reverse("observation:export_file", args=[export.pk]))
    for callback in waiting:
        callback()
    part = client.get(
        reverse("observation:export_detail", args=[export.pk]), headers={"HX-Request": "true"}
    )

    assert b"waits for its turn" in page.content
    assert early.status_code == 404
    export.refresh_from_db()
    assert (export.status, export.done) == (ExportStatus.MADE, 1)
    assert b"<html" not in part.content


@pytest.mark.parametrize(("level", "status"), [("scores", "made"), ("long", "waiting")])
def test_rows_decide_whether_it_is_made_while_she_waits(
    regional, mixed, sign_in, settings, django_capture_on_commit_callbacks, level, status
):
    """A session is one row of scores and 48 of ratings."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    ShowingRule.objects.create(pk=1, at_once=47)

    with django_capture_on_commit_callbacks(execute=True):
        sign_in(regional).post(LIST, sent(mixed, level=level))

    assert Export.objects.get().status == status


@pytest.mark.parametrize(
    "fields",
    [
        {"version": "999999"},
        {"version": "x"},
        {"unit": "sur"},
        {"unit": "no-such"},
        {"unit": "\0"},
        {"unit": "x" * 10_000},
        {"starts_on": "yesterday"},
        {"starts_on": "2026-02-02", "ends_on": "2026-01-01"},
        {"starts_on": "2001-01-01", "ends_on": "2001-01-02"},
        {"level": "all"},
        {"form": "exe"},
        {"form": "../../etc"},
        {"language": "de"},
        {"purpose": "pay"},
    ],
)
def test_page_says_what_is_wrong_and_keeps_what_was_chosen(regional, mixed, sign_in, fields):
    answer = sign_in(regional).post(LIST, sent(mixed, **fields))

    assert answer.status_code == 400
    assert Export.objects.count() == 0
    assert b"Please correct this" in answer.content


def test_nobody_else_sees_an_export(country, regional, mixed, sign_in):
    export = asked(regional, mixed)
    other = organisations.person("regional", country.here.region)

    client = sign_in(other)

    for route in ("export_detail", "export_file"):
        assert client.get(reverse(f"observation:{route}", args=[export.pk])).status_code == 404
    assert str(export.pk).encode() not in client.get(LIST).content


def test_an_expired_export_is_gone(regional, mixed, sign_in):
    export = asked(regional, mixed)
    Export.objects.update(expires_at=timezone.now())

    answer = sign_in(regional).get(reverse("observation:export_file", args=[export.pk]))

    assert answer.status_code == 404


def test_list_asks_as_often_for_three_exports_as_for_one(regional, mixed, sign_in):
    client = sign_in(regional)
    asked(regional, mixed)
    client.get(LIST)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    one = count()
    asked(regional, mixed, "long")
    asked(regional, mixed, "scores", unit=mixed.unit)
    assert count() == one


def test_page_is_spanish_first(regional, mixed, client):
    client.force_login(regional)
    with translation.override(None):
        assert client.get(LIST, headers={"Accept-Language": "es"}).status_code == 200


def test_one_that_lost_its_worker_says_so_and_is_not_in_the_way(regional, mixed, sign_in):
    lost = asked(regional, mixed)
    long_ago = timezone.now() - datetime.timedelta(hours=2)
    Export.objects.update(status=ExportStatus.MAKING, asked_at=long_ago)

    page = sign_in(regional).get(reverse("observation:export_detail", args=[lost.pk]))
    again = asked(regional, mixed)

    assert b"could not be made" in page.content
    assert (again != lost, again.status) == (True, ExportStatus.MADE)
