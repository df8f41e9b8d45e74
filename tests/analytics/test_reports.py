"""A declared report drawn on everything it can be drawn on."""

import io

import pytest
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader

from analytics.reports import documents, pdf, schema, workbook
from analytics.reports.declaration import Column, Kind, Report, Section, Table
from analytics.reports.gates import judged
from analytics.reports.validity import REPORT as VALIDITY
from measurement.estimates import Estimate, Reason

GATE = {
    "code": "icc",
    "topic": "agreement",
    "title": {"es": "Acuerdo", "en": "Agreement"},
    "provisional": 0.6,
    "good": 0.75,
    "at_most": False,
    "minimum_n": 10,
}
KNOWN = Estimate(0.8, 0.76, 0.84, 120, 12, method="by hand")
THIN = Estimate.insufficient(Reason.ONE_RATER, 4)
SECTION = Section(
    "part",
    "A part",
    "What it says.",
    (
        Table(
            "rows",
            "Rows: of [a] part?",
            (
                Column("domain", "Domain", Kind.NAME),
                Column("model", "Model", Kind.WORD, words={"one": "one factor"}),
                Column("n", "n", Kind.COUNT),
                Column("share", "Share", Kind.SHARE),
                Column("p", "p", Kind.P),
                Column("r", "Correlation", Kind.ESTIMATE),
                Column("never", "Never there"),
            ),
            chart="r",
        ),
    ),
)
REPORT = Report(
    "toy", "A report", "What it asks.", (SECTION,), {"few": "Only %(n)s of %(domain)s."}
)
RESULT = {
    "about": {},
    "names": {"domain": {"CAL": {"es": "Calidez", "en": "Warmth"}}},
    "part": {
        "notes": [{"code": "few", "facts": {"n": 4, "domain": "CAL"}}],
        "gates": [judged(GATE, "CAL", KNOWN)],
        "tables": {
            "rows": [
                {"domain": "CAL", "model": "one", "n": 1200, "share": 0.256, "p": 0.0001}
                | {"r": KNOWN.as_dict()},
                {"domain": "=SUM(A1)", "model": "other", "n": 4, "share": None, "p": 0.04}
                | {"r": THIN.as_dict()},
            ]
        },
    },
}
FACTS = {"Seed": 7, "Command": "manage.py validity toy"}


@pytest.fixture
def document():
    return documents.build(REPORT, RESULT)


def test_cells_say_what_a_figure_rests_on(document):
    first, second = document.sections[0].tables[0].rows

    assert [cell.text for cell in first] == [
        "Warmth",
        "one factor",
        "1200",
        "26\N{NO-BREAK SPACE}%",
        "below 0.001",
        "0.80",
    ]
    assert first[5].beside == "0.76 to 0.84; n = 120"
    assert (second[5].text, second[5].beside) == ("insufficient data", "only one rater; n = 4")


def test_column_without_any_value_is_left_out(document):
    heads = [head.text for head in document.sections[0].tables[0].heads]

    assert "Never there" not in heads


def test_note_names_what_it_speaks_of(document):
    assert document.sections[0].notes == ["Only 4 of Warmth."]


def test_section_without_figures_says_why():
    result = RESULT | {"part": {"reason": "one_rater"}}

    (section,) = documents.build(REPORT, result).sections
    assert (section.notes, section.tables) == (["Insufficient data: only one rater."], [])


def test_gate_says_found_asked_and_meaning(document):
    (gate,) = document.gates

    assert (gate.title, gate.subject, gate.status, gate.state) == (
        "Agreement",
        "Warmth",
        "good",
        "good",
    )
    assert gate.asked == "provisional from 0.60, good from 0.75"
    assert gate.meaning.startswith("A score says the same whoever observed")


def test_document_reads_in_spanish():
    with translation.override("es"):
        (gate,) = documents.build(REPORT, RESULT).gates

    assert (gate.title, gate.subject) == ("Acuerdo", "Calidez")


def test_chart_has_a_row_for_each_estimate(document):
    chart = document.sections[0].tables[0].chart

    assert [row[0] for row in chart.rows] == ["Warmth · one factor", "=SUM(A1) · other"]


def test_pdf_holds_every_figure_and_is_the_same_again(document):
    first, second = (pdf.render("A report", document, FACTS) for _time in range(2))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(first)).pages)

    assert first == second
    for words in ("A report", "Warmth", "0.80", "0.76 to 0.84", "only one rater", "toy"):
        assert words in text


def test_workbook_keeps_numbers_whole_and_formulas_out():
    book = load_workbook(io.BytesIO(workbook.render(REPORT, RESULT, FACTS)))
    heads, first, second = (
        [cell.value for cell in row] for row in book["Rows  of  a  part"].iter_rows()
    )

    assert book.sheetnames == ["About", "Gates", "Rows  of  a  part"]
    assert first[heads.index("Share")] == 0.256
    assert first[heads.index("Correlation: to")] == 0.84
    assert second[heads.index("Domain")] == "'=SUM(A1)"
    assert second[heads.index("Correlation: reason")] == "one_rater"


def test_sheets_of_long_and_equal_titles_have_names_of_their_own():
    table = Table(
        "rows", "A title that is much longer than a sheet may have", SECTION.tables[0].columns
    )
    twin = Table("again", table.title, table.columns)
    report = Report("toy", "", "", (Section("part", "", "", (table, twin)),), {})
    rows = RESULT["part"]["tables"]["rows"]
    book = load_workbook(
        io.BytesIO(workbook.render(report, {"part": {"tables": {"rows": rows, "again": rows}}}, {}))
    )

    assert len(set(book.sheetnames)) == 3
    assert max(map(len, book.sheetnames)) <= 31


def test_schema_names_every_column_and_refuses_others():
    found = schema.schema(REPORT)["properties"]["part"]["properties"]["tables"]["properties"]

    assert set(found["rows"]["items"]["properties"]) == {
        column.key for column in SECTION.tables[0].columns
    }
    assert found["rows"]["items"]["additionalProperties"] is False


def test_keys_of_the_validity_report_stand_once():
    for section in VALIDITY.sections:
        keys = [table.key for table in section.tables]
        assert len(keys) == len(set(keys))
        for table in section.tables:
            columns = [column.key for column in table.columns]
            assert len(columns) == len(set(columns))
            assert table.chart in ("", *columns)
