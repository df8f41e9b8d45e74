"""Searching the statements, and reading one."""

import uuid

import pytest
from django.urls import reverse

from lrs.actions import attachments, statements
from lrs.models import Statement
from lrs.validation import VOIDED
from tests.factories import learning as make
from tests.factories.learning import statement
from tests.lrs.conftest import stored, text

ANA = {"mbox": "mailto:ana@example.org", "name": "Ana Invented"}


def test_list_of_an_empty_store_says_what_to_do(pages):
    assert "Issue a key to the program" in text(pages, "record_list")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 2),
        ({"agent": "ana@example.org"}, 1),
        ({"agent": "someone"}, 0),
        ({"verb": "http://adlnet.gov/expapi/verbs/completed"}, 2),
        ({"verb": "http://adlnet.gov"}, 0),
        ({"activity": "https://a.example"}, 1),
        ({"registration": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}, 1),
        ({"agent": "ana@example.org", "activity": "https://a.example"}, 0),
        ({"since": "1960-01-01", "until": "2999-01-01"}, 2),
        ({"until": "2020-01-01"}, 0),
        ({"since": "2999-01-01"}, 0),
    ],
)
def test_list_shows_what_fits(query, count, pages):
    stored(actor=ANA)
    registration = {"registration": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}
    stored(object={"id": "https://a.example"}, context=registration)

    page = text(pages, "record_list", **query)

    assert page.count("<tr") == (count + 1 if count else 0)
    assert ("No statement fits." in page) == (count == 0)


@pytest.mark.parametrize(
    "query",
    [
        {"agent": "a" * 700},
        {"agent": "mailto:@"},
        {"agent": "http:// "},
        {"registration": "7"},
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"before": "-1"},
        {"before": "9" * 30},
        {"id": "x"},
    ],
)
def test_rubbish_is_no_error(query, pages):
    stored()

    assert pages.get(reverse("record_list"), query).status_code == 200


def test_list_goes_on_with_older_ones_and_repeats_none(pages, monkeypatch):
    monkeypatch.setattr("lrs.views.records.PAGE", 2)
    rows = [stored() for _ in range(3)]

    first = pages.get(reverse("record_list"), {"verb": statement()["verb"]["id"]})
    rest = pages.get(f"{reverse('record_list')}?{first.context['older']}")

    shown = [line.row.pk for page in (first, rest) for line in page.context["lines"]]
    assert shown == [row.pk for row in reversed(rows)]
    assert rest.context["older"] == ""


def void(row: Statement) -> Statement:
    return stored(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": str(row.pk)})


def test_voided_statement_is_found_and_marked(pages):
    row = stored(actor=ANA)
    voider = void(row)

    page = text(pages, "record_list", agent="ana@example.org")

    assert page.count("status-caution") == 1
    assert reverse("record_detail", args=[row.pk]) in page
    detail = text(pages, "record_detail", row.pk)
    assert reverse("record_detail", args=[voider.pk]) in detail
    assert reverse("record_detail", args=[row.pk]) in text(pages, "record_detail", voider.pk)


def test_number_leads_to_the_statement(pages):
    row = stored()

    answer = pages.get(reverse("record_list"), {"id": str(row.pk)})

    assert answer["Location"] == reverse("record_detail", args=[row.pk])


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_many_queries_for_three_rows_as_for_one(
    rows, pages, django_assert_num_queries
):
    client, _secret = make.credential()
    for _row in range(rows):
        statements.store([statement(actor=ANA)], credential=client)

    with django_assert_num_queries(7):  # session, person, posts, rows, voided, clients, activities
        pages.get(reverse("record_list"), {"agent": "ana@example.org"})


def test_statement_is_told_in_words(pages):
    row = stored(
        actor=ANA,
        verb={"id": "https://e.example/verbs/passed", "display": {"es": "aprobó", "en": "passed"}},
        object={"id": "https://e.example/1", "definition": {"name": {"en": "First aid"}}},
        result={"score": {"scaled": 0.5}, "success": True, "extensions": {"https://x.example": 1}},
        context={
            "instructor": {"objectType": "Group", "name": "The team"},
            "contextActivities": {"parent": {"id": "https://e.example/course"}},
            "platform": "Moodle",
        }
        | {"instructor": {"mbox": "mailto:bea@example.org"}},
    )

    page = text(pages, "record_detail", row.pk)

    for words in (
        *("Ana Invented", "passed", "First aid", "scaled 0.5", "yes", "https://x.example"),
        *("bea@example.org", "https://e.example/course", "Moodle", str(row.pk), "this site"),
    ):
        assert words in page


OTHERS = [
    {"object": {"objectType": "Agent", "mbox": "mailto:bea@example.org"}},
    {"object": {"objectType": "StatementRef", "id": str(uuid.uuid4())}},
    {"actor": {"objectType": "Group", "member": [ANA, {"openid": "https://o.example/x"}]}},
    {
        "object": {
            "objectType": "SubStatement",
            "actor": ANA,
            "verb": {"id": "https://e.example/v"},
            "object": {"id": "https://e.example/o"},
        }
    },
    {"actor": {"mbox": "mailto:x@example.org", "name": "<script>alert(1)</script>"}},
]


@pytest.mark.parametrize("parts", OTHERS)
def test_every_kind_of_statement_can_be_read(parts, pages):
    row = stored(**parts)

    assert "<script>alert" not in text(pages, "record_detail", row.pk)
    assert text(pages, "record_list").count("<tr") == 2


def test_raw_statement_is_what_clients_get(pages):
    row = stored()

    answer = pages.get(reverse("record_raw", args=[row.pk]))

    assert answer.content.decode() == row.raw
    assert answer["Content-Disposition"].startswith("attachment")


def test_attachment_is_saved_and_never_shown(pages):
    body, files = make.with_file(statement(), b"<script>", "https://e.example/drawing")
    (identity,) = statements.store([body], files=files)
    (sha2,) = files

    assert reverse("record_file", args=[identity, sha2]) in text(pages, "record_detail", identity)
    answer = pages.get(reverse("record_file", args=[identity, sha2]))

    assert answer.content == b"<script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_attachment_of_another_statement_is_not_found(pages):
    body, files = make.with_file(statement(), b"x", "https://e.example/drawing")
    statements.store([body], files=files)
    attachments.keep(files)
    (sha2,) = files

    answer = pages.get(reverse("record_file", args=[stored().pk, sha2]))

    assert answer.status_code == 404
