import pytest

from observation.serializers.rating_columns import Columns

HEAD = [["Sala", "Quién", "Calidez", "", ""], ["", "", "Saluda", "Mira", "Voz"]]
LETTERED = [["Sala", "Quién", "A", "B", "C"], ["", "", "", "", ""]]
BLANKS = [""] * 3  # as a workbook hands them over


def found(*names: str, head=HEAD) -> tuple[list[str], list[str]]:
    """The columns that ``names`` stand for, by name, and what is wrong with them."""
    errors: list[str] = []
    grid = [row + BLANKS for row in [*head, ["S1", "O1", "1", "1", "1"]]]
    columns = Columns(grid, 2, errors)
    return [columns.name(i) for i in columns.many(list(names))], errors


@pytest.mark.parametrize(
    ("names", "head", "texts"),
    [
        (["C:E"], HEAD, ["Saluda", "Mira", "Voz"]),
        (["D:D", "Saluda", "E"], HEAD, ["Mira", "Saluda", "Voz"]),
        # Headings that look like letters do not move the ends of a range.
        (["C:E"], LETTERED, ["A", "B", "C"]),
        (["C"], LETTERED, ["C"]),
    ],
)
def test_range_goes_by_letters_and_a_name_by_headings_first(names, head, texts):
    assert found(*names, head=head) == (texts, [])


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("E:C", "The columns “E:C” run backwards: name the left one first."),
        ("C:F", "The columns “C:F” go beyond the last one of the table, “E”."),
        ("F", "There is no column “F” in the file. Check the map, or header_rows."),
        ("c:d", "There is no column “c:d” in the file. Check the map, or header_rows."),
    ],
)
def test_columns_that_cannot_be_meant_are_refused(name, error):
    assert found(name) == ([], [error])


def test_heading_of_several_columns_is_refused():
    head = [["Sala", "Quién", "Voz", "Mira", "Voz"], [""] * 5]

    assert found("Voz", head=head) == (
        [],
        ["Several columns are headed “Voz”: name the one by its letter in the map."],
    )


def test_rows_must_reach_the_last_column_headed_or_asked_for():
    columns = Columns([["Sala", "Quién", "", ""], ["S1", "O1", "1", "2"]], 1, [])
    before = columns.reach
    columns.many(["C"])

    assert (before, columns.reach) == (2, 3)
