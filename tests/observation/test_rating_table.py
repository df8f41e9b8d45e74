import pytest

from observation.enums import RatingState
from observation.serializers import rating_map, rating_table
from tests.factories.rating_maps import WIDE

CORRECT = "Correct it, or say in the map under [read] what it means."
FACTS_HEAD = [
    ["Sala", "Observadora", "Calidez", "", "Lenguaje", "Grupo", "Ronda"],
    ["", "", "Saluda", "Mira", "Voz", "", ""],
]
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


def test_long_map_with_fewer_codes_than_items_is_refused():
    text = LONG.replace(b'domain = "ALL"', b'domain = "ALL"\ncodes = ["W"]')
    table = read(["r1", "a", "rich", "4"], head=LONG_HEAD, text=text)

    assert table.errors == ["The items of “ALL” have 1 codes for 2 columns."]


def test_facts_of_a_row_are_kept_as_they_stand():
    text = WIDE.replace(b"[read]", b'facts = { arm = "F", round = "G" }\n[read]')
    (row,) = read(["S1", "O1", "1", "1", "B", "Control", ""], text=text, head=FACTS_HEAD).rows

    assert row.facts == {"arm": "Control", "round": ""}


def test_long_table_that_says_two_things_of_one_rating_is_refused():
    text = LONG.replace(b'item = "item"', b'item = "item"\nfacts = { arm = "arm" }')
    rows = [["r1", "a", "warm", "4", "A"], ["r1", "a", "rich", "5", "B"]]
    table = read(*rows, head=[[*LONG_HEAD[0], "arm"]], text=text)

    assert table.errors == [
        "Line 3: “arm” of “r1” is “B”, but in line 2 “A”. Correct one of the two."
    ]
