import datetime
import io
import zipfile

import openpyxl
import pytest
from django.utils.translation import override

from core import spreadsheets
from core.spreadsheets import Limits, Row, SpreadsheetError, TooLargeError, read


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def workbook(*rows, title="Sheet", also=()) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for name, extra in also:
        other = book.create_sheet(name)
        for row in extra:
            other.append(row)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, **members: bytes) -> bytes:
    """The workbook with some of its members replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, members.get(name, old.read(name)))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_delimiter_and_unicode_form_is_read(delimiter, encoding):
    text = f"code{delimiter}name\r\nc-1{delimiter}Niñas, niños; etc\r\n"
    if delimiter in ",;":
        text = text.replace("Niñas, niños; etc", '"Niñas, niños; etc"')

    sheet = read(text.encode(encoding), "a.csv")

    assert sheet.headers == ["code", "name"]
    assert sheet.rows == [Row(2, {"code": "c-1", "name": "Niñas, niños; etc"})]
    assert sheet.notes == []


def test_csv_in_old_windows_letters_is_read_and_says_so():
    sheet = read("code,name\nc-1,Pingüinos\n".encode("cp1252"), "a.csv")

    assert sheet.rows[0].values["name"] == "Pingüinos"
    assert len(sheet.notes) == 1
    assert "old Windows form" in sheet.notes[0]


def test_csv_row_numbers_are_those_of_a_spreadsheet_program():
    content = b'sep=;\r\n\r\ncode;name\r\na;"two\r\nlines"\r\n\r\nb;x\r\n'

    sheet = read(content, "a.csv")

    assert [row.number for row in sheet.rows] == [3, 5]


def test_csv_with_an_open_quotation_mark_names_the_line():
    with pytest.raises(SpreadsheetError, match="Line 2 cannot be read"):
        read(b'code,name\na,"open\n', "a.csv")


def test_csv_value_beyond_the_headings_is_refused():
    with pytest.raises(SpreadsheetError, match="Row 2: “Sala 3” stands in a column without"):
        read(b"code,name\na,b,Sala 3\n", "a.csv")


def test_workbook_values_become_text():
    content = workbook(
        ["code", "day", "number", "half", "yes", "nothing"],
        ["09", datetime.date(2026, 11, 22), 3.0, 2.5, True, None],
    )

    sheet = read(content, "a.xlsx")

    assert sheet.rows[0].values == {
        "code": "09",
        "day": "2026-11-22",
        "number": "3",
        "half": "2.5",
        "yes": "true",
        "nothing": "",
    }


def with_cell(content: bytes, place: str, xml: str) -> bytes:
    """The workbook with ``xml`` for the cell at ``place``, as a spreadsheet program saves it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET).decode()
    start = sheet.index(f'<c r="{place}"')
    end = sheet.index("</c>", start) + len("</c>")
    return repacked(content, **{SHEET: (sheet[:start] + xml + sheet[end:]).encode()})


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B4" t="str"><f>CONCAT("a","b")</f><v>ab</v></c>', "ab"),
        ('<c r="B4"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="B4" t="str"><f>IF(TRUE,"",1)</f><v></v></c>', ""),
    ],
)
def test_workbook_formula_gives_the_value_last_computed(cell, value):
    content = workbook(["code", "name"], ["a", "A"], ["b", "B"], ["c", "placeholder"], ["d", "D"])

    sheet = read(with_cell(content, "B4", cell), "a.xlsx")

    assert [row.values["name"] for row in sheet.rows] == ["A", "B", value, "D"]


@pytest.mark.parametrize("reader", [spreadsheets.read, spreadsheets.grid])
def test_workbook_formula_that_nobody_computed_names_row_and_column(reader):
    content = workbook(["code", "name"], ["a", "A"], [], ["c", '=CONCAT("a","b")'])

    with pytest.raises(SpreadsheetError, match="Row 4, column B: the formula has no value"):
        reader(content, "a.xlsx")


def test_workbook_sheet_is_chosen_by_name():
    content = workbook(["a"], ["1"], also=[("Otra", [["b"], ["2"]])])

    assert read(content, "a.xlsx").headers == ["a"]
    assert read(content, "a.xlsx", sheet="Otra").headers == ["b"]
    with pytest.raises(SpreadsheetError, match=r"has no sheet “Nada”\. It has: Sheet, Otra"):
        read(content, "a.xlsx", sheet="Nada")


