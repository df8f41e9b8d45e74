"""An evaluator asks whether the checklist is valid, and whether mentoring made a difference."""

import io
import json
import re
import zipfile

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

PATIENCE = 240_000  # milliseconds: everything that the report computes
PERIOD = {"From": "2025-11-01", "To": "2026-11-30"}


@pytest.mark.parametrize("language", ["es", "en"])
def test_validity_is_looked_at_asked_for_awaited_and_taken_along(language, visit):
    evaluator = visit(language)
    page = evaluator.sign_in("national")
    evaluator.go("/validez/")
    evaluator.check()
    evaluator.field("Instrument").select_option(index=0)
    evaluator.field("Whose sessions").select_option("all")
    for label, day in PERIOD.items():
        evaluator.field(label).fill(day)

    # What there is, before anything is computed.
    evaluator.press("See what there is")
    evaluator.check()
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d"))

    evaluator.press("Compute")
    kept = page.get_by_role("link", name=evaluator.say("The report as PDF"))
    expect(kept).to_be_visible(timeout=PATIENCE)
    evaluator.check()
    evaluator.reads("The gates of the programme")
    evaluator.reads("Do observers agree?")

    assert evaluator.fetch(kept.get_attribute("href")).startswith(b"%PDF")
    data = page.get_by_role("link", name=re.compile("ZIP")).get_attribute("href")
    with zipfile.ZipFile(io.BytesIO(evaluator.fetch(data))) as archive:
        assert archive.namelist() == ["data.csv", "codebook.csv"]
        assert "@" not in archive.read("data.csv").decode()
    figures = page.get_by_role("link", name=re.compile("JSON")).first.get_attribute("href")
    told = json.loads(evaluator.fetch(figures))
    expect(page.get_by_role("main")).to_contain_text(told["inputs_hash"])


@pytest.mark.parametrize("language", ["es", "en"])
def test_plan_is_written_frozen_and_computed(language, visit, tmp_path):
    assignment = tmp_path / "assignment.csv"
    centres = [f"ooad-{o}-z{z}-c0{c}" for o in (11, 13, 24) for z in (1, 2) for c in (1, 2)]
    arms = [f"{code},{arm}" for code, arm in zip(centres, ["a", "b"] * 6, strict=True)]
    assignment.write_text("\n".join(["centre,arm", *arms]), encoding="utf-8")
    evaluator = visit(language)
    page = evaluator.sign_in("national")
    evaluator.go("/evaluacion/")
    evaluator.check()
    evaluator.follow("Write a plan")
    evaluator.check()

    # Half filled in first.
    evaluator.field("Code").fill(f"journey-{language}")
    evaluator.press("Keep as a draft")
    evaluator.reads("Fill this in, or give the plan as a file.")
    evaluator.check()

    evaluator.attach("Who was assigned to what", assignment)
    evaluator.field("Question").fill("Does it help?")
    evaluator.field("Name of the arm with mentoring").fill("a")
    days = {"Before: from": "2025-12-01", "Before: to": "2026-04-30"}
    days |= {"After: from": "2026-06-01", "After: to": "2026-11-30"}
    for label, day in days.items():
        evaluator.field(label).fill(day)
    evaluator.press("Keep as a draft")
    evaluator.reads("This plan is a draft")
    evaluator.check()
    evaluator.press("Freeze the plan")
    evaluator.reads("This plan is frozen")
    evaluator.check()

    evaluator.press("Compute")
    expect(page.get_by_role("link", name=evaluator.say("The report as PDF"))).to_be_visible(
        timeout=PATIENCE
    )
    evaluator.check()
    evaluator.reads("What was found")
    evaluator.reads("What speaks against believing it")
