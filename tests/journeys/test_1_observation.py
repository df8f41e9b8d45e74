"""A mentor records a session on her phone, closes it and takes its feedback sheet along."""

import io
import re

import pypdf
import pytest
from playwright.sync_api import Locator

from tests.journeys import observing
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey


REASON = "Nadie llegó ni se fue"


def item(mentor: Visitor, code: str) -> Locator:
    """The answers to one item of the checklist."""
    return mentor.page.get_by_role("group", name=re.compile(f"^{code}"))


def step(mentor: Visitor, code: str, name: str) -> Locator:
    return item(mentor, code).get_by_role("radio", name=mentor.say(name), exact=True)


def chosen(mentor: Visitor, name: str) -> int:
    """How many items stand at the step called ``name``."""
    return mentor.page.get_by_role("radio", name=name, exact=True, checked=True).count()


def begin(mentor: Visitor) -> str:
    """Begin a session; where it is."""
    mentor.go("/observacion/")
    mentor.check()
    mentor.follow("Begin an observation")
    # Without a caregiver the form comes back, now with those of the room.
    mentor.field("Room").select_option(index=1)
    mentor.press("Begin")
    mentor.reads("Choose the caregiver whom the feedback is for.")
    mentor.field("Caregiver").select_option(index=1)
    mentor.press("Begin")
    return re.search(r"/observacion/[0-9a-f-]{36}/", mentor.page.url)[0]


def record_first(mentor: Visitor) -> int:
    """A cycle with an item that does not apply by itself and one by hand; items at step 2."""
    observing.choose_moments(mentor, ["feeding"], "09:00", "09:18")
    aside = mentor.page.locator("main div").filter(has_text="SEN6").last
    mentor.reads("Not applicable", within=aside)
    assert item(mentor, "SEN6").count() == 0
    answered = observing.answer_all(mentor.page, 2)
    step(mentor, "CAL1", "N/A").check()
    mentor.press("Save draft")
    mentor.reads("Say beside it why it is not applicable.")
    item(mentor, "CAL1").get_by_role("textbox").fill(REASON)
    mentor.press("Save draft")
    mentor.reads("Saved.")
    mentor.press("Go on")
    return answered - 1


def record_second_halfway(mentor: Visitor) -> int:
    """A cycle with one item left open, saved and left; items at step 1."""
    observing.choose_moments(mentor, ["free play"], "09:30", "09:48")
    answered = observing.answer_all(mentor.page, 1)
    step(mentor, "LEN4", "No answer").check()
    mentor.press("Save draft")
    return answered - 1


@pytest.mark.parametrize("language", ["es", "en"])
def test_session_is_recorded_left_taken_up_closed_and_printed(language, visit):
    mentor = visit(language)
    page = mentor.sign_in("mentor")
    where = begin(mentor)
    first = record_first(mentor)
    second = record_second_halfway(mentor)

    # Come back from the home page: what is missing is named, and everything else is there.
    mentor.go("/inicio/?all")
    with page.expect_navigation():
        page.locator(f"a[href^='{where}']").click()
    mentor.check()
    mentor.press("Close the session")
    missing = mentor.say("cycle %(n)s: %(codes)s", n=2, codes="LEN4")
    mentor.reads(
        "Without an answer: %(items)s. Answer them, or confirm that you leave them unanswered.",
        items=missing,
    )
    mentor.follow("Go back to cycle %(n)s", n=1)
    assert chosen(mentor, "2") == first
    assert step(mentor, "CAL1", "N/A").is_checked()
    assert item(mentor, "CAL1").get_by_role("textbox").input_value() == REASON
    mentor.press("Go on")
    assert chosen(mentor, "1") == second
    step(mentor, "LEN4", "3").check()
    mentor.press("Go on")

    mentor.press("Close the session")
    mentor.reads("The session is closed and scored.")
    scores = page.get_by_role("table", name=mentor.say("Scores by domain"))
    assert scores.get_by_role("row").count() == 1 + 4
    assert re.search(r"\d", scores.inner_text())
    room = page.get_by_role("heading", level=1).inner_text()
    path = page.get_by_role("link", name=mentor.say("Feedback sheet (PDF)")).get_attribute("href")
    (sheet,) = pypdf.PdfReader(io.BytesIO(mentor.fetch(path))).pages
    assert room in sheet.extract_text()
    assert mentor.say("The one goal we agree") in sheet.extract_text()
