"""A mentor records visits on her phone without a network; nothing of them is lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import observing
from tests.journeys.conftest import Visitor
from tests.journeys.recording import Observer

pytestmark = pytest.mark.journey

REASON = "Nadie llegó ni se fue"
NOTE = "Esperó su respuesta"
PROMISED = 100  # ms after which what was tapped is kept

# From page to page something always stands there: a reader that looks finds its heading.
COUNT_BLANKS = """() => {
  window.blanks = 0;
  const main = document.querySelector("main");
  const look = () => { if (!main.querySelector("h1")) window.blanks += 1; };
  new MutationObserver(look).observe(main, { childList: true, subtree: true });
}"""


def form_scores(visitor: Visitor, room: str, observer: Observer) -> dict:
    """The scores of the same answers, given in the form of the site."""
    visitor.go("/observacion/nueva/")
    visitor.field("Room").select_option(label=room)
    visitor.press("Begin")
    visitor.field("Caregiver").select_option(index=1)
    visitor.press("Begin")
    where = re.search(r"/observacion/([0-9a-f-]{36})/", visitor.page.url)[1]
    observing.record_and_close(visitor)
    return observer.stored(where)["scores"]


@pytest.mark.parametrize(("language", "theme", "row"), [("es", "light", 0), ("en", "dark", 1)])
def test_session_recorded_by_touch_offline_scores_as_in_the_form(visit, language, theme, row):
    her = Observer(visit, language, has_touch=True, color_scheme=theme)
    her.arrive()
    her.check()
    room = her.begin(row)
    her.check()

    # The first cycle: a pause, a note, and a reload in the middle of an item.
    her.to_items("feeding")
    her.check()
    her.choose("2", her.item())
    her.item().locator("summary", has_text=her.say("Note")).tap()
    her.item().get_by_label(her.say("New note")).fill(NOTE)
    her.press("Pause")
    her.wait(2)
    her.press("Resume")
    here = her.page.url
    her.page.wait_for_timeout(PROMISED)
    her.page.reload()
    expect(her.page).to_have_url(here)
    expect(her.item().get_by_role("radio", name="2", exact=True)).to_be_checked()
    first = her.answer_all(2)
    assert her.page.locator(".clock-time").inner_text().startswith("0:")
    her.wait(16)
    expect(her.page.locator(".clock-sign")).to_contain_text("15")
    her.check()
    her.press("End the cycle")

    # The second cycle, left for the first page and gone on with.
    expect(her.heading("Cycle %(n)s", n=2)).to_be_visible()
    her.to_items("free play")
    left = her.code()
    her.follow("Rooms")
    her.check()
    her.page.locator(".row-link").first.tap()
    assert her.code() == left
    second = her.answer_all(1)
    her.wait(16)
    her.press("End the cycle and review")
    expect(her.heading("Review and close")).to_be_visible()
    her.visitor.reads("Every item that applies is answered.")
    her.check()
    her.close()
    her.check()
    assert her.boxes()["drafts"] == []

    sent = her.send()

    assert (sent["state"], sent["reason"]) == ("sent", "")
    stored = her.stored(sent["id"])
    one, two = stored["cycles"]
    assert (one["moments"], two["moments"]) == (["ALI"], ["JUE"])
    assert [
        sum(each[0] == "scored" for each in cycle["ratings"].values()) for cycle in (one, two)
    ] == [first, second]
    assert [len(pause) for pause in one["pauses"]] == [2]
    assert [(note["item"], note["text"]) for note in one["notes"]] == [("CAL1", NOTE)]
    assert stored["scores"] == form_scores(her.visitor, room, her)


def tab_to(her: Observer, role: str, text: str, **values) -> None:
    """Press Tab until the element is reached, as who has no mouse."""
    target = her.page.get_by_role(role, name=her.say(text, **values), exact=True).first
    for _press in range(80):
        if target.evaluate("one => one === document.activeElement"):
            return
        her.page.keyboard.press("Tab")
    raise AssertionError(f"{text}: not reached by keyboard")


def answer_by_keyboard(her: Observer, step: int) -> int:
    """Each item: Tab into its radios, arrows to the step, Enter for the next."""
    count = 0
    while her.item().count():
        expect(her.page.locator("form.one h2")).to_be_focused()
        her.page.keyboard.press("Tab")
        for _arrow in range(step + 1):
            her.page.keyboard.press("ArrowDown")
        expect(her.item().get_by_role("radio", name=str(step), exact=True)).to_be_checked()
        title = her.item().locator("h2").element_handle()
        her.page.keyboard.press("Enter")
        her.page.wait_for_function("(title) => !title.isConnected", arg=title)
        expect(her.page.locator("main h1")).to_have_count(1)
        count += 1
    return count


def test_session_recorded_by_keyboard_alone(visit):
    her = Observer(visit, "en")
    her.arrive()
    press = her.page.keyboard.press
    her.page.get_by_role("searchbox").focus()
    press("Tab")
    press("Enter")
    expect(her.page.get_by_role("group", name=her.say("Caregiver"))).to_be_visible()
    for _tab in range(2):  # the way back, then the caregivers
        press("Tab")
    press("ArrowDown")
    tab_to(her, "button", "Begin")
    press("Enter")
    for number, moment in ((1, "feeding"), (2, "free play")):
        expect(her.heading("Cycle %(n)s", n=number)).to_be_focused()
        tab_to(her, "checkbox", moment)
        press("Space")
        tab_to(her, "button", "Go on to the items")
        press("Enter")
        expect(her.item()).to_be_visible()
        assert answer_by_keyboard(her, 3) > 10
        her.wait(17)
        tab_to(her, "button", "End the cycle" if number == 1 else "End the cycle and review")
        press("Enter")
    expect(her.heading("Review and close")).to_be_focused()
    tab_to(her, "button", "Close the session")
    press("Enter")
    expect(her.heading("The session is closed")).to_be_focused()

    (record,) = her.boxes()["outbox"]

    assert (record["kind"], record["state"]) == ("observation.session", "waiting")


def test_session_at_twice_the_size_is_closed_with_answers_left_out(visit):
    her = Observer(visit, "es", {"width": 640, "height": 400})
    her.arrive()
    her.check()
    her.begin(2)
    her.check()
    her.page.evaluate(COUNT_BLANKS)
    for number, moment in ((1, "feeding"), (2, "free play")):
        her.to_items(moment)
        her.check()
        her.choose("1", her.item())
        if number == 1:
            her.next()
            while not her.item().get_by_role("radio", name=her.say("N/A"), exact=True).count():
                her.next()
            her.choose(her.say("N/A"), her.item())
            skipped = her.code()
        her.follow("All items as a list")
        expect(her.page.get_by_role("group", name=re.compile("^CON4"))).to_be_visible()
        her.check()
        her.follow("To the end of the cycle")
        expect(her.heading("End of cycle %(n)s", n=number)).to_be_visible()
        her.check()
        her.wait(15)
        her.press("End the cycle" if number == 1 else "End the cycle and review")
    her.check()

    # What stands in the way has its way there; what is missing is left out on purpose.
    her.press("Close the session")
    her.visitor.reads("Not closed yet: first mend what stands above.")
    her.follow("%(item)s: say why it is not applicable.", item=skipped)
    her.item().get_by_label(her.say("Why it is not applicable")).fill(REASON)
    her.follow("Review")
    her.press("Close the session")
    her.visitor.reads("Answer what is missing, or confirm that you leave it unanswered.")
    her.page.get_by_label(her.say("I leave these items unanswered on purpose")).check()
    her.check()
    assert her.page.evaluate("blanks") == 0
    her.close()

    sent = her.send()

    assert (sent["state"], sent["reason"]) == ("sent", "")
    first = her.stored(sent["id"])["cycles"][0]["ratings"]
    assert first[skipped] == ["na", None, REASON]
    assert first["LEN1"] == ["missing", None, ""]
    assert first["SEN6"] == ["na", None, ""]


PUBLISH = """
from observation.actions import instruments
from tests.factories import recorded
version = instruments.store(
    content=recorded.OTHER, code="other", kind="checklist", name={"en": "Another instrument"})
