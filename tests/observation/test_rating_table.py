import pytest
from django.core.exceptions import ValidationError

from observation.enums import RatingState
from observation.serializers import rating_map, rating_table

WIDE = b"""
instrument = "taller"
header_rows = 2
[columns]
object = ["Sala"]
rater = "Observadora"
[read]
not_applicable = ["N/A"]
replace = { "A?" = "A" }
[scales.letras]
values = { B = 1, M = 2, A = 3 }
[scales.pasos]
minimum = 0
maximum = 3
[[items]]
columns = ["C:D"]
scale = "pasos"
domain = "CAL"
[[items]]
columns = ["Voz"]
codes = ["V1"]
scale = "letras"
domain = "LEN"
"""
CORRECT = "Correct it, or say in the map under [read] what it means."
HEAD = [["Sala", "Observadora", "Calidez", "", "Lenguaje"], ["", "", "Saluda", "Mira", "Voz"]]


def read(*rows, head=HEAD, text=WIDE):
    return rating_table.read([*head, *rows], rating_map.read(text))


def test_table_with_two_header_rows_gives_items_their_own_heading():
    table = read(["S1", "O1", "3", "0", "A"])

    assert [item.text for item in table.items] == ["Saluda", "Mira", "Voz"]
    assert [item.code for item in table.items] == ["I001", "I002", "V1"]
    assert table.errors == []


def test_cells_are_numbers_not_applicable_or_missing():
    (row,) = read(["S1", "O1", "3.0", "N/A", "A?"], ["", "", "", "", ""]).rows

    assert row.cells == {
        "I001": (RatingState.SCORED, 3),
        "I002": (RatingState.NOT_APPLICABLE, None),
        "V1": (RatingState.SCORED, 3),
    }


def test_short_row_is_missing_at_its_end():
    (row,) = read(["S1", "O1", "1"]).rows

    assert row.cells["V1"] == (RatingState.MISSING, None)


def test_exact_repetition_is_marked_with_the_line_it_repeats():
    table = read(
        ["S1", "O1", "1", "1", "B"], ["S2", "O1", "1", "1", "B"], ["S1", "O1", "1", "1", "B"]
    )

    assert [row.duplicate_of for row in table.rows] == [None, None, 3]
    assert table.duplicates == 1


def test_same_key_with_other_content_is_refused_by_line():
    table = read(["S1", "O1", "1", "1", "B"], ["S1", "O1", "1", "2", "B"])

    (error,) = table.errors
    assert error == (
        "Line 4: “S1” was already rated by “O1” in line 3, with other values. "
        "Correct or remove one of the two."
    )


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (
            ["S1", "O1", "4", "1", "B"],
            f"Line 3, column “Saluda”: “4” is not on the scale (0, 1, 2, 3). {CORRECT}",
        ),
        (
            ["S1", "O1", "1", "1", "Z"],
            f"Line 3, column “Voz”: “Z” is not on the scale (B, M, A). {CORRECT}",
        ),
        (["", "O1", "1", "1", "B"], "Line 3: what was rated is empty."),
        (["S1", "", "1", "1", "B"], "Line 3: the rater is empty."),
    ],
)
def test_rubbish_is_named_by_line_and_column(row, error):
    assert read(row).errors == [error]


def test_many_errors_are_counted_and_not_all_listed():
    table = read(*(["S", f"O{i}", "9", "1", "B"] for i in range(60)))

    assert len(table.errors) == rating_table.MOST_ERRORS + 1
    assert table.errors[-1] == "… and 10 more errors."


def test_column_that_is_not_there_is_an_error():
    table = read(["S1", "O1", "1", "1", "B"], text=WIDE.replace(b'["Voz"]', b'["Canto"]'))

    assert table.errors[0] == (
        "There is no column “Canto” in the file. Check the map, or header_rows."
    )


def test_table_without_rows_is_an_error():
    assert read().errors == ["The file has headings but no rows."]


LONG = b"""
instrument = "largo"
layout = "long"
[columns]
object = ["room"]
rater = "rater"
item = "item"
value = "score"
[scales.pasos]
minimum = 1
maximum = 5
[[items]]
columns = ["warm", "rich"]
scale = "pasos"
domain = "ALL"
"""
LONG_HEAD = [["room", "rater", "item", "score"]]


def test_long_table_gathers_the_ratings_of_a_room_by_a_rater():
    rows = [["r1", "a", "warm", "4"], ["r1", "a", "rich", "5"], ["r2", "a", "warm", "1"]]
    table = read(*rows, head=LONG_HEAD, text=LONG)

    assert [row.cells for row in table.rows] == [
        {"I001": ("scored", 4), "I002": ("scored", 5)},
        {"I001": ("scored", 1), "I002": ("missing", None)},
    ]


def test_long_table_that_contradicts_itself_is_refused():
    rows = [["r1", "a", "warm", "4"], ["r1", "a", "warm", "5"]]
    table = read(*rows, head=LONG_HEAD, text=LONG)

    assert table.errors == ["Line 3 rates “warm” again, with another value than before."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"instrument =", "The map is not valid TOML"),
        (WIDE.replace(b'"taller"', b'"Mi Taller"'), "small letters, digits and hyphens"),
        (WIDE.replace(b"header_rows = 2", b"header_rows = 0"), "whole number from 1 to 20"),
        (WIDE.replace(b'rater = "Observadora"', b""), "[columns] must name “rater”."),
        (WIDE.replace(b'scale = "letras"', b'scale = "sol"'), "“sol”, which the map does not have"),
        (WIDE.replace(b"maximum = 3", b"maximum = 0"), "“minimum” below “maximum”"),
        (WIDE.replace(b"[read]", b"[reading]"), "has an entry “reading” that is not known"),
    ],
)
def test_map_with_a_fault_says_which(text, sentence):
    with pytest.raises(ValidationError) as caught:
        rating_map.read(text)

    assert sentence in " ".join(caught.value.messages)
