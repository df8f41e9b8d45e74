"""What surrounds the records on a phone: other people, other tabs, full storage, backups."""

import datetime
import json

import pytest
from playwright.sync_api import expect

from tests.journeys import axe
from tests.journeys.field import KIND, Phone

pytestmark = pytest.mark.journey

PASSPHRASE = "cuatro gallinas cantan"


def waiting(phone, office, content, title="Visit to the yellow room") -> str:
    """A record that waits, on a page that is no longer open."""
    with office.away():
        key = phone.close(content, title)
        phone.page.goto("about:blank")
    return key


def test_nothing_that_was_recorded_can_be_read_on_the_disk(mentor, office):
    mentor.save({"note": "sang with the group"}, title="Yellow room")
    with office.away():
        mentor.close({"note": "sang with the group"}, "Yellow room")
        stored = mentor.stored()

    assert '"waiting"' in stored
    assert ("Yellow" in stored, "sang" in stored) == (False, False)


def test_second_person_neither_sees_nor_sends_what_the_first_one_recorded(mentor, office, contents):
    key = waiting(mentor, office, next(contents))

    mentor.sign_in("zonal")
    mentor.send()

    assert mentor.records() == {}
    assert mentor.do("return engine.drafts.list();") == []
    assert mentor.do("return engine.status();")["others"] == 1
    expect(mentor.page.locator("#field-notices")).to_contain_text(
        "Another person has 1 unsent record"
    )
    expect(mentor.page.locator("body")).not_to_contain_text("yellow room")
    assert office.count([key]) == {key: 0}
    mentor.sign_in("mentor")
    expect(mentor.page.locator(f"[data-id='{key}']")).to_have_attribute("data-state", "sent")


def test_form_of_the_first_person_saves_nothing_for_the_second(mentor, office):
    key = mentor.save({"n": 1})
    other = mentor.page
    mentor.page = mentor.tab()
    mentor.sign_in("zonal")

    assert (
        mentor.wrong(f"await engine.drafts.save(given, '{KIND}', 't', {{}});", key, other)
        == "other_person"
    )


def test_signed_out_meanwhile_she_signs_in_and_it_goes(mentor, contents):
    mentor.context.clear_cookies()
    key = mentor.close(next(contents))
    mentor.send()
    assert mentor.records()[key]["state"] == "waiting"
    expect(mentor.page.locator("#field-notices a")).to_have_attribute(
        "href", "/cuenta/login/?next=/campo/"
    )

    mentor.sign_in()

    expect(mentor.page.locator(f"[data-id='{key}']")).to_have_attribute("data-state", "sent")


def test_signing_out_with_unsent_records_asks_for_each_by_name(mentor, office, contents):
    with office.away():
        kept, dropped = (mentor.close(next(contents), title) for title in ("First", "Second"))
        mentor.send()
        assert mentor.wrong("await engine.signOut();") == "unsent"
        assert mentor.wrong("await engine.signOut({ discard: [given] });", dropped) == "unsent"
        dropped = mentor.close(next(contents), "Third")
        mentor.page.get_by_role("button", name="Sign out").click()
        assert axe.violations(mentor.page) == []
        mentor.page.get_by_label("Discard “Third”").check()
        mentor.page.get_by_label("Passphrase").fill(PASSPHRASE)
        with mentor.page.expect_download() as saved:
            mentor.page.locator("main").get_by_role("button", name="Sign out", exact=True).click()
        expect(mentor.page.locator("#field-notices")).to_contain_text("Sign in once")

    mentor.open()
    mentor.until("status => status.signedIn === false")
    mentor.sign_in()
    mentor.until("status => status.unsent === 0 && !status.sending")
    assert saved.value.suggested_filename.endswith(".trenza")
    assert office.count([kept, dropped]) == {kept: 1, dropped: 0}


def test_signing_out_when_all_is_sent_forgets_her_and_her_agenda(mentor, office, contents):
    mentor.close(next(contents))
    mentor.until("status => status.unsent === 0 && !status.sending")
    assert mentor.do("return engine.agenda();") is not None

    mentor.do("await engine.signOut();")

    stored = dict(json.loads(mentor.stored()))
    assert [stored[name] for name in ("people", "agenda", "drafts", "outbox", "bodies")] == [[]] * 5
    assert mentor.context.request.get(f"{office.url}/api/field/me/").status == 401


def test_agenda_expires_and_is_deleted(mentor):
    mentor.do("await engine.refresh();")
    agenda = mentor.do("return engine.agenda();")
    late = datetime.datetime.fromisoformat(agenda["expires_at"]) + datetime.timedelta(minutes=1)
    mentor.page.clock.set_fixed_time(late)

    assert mentor.do("return engine.agenda();") is None
    assert dict(json.loads(mentor.stored()))["agenda"] == []


