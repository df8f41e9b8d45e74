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


def test_row_that_ends_before_the_table_is_refused():
    assert read(["S1", "O1", "1", "1"]).errors == [
        "Line 3 ends after 4 of 5 columns. Write its empty cells, too."
    ]


def test_row_that_goes_beyond_the_table_is_refused():
    assert read(["S1", "O1", "1", "1", "B", "", "why"]).errors == [
        "Line 3: “why” stands beyond the last column of the table."
    ]


def test_row_with_blanks_beyond_the_table_is_read():
    (row,) = read(["S1", "O1", "1", "1", "B", "", ""]).rows

    assert row.cells["V1"] == (RatingState.SCORED, 1)


def test_exact_repetition_is_marked_with_the_line_it_repeats():
    table = read(
        ["S1", "O1", "1", "1", "B"], ["S2", "O1", "1", "1", "B"], ["S1", "O1", "1", "1", "B"]
    )

    assert [row.duplicate_of for row in table.rows] == [None, None, 3]
    assert (table.lines, table.duplicates) == (3, 1)


def again(column: str, earlier: int = 3) -> str:
    return (
        f"Line {earlier + 1}: “S1” was already rated by “O1” in line {earlier}, and column "
        f"“{column}” differs. Correct or remove one of the two, or name under “extra” the column "
        "that tells them apart."
    )


DAY = [[*HEAD[0], "Día"], [*HEAD[1], ""]]


@pytest.mark.parametrize(
    ("one", "other", "column"),
    [
        (["S1", "O1", "1", "1", "B", "d1"], ["S1", "O1", "1", "2", "B", "d1"], "Mira"),
        # The map reads both as the same letter; the table does not say the same.
        (["S1", "O1", "1", "1", "A", "d1"], ["S1", "O1", "1", "1", "A?", "d1"], "Voz"),
        (["S1", "O1", "1", "", "B", "d1"], ["S1", "O1", "1", "-", "B", "d1"], "Mira"),
        # Outside the map: a second visit, or the same one with a remark?
        (["S1", "O1", "1", "1", "B", "d1"], ["S1", "O1", "1", "1", "B", "d2"], "Día"),
    ],
)
def test_same_key_with_other_content_is_refused_by_line(one, other, column):
    text = WIDE.replace(b"[read]", b'[read]\nmissing = ["-"]')

    assert read(one, other, head=DAY, text=text).errors == [again(column)]


def test_same_key_in_another_cluster_is_refused_by_line():
    text = WIDE.replace(b"[read]", b'cluster = "F"\n[read]')
    rows = [["S1", "O1", "1", "1", "B", "c1"], ["S1", "O1", "1", "1", "B", "c2"]]

    assert read(*rows, head=DAY, text=text).errors == [again("Día")]


CLUSTERS = (
    "Line {line}: “{subject}” lies in “c2”, but in line {earlier} in “c1”. Correct one of the two, "
    "or name the column under “object”, too."
)


def test_same_name_in_another_cluster_is_refused_by_line():
    text = WIDE.replace(b"[read]", b'cluster = "F"\n[read]')
    rows = [["S1", "O1", "1", "1", "B", "c1"], ["S1", "O2", "1", "1", "B", "c2"]]

    assert read(*rows, head=DAY, text=text).errors == [
        CLUSTERS.format(line=4, subject="S1", earlier=3)
    ]


def test_extra_columns_belong_to_what_was_rated():
    text = WIDE.replace(b"[read]", b'extra = ["F"]\n[read]')
    rows = [["S1", "O1", "1", "1", "B", "d1"], ["S1", "O1", "1", "1", "B", "d2"]]
    table = read(*rows, head=DAY, text=text)

    assert [row.subject for row in table.rows] == ["S1 · d1", "S1 · d2"]
    assert (table.errors, table.duplicates) == ([], 0)


