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
NAMES = {"es": "Taller inventado", "en": "Invented workshop"}
MAP = """
instrument = "{code}"
name = {{ es = "{es}", en = "{en}" }}
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


def sources(folder: Path, code: str, rows: list[list[object]]) -> tuple[str, str]:
    """The table and its map as arguments of ``import_ratings``."""
    table, plan = folder / "ratings.csv", folder / "map.toml"
    with table.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([*HEAD, *rows])
    plan.write_text(MAP.format(code=code, **NAMES), encoding="utf-8")
    return str(table), f"--map={plan}"


@pytest.mark.parametrize("language", ["es", "en"])
def test_foreign_table_becomes_a_report_that_opens(language, visit, site, tmp_path):
    code, folder = f"workshop-{language}", tmp_path / "report"
    rows = ratings()
    told = site.manage("import_ratings", *sources(tmp_path, code, rows))
    assert f"{len(rows)} rows, of which 1 exact duplicate(s); 4 items, 2 raters, 12 rated." in told

    site.manage("validity", code, f"--out={folder}", f"--language={language}")
    facts = json.loads((folder / f"validity-{code}-v1.json").read_text(encoding="utf-8"))
    warmth, _single_item, _whole = facts["report"]["internal"]["tables"]["domains"]
    assert (warmth["rows"], warmth["complete"]) == (len(rows), len(rows) - 2)
    reader = visit(language)
    page = reader.page
    page.goto((folder / f"validity-{code}-v1.html").as_uri())
    reader.check()
    assert page.locator("html").get_attribute("lang") == language
    title = reader.say(
        "%(report)s: %(name)s, version %(number)s",
        report=reader.say("Validity report"),
        name=NAMES[language],
        number=1,
    )
    assert page.get_by_role("heading", level=1).inner_text() == title

    # The same report on the site, for those who may see it.
    reader.sign_in("national")
    reader.go("/validez/")
    reader.check()
    with page.expect_navigation():
        page.get_by_role("table").get_by_role("link").first.click()
    reader.check()
    expect(page.get_by_role("main")).to_contain_text(facts["inputs_hash"])


def test_rows_that_contradict_each_other_are_refused_by_line(site, tmp_path):
    rows = ratings()
    other = [*rows[0][:3], 3 - rows[0][3], *rows[0][4:]]

    refused = site.refuses("import_ratings", *sources(tmp_path, "refused", [*rows, other]))

    first, last = len(HEAD) + 1, len(HEAD) + len(rows) + 1
    assert re.search(rf"\b{last}\b.*\b{first}\b", refused)
    assert "Traceback" not in refused


def test_file_that_is_no_table_gets_a_sentence_and_no_traceback(visit, site, tmp_path):
    table, plan = sources(tmp_path, "rubbish", [])
    Path(table).write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")

    refused = site.refuses("import_ratings", table, plan)

    sentence = "This is not a spreadsheet. Send a file saved as .xlsx or as CSV."
    assert visit("es").say(sentence) in refused
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
