import json

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings

from observation.actions import instruments
from observation.serializers import instrument_json
from tests.files import ROOT
from tests.observation import documents

WRONG = [
    ({"format": 2}, "“format” must be one of: 1."),
    ({"code": "Mi Lista"}, "“code”: write small letters, digits and hyphens."),
    ({"kind": "imported"}, "“kind” must be one of: checklist, guide."),
    ({"extra": 1}, "“extra” is not known."),
    ({"number": "1"}, "“number” must be a whole number."),
    ({"name": {}}, "“name” is empty."),
    ({"name": {"fr": "Liste"}}, "“name.fr” must be one of: es, en."),
    ({"content__items": []}, "“content.items” is empty."),
    ({"content__items__0__text": "Hola"}, "“content.items.1.text” must be a table."),
    ({"content__items__0__weight": -1}, "“content.items.1.weight” must be 0 or more."),
    ({"content__items__0__weight": "many"}, "“content.items.1.weight” must be a number."),
    ({"content__items__0__critical": "no"}, "“content.items.1.critical” must be true or false."),
    ({"content__items__1__code": "x" * 65}, "“content.items.2.code” may have 64 letters at most."),
    ({"content__rules__minimum_cycles": 9}, "“content.rules.minimum_cycles” must be 6 or less."),
    (
        {"content__items__0__text": {"es": "\x00"}},
        "“content.items.1.text.es” holds a character that cannot be kept.",
    ),
    (
        {"content__items__2__domain": "NO"},
        "“content.items.3.domain”: the document has no domain “NO”.",
    ),
    (
        {"content__items__2__scale": "NO"},
        "“content.items.3.scale”: the document has no scale “NO”.",
    ),
    (
        {"content__items__0__scale": "INT_PAIR", "content__items__0__anchors": {}},
        "“content.items.1.scale”: a scored item needs a scale whose answers are numbers.",
    ),
    (
        {"content__items__24__scale": "FREQ_0_3"},
        "“content.items.25.scale”: a treatment alert is present or absent.",
    ),
    (
        {"content__items__0__anchors__9": {"es": "x"}},
        "“content.items.1.anchors”: no step of the scale: 9.",
    ),
    (
        {"content__items__1__code": "CAL1"},
        "“content.items.2.code” is “CAL1”, which stands already above.",
    ),
    (
        {"content__items__0__age_max_months": 0},
        "“content.items.1.age_max_months”: below the age from which the item applies.",
    ),
    (
        {"content__rules__cycle_minutes_most": 3},
        "“content.rules.cycle_minutes_most” is below the least minutes of a cycle.",
    ),
    (
        {"content__scales__1__minimum": 3},
        "“content.scales.2”: the lowest value must be below the highest.",
    ),
    (
        {"content__scales__1__minimum": None},
        "“content.scales.2”: give the lowest and the highest value.",
    ),
    ({"content__scales__0__options": []}, "“content.scales.1”: a choice needs options."),
]


def changed(**entries) -> dict:
    """The checklist with other entries at a path such as content__items__0__code."""
    found = json.loads(json.dumps(documents.checklist()))
    for path, value in entries.items():
        *way, last = [int(step) if step.isdecimal() else step for step in path.split("__")]
        place = found
        for step in way:
            place = place[step]
        place[last] = value
    return found


def sentences(given) -> list[str]:
    content = given if isinstance(given, bytes) else json.dumps(given).encode()
    with pytest.raises(ValidationError) as refused:
        instrument_json.read(content)
    return refused.value.messages


def test_document_of_a_version_reads_back_as_the_same_content(version):
    document = instrument_json.document(version)

    again = instrument_json.read(json.dumps(document).encode())

    assert again == document
    assert instruments.content_hash(again["content"]) == version.content_hash


@settings(max_examples=60, deadline=None)
@given(documents.documents())
def test_any_instrument_reads_back_with_the_same_hash(document):
    again = instrument_json.read(json.dumps(document).encode())

    assert again["content"] == document["content"]


def test_schema_in_the_docs_is_the_one_in_force():
    kept = (ROOT / "docs" / "instrument.schema.json").read_text(encoding="utf-8")

    assert json.loads(kept) == instrument_json.schema()


@pytest.mark.parametrize(("entries", "expected"), WRONG)
def test_wrong_entry_is_told_by_its_place(entries, expected):
    assert expected in sentences(changed(**entries))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "This is not valid JSON: look at line 1, place 0."),
        (b"{", "This is not valid JSON: look at line 1, place 1."),
        (b"\xff\xfe", "This is not valid JSON: look at line 1, place 1."),
        (b"[" * 100_000, "This is not valid JSON: look at line 1, place 202."),
        (b"[]", "“document” must be a table."),
        (b"null", "“document” must be a table."),
    ],
)
def test_rubbish_is_told_in_a_sentence(content, expected):
    assert sentences(content) == [expected]
