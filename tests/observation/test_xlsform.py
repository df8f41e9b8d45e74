import io
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from core import spreadsheets
from observation.actions import instruments
from observation.serializers import xlsform
from tests.observation import documents

LABELS = ("label::Español (es)", "label::English (en)")


def book(**sheets) -> bytes:
    """A workbook; each sheet is a list of rows, the first its headings."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def edited(content: bytes, **changes) -> bytes:
    """A workbook with other cells: survey_B5="…"."""
    made = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in changes.items():
        sheet, cell = place.split("_")
        made[sheet][cell] = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_checklist_comes_back_with_every_item_anchor_and_rule():
    document = documents.checklist()

    again = xlsform.read(xlsform.write(document), "checklist.xlsx")

    assert again.document["content"] == document["content"]
    assert instruments.content_hash(again.document["content"]) == instruments.content_hash(
        document["content"]
    )
    assert again.left_out == []


def test_checklist_converts_in_pyxform_without_a_warning():
    from pyxform.xls2xform import convert  # noqa: PLC0415 — slow, and only here

    warnings: list[str] = []
    form = convert(xlsform.write(documents.checklist()), warnings=warnings, validate=False)

    assert warnings == []
    assert 'relevant="(selected( ../../moments' in form.xform
    assert "Saluda por su nombre a la mayoría; a veces desde lejos o de pie." in form.xform


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents.documents())
def test_any_instrument_comes_back_with_the_same_content(document):
    again = xlsform.read(xlsform.write(document), "trial.xlsx")

    assert again.document["content"] == document["content"]
    assert again.left_out == []


# ---- forms of others

SURVEY = [
    ["type", "name", *LABELS, "relevant", "constraint", "calculation", "required", "appearance"],
    ["start", "start"],
    ["date", "day", "Día", "Day"],
    ["select_one ages", "age", "Edad", "Age"],
    ["begin repeat", "cycle", "Ciclo", "Cycle"],
    ["select_multiple moments", "seen", "Momentos", "Moments"],
    ["begin group", "warmth", "Calidez", "Warmth"],
    ["select_one steps", "w1", "Saluda", "Greets", "selected(${seen}, 'FIL')", "", "", "yes"],
    ["select_one yesno", "w2", "Sonríe", "Smiles", "${age} = 'LA' or ${age} = 'LB'"],
    ["integer", "w3", "Adultas", "Adults", "", ". >= 1 and . <= 9"],
    ["select_one toys", "w4", "Juguete", "Toy", "${w2} = 'yes'", "", "", "", "minimal"],
    ["end group"],
    ["begin group", "rest", "Otros", "Others"],
    ["select_multiple toys", "r1", "Juguetes:", "Toys:"],
    ["note", "n1", "Mire con calma.", "Take your time."],
    ["text", "r2", "Notas", "Notes"],
    ["calculate", "sum", "", "", "", "", "${w3} + 1"],
    ["image", "photo", "Foto", "Photo"],
    ["end group"],
    ["end repeat"],
]  # fmt: skip
CHOICES = [
    ["list_name", "name", *LABELS, "region"],
    ["ages", "LA", "Lactantes A", "Lactantes A"],
    ["ages", "LB", "Lactantes B", "Lactantes B"],
    ["moments", "FIL", "Filtro", "Arrival"],
    ["moments", "ALI", "Alimentación", "Feeding"],
    ["steps", "1", "Nunca", "Never"],
    ["steps", "2", "A veces", "Sometimes"],
    ["steps", "3", "Siempre", "Always"],
    ["steps", "na", "No aplica", "Does not apply"],
    ["yesno", "yes", "Sí", "Yes"],
    ["yesno", "no", "No", "No"],
    ["toys", "ball", "pelota", "ball", "north"],
    ["toys", "doll", "muñeca", "doll"],
    ["unused", "x", "x", "x"],
]
SETTINGS = [["form_title", "form_id", "style"], ["Mi lista", "Mi Lista 1", "pages"]]


def theirs(**changes) -> bytes:
    return edited(book(survey=SURVEY, choices=CHOICES, settings=SETTINGS), **changes)


@pytest.fixture(scope="module")
def understood():
    return xlsform.read(theirs(), "lista.xlsx")


def entry(understood, code: str) -> dict:
    content = understood.document["content"]
    item = next(item for item in content["items"] if item["code"] == code)
    scale = next(scale for scale in content["scales"] if scale["code"] == item["scale"])
    return item | {"scale": scale}


def test_form_of_others_is_named_by_its_settings(understood):
    document = understood.document

    assert (document["code"], document["name"], document["kind"]) == (
        "mi-lista-1",
        {"es": "Mi lista"},
        "checklist",
    )
    assert document["content"]["rules"]["scoring"] == "range"


def test_groups_of_others_are_domains(understood):
    assert understood.document["content"]["domains"] == [
        {"code": "warmth", "name": {"es": "Calidez", "en": "Warmth"}},
        {"code": "rest", "name": {"es": "Otros", "en": "Others"}},
    ]
    assert [item["code"] for item in understood.document["content"]["items"]] == [
        *("w1", "w2", "w3", "w4", "r1_ball", "r1_doll", "r2"),
    ]


def test_choices_that_are_numbers_are_steps_with_anchors(understood):
    item = entry(understood, "w1")

    assert (item["kind"], item["moments"], item["na_allowed"]) == ("scored", ["FIL"], True)
    assert (item["scale"]["kind"], item["scale"]["minimum"], item["scale"]["maximum"]) == (
        "ordinal",
        1,
        3,
    )
    assert item["anchors"]["2"] == {"es": "A veces", "en": "Sometimes"}
    assert item["na_rule"] == {"es": "No aplica", "en": "Does not apply"}


def test_yes_or_no_counts_and_choices_of_others(understood):
    assert entry(understood, "w2")["scale"]["kind"] == "yes_no"
    assert entry(understood, "w2")["age_groups"] == ["LA", "LB"]
    count = entry(understood, "w3")
    assert (count["kind"], count["scale"]["minimum"], count["scale"]["maximum"]) == (
        "context",
        1,
        9,
    )
    assert entry(understood, "w4")["scale"]["options"][0] == {
        "value": "ball",
        "label": {"es": "pelota", "en": "ball"},
    }
    assert entry(understood, "r1_doll")["text"] == {"es": "Juguetes: muñeca", "en": "Toys: doll"}
    assert entry(understood, "r2")["scale"]["kind"] == "text"


def test_what_cannot_be_expressed_is_listed_by_sheet_row_and_column(understood):
    places = [(one.place.sheet, one.place.row, one.place.heading) for one in understood.left_out]

    assert places == [
        ("survey", 2, "type"),  # start
        ("survey", 3, "type"),  # date
        ("survey", 5, "type"),  # how often it repeats
        ("survey", 8, "required"),
        ("survey", 11, "relevant"),
        ("survey", 11, "appearance"),
        ("survey", 14, "type"),  # several answers at once
        ("survey", 15, "type"),  # note
        ("survey", 17, "type"),  # calculation
        ("survey", 18, "type"),  # image
        ("choices", 12, "region"),
        ("choices", 14, "list_name"),
        ("settings", 2, "style"),
    ]
    assert "Mire con calma." in understood.left_out[7].said


def test_form_in_a_language_that_we_do_not_have_keeps_its_words_and_says_so():
    survey = [["type", "name", "label::Français (fr)"], ["text", "a", "Bonjour"]]

    found = xlsform.read(book(survey=survey), "f.xlsx")

    assert found.document["content"]["items"][0]["text"] == {"es": "Bonjour"}
    assert [one.place.column for one in found.left_out] == [3]


def test_editing_our_own_form_wins_over_what_it_carries():
    content = xlsform.write(documents.checklist())
    sheet = openpyxl.load_workbook(io.BytesIO(content))["survey"]
    rows = {sheet.cell(number, 2).value: number for number in range(2, sheet.max_row + 1)}

    again = xlsform.read(edited(content, **{f"survey_C{rows['CAL1']}": "Otro texto"}), "x.xlsx")

    assert again.document["content"]["items"][0]["text"]["es"] == "Otro texto"


# ---- forms that are wrong

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
