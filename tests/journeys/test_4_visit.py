"""A coordinator sends a visit and its parents' answers as CSV and reads the result."""

import csv
import io
from pathlib import Path

import pytest
from django.template.defaultfilters import floatformat
from django.utils import translation
from playwright.sync_api import expect

from tests.files import ROOT
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

CENTRE = "ooad-11-z1-c01"
PARENTS = 3


def guide() -> list[dict[str, str]]:
    """The items of the parents' guide, as its content file lists them."""
    with (ROOT / "content" / "psg_guide.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def template(coordinator: Visitor) -> list[str]:
    """Headings of the template that the open page offers."""
    link = coordinator.page.get_by_role("link", name=coordinator.say("Template as CSV"))
    text = coordinator.fetch(link.get_attribute("href")).decode("utf-8-sig")
    return next(csv.reader(io.StringIO(text)))


def write(file: Path, headings: list[str], *rows: list[object]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([headings, *rows])
    return file


def send(coordinator: Visitor, file: Path) -> None:
    coordinator.attach("File", file)
    coordinator.press("Look at the preview")


def answers(visit: str, parent: int, headings: list[str]) -> list[object]:
    """A guide in which all is well, but the first parent found the door open."""
    words = {"CONTEO_PAR": "12/2", "TEXTO_CORTO": "", "ESCALA_1_4_NOVI": "4", "ESCALA_1_5": "5"}
    given = {item["code"]: words.get(item["answer_type"], "yes") for item in guide()}
    if parent == 1:
        given["PSG-ACC02"] = "no"
    return [visit, parent, *(given[code] for code in headings[2:])]


@pytest.mark.parametrize("language", ["es", "en"])
def test_visit_and_answers_are_sent_corrected_and_read(language, visit, tmp_path):
    coordinator = visit(language)
    page = coordinator.sign_in("regional")
    coordinator.go("/visitas/")
    coordinator.check()

    # A bad list: nothing is written, and each fault has its row and column.
    coordinator.follow("Import visits")
    headings, code = template(coordinator), f"journey-{language}"
    good = [code, CENTRE, "2026-02-03", 20, 8, 7, PARENTS]
    nowhere = ["journey-bad-1", "ooad-99-nowhere", "2026-02-03", 20, 8, 7, 6]
    never = ["journey-bad-2", CENTRE, "2026-02-31", 20, 8, 7, 6]
    send(coordinator, write(tmp_path / "bad.csv", headings, good, nowhere, never))
    errors = page.get_by_role(
        "region",
        name=coordinator.say(
            "%(number)s thing needs correcting", "%(number)s things need correcting", 2, number=2
        ),
    )
    rows = errors.get_by_role("row").all()[1:]
    named = [row.locator("th, td").all_inner_texts()[:2] for row in rows]
    assert named == [["3", headings[1]], ["4", headings[2]]]
    coordinator.reads("Nothing has been written. Correct the list and send it again.")
    assert page.get_by_role("button", name=coordinator.say("Import these rows")).count() == 0

    # Corrected, seen, confirmed.
    coordinator.follow("Send the corrected list")
    send(coordinator, write(tmp_path / "visits.csv", headings, good))
    coordinator.press("Import these rows")
    coordinator.reads("The list is imported. To send it again changes nothing.")

    # A name where a number should be is refused; then the parents' answers.
    coordinator.go("/importar/answers/")
    coordinator.check()
    headings = template(coordinator)
    guides = [answers(code, parent, headings) for parent in range(1, PARENTS + 1)]
    named = [guides[0][0], "Ana", *guides[0][2:]]
    send(coordinator, write(tmp_path / "named.csv", headings, named, *guides[1:]))
    coordinator.reads("Give each parent a number within the visit (1, 2, 3 …), never a name.")
    coordinator.follow("Send the corrected list")
    send(coordinator, write(tmp_path / "answers.csv", headings, *guides))
    coordinator.press("Import these rows")
    coordinator.go("/importar/answers/")
    send(coordinator, tmp_path / "answers.csv")
    expect(
        page.get_by_role("button", name=coordinator.say("Confirm: nothing changes"))
    ).to_be_visible()

    # The result: index, band, finding.
    coordinator.go(f"/visitas/?centre={CENTRE}")
    coordinator.check()
    line = page.get_by_role("row").filter(has_text=code)
    with page.expect_navigation():
        line.get_by_role("link").click()
    coordinator.check()
    counted = PARENTS * sum(item["in_safety_index"] == "1" for item in guide())
    with translation.override(language):
        index = floatformat(1000 * (counted - 1) // counted / 10, 1)
    safety = page.get_by_role("region", name=coordinator.say("Safety index"))
    expect(safety).to_contain_text(f"{index} %")
    expect(safety).to_contain_text(f"n = {counted}")
    coordinator.reads("90 % or more, with at least one no", within=safety)
    findings = page.get_by_role("region", name=coordinator.say("Findings"))
    assert findings.get_by_role("heading", level=3).count() == 1
    coordinator.reads("Said no: %(no)s · said yes: %(yes)s", within=findings, no=1, yes=2)
