"""What becomes of a record: held, taken in, or past all reading; the phone tells it as it is."""

import datetime

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def test_held_record_says_why_and_is_not_counted(mentor):
    key = mentor.close({"nothing": "that a session says"})

    mentor.until("status => status.unsent === 0 && !status.sending")

    record = mentor.records()[key]
    assert record["state"] == "held"
    assert record["reason"] != ""


def test_what_became_of_a_held_record_is_asked_now_and_then_without_sending_it_again(mentor):
    key = mentor.close({"nothing": "that a session says"})
    mentor.until("status => status.unsent === 0 && !status.sending")
    asked = []
    mentor.context.on(
        "request", lambda one: asked.append(one.method) if f"/{key}/" in one.url else None
    )
    mentor.send()
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)
    mentor.page.clock.set_fixed_time(later)

    record = mentor.send()[key]

    assert (record["state"], asked) == ("held", ["GET"])


TAKE_IN = """
from fieldwork.actions import settlements
from fieldwork.models import Delivery
from organisations.models import User
settlements.take_in(
    delivery=Delivery.objects.get(record={key!r}),
    reason="Two visits on one day",
    by=User.objects.get(email={email!r}),
)
"""


def test_held_record_that_a_coordinator_takes_in_is_seen_as_sent(mentor, office, contents):
    content = next(contents)
    mentor.close(content)
    key = mentor.close(content)
    mentor.until("status => status.unsent === 0 && !status.sending")
    held = mentor.records()[key]
    email = office.site.people["regional"].email
    code = TAKE_IN.format(key=key, email=email)
    office.site.manage("shell", "--verbosity=0", f"--command={code}")
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)
    mentor.page.clock.set_fixed_time(later)

    sent = mentor.send()[key]

    assert (held["state"], "for the same visit" in held["reason"]) == ("held", True)
    assert (sent["state"], sent["reason"]) == ("sent", "")
    assert mentor.wrong("return await engine.outbox.body(given);", key) == "gone"
    expect(mentor.page.locator(f"[data-id='{key}']")).to_have_attribute("data-state", "sent")


# Makes what is kept under ``id`` unreadable, as an update that went wrong would.
SPOIL = """async (id) => {
  const db = await new Promise((resolve) => {
    const asked = indexedDB.open("field");
    asked.onsuccess = () => resolve(asked.result);
  });
  const writing = db.transaction(["drafts", "bodies"], "readwrite");
  for (const [name, part] of [["drafts", "content"], ["bodies", "box"]]) {
    const store = writing.objectStore(name);
    store.get(id).onsuccess = ({ target: { result } }) => {
      if (result) store.put({ ...result, [part]: { ...result[part], data: new ArrayBuffer(40) } });
    };
  }
  await new Promise((resolve) => { writing.oncomplete = resolve; });
  db.close();
}"""


def test_enketo_1226_what_cannot_be_read_any_more_is_removed_by_name(mentor, office, contents):
    with office.away():
        draft, record = mentor.save({"n": 1}, title="Draft"), mentor.close({"n": 2}, "Record")
        later = mentor.close(next(contents))
        for key in (draft, record):
            mentor.page.evaluate(SPOIL, key)
        mentor.reload()

    records = mentor.send()

    assert [records[key]["state"] for key in (record, later)] == ["waiting", "sent"]
    for key in (draft, record):
        card = mentor.page.locator(f"[data-id='{key}']")
        card.locator(".button-danger").click()
        expect(card).to_have_count(0)
    assert mentor.do("return engine.status();")["unsent"] == 0
