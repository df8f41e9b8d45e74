"""A finished run as files to keep and to send: each opens, and none says more than it may."""

import csv
import io
import json
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from analytics import serializers
from analytics.actions import runs
from analytics.models import Run
from analytics.reports import bundle
from observation.models import ObservationSession
from tests.factories import organisations as make
from tests.factories import trials


@pytest.fixture
def evaluation(country) -> Run:
    version = trials.imported(country.here.region, trials.rows(gain=2, centres=12))
    return trials.computed(trials.written(version, country.here.region))


@pytest.fixture
def validity(country, tmp_path) -> Run:
    trials.imported(country.here.region, trials.rows(centres=4, rooms=3))
    call_command("validity", "taller", out=tmp_path, language="en")
    return Run.objects.get(kind="validity")


@pytest.fixture
def regional(country, client):
    client.force_login(make.person("regional", country.here.region))
    return client


def download(client, run: Run, form: str, **headers):
    address = reverse("analytics:run_file", args=[run.pk, form])
    return client.get(address, headers={"accept-language": "en"} | headers)


def data(run: Run) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Rows of the data and of the codebook."""
    content = bundle.as_data(serializers.REPORTS[run.kind], run)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["data.csv", "codebook.csv"]
        texts = [archive.read(name).decode("utf-8-sig") for name in archive.namelist()]
    return tuple(list(csv.DictReader(io.StringIO(text))) for text in texts)


def meets(value, schema: dict, whole: dict) -> list[str]:
    """What of ``value`` its JSON schema does not allow; the parts of it that we write."""
    if "$ref" in schema:
        return meets(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "anyOf" in schema:
        tried = [meets(value, one, whole) for one in schema["anyOf"]]
        return [] if [] in tried else tried[0]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{value!r} is none of {schema['enum']}"]
    kinds = schema.get("type", [])
    asked = [kinds] if isinstance(kinds, str) else kinds
    if asked and not any(KINDS[kind](value) for kind in asked):
        return [f"{value!r} is no {kinds}"]
    if isinstance(value, list):
        return [wrong for one in value for wrong in meets(one, schema.get("items", {}), whole)]
    return of_object(value, schema, whole) if isinstance(value, dict) else []


def of_object(value: dict, schema: dict, whole: dict) -> list[str]:
    found = [f"{key} is missing" for key in schema.get("required", []) if key not in value]
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, one in value.items():
        if key not in known and others is False:
            found.append(f"{key} is not known")
        elif key in known or isinstance(others, dict):
            found += meets(one, known.get(key, others), whole)
    return found


KINDS = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


@pytest.mark.parametrize("kind", ["validity", "evaluation"])
def test_result_meets_its_schema(kind, request, regional):
    run = request.getfixturevalue(kind)
    told = json.loads(download(regional, run, "json").content)
    schema = json.loads(download(regional, run, "schema.json").content)

    assert meets(told["report"], schema, schema) == []
    assert (told["inputs_hash"], told["seed"]) == (run.inputs_hash, run.seed)
    command = "validity taller" if kind == "validity" else "evaluate plan-"
    assert told["command"].startswith(f"manage.py {command}")
    assert set(told["packages"]) == set(runs.PACKAGES)


def test_schema_refuses_what_is_not_declared(evaluation):
    report = serializers.REPORTS[evaluation.kind]
    schema = json.loads(bundle.as_schema(report, evaluation))
    wrong = evaluation.result | {"more": 1}
    (row,) = [one for one in wrong["effects"]["tables"]["effects"] if one["outcome"] == "ALL"]
    row |= {"p": "small", "colour": 3}

    assert sorted(meets(wrong, schema, schema)) == [
        "'small' is no ['number', 'null']",
        "colour is not known",
        "more is not known",
    ]


def test_pdf_opens_and_holds_the_figures(evaluation, regional):
    answer = download(regional, evaluation, "pdf")
    reader = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in reader.pages)

    assert answer["Content-Type"] == "application/pdf"
    assert f"evaluation-{evaluation.result['about']['plan']}.pdf" in answer["Content-Disposition"]
    effect = evaluation.result["effects"]["tables"]["effects"][0]["effect"]
    for words in (f"{effect['value']:.2f}", f"{effect['low']:.2f} to {effect['high']:.2f}", "gain"):
        assert words in text
    assert evaluation.inputs_hash in text.replace("\n", "")
    assert reader.metadata.title == "Evaluation report: Does mentoring raise the score?"


def test_workbook_opens_and_has_a_sheet_for_each_table(evaluation, regional):
    book = load_workbook(io.BytesIO(download(regional, evaluation, "xlsx").content))
    heads, first, _second = book["Effects"].iter_rows(values_only=True)
    effect = evaluation.result["effects"]["tables"]["effects"][0]["effect"]

    assert book.sheetnames[0] == "About"
    for part, head in (("value", "Effect: value"), ("high", "Effect: to")):
        assert first[heads.index(head)] == pytest.approx(effect[part], rel=1e-14)
    tables = [
        table
        for section in serializers.REPORTS["evaluation"].sections
        for table in section.tables
        if evaluation.result[section.key].get("tables", {}).get(table.key)
    ]
    assert len(book.sheetnames) == 1 + len(tables)


def test_data_of_a_validity_report_hold_every_session_and_nobody(validity):
    rows, book = data(validity)
    secrets = [one.hex for one in ObservationSession.objects.values_list("pk", flat=True)]
    secrets += ["Salon", "Escuela", "Maestra", "Pérez", "norte-z1"]
    text = json.dumps([rows, book], ensure_ascii=False)

    assert len(rows) == ObservationSession.objects.count() == 24
    assert [row["column"] for row in book] == list(rows[0])
    assert [secret for secret in secrets if secret in text] == []
    # "dosis" and "inicio" would tell schools apart that are drawn numbers here.
    assert not {"salon", "dosis", "inicio", "facts", "line", "session", "day"} & set(rows[0])
    assert all(0 <= float(row["I001"]) <= 9 for row in rows)


def test_data_of_an_evaluation_hold_what_the_plan_used_and_nobody(evaluation):
    rows, book = data(evaluation)
    text = json.dumps([rows, book], ensure_ascii=False)

    assert len(rows) == 48
    assert [row["column"] for row in book] == list(rows[0])
    assert {"salon", "centre", "grupo", "ALL", "ALL_before"} <= set(rows[0])
    assert not {"dosis", "inicio", "quien", "rater", "subject", "ronda"} & set(rows[0])
    assert not any(secret in text for secret in ("Salon", "Escuela", "Maestra", "Pérez"))


def test_data_give_the_effect_again(evaluation):
    rows, _book = data(evaluation)
    change = {"si": [], "no": []}
    for row in rows:
        change[row["grupo"]].append(float(row["ALL"]) - float(row["ALL_before"]))

    gain = sum(change["si"]) / len(change["si"]) - sum(change["no"]) / len(change["no"])
    effect = evaluation.result["effects"]["tables"]["effects"][0]["effect"]
    assert effect["low"] < gain < effect["high"]


@pytest.mark.parametrize("form", ["exe", "csv", "PDF", "json.json", "..", "pdf/x"])
def test_form_that_there_is_not_is_not_found(evaluation, regional, form):
    address = f"/trenza/{evaluation.pk}/informe.{form}"

    assert regional.get(address).status_code == 404


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_run_that_is_not_done_has_no_files(regional, evaluation, status):
    Run.objects.filter(pk=evaluation.pk).update(status=status)

    assert download(regional, evaluation, "pdf").status_code == 404


def test_braid_has_no_files_of_this_kind(country, client):
    client.force_login(make.person("national", country.country))
    fields = {"starts_on": "2026-01-01", "ends_on": "2026-06-30", "background": False}
    run = runs.compute(run=runs.request(kind="braid", unit=country.country, **fields))

    assert download(client, run, "pdf").status_code == 404


def test_neighbour_finds_no_file(country, client, evaluation):
    client.force_login(make.person("regional", country.elsewhere.region))

    for form in bundle.FORMS:
        assert download(client, evaluation, form).status_code == 404


def test_files_are_in_the_language_of_who_downloads(evaluation, regional):
    told = {}
    for language in ("en", "es"):
        content = download(regional, evaluation, "zip", **{"accept-language": language}).content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            told[language] = archive.read("codebook.csv").decode("utf-8-sig")

    assert ("CAL,Warmth," in told["en"], "CAL,Calidez," in told["es"]) == (True, True)
