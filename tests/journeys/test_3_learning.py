"""A caregiver takes the lesson on her phone; the record store tells it to a client."""

import json

import pytest

pytestmark = pytest.mark.journey

VERBS = ["initialized", "answered", "answered", "answered", "answered", "completed"]


def right_answer(question) -> str:
    """The text of the right answer, as the explanation says it behind its colon."""
    return question.get_by_role("status").locator("p").first.inner_text().split(": ", 1)[1]


@pytest.mark.parametrize("language", ["es", "en"])
def test_lesson_is_taken_and_told_to_the_record_store(language, visit, site):
    person = site.open_account("posts__role='caregiver', enrolments=None, password__startswith='!'")
    caregiver = visit(language)
    page = caregiver.sign_in(person)
    caregiver.go("/aprender/")
    caregiver.check()
    with page.expect_navigation():
        page.locator("main").get_by_role("link").first.click()
    caregiver.check()
    caregiver.press("Start")

    # Past the questions to the end: the lesson asks for them first.
    while page.get_by_role("link", name=caregiver.say("Next step"), exact=True).count():
        caregiver.follow("Next step")
    caregiver.press("Finish the lesson")
    caregiver.reads("Answer this question first, then finish the lesson.")

    # The first question is answered wrongly, explained, and answered again.
    answered = 0
    while page.get_by_role("link", name=caregiver.say("Next step"), exact=True).count():
        for question in page.locator("main form").filter(has=page.get_by_role("radio")).all():
            radios = question.get_by_role("radio")
            if not answered:
                radios.first.check()
                caregiver.press("Answer", within=question)
                caregiver.reads("Not quite", within=question)
                right = right_answer(question)
                question.get_by_role("radio", name=right, exact=True).check()
                caregiver.press("Answer again", within=question)
                caregiver.reads("That is right", within=question)
            else:
                radios.last.check()
                caregiver.press("Answer", within=question)
            told = question.get_by_role("status").locator("p")
            assert len(told.last.inner_text()) > 40
            answered += 1
        caregiver.follow("Next step")
    caregiver.press("Finish the lesson")
    caregiver.reads("You completed the lesson")
    caregiver.press("Mark the task as practised")
    caregiver.reads("Noted: you practised this in your room.")

    # A client of the record store reads her statements; nobody else does.
    client = site.client(f"journey-{language}")
    ask, door = visit(language).page.request, f"{site.url}/xapi/statements"
    version = {name: client[name] for name in client if name != "Authorization"}
    assert ask.get(door, headers=version).status == 401
    (newest,) = ask.get(door, params={"limit": 1}, headers=client).json()["statements"]
    assert set(newest["actor"]) <= {"objectType", "account"}
    hers = {"agent": json.dumps(newest["actor"]), "ascending": "true"}
    answer = ask.get(door, params=hers, headers=client)
    assert answer.status == 200
    told = [each["verb"]["id"].rsplit("/", 1)[-1] for each in answer.json()["statements"]]
    assert answered == 3
    assert told == VERBS