def test_text_that_is_too_long_is_refused_and_not_cut():
    long = "S" * 200

    assert read([long, "O1", "1", "1", "B"]).errors == []
    assert read([long + "1", "O1", "1", "1", "B"], ["S", long + "1", "1", "1", "B"]).errors == [
        "Line 3, column “Sala”: the text has more than 200 characters.",
        "Line 4, column “Observadora”: the text has more than 200 characters.",
    ]


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


def test_column_named_twice_is_refused():
    text = WIDE.replace(b'["Voz"]', b'["Mira"]')

    assert read(["S1", "O1", "1", "1", "B"], text=text).errors == [
        "The column “Mira” stands twice among the items of the map."
    ]


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        (b'["X", "X"]', "Several items have the code “X”: give each its own in the map."),
        # The third item is numbered through.
        (b'["I003", "B"]', "Several items have the code “I003”: give each its own in the map."),
    ],
)
def test_codes_that_meet_are_refused(codes, error):
    text = WIDE.replace(b'columns = ["C:D"]', b'columns = ["C:D"]\ncodes = ' + codes)
    text = text.replace(b'codes = ["V1"]\n', b"")

    assert read(["S1", "O1", "1", "1", "B"], text=text).errors == [error]


def test_rater_is_one_column():
    text = WIDE.replace(b'"Observadora"', b'"A:B"')

    assert read(["S1", "O1", "1", "1", "B"], text=text).errors == [
        "There is no column “A:B” in the file. Check the map, or header_rows."
    ]


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


@pytest.mark.parametrize(
    ("other", "column"),
    [(["S1", "O1", "warm", "5", ""], "score"), (["S1", "O1", "warm", "4", "sure"], "remark")],
)
def test_long_table_that_contradicts_itself_is_refused(other, column):
    head = [[*LONG_HEAD[0], "remark"]]
    table = read(["S1", "O1", "warm", "4", ""], other, head=head, text=LONG)

    assert table.errors == [again(column, earlier=2)]


def test_long_table_counts_repeated_lines_and_reads_them_once():
    rows = [["r1", "a", "warm", "4"], ["r1", "a", "rich", "5"], ["r1", "a", "warm", "4"]]
    table = read(*rows, head=LONG_HEAD, text=LONG)

    assert (len(table.rows), table.lines, table.duplicates, table.errors) == (1, 3, 1, [])


def test_long_table_with_a_room_in_two_clusters_is_refused():
    text = LONG.replace(b'item = "item"', b'item = "item"\ncluster = "school"')
    rows = [["r1", "a", "warm", "4", "c1"], ["r1", "a", "rich", "5", "c2"]]
    table = read(*rows, head=[[*LONG_HEAD[0], "school"]], text=text)

    assert table.errors == [CLUSTERS.format(line=3, subject="r1", earlier=2)]


def test_long_item_in_two_domains_is_refused():
    block = b'[[items]]\ncolumns = ["warm"]\nscale = "pasos"\ndomain = "OTHER"\n'
    table = read(["r1", "a", "warm", "4"], head=LONG_HEAD, text=LONG + block)

    assert table.errors == ["The item “warm” stands twice among the items of the map."]


