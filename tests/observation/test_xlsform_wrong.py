import time
from contextlib import suppress

import openpyxl
import pytest

from core import spreadsheets
from observation.serializers import xlsform
from tests.observation import documents
from tests.observation.books import CHOICES, SURVEY, book, edited, theirs

WRONG = {
    "no sheet survey": (
        book(encuesta=SURVEY, choices=CHOICES), ("survey", 1, "A"),
        "the workbook has no such sheet. It has: encuesta, choices."),
    "no column type": (
        book(survey=[["name", "label"], ["a", "A"]]), ("survey", 1, "A"),
        "the column “type” is missing."),
    "headings alone": (
        book(survey=SURVEY[:1]), ("survey", 2, "A"),
        "the sheet has headings but no questions."),
    "heading twice": (
        book(survey=[["type", "name", "name"], ["text", "a", "b"]]), ("survey", 1, "C"),
        "this heading stands in two columns. Rename or remove one."),
    "name twice": (
        theirs(survey_B9="w1"), ("survey", 9, "B"),
        "the name “w1” stands already in row 8."),
    "unknown list": (
        theirs(survey_A8="select_one stepz"), ("survey", 8, "A"),
        "the sheet choices has no list “stepz”."),
    "no list": (
        theirs(survey_A8="select_one"), ("survey", 8, "A"),
        "the name of the list of choices is missing."),
    "unknown type": (
        theirs(survey_A10="intejer"), ("survey", 10, "A"),
        "“intejer” is no type of question that we know."),
    "no type": (
        theirs(survey_A10=None), ("survey", 10, "A"),
        "the type of the question is missing."),
    "no name": (
        theirs(survey_B10=None), ("survey", 10, "B"),
        "the question has no name."),
    "bad name": (
        theirs(survey_B10="2 adultas"), ("survey", 10, "B"),
        "“2 adultas” cannot be a name: begin with a letter, then letters, digits, _ . -"),
    "no label": (
        theirs(survey_C10=None, survey_D10=None), ("survey", 10, "C"),
        "the question has no label."),
    "group without end": (
        theirs(survey_A19=None), ("survey", 13, "A"),
        "this begins a group that never ends. Add “end group”."),
    "end without group": (
        theirs(survey_A7="end group"), ("survey", 7, "A"),
        "this ends a group, but none is open here."),
    "condition on nothing": (
        theirs(survey_E8="${nobody} = 'x'"), ("survey", 8, "E"),
        "there is no question “nobody”."),
    "condition not closed": (
        theirs(survey_E8="selected(${seen}, 'FIL'"), ("survey", 8, "E"),
        "a bracket or a quotation mark is not closed."),
    "condition in a circle": (
        theirs(survey_E8="${w2} = 'yes'", survey_E9="${w1} = '1'"), ("survey", 8, "E"),
        "the question waits for its own answer."),
    "choice without name": (
        theirs(choices_B7=None), ("choices", 7, "B"),
        "this cell is empty."),
    "choice without list": (
        theirs(choices_A7=None), ("choices", 7, "A"),
        "this cell is empty."),
    "choice twice": (
        theirs(choices_B7="1"), ("choices", 7, "B"),
        "“1” stands already in row 6 of the same list."),
    "choice without label": (
        theirs(choices_C7=None, choices_D7=None), ("choices", 7, "C"),
        "the choice has no label."),
    "choices without column": (
        book(survey=[SURVEY[0], ["select_one steps", "a", "A"]],
             choices=[["list_name", "label"], ["steps", "x"]]), ("choices", 1, "A"),
        "the column “name” is missing."),
    "only notes": (
        book(survey=[["type", "name", "label"], ["note", "n", "Hola"]]), ("survey", 2, "A"),
        "no question of this form can be an item of an instrument."),
    "what pyxform alone knows": (
        theirs(survey_C10="Adultas ${nobody}"), ("survey", 10, "C"),
        ("pyxform cannot convert this: On the 'survey' sheet, the 'label::Español (es)' value is "
         "invalid. Reference variables must contain a name from the 'survey' sheet. Could not find "
         "the name 'nobody'.")),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_wrong_form_names_sheet_row_and_column(what):
    content, (sheet, row, letter), said = WRONG[what]

    with pytest.raises(xlsform.InvalidForm) as refused:
        xlsform.read(content, "lista.xlsx")

    first = refused.value.problems[0]
    found = (
        first.place.sheet,
        first.place.row,
        openpyxl.utils.get_column_letter(first.place.column),
    )
    assert (found, first.said) == ((sheet, row, letter), said)
    assert f"sheet “{sheet}”, row {row}, column {letter}" in str(first)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"type,name\ntext,a\n", b"%PDF-1.4", b"\xd0\xcf\x11\xe0", b"\x00" * 99]
)
def test_what_is_no_workbook_is_refused_in_a_sentence(content):
    with pytest.raises(spreadsheets.SpreadsheetError):
        xlsform.read(content, "lista.xlsx")


def test_broken_value_on_our_own_sheet_is_told_by_its_place():
    content = edited(xlsform.write(documents.checklist()), trenza_D3="{")

    with pytest.raises(xlsform.InvalidForm) as refused:
        xlsform.read(content, "x.xlsx")
    assert str(refused.value) == (
        "sheet “trenza”, row 3, column D (value): this value cannot be read."
    )


@pytest.mark.parametrize("value", ["null", "[]", '{"a": 1}', '"x"'])
@pytest.mark.parametrize("row", [3, 5, 7, 11, 17, 20])
def test_other_values_on_our_own_sheet_never_break_the_page(row, value):
    content = edited(xlsform.write(documents.checklist()), **{f"trenza_D{row}": value})

    with suppress(xlsform.InvalidForm):
        xlsform.read(content, "x.xlsx")


@pytest.mark.parametrize(
    "condition",
    ["${" + " " * 3000 + "x", "${" * 3000, "${a} = ''" + " " * 3000 + "and", "(" * 3000],
    ids=["spaces", "openings", "gap", "brackets"],
)
def test_condition_made_to_keep_the_server_busy_is_read_at_once(condition):
    rows = [*SURVEY, ["text", "busy", "Uno", "One", condition]]
    began = time.process_time()

    with suppress(xlsform.InvalidForm):
        xlsform.read(book(survey=rows, choices=CHOICES), "form.xlsx")

    assert time.process_time() - began < 3
