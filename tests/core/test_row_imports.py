"""The engine, with a job that keeps codes and names in audit records (core knows no other row)."""

import io

import openpyxl
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

from core import import_templates, row_imports
from core.models import AuditRecord
from core.row_imports import Change, Column, RowError, RowImport, RowsRefused
from core.spreadsheets import SpreadsheetError, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


class NameForm(forms.Form):
    code = forms.SlugField()
    name = forms.CharField(max_length=10)
    day = forms.DateField(required=False)


class NameImport(RowImport):
    columns = (
        Column("code", {"es": "codigo"}, says="What it is called for good.", example="ejemplo-1"),
        Column("name", {"es": "nombre"}, says="=What people read.", example="=Ejemplo"),
        Column("day", {"es": "dia"}, required=False, says="A day."),
    )
    key = ("code",)
    form_class = NameForm

    def prepare(self, rows):
        codes = [row.values["code"] for row in rows]
        self.there = {record.object_id: record for record in _named(codes)}

    def compare(self, data):
        if data["name"] == "forbidden":
            raise ValidationError({"name": "Not this one."})
        record = self.there.get(data["code"])
        if record is None:
            return Change.CREATED, None
        same = record.detail == {"name": data["name"]}
        return (Change.UNCHANGED if same else Change.UPDATED), record

    def check(self, entries):
        for entry in entries:
            if entry.data["name"] == "alone" and len(entries) > 1:
                yield entry, "name", "It must stand alone."

    def write(self, entry):
        if entry.data["name"] == "explode":
            raise RuntimeError("in the middle")
        record = entry.target or AuditRecord(action="name", object_id=entry.data["code"])
        record.detail = {"name": entry.data["name"]}
        record.save()


def _named(codes):
    return AuditRecord.objects.filter(action="name", object_id__in=codes)


def sheet(text: str):
    return read(text.encode(), "a.csv")


def names():
    return {record.object_id: record.detail["name"] for record in AuditRecord.objects.all()}


def test_preview_says_what_each_row_does_and_writes_nothing():
    row_imports.apply(NameImport(None), sheet("code,name\na,A\nb,B\n"))

    seen = row_imports.preview(NameImport(None), sheet("code,name\na,A\nb,Bee\nc,C\n"))

    assert [entry.change for entry in seen.entries] == ["unchanged", "updated", "created"]
    assert seen.counts == {"created": 1, "updated": 1, "unchanged": 1, "errors": 0}
    assert names() == {"a": "A", "b": "B"}


def test_apply_again_changes_nothing():
    first = row_imports.apply(NameImport(None), sheet("code,name\na,A\n"))
    again = row_imports.apply(NameImport(None), sheet("code,name\na,A\n"))

    assert (first.counts["created"], again.counts["unchanged"]) == (1, 1)
    assert names() == {"a": "A"}


def test_errors_name_row_and_heading_in_the_readers_language():
    content = sheet("codigo,nombre,dia\na,A,31/02/2026\n,B,\nc,forbidden,\n")

    seen = row_imports.preview(NameImport(None), content)
    with override("es"):
        spanish = row_imports.preview(NameImport(None), content)

    assert seen.errors == [
        RowError(2, "dia", "Enter a valid date."),
        RowError(3, "codigo", "This field is required."),
        RowError(4, "nombre", "Not this one."),
    ]
    assert spanish.errors[1].message.startswith("Este campo es")


def test_code_twice_in_a_file_is_refused_whatever_its_case():
    seen = row_imports.preview(NameImport(None), sheet("code,name\na,A\nA,B\n"))

    assert seen.errors == [RowError(3, "code", "This stands already in row 2.")]


def test_check_between_rows_names_the_row():
    seen = row_imports.preview(NameImport(None), sheet("code,name\na,alone\nb,B\n"))

    assert seen.errors == [RowError(2, "name", "It must stand alone.")]


def test_apply_with_one_wrong_row_writes_none():
    with pytest.raises(RowsRefused, match="1 things need correcting") as refused:
        row_imports.apply(NameImport(None), sheet("code,name\na,A\nb,much too long a name\n"))

    assert refused.value.preview.errors[0].row == 3
    assert names() == {}


def test_apply_that_breaks_in_the_middle_writes_none():
    with pytest.raises(RuntimeError):
        row_imports.apply(NameImport(None), sheet("code,name\na,A\nb,explode\n"))

    assert names() == {}


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("code,nome", "“nome” is not known. Did you mean “nombre / name”?"),
        ("code,name,xyzzy", "The column “xyzzy” is not known."),
        ("code,name,CÓDIGO", "The column “CÓDIGO” stands twice."),
        ("name", "These columns are missing: codigo / code."),
    ],
)
def test_headings_that_do_not_fit_are_refused(header, sentence):
    with pytest.raises(SpreadsheetError) as refused:
        row_imports.preview(NameImport(None), sheet(f"{header}\na\n"))

    assert sentence in str(refused.value)


def test_file_with_headings_only_is_refused():
    with pytest.raises(SpreadsheetError, match="headings but no rows"):
        row_imports.preview(NameImport(None), sheet("code,name\n"))


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("make", [import_templates.as_csv, import_templates.as_xlsx])
def test_template_is_read_by_its_own_import_and_its_example_left_out(make, language):
    with override(language):
        content = read(make(NameImport(None)), "a")
    content.rows.append(type(content.rows[0])(3, dict.fromkeys(content.headers, "x")))

    seen = row_imports.preview(NameImport(None), content)

    assert content.headers[0] == {"es": "codigo", "en": "code"}[language]
    assert seen.notes == ["Row 2 is the example of the template and was left out."]
    assert [error.row for error in seen.errors] == [3]


def test_template_workbook_explains_each_column_as_text():
    book = openpyxl.load_workbook(io.BytesIO(import_templates.as_xlsx(NameImport(None))))
    told = list(book["Explanations"].values)

    assert told[1] == ("code", "yes", "What it is called for good.")
    assert book["Explanations"]["C3"].data_type == "s"
    assert book["Rows"]["B2"].data_type == "s"
