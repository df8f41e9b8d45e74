"""Somebody else's table of ratings becomes an instrument, and its validity report is read."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.files import ROOT

pytestmark = pytest.mark.journey

OBJECTS, RATERS = 12, ["Ana", "Berta"]
HEAD = [
    ["Dónde", "", "Quién", "Calidez", "", "", "Lenguaje"],
    ["Sala", "Día", "Observadora", "Saluda", "Mira", "Escucha", "Nombra"],
    ["", "", "", "0 a 3", "0 a 3", "0 a 3", "B, M o A"],
]
MAP = """
instrument = "taller-{language}"
name = {{ es = "Taller inventado", en = "Invented workshop" }}
header_rows = 3
[columns]
object = ["Sala"]
rater = "Observadora"
extra = ["Día"]
[read]
missing = ["", "?"]
not_applicable = ["N/A"]
[scales.steps]
minimum = 0
maximum = 3
[scales.letters]
values = {{ B = 1, M = 2, A = 3 }}
[[items]]
columns = ["D:F"]
scale = "steps"
domain = "WARMTH"
domain_name = {{ es = "Calidez", en = "Warmth" }}
[[items]]
columns = ["Nombra"]
scale = "letters"
domain = "LANGUAGE"
domain_name = {{ es = "Lenguaje", en = "Language" }}
"""


def ratings() -> list[list[object]]:
    """Two raters of each room, who nearly agree; a blank, an N/A and one row that stands twice."""
    rows = []
    for room in range(OBJECTS):
        for harsh, rater in enumerate(RATERS):
            steps = [
                min(3, max(0, (room + item) % 5 - harsh * (room % 3 == item))) for item in range(3)
            ]
            rows.append([f"Sala {room + 1}", "2026-03-02", rater, *steps, "BMA"[room % 3]])
    rows[3][4], rows[5][6], rows[7][3] = "N/A", "", "?"
    return [*rows, list(rows[0])]


def write(file: Path, rows: list[list[object]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([*HEAD, *rows])
    return file


@pytest.mark.parametrize("language", ["es", "en"])
def test_foreign_table_becomes_a_report_that_opens(language, visit, site, tmp_path):
    plan = tmp_path / "map.toml"
    plan.write_text(MAP.format(language=language), encoding="utf-8")
    rows = ratings()
    table = write(tmp_path / "ratings.csv", rows)

    # Twice the same key with other values: refused by line, nothing is kept.
    other = [*rows[0][:3], 3 - rows[0][3], *rows[0][4:]]
    refused = site.refuses(
        "import_ratings", str(write(tmp_path / "two.csv", [*rows, other])), f"--map={plan}"
    )
    first, last = len(HEAD) + 1, len(HEAD) + len(rows) + 1
    assert f" {last}:" in refused
    assert f" {first}," in refused

    told = site.manage("import_ratings", str(table), f"--map={plan}")
    assert f"{len(rows)} rows, of which 1 exact duplicate(s); 4 items, 2 raters, 12 rated." in told
    assert "nothing was changed" in site.manage("import_ratings", str(table), f"--map={plan}")

    code, folder = f"taller-{language}", tmp_path / "report"
    site.manage("validity", code, f"--out={folder}", f"--language={language}")
    facts = json.loads((folder / f"validity-{code}-v1.json").read_text(encoding="utf-8"))
    assert facts["report"]["rows"] == len(rows)
    assert facts["report"]["exact_duplicates"] == 1

    reader = visit(language)
    page = reader.page
    page.goto((folder / f"validity-{code}-v1.html").as_uri())
    reader.check()
    assert page.locator("html").get_attribute("lang") == language
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        {"es": "Taller inventado", "en": "Invented workshop"}[language]
    )

    # The same report within the site, for those who may see it; others are not told of it.
    page = reader.sign_in("national")
    reader.go("/validez/")
    reader.check()
    with page.expect_navigation():
        page.get_by_role("table").get_by_role("link").first.click()
    reader.check()
    expect(page.get_by_role("main")).to_contain_text(facts["inputs_hash"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
            "This is not a spreadsheet. Send a file saved as .xlsx or as CSV.",
        ),
        (b"", "The file is empty. Choose another file."),
        (
            b"a,b\n1,2\n3,4\n5,6\n",
            "There is no column “%(name)s” in the file. Check the map, or header_rows.",
        ),
    ],
    ids=["picture", "empty", "other table"],
)
def test_rubbish_file_gets_a_sentence_and_no_traceback(content, sentence, visit, site, tmp_path):
    plan, file = tmp_path / "map.toml", tmp_path / "rubbish.csv"
    plan.write_text(MAP.format(language="rubbish"), encoding="utf-8")
    file.write_bytes(content)

    refused = site.refuses("import_ratings", str(file), f"--map={plan}")

    assert visit("es").say(sentence, name="Sala") in refused
    assert "Traceback" not in refused


def test_real_clips_give_the_known_figures(shared_data, visit, site, tmp_path):
    plan = ROOT / "content" / "maps" / "teach_peru.toml"
    told = site.manage("import_ratings", str(shared_data / "teach_peru.csv"), f"--map={plan}")
    assert told.startswith("teach-peru: 362 rows, of which 1 exact duplicate(s);")

    told = site.manage("validity", "teach-peru", f"--out={tmp_path}")
    assert re.search(r"352 of 36\d complete, alpha 0\.7544 ", told), told
    reader = visit("es")
    reader.page.goto((tmp_path / "validity-teach-peru-v1.html").as_uri())
    reader.check()
