"""A coordinator asks for the braid of a place and a period, waits for it and takes the table."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

PATIENCE = 60_000  # milliseconds


@pytest.mark.parametrize("language", ["es", "en"])
def test_braid_is_asked_for_awaited_and_downloaded(language, visit):
    coordinator = visit(language)
    page = coordinator.sign_in("regional")
    coordinator.go("/trenza/")
    coordinator.check()

    # The wrong way round first.
    coordinator.field("From").fill("2026-10-01")
    coordinator.field("To").fill("2026-09-01")
    coordinator.press("Compute")
    coordinator.reads("The last day is before the first. Change one of the two.")

    coordinator.field("Where").select_option("ooad-11")
    coordinator.field("From").fill("2025-12-01")
    coordinator.field("To").fill("2026-11-15")
    coordinator.press("Compute")
    table = page.get_by_role("link", name=coordinator.say("Download the joined table (CSV)"))
    expect(table).to_be_visible(timeout=PATIENCE)
    coordinator.check()

    strands = page.locator(".three-strands").get_by_role("heading", level=3)
    assert strands.all_inner_texts() == [
        coordinator.say(name) for name in ("Mentoring and learning", "Observation", "Families")
    ]
    said = page.locator("main").inner_text()
    for strand in page.locator(".three-strands > *").all():
        interval = coordinator.say("95 %% interval %(low)s to %(high)s", low="X", high="Y")
        pattern = re.escape(interval).replace("X", r"[+−]?[\d.,]+").replace("Y", r"[+−]?[\d.,]+")
        told = strand.inner_text()
        few = (
            coordinator.say("Insufficient data"),
            coordinator.say("no interval: too few centres"),
        )
        assert re.search(pattern, told) or any(words in told for words in few)
        assert re.search(r"n = \d+", told)
    assert re.search(r"\d", said)
    coordinator.reads(
        "Scores rest on official evaluations alone: "
        "who mentors a room helps there and is not its judge."
    )
    links = page.get_by_role("table", name=coordinator.say("Links between the strands"))
    assert links.get_by_role("row").count() > 1

    text = coordinator.fetch(table.get_attribute("href")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 16  # rooms of the demonstration's centres in Durango
    assert not any("@" in value for row in rows for value in row.values())
    for row in rows:
        assert (row["cycles_between"] == "") == (row["change"] == "")
        assert float(row["cycles_between"] or 0) <= float(row["cycles"])

    # A small place has too little for intervals, and says so.
    coordinator.follow("Another place or period")
    coordinator.go("/trenza/?unit=ooad-11-z1-c01")
    coordinator.check()
    coordinator.press("Compute")
    expect(table).to_be_visible(timeout=PATIENCE)
    coordinator.check()
    coordinator.reads("Insufficient data")