def test_second_tab_is_told_instead_of_overwriting(mentor):
    key = mentor.save({"n": 1})
    other = mentor.open(mentor.tab())
    mentor.do("return engine.drafts.get(given);", key, other)
    mentor.save({"n": 2}, key)

    told = mentor.wrong(f"await engine.drafts.save(given, '{KIND}', 't', {{ n: 3 }});", key, other)

    assert told == "elsewhere"
    assert mentor.do("return engine.drafts.get(given);", key)["content"] == {"n": 2}
    assert mentor.do("return engine.drafts.get(given);", key, other)["content"] == {"n": 2}


def test_record_closed_in_one_tab_is_seen_in_the_other(mentor, office):
    other = mentor.open(mentor.tab())

    with office.away():
        key = mentor.close({"n": 1})
        expect(other.locator("#field-unsent")).to_have_text("1 not sent")

    assert (
        mentor.wrong(f"await engine.drafts.save(given, '{KIND}', 't', {{}});", key, other)
        == "closed"
    )


# What the browser does when its quota is used up; this Chromium heeds no quota set by its driver.
FULL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  if (window.full) throw new DOMException("no space left", "QuotaExceededError");
  return put.apply(this, given);
};
"""


def test_full_phone_is_told_plainly_and_what_was_typed_is_kept(mentor):
    mentor.context.add_init_script(FULL)
    mentor.reload()
    key = mentor.save({"text": "before"})
    mentor.page.evaluate("window.full = true")

    told = mentor.wrong(
        f"await engine.drafts.save(given, '{KIND}', 't', {{ text: 'after' }});", key
    )

    assert told == "full"
    alert = mentor.page.get_by_role("alert").filter(has_text="this phone is full")
    expect(alert).to_be_visible()
    assert mentor.do("return engine.drafts.get(given);", key)["content"] == {"text": "before"}
    file = mentor.do("return (await engine.backup(null, given)).text();", PASSPHRASE)
    mentor.page.evaluate("window.full = false")
    mentor.until("status => status.unsaved === 0")
    assert mentor.do("return engine.drafts.get(given);", key)["content"] == {"text": "after"}
    expect(alert).to_have_count(0)
    # The backup made meanwhile has what the phone had no room for.
    mentor.do("await engine.drafts.remove(given);", key)
    mentor.reload()
    mentor.do("await engine.restore(new Blob([given[0]]), given[1]);", [file, PASSPHRASE])
    assert mentor.do("return engine.drafts.get(given);", key)["content"] == {"text": "after"}


def test_browser_that_keeps_nothing_says_so(browser, office):
    phone = Phone(browser, office)
    phone.context.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { value: undefined });"
    )

    phone.open()

    expect(phone.page.get_by_role("alert")).to_contain_text("This browser keeps nothing")
    phone.context.close()


def test_backup_comes_back_on_another_phone(browser, mentor, office, contents):
    content = next(contents)
    with office.away():
        key = mentor.close(content, "Yellow room")
        draft = mentor.save({"n": 1}, title="Blue room")
        file = mentor.do(
            "const blob = await engine.backup(null, given); return blob.text();", PASSPHRASE
        )
        body = mentor.do("return engine.outbox.body(given);", key)
        mentor.page.goto("about:blank")
    other = Phone(browser, office)
    other.sign_in()
    restore = "return await engine.restore(new Blob([given[0]]), given[1]);"

    assert ("Yellow" in file, "Blue" in file) == (False, False)
    assert other.wrong(restore, [file, "four hens cackle"]) == "passphrase_wrong"
    assert other.wrong(restore, ["{}", PASSPHRASE]) == "no_backup"
    assert other.wrong("await engine.backup(null, given);", "short") == "passphrase_short"
    assert other.do(restore, [file, PASSPHRASE]) == {"restored": 2, "skipped": 0}
    assert other.do(restore, [file, PASSPHRASE]) == {"restored": 0, "skipped": 2}
    assert other.do("return engine.drafts.get(given);", draft)["content"] == {"n": 1}
    other.until("status => status.unsent === 0 && !status.sending")
    assert other.records()[key]["state"] == "sent"
    # The first phone comes back too: the same bytes, counted once.
    mentor.open()
    mentor.until("status => status.unsent === 0 && !status.sending")
    assert (mentor.records()[key]["state"], office.count([key])) == ("sent", {key: 1})
    assert json.loads(body)["content"] == content
    other.sign_in("zonal")
    assert other.wrong(restore, [file, PASSPHRASE]) == "other_person"
    other.context.close()
