import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from observation.actions import instruments
from observation.serializers import xlsform
from tests.observation import documents
from tests.observation.books import book, edited, theirs


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
