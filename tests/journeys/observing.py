"""What a mentor does with the checklist in the browser, for the journeys that need a session."""

from playwright.sync_api import Page

from tests.journeys.conftest import Visitor


def choose_moments(mentor: Visitor, moments: list[str], start: str, end: str) -> Page:
    """The top of a cycle; the items follow from the moments."""
    for moment in moments:
        mentor.page.get_by_role("checkbox", name=mentor.say(moment), exact=True).check()
    mentor.field("From").fill(start)
    mentor.field("To").fill(end)
    return mentor.press("Go on to the items")


def answer_all(page: Page, step: int) -> int:
    """Give every item shown the same step of its scale; how many there were."""
    radios = page.get_by_role("radio", name=str(step), exact=True)
    for radio in radios.all():
        radio.check()
    return radios.count()


def record_and_close(mentor: Visitor, step: int = 2) -> Page:
    """Both cycles, review and close, from the first page of a session just begun."""
    choose_moments(mentor, ["feeding"], "09:00", "09:18")
    answer_all(mentor.page, step)
    mentor.press("Go on")
    choose_moments(mentor, ["free play"], "09:30", "09:48")
    answer_all(mentor.page, step - 1)
    mentor.press("Go on")
    mentor.reads("Every item that applies is answered.")
    return mentor.press("Close the session")
