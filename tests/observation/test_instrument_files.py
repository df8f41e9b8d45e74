import io
import json
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.refusals import Refusal
from observation.actions import instrument_files, instruments
from observation.enums import VersionStatus
from observation.models import Instrument, InstrumentFile, InstrumentVersion
from observation.serializers import instrument_json, xlsform
from tests.factories import instruments as others
from tests.factories import organisations
from tests.observation import documents


def url(name, *args) -> str:
    return reverse(f"observation:{name}", args=args)


@pytest.fixture
def author(country, sign_in):
    return sign_in(organisations.person("national", country.country))


def send(client, content: bytes, name="list.json"):
    return client.post(url("instrument_upload"), {"file": SimpleUploadedFile(name, content)})


def as_json(document) -> bytes:
    return json.dumps(document).encode()


def other(**changes) -> dict:
    return documents.document(instruments.canonical(others.content())) | changes


# ---- out


def test_json_that_is_downloaded_holds_the_content_of_the_version(version, author):
    response = author.get(url("version_download", "checklist", 1, "instrumento.json"))

    found = instrument_json.read(response.content)
    assert instruments.content_hash(found["content"]) == version.content_hash
    assert response["Content-Disposition"].endswith('"checklist-1-instrumento.json"')


def test_xlsform_that_is_downloaded_reads_back_as_the_same_content(version, author):
    response = author.get(url("version_download", "checklist", 1, "xlsform.xlsx"))

    found = xlsform.read(response.content, "checklist.xlsx")
    assert instruments.content_hash(found.document["content"]) == version.content_hash


def test_page_of_files_says_what_an_xlsform_has_no_place_for(version, author):
    page = author.get(url("version_files", "checklist", 1)).content.decode()

    for sentence in xlsform.said():
        assert str(sentence) in page


def test_other_forms_are_not_there(version, author):
    assert author.get(url("version_download", "checklist", 1, "todo.exe")).status_code == 404


def test_draft_is_not_there_for_those_who_only_read(country, sign_in):
    others.draft()
    reader = sign_in(organisations.person("mentor", country.here.centre))

    assert reader.get(url("version_files", "other", 1)).status_code == 404
    assert reader.get(url("version_download", "other", 1, "xlsform.xlsx")).status_code == 404


def test_schema_is_published_for_anybody(client):
    response = client.get(url("instrument_schema"))

    assert response.json() == instrument_json.schema()


# ---- in


def test_file_is_shown_before_anything_is_kept_and_then_becomes_a_draft(author):
    document = other(code="nueva")
    shown = send(author, as_json(document))
    assert not Instrument.objects.exists()
    page = author.get(shown.url).content.decode()
    assert "Lo que se ve 1 (en)" in page
    assert "Everything in the file could be expressed." in page

    response = author.post(shown.url, {"code": "nueva"})

    version = InstrumentVersion.objects.get()
    assert response.url == url("draft_edit", "nueva", 1)
    assert version.status == VersionStatus.DRAFT
    assert instruments.content_of(version) == document["content"]


def test_xlsform_of_others_keeps_the_report_of_what_was_left_out(author):
    survey = [["type", "name", "label"], ["text", "a", "Hola"], ["note", "n", "Despacio"]]
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in survey:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)

    shown = send(author, out.getvalue(), "lista.xlsx")
    assert "a note is no item. It says: “Despacio”." in author.get(shown.url).content.decode()
    author.post(shown.url, {"code": "de-otros"})

    page = author.get(url("version_files", "de-otros", 1)).content.decode()
    assert "sheet “survey”, row 3, column A (type)" in page
    assert "Brought in from lista.xlsx" in page


def test_same_content_again_changes_nothing(version, author):
    shown = send(author, as_json(instrument_json.document(version)))

    response = author.post(shown.url, {"code": "checklist"})

    assert response.url == url("version_files", "checklist", 1)
    assert InstrumentVersion.objects.get() == version


