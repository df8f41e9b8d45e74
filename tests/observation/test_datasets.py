import csv

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from observation.models import Dataset, Instrument, ObservationSession, Rating
from organisations.models import Unit
from tests.factories import organisations as make

MAP = """
instrument = "taller"
[columns]
object = ["sala"]
rater = "quien"
[read]
not_applicable = ["N/A"]
[scales.pasos]
minimum = 0
maximum = 3
[[items]]
columns = ["C:D"]
scale = "pasos"
domain = "CAL"
"""
ROWS = [["sala", "quien", "saluda", "mira"], ["S1", "O1", "3", "N/A"], ["S1", "O2", "2", ""]]


@pytest.fixture
def files(tmp_path):
    """Writes a table and its map; returns the arguments of the command."""

    def write(rows=ROWS, text=MAP, name="t.csv"):
        table, plan = tmp_path / name, tmp_path / "map.toml"
        if name.endswith(".xlsx"):
            book = Workbook()
            for row in rows:
                book.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
            book.save(table)
        else:
            with table.open("w", newline="") as file:
                csv.writer(file).writerows(rows)
        plan.write_text(text)
        return ["import_ratings", str(table), "--map", str(plan)]

    return write


@pytest.fixture
def tree(db):
    return make.unit("country", code="mx")


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_table_becomes_sessions_with_ratings(files, tree, name):
    call_command(*files(name=name))

    assert list(Rating.objects.order_by("id").values_list("state", "value")) == [
        ("scored", 3),
        ("na", None),
        ("scored", 2),
        ("missing", None),
    ]
    session = ObservationSession.objects.get(line=2)
    assert (session.subject, session.rater, session.unit, session.status) == (
        "S1",
        "O1",
        tree,
        "closed",
    )


def test_same_file_again_changes_nothing(files, tree, capsys):
    call_command(*files())
    call_command(*files())

    assert ObservationSession.objects.count() == 2
    assert capsys.readouterr().out.splitlines()[-1] == (
        "It was imported before, with the same map; nothing was changed."
    )


def test_same_file_with_a_map_that_says_the_same_changes_nothing(files, tree, capsys):
    call_command(*files())
    call_command(*files(text="# the workshop\n" + MAP.replace("[read]", '[read]\nmissing = [""]')))

    assert "with the same map" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        MAP.replace('["N/A"]', '[]\nreplace = { "N/A" = "0" }'),
        MAP.replace("maximum = 3", "maximum = 4"),
        MAP.replace('domain = "CAL"', 'domain = "LEN"'),
    ],
)
def test_same_file_with_a_corrected_map_is_refused(files, tree, text):
    call_command(*files())

    with pytest.raises(CommandError) as caught:
        call_command(*files(text=text))

    assert str(caught.value) == (
        "“taller” was already imported from this file with another map, and nothing was changed. "
        "Give another code in the map to import the file as this map reads it."
    )
    assert Rating.objects.filter(state="na").count() == 1


def test_same_file_imported_before_maps_were_kept_says_so(files, tree, capsys):
    call_command(*files())
    Dataset.objects.update(map_hash="")
    call_command(*files())

    assert capsys.readouterr().out.splitlines()[-1] == (
        "It was imported before, when maps were not kept yet: whether this one says the same is "
        "not known. Nothing was changed."
    )


def test_other_file_under_the_same_code_is_refused(files, tree):
    call_command(*files())

    with pytest.raises(CommandError, match="already imported from another file"):
        call_command(*files(rows=[*ROWS, ["S2", "O1", "1", "1"]]))
    assert ObservationSession.objects.count() == 2


def test_one_bad_cell_leaves_nothing_behind(files, tree):
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command(*files(rows=[*ROWS, ["S2", "O1", "7", "1"]]))

    assert not Instrument.objects.exists()
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("given", "wrong"), [('"taller"', "5"), ("maximum = 3", "maximum = 99999"), ("C:D", "C:Z")]
)
def test_map_with_a_fault_leaves_nothing_behind(files, tree, given, wrong):
    with pytest.raises(CommandError):
        call_command(*files(text=MAP.replace(given, wrong)))

    assert not Instrument.objects.exists()


def test_code_of_another_instrument_is_refused(files, tree):
    Instrument.objects.create(code="taller", kind="checklist", name={"es": "Otra"})

    with pytest.raises(CommandError, match="already an instrument"):
        call_command(*files())


def test_exact_duplicate_is_kept_and_marked(files, tree):
    call_command(*files(rows=[*ROWS, ROWS[1]]))

    repeated = ObservationSession.objects.get(duplicate_of__isnull=False)
    assert (repeated.line, repeated.duplicate_of.line) == (4, 2)


def test_long_table_reports_its_lines_and_those_repeated(files, tree):
    text = MAP.replace("[columns]", 'layout = "long"\n[columns]\nitem = "item"\nvalue = "value"')
    head, *lines = [
        ["sala", "quien", "item", "value"],
        ["S1", "O1", "saluda", "3"],
        ["S1", "O1", "mira", "N/A"],
        ["S1", "O1", "saluda", "3"],
    ]
    call_command(*files(rows=[head, *lines], text=text.replace('"C:D"', '"saluda", "mira"')))

    report = Dataset.objects.get().report
    assert (report["rows"], report["exact_duplicates"], report["subjects"]) == (3, 1, 1)
    assert ObservationSession.objects.count() == 1


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_columns_beyond_the_table_are_refused(files, tree, name):
    with pytest.raises(CommandError, match="“C:E” go beyond the last one of the table, “D”"):
        call_command(*files(text=MAP.replace("C:D", "C:E"), name=name))


def test_workbook_with_blanks_at_the_end_of_a_row_is_read(files, tree):
    call_command(*files(rows=[[*ROWS[0], "nota"], [*ROWS[1], ""], [*ROWS[2], "x"]], name="t.xlsx"))

    assert Dataset.objects.get().report["rows"] == 2


def test_codes_given_twice_are_refused_with_a_sentence(files, tree):
    with pytest.raises(CommandError, match="“X”"):
        call_command(
            *files(text=MAP.replace('domain = "CAL"', 'domain = "CAL"\ncodes = ["X", "X"]'))
        )

    assert not Instrument.objects.exists()


def test_file_that_is_none_is_refused_with_a_sentence(files, tree, tmp_path):
    arguments = files()
    (tmp_path / "t.csv").write_bytes(b"%PDF-1.7 rubbish")

    with pytest.raises(CommandError, match=r"t\.csv"):
        call_command(*arguments)


def test_unit_that_is_not_there_is_refused(files, tree):
    with pytest.raises(CommandError, match="no unit with the code luna"):
        call_command(*files(), "--unit", "luna")


def test_database_without_units_gets_the_default_tree(files, db):
    call_command(*files())

    assert Dataset.objects.get().unit.code == "mx"
    assert Unit.objects.filter(kind="region").count() == 35


def test_teach_peru_has_362_rows_of_which_one_is_an_exact_duplicate(shared_data, tree, settings):
    plan = settings.BASE_DIR / "content" / "maps" / "teach_peru.toml"
    call_command("import_ratings", str(shared_data / "teach_peru.csv"), "--map", str(plan))

    assert Dataset.objects.get().report == {
        "rows": 362,
        "exact_duplicates": 1,
        "items": 43,
        "raters": 5,
        "subjects": 361,
    }
    assert Unit.objects.count() == 1
