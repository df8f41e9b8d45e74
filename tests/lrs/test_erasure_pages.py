"""People who are to be nameless, and the rule."""

import pytest
from django.urls import reverse

from core.models import AuditRecord
from lrs.actions import erasures, retention
from lrs.models import Erasure
from tests.lrs.conftest import stored, text

ANA = {"mbox": "mailto:ana@example.org", "name": "Ana Invented"}


def test_erasure_says_how_much_it_concerns_before_anything_changes(pages):
    stored(actor=ANA)
    body = {"people": "ana@example.org\r\n\r\nana-7", "reason": "She asked."}

    page = pages.post(reverse("erasure_begin"), body).content.decode()

    assert "1 statement mentions this person" in page
    assert "https://trenza.example ana-7" in page
    assert not Erasure.objects.exists()


def test_erasure_is_done_once_confirmed(pages, national, django_capture_on_commit_callbacks):
    stored(actor=ANA)
    body = {"people": "ana@example.org", "reason": "She asked.", "confirmed": "yes"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = pages.post(reverse("erasure_begin"), body, follow=True)

    page = answer.content.decode()
    assert "She asked." in page
    assert "ana@" not in page
    assert (Erasure.objects.get().statements, Erasure.objects.get().sought) == (1, {})
    assert AuditRecord.objects.get(action="erasures.begin").actor_id == national.pk


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"people": "", "reason": "x"},
        {"people": "\x00", "reason": "x"},
        {"people": "ana@example.org", "reason": ""},
        {"people": "@", "reason": "x", "confirmed": "yes"},
        {"people": "house", "reason": "x", "confirmed": "yes"},
        {"people": "a" * 4000, "reason": "x", "confirmed": "yes"},
    ],
)
def test_erasure_of_rubbish_comes_back_with_the_form(body, pages):
    assert pages.post(reverse("erasure_begin"), body).status_code == 400
    assert not Erasure.objects.exists()


def test_unfinished_erasure_shows_its_progress_and_goes_on(pages):
    stored(actor=ANA)
    begun = erasures.begin(agents=[ANA], reason="She asked.")
    assert "<progress" in text(pages, "erasure_list")

    pages.post(reverse("erasure_go_on", args=[begun.pk]))

    assert "<progress" not in text(pages, "erasure_list")
    assert pages.post(reverse("erasure_go_on", args=[begun.pk])).status_code == 404


def test_rule_is_changed_and_on_record(pages, national):
    pages.post(reverse("retention_edit"), {"days": "365", "is_on": "on"})

    assert (retention.rule().days, retention.rule().is_on) == (365, True)
    assert "365 days" in text(pages, "erasure_list")
    assert AuditRecord.objects.get(action="retention.change").actor_id == national.pk


@pytest.mark.parametrize("days", ["0", "-1", "x", "", "9" * 20])
def test_rule_of_rubbish_is_refused(days, pages):
    pages.post(reverse("retention_edit"), {"days": days})

    assert retention.rule().pk == 1
    assert not AuditRecord.objects.filter(action="retention.change").exists()