instruments.publish(version=version)
"""


def test_instrument_of_every_kind_of_answer_is_recorded(visit):
    her = Observer(visit, "en", has_touch=True)
    her.visitor.site.manage("shell", "--verbosity=0", f"--command={PUBLISH}")
    her.arrive()
    her.page.locator("main section").last.locator(".row-link").nth(3).tap()
    her.choose("Another instrument 1")
    people = her.page.get_by_role("group", name=her.say("Caregiver"))
    people.get_by_role("radio").first.tap()
    her.press("Begin")

    # The context: two numbers, words, a choice, yes or no, a count.
    her.page.locator("summary", has_text=her.say("Context: who was there")).tap()
    for place, count in ((1, 12), (2, 3)):
        pair = her.page.get_by_role("group", name="Item C1")
        pair.get_by_label(her.say("number %(n)s of 2", n=place), exact=True).fill(str(count))
    her.page.get_by_label("Item C2").fill("Rain")
    her.choose("outside", her.page.get_by_role("group", name="Item C4"))
    her.choose(her.say("no"), her.page.get_by_role("group", name="Item C5"))
    her.page.get_by_role("group", name="Item C6").get_by_text("+", exact=True).tap()
    her.check()
    her.press("Go on to the items")

    for name in ("7", "high", her.say("yes"), her.say("not seen"), her.say("present")):
        her.check()
        her.choose(name, her.item())
        her.next()
    for key in ("+", "+", "−"):
        her.item().get_by_text(key, exact=True).tap()
    her.check()
    her.next()
    her.wait(5)
    expect(her.page.locator(".clock-sign")).to_contain_text(
        her.say("Minute %(minute)s: look at the room now.", minute=4)
    )
    for minute, name in ((4, "yes"), (9, "no"), (19, "yes")):
        if minute == 19:
            half = her.draft()["cycles"][0]["ratings"]["LOOKS"]
            assert (half["state"], half["value"], half["marks"]) == ("missing", None, [1, 0, None])
        look = her.page.get_by_role("group", name=her.say("Minute %(minute)s", minute=minute))
        her.choose(her.say(name), look)
    her.check()
    assert her.draft()["cycles"][0]["ratings"]["LOOKS"]["marks"] == [1, 0, 1]
    her.next()
    her.wait(20)
    her.press("End the cycle and review")
    her.close()

    sent = her.send()

    assert (sent["state"], sent["reason"]) == ("sent", "")
    (cycle,) = her.stored(sent["id"])["cycles"]
    values = {code: value for code, (_state, value, _note) in cycle["ratings"].items()}
    assert values == {
        "S7": 7,
        "LMH": 3,
        "YN": 1,
        "YNU": None,
        "HERE": 1,
        "COUNT": 1,
        "LOOKS": 2,
    }
    assert cycle["context"] == {"C1": [12, 3], "C2": "Rain", "C4": "OUT", "C5": False, "C6": 1}


def test_alert_leaves_the_draft_as_soon_as_it_is_raised(visit):
    her = Observer(visit, "en", has_touch=True)
    her.arrive()
    her.begin(4)
    her.to_items("feeding")
    her.follow("Mark a treatment alert")
    her.check()
    her.press("Raise the alert")
    her.visitor.reads("Choose what occurred.")
    her.page.get_by_role("group", name=her.say("What occurred")).get_by_role("radio").first.tap()
    her.page.get_by_label(her.say("What happened"), exact=True).fill("Shouted at the table")
    her.page.wait_for_timeout(PROMISED)
    assert her.draft()["alert"]["text"] == "Shouted at the table"

    her.press("Raise the alert")
    expect(her.heading("The alert is raised")).to_be_focused()
    her.check()

    assert "alert" not in her.draft()
    assert [(one["kind"], one["state"]) for one in her.boxes()["outbox"]] == [
        ("observation.alert", "waiting")
    ]
