"""A treatment alert on the phone: in one place always, and shown as it was left."""

import pytest
from playwright.sync_api import expect

from tests.journeys.recording import Observer

pytestmark = pytest.mark.journey

RAISE = (
    "return await engine.post('observation.alert', 'Alert', { n: 1 },"
    " { id: given, kind: 'observation.session', title: 'A visit', content: { n: 2 } });"
)
CONTENT = "return engine.drafts.get(given).then((draft) => draft.content);"


def test_alert_and_the_draft_it_leaves_are_kept_both_or_neither(mentor):
    draft = mentor.save({"alert": "written"})
    stale = mentor.open(mentor.tab())
    mentor.do(CONTENT, draft, stale)
    mentor.save({"alert": "written further"}, draft)

    refused = mentor.wrong(RAISE, draft, stale)

    assert refused == "elsewhere"
    assert mentor.records() == {}
    assert mentor.do(CONTENT, draft) == {"alert": "written further"}

    key = mentor.do(RAISE, draft)

    assert list(mentor.records()) == [key]
    assert mentor.do(CONTENT, draft) == {"n": 2}


def test_alerts_raised_while_the_draft_is_being_saved_are_all_kept(mentor):
    draft = mentor.save({"n": 0})

    keys = mentor.do(
        "const save = (n) => engine.drafts.save(given, 'observation.session', 'A visit', { n });"
        f"const raise = async () => {{ {RAISE} }};"
        "const all = await Promise.all([save(1), raise(), save(3), raise(), save(4), raise()]);"
        "return all.filter(Boolean);",
        draft,
    )

    assert len(set(keys)) == 3
    assert sorted(mentor.records()) == sorted(keys)


def test_alert_being_described_is_there_again_after_the_phone_died(visit):
    her = Observer(visit, "en", has_touch=True)
    her.arrive()
    her.begin(4)
    her.to_items("feeding")
    her.follow("Mark a treatment alert")
    text = her.page.get_by_label(her.say("What happened"), exact=True)
    text.fill("Shouted at the table")
    her.page.wait_for_timeout(100)  # ms in which each tap is kept

    her.page.reload()

    expect(text).to_have_value("Shouted at the table")