def test_other_content_becomes_the_next_version(version, author):
    document = instrument_json.document(version)
    document["content"]["items"][0]["text"]["es"] = "Otro texto"

    shown = send(author, as_json(document))
    author.post(shown.url, {"code": "checklist"})

    newer = InstrumentVersion.objects.get(number=2)
    assert newer.status == VersionStatus.DRAFT
    assert newer.items.get(code="CAL1").text["es"] == "Otro texto"


def test_second_draft_is_refused_and_nothing_is_written(version, author):
    others.draft(others.content(), code="checklist", number=2)

    shown = send(
        author, as_json(documents.document(instruments.canonical(others.content(items=3))))
    )
    response = author.post(shown.url, {"code": "checklist"})

    assert "Version 2 is being written already." in response.content.decode()
    assert InstrumentVersion.objects.count() == 2


def test_confirmed_twice_is_one_version(author):
    shown = send(author, as_json(other()))
    author.post(shown.url, {"code": "trial"})

    again = author.post(shown.url, {"code": "trial-2"})

    assert again.url == url("version_files", "trial", 1)
    assert InstrumentVersion.objects.count() == 1


def test_file_of_somebody_else_is_not_there(country, author, sign_in):
    shown = send(author, as_json(other()))

    stranger = sign_in(organisations.person("national", country.country))
    assert stranger.get(shown.url).status_code == 404
    assert stranger.post(shown.url, {"code": "x"}).status_code == 404


@pytest.mark.parametrize("code", ["", "a b", "x" * 65, "ñ", "../x", "a\x00b"])
def test_code_that_cannot_be_kept_is_told_and_writes_nothing(author, code):
    shown = send(author, as_json(other()))

    response = author.post(shown.url, {"code": code})

    assert response.context["form"].errors
    assert not Instrument.objects.exists()


def test_guide_of_parents_is_not_brought_in_here(author):
    response = send(author, as_json(other(kind="guide")))

    assert response.context["form"].errors["file"] == [
        "Only checklists are brought in here. A parents' guide is loaded with the visits."
    ]
    assert not InstrumentFile.objects.exists()


def test_code_of_another_kind_of_instrument_is_refused(author):
    Instrument.objects.create(code="guia", kind="guide", name={"es": "Guía"})
    file = instrument_files.hold(
        name="x", content=b"", form="json", document=other(), left_out=[], by=organisations.user()
    )

    with pytest.raises(Refusal):
        instrument_files.confirm(file=file, code="guia", by=file.user)


def test_file_that_nobody_confirms_is_cleared_after_a_day(author):
    send(author, as_json(other()))
    InstrumentFile.objects.update(sent_at=timezone.now() - instrument_files.KEPT)

    send(author, as_json(other(code="later")))

    assert [file.document["code"] for file in InstrumentFile.objects.all()] == ["later"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "x.xlsx", 200),
        (b"{", "x.json", 200),
        (b"{}", "x.json", 200),
        (b"\x00" * 200, "x.xlsx", 200),
        (b"\x00" * 200, "x", 200),
        (b"PK\x03\x04 broken", "x.xlsx", 200),
        (b"<html>", "x.xlsx", 200),
        (b" " * (10 * 1024 * 1024 + 1), "x.json", 413),
        (bomb(), "x.xlsx", 413),
    ],
    ids=["empty", "half", "nothing", "nul", "nul2", "broken", "html", "large", "bomb"],
)
def test_rubbish_is_told_and_nothing_is_kept(author, content, name, status):
    response = send(author, content, name)

    assert response.status_code == status
    assert response.context["form"].errors or response.context["sentences"]
    assert not InstrumentFile.objects.exists()


def test_wrong_form_names_sheet_row_and_column_on_the_page(author):
    content = xlsform.write(documents.checklist())
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["survey"]["A4"] = "texto"
    out = io.BytesIO()
    book.save(out)

    response = send(author, out.getvalue(), "x.xlsx")

    assert [str(problem) for problem in response.context["problems"]] == [
        "sheet “survey”, row 4, column A (type): “texto” is no type of question that we know."
    ]
    assert "“texto” is no type of question that we know." in response.content.decode()