def test_workbook_cell_error_names_row_and_column():
    with pytest.raises(SpreadsheetError, match="Row 2, column “code”: the cell shows the error"):
        read(workbook(["code"], ["#REF!"]), "a.xlsx")


def test_workbook_whose_stated_size_is_wrong_is_read_whole():
    content = workbook(["code"], ["a"], ["b"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET).replace(b'ref="A1:A3"', b'ref="A1:XFD1048576"')

    assert len(read(repacked(content, **{SHEET: xml}), "a.xlsx").rows) == 2


def test_workbook_with_an_entity_bomb_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;">]>'
    content = workbook(["code"], ["a"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = bomb + archive.read(SHEET)

    with pytest.raises(SpreadsheetError, match="forbidden instructions"):
        read(repacked(content, **{SHEET: xml}), "a.xlsx")


def test_workbook_that_unpacks_beyond_measure_is_refused():
    content = workbook(["code"], ["a"])
    bomb = repacked(content, **{"xl/styles.xml": b" " * (30 * spreadsheets.MEGABYTE)})

    with pytest.raises(TooLargeError, match="far too large when unpacked"):
        read(bomb, "a.xlsx")


def test_workbook_of_countless_files_is_refused():
    file = io.BytesIO(workbook(["a"], [1]))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(1000):
            archive.writestr(f"xl/media/{number}.png", b"")

    with pytest.raises(TooLargeError, match="far too large when unpacked"):
        read(file.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "The file is empty"),
        (b"  \n \n", "a.csv", "The file is empty"),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3 obj", "lista.xlsx", "not a spreadsheet"),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3 obj", "lista.csv", "not a spreadsheet"),
        (b"code,name\na,b\n", "lista.xlsx", "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "lista.csv", "not a spreadsheet"),
        (b"<html><table><tr><td>code</td></tr></table></html>", "a.xls", "not a spreadsheet"),
        (b"PK\x03\x04 and then rubbish", "a.xlsx", "The workbook is damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "a.xls", "old Excel file"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "protected by a password",
        ),
    ],
)
def test_rubbish_is_refused_with_a_sentence(content, name, sentence):
    with pytest.raises(SpreadsheetError, match=sentence):
        read(content, name)


def test_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")

    with pytest.raises(SpreadsheetError, match="not a spreadsheet"):
        read(out.getvalue(), "a.xlsx")


def test_workbook_with_a_broken_member_is_refused():
    content = repacked(workbook(["code"], ["a"]), **{SHEET: b"<worksheet><sheetData><row"})

    with pytest.raises(SpreadsheetError, match="The workbook is damaged"):
        read(content, "a.xlsx")


def test_thirty_megabytes_are_refused():
    with pytest.raises(TooLargeError, match="larger than 10 MB"):
        read(b"a" * (30 * spreadsheets.MEGABYTE), "a.csv")


@pytest.mark.parametrize("make", [b"\n".join, None])
def test_more_rows_than_allowed_are_refused(make):
    rows = [b"code", b"a", b"b", b"c"]
    content = make(rows) if make else workbook(*[[row.decode()] for row in rows])

    assert len(read(content, "a", limits=Limits(rows=3)).rows) == 3
    with pytest.raises(TooLargeError, match="more than 2 rows"):
        read(content, "a", limits=Limits(rows=2))


def test_more_columns_than_allowed_are_refused():
    with pytest.raises(TooLargeError, match="more than 3 columns"):
        read(b"a,b,c,d\n1,2,3,4\n", "a.csv", limits=Limits(columns=3))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+52 55", "'+52 55"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-2.5", "-2.5"),
        (-3, "-3"),
        (None, ""),
        ("Sala", "Sala"),
    ],
)
def test_csv_we_write_holds_no_formula(value, written):
    assert spreadsheets.escape(value) == written


def test_csv_we_write_is_read_back():
    content = spreadsheets.write_csv(["code", "name"], [["a", "=1+1"], ["b", "Ñandú"]])

    assert content.startswith(b"\xef\xbb\xbf")
    assert [row.values["name"] for row in read(content, "a.csv").rows] == ["=1+1", "Ñandú"]
