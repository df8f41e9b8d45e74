"""A mentor records a session on her phone, closes it and takes its feedback sheet along."""

import io
import re

import pypdf
import pytest

from tests.journeys import observing

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("language", ["es", "en"])
def test_session_is_recorded_left_taken_up_closed_and_printed(language, visit):
    mentor = visit(language)
    page = mentor.sign_in("mentor")
    mentor.go("/observacion/")
    mentor.follow("Begin an observation")

    # Without a caregiver the form comes back, now with those of the room.
    mentor.field("Room").select_option(index=1)
    room = mentor.field("Room").locator("option:checked").inner_text()
    mentor.press("Begin")
    mentor.reads("Choose the caregiver whom the feedback is for.")
    mentor.field("Caregiver").select_option(index=1)
    mentor.press("Begin")
    session = re.search(r"/observacion/([0-9a-f-]{36})/", page.url)[1]

    # The first cycle: an item that does not apply by itself, one by hand and with a reason.
    observing.choose_moments(mentor, ["feeding"], "09:00", "09:18")
    aside = page.locator("main div").filter(has_text="SEN6").last
    mentor.reads("Not applicable", within=aside)
    assert page.get_by_role("group", name=re.compile("^SEN6")).count() == 0
    first = observing.answer_all(page, 2)
    item = page.get_by_role("group", name=re.compile("^CAL1"))
    item.get_by_role("radio", name=mentor.say("N/A"), exact=True).check()
    mentor.press("Save draft")
    mentor.reads("Say beside it why it is not applicable.")
    reason = "Nadie llegó ni se fue"
    item.get_by_role("textbox").fill(reason)
    mentor.press("Save draft")
    mentor.reads("Saved.")
    mentor.press("Go on")

    # The second: left halfway.
    observing.choose_moments(mentor, ["free play"], "09:30", "09:48")
    second = observing.answer_all(page, 1)
    left = page.get_by_role("group", name=re.compile("^LEN4"))
    left.get_by_role("radio", name=mentor.say("No answer"), exact=True).check()
    mentor.press("Save draft")
    mentor.go("/inicio/")
    mentor.check()

    # Come back from the home page: everything is there, and what is missing is named.
    draft = page.get_by_role("link", name=mentor.say("Go on"), exact=True)
    assert page.locator(f"a[href*='{session}']").count() == 1
    with page.expect_navigation():
        draft.and_(page.locator(f"a[href*='{session}']")).click()
    mentor.check()
    mentor.press("Close the session")
    missing = mentor.say("cycle %(n)s: %(codes)s", n=2, codes="LEN4")
    mentor.reads(
        "Without an answer: %(items)s. Answer them, or confirm that you leave them unanswered.",
        items=missing,
    )
    mentor.follow("Go back to cycle %(n)s", n=1)
    assert page.get_by_role("radio", name="2", exact=True, checked=True).count() == first - 1
    assert item.get_by_role("radio", name=mentor.say("N/A"), exact=True).is_checked()
    assert item.get_by_role("textbox").input_value() == reason
    mentor.press("Go on")
    assert page.get_by_role("radio", name="1", exact=True, checked=True).count() == second - 1
    left.get_by_role("radio", name="3", exact=True).check()
    mentor.press("Go on")

    mentor.press("Close the session")
    mentor.reads("The session is closed and scored.")
    scores = page.get_by_role("table", name=mentor.say("Scores by domain"))
    assert scores.get_by_role("row").count() == 1 + 4
    assert re.search(r"\d", scores.inner_text())
    path = page.get_by_role("link", name=mentor.say("Feedback sheet (PDF)")).get_attribute("href")
    sheet = pypdf.PdfReader(io.BytesIO(mentor.fetch(path)))
    assert len(sheet.pages) == 1
    text = sheet.pages[0].extract_text()
    assert room.split(" · ")[1] in text
    assert mentor.say("The one goal we agree") in text