@pytest.mark.parametrize(
    ("given", "wrong", "sentence"),
    [
        ('"taller"', '"Mi Taller"', "“instrument”: write small letters, digits and hyphens."),
        ('"taller"', '""', "“instrument” is empty."),
        ('"taller"', f'"{"x" * 65}"', "“instrument” may have 64 letters at most."),
        ('"taller"', '["taller"]', "“instrument” must be a text."),
        ("header_rows = 2", "header_rows = 0", "“header_rows” must be 1 or more."),
        ("header_rows = 2", "header_rows = 21", "“header_rows” must be 20 or less."),
        ("header_rows = 2", "header_rows = true", "“header_rows” must be a whole number."),
        ("header_rows = 2", 'layout = "tall"', "“layout” must be “wide” or “long”."),
        ("header_rows = 2", "sheet = 5", "“sheet” must be a text."),
        ("header_rows = 2", "name = 5", "“name” must be a table."),
        ("header_rows = 2", "name = { es = 5 }", "“name.es” must be a text."),
        ("header_rows = 2", "color = 5", "“color” is not known."),
        ("[columns]", "[columnas]", "“columns” is missing. “columnas” is not known."),
        ('rater = "Observadora"', "", "“columns.rater” is missing."),
        ('"Observadora"', "5", "“columns.rater” must be a text."),
        ('"Observadora"', r'"a\u0000"', "“columns.rater” holds a character that cannot be kept."),
        ('["Sala"]', "5", "“columns.object” must be a list."),
        ('["Sala"]', "[]", "“columns.object” is empty."),
        ('["N/A"]', "5", "“read.not_applicable” must be a list."),
        ('{ "A?" = "A" }', '["A?"]', "“read.replace” must be a table."),
        ("{ B = 1, M = 2, A = 3 }", '["B"]', "“scales.letras.values” must be a table."),
        ("B = 1", 'B = "1"', "“scales.letras.values.B” must be a whole number."),
        ("B = 1", f"B = {10**30}", "“scales.letras.values.B” must be 32767 or less."),
        (
            "maximum = 3",
            "maximum = 0",
            "“scales.pasos”: give “values”, or “minimum” below “maximum”.",
        ),
        ("maximum = 3", "maximum = 1000", "“scales.pasos”: 1000 steps are the most."),
        ("minimum = 0", "minimum = -32769", "“scales.pasos.minimum” must be -32768 or more."),
        (
            "[scales.letras]",
            f"[scales.{'x' * 65}]",
            f"“scales.{'x' * 65}” may have 64 letters at most.",
        ),
        ('"letras"', '"sol"', "“items.2.scale” is “sol”, which the map does not have."),
        ('"letras"', '["letras"]', "“items.2.scale” must be a text."),
        ('"CAL"', '["CAL"]', "“items.1.domain” must be a text."),
        ('"CAL"', f'"{"x" * 33}"', "“items.1.domain” may have 32 letters at most."),
        ('["V1"]', '"V1"', "“items.2.codes” must be a list."),
        ('["V1"]', f'["{"x" * 65}"]', "“items.2.codes.1” may have 64 letters at most."),
        ('["C:D"]', "[]", "“items.1.columns” is empty."),
        (
            "header_rows = 2",
            'layout = "long"',
            "A long table needs “columns.item” and “columns.value”.",
        ),
    ],
)
def test_map_with_a_fault_says_which(given, wrong, sentence):
    text = WIDE.decode()
    assert text.count(given) == 1

    with pytest.raises(ValidationError) as caught:
        rating_map.read(text.replace(given, wrong).encode())

    assert " ".join(caught.value.messages) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b'instrument = "x"\ncolumns = 5', "“columns” must be a table."),
        (b'instrument = "x"\nscales = 5', "“scales” must be a table."),
        (b"items = 5", "“items” must be a list."),
        (b"items = [5]", "“items.1” must be a table."),
        (b"scales = {}", "“scales” is empty."),
    ],
)
def test_map_with_a_part_of_another_kind_says_which(text, sentence):
    with pytest.raises(ValidationError) as caught:
        rating_map.read(text)

    assert sentence in caught.value.messages


@pytest.mark.parametrize(
    "text", [b"instrument =", b"\xff", b"a = " + b"9" * 5000, b"a = " + b"[" * 5000]
)
def test_map_that_cannot_be_read_says_so(text):
    with pytest.raises(ValidationError, match="The map is not valid TOML"):
        rating_map.read(text)


def test_name_as_one_text_is_the_name_in_all_languages():
    text = WIDE.replace(b"header_rows = 2", b'name = "Taller"')

    assert rating_map.read(text).name == {"es": "Taller", "en": "Taller"}


def test_long_map_with_fewer_codes_than_items_is_refused():
    text = LONG.replace(b'domain = "ALL"', b'domain = "ALL"\ncodes = ["W"]')
    table = read(["r1", "a", "rich", "4"], head=LONG_HEAD, text=text)

    assert table.errors == ["The items of “ALL” have 1 codes for 2 columns."]
