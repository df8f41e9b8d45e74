"""The mailroom on the phone: nothing typed is lost, and each record is sent exactly once."""

import json
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.factories.field import canonical
from tests.fieldwork.samples import SAMPLES
from tests.journeys.field import KIND, Phone

pytestmark = pytest.mark.journey

MOST = 100  # ms that a save may take


def portal(phone):
    """A network that answers everything with a page of its own, as in a hotel or a bus."""
    page = "<html><title>Welcome</title>Accept the terms to go on</html>"
    phone.context.route(
        "**/api/field/**",
        lambda route: route.fulfill(status=200, content_type="text/html", body=page),
    )


def test_canonical_form_is_that_of_the_server(phone):
    phone.open()

    written = phone.page.evaluate(
        "async (all) => { const { canonical } = await import('/static/js/field/canonical.js');"
        " return all.map((one) => canonical(one)); }",
        SAMPLES,
    )

    assert [one.encode() for one in written] == [canonical(one) for one in SAMPLES]


@pytest.mark.parametrize("value", ["1.5", "2 ** 53", "NaN", "undefined", "new Date()", "1n"])
def test_canonical_form_refuses_what_languages_write_differently(phone, value):
    phone.open()

    refused = phone.page.evaluate(
        "async () => { const { canonical } = await import('/static/js/field/canonical.js');"
        f" try {{ canonical({{x: {value}}}); }} catch (error) {{ return error.name; }} }}"
    )

    assert refused == "TypeError"


def test_texts_that_no_database_takes_are_mended_when_frozen(phone):
    phone.open()

    mended = phone.page.evaluate(
        "async () => { const { canonical } = await import('/static/js/field/canonical.js');"
        " return canonical('cut \\ud83d here\\0'); }"
    )

    assert mended == '"cut \ufffd here"'


def test_draft_outlives_reload_crash_and_closed_tab_without_a_network(mentor, office):
    with office.away():
        key = mentor.save({"n": 1})
        mentor.reload()
        first = mentor.do("return engine.drafts.get(given);", key)
        mentor.save({"n": 2}, key)
        crash(mentor)
        mentor.open()
        second = mentor.do("return engine.drafts.get(given);", key)
        mentor.save({"n": 3}, key)
        mentor.page.close()
        mentor.page = mentor.tab()
        mentor.open()
        third = mentor.do("return engine.drafts.get(given);", key)

    assert [one["content"] for one in (first, second, third)] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert (third["kind"], third["title"]) == (KIND, "A visit")


def crash(phone):
    """End the page as a phone does that runs out of memory, and open another."""
    with phone.page.expect_event("crash"), suppress(Error):
        phone.page.goto("chrome://crash")
    phone.page = phone.tab()


def test_save_is_durable_within_a_tenth_of_a_second(mentor):
    content = {
        "cycles": [{"ratings": {f"I{n}": {"value": 2, "note": "ñ" * 200} for n in range(60)}}]
    }

    took = mentor.do(
        "const id = crypto.randomUUID(); const took = [];"
        "for (let n = 0; n < 50; n++) { const start = performance.now();"
        f" await engine.drafts.save(id, '{KIND}', 'Sixty items', {{ ...given, n }});"
        " took.push(performance.now() - start); } return took.sort((a, b) => a - b);",
        content,
    )

    assert took[47] < MOST


def test_saves_that_overtake_each_other_leave_the_last(mentor):
    last = mentor.do(
        "const id = crypto.randomUUID(); const all = [];"
        f"for (let n = 0; n < 30; n++) all.push(engine.drafts.save(id, '{KIND}', 't', {{ n }}));"
        "await Promise.all(all); return (await engine.drafts.get(id)).content.n;"
    )

    assert last == 29


def test_closed_record_is_sent_and_leaves_the_phone(mentor, contents):
    key = mentor.close(next(contents))

    mentor.until("status => status.unsent === 0 && !status.sending")

    record = mentor.records()[key]
    assert (record["state"], record["title"]) == ("sent", "A visit")
    assert record["receipt"] != ""
    assert mentor.do("return engine.drafts.list();") == []
    assert mentor.wrong("await engine.outbox.body(given);", key) == "gone"


def test_closing_twice_and_saving_afterwards_change_nothing(mentor, contents):
    content = next(contents)
    key = mentor.save(content)

    twice = mentor.do("return Promise.all([engine.close(given), engine.close(given)].map("
                      "(one) => one.catch((error) => error.code)));", key)  # fmt: skip

    assert key in twice
    assert mentor.do("return engine.close(given);", key) == key
    assert mentor.wrong(f"await engine.drafts.save(given, '{KIND}', 't', {{}});", key) == "closed"
    assert mentor.do("return engine.drafts.list();") == []
    assert list(mentor.records()) == [key]


def test_enketo_1405_frozen_bytes_are_the_same_however_often_they_are_sent(
    mentor, office, contents
):
    with office.away():
        key = mentor.close(next(contents))
        first = mentor.do("return engine.outbox.body(given);", key)
        mentor.send()
        mentor.reload()
        again = mentor.do("return engine.outbox.body(given);", key)

    mentor.send()

    assert again == first == canonical(json.loads(first)).decode()
    assert mentor.records()[key]["state"] == "sent"


def test_kobocat_470_two_tabs_sending_at_once_deliver_once(mentor, office, contents):
    with office.away():
        ids = [mentor.close(next(contents)) for _n in range(3)]
        other = mentor.open(mentor.tab())

    for page in (mentor.page, other):
        mentor.do("engine.send();", page=page)
    mentor.until("status => status.unsent === 0 && !status.sending", other)

    assert office.count(ids) == dict.fromkeys(ids, 1)


def test_without_web_locks_a_lease_keeps_senders_apart(browser, office, contents):
    phone = Phone(browser, office)
    phone.context.add_init_script(
        "Object.defineProperty(navigator, 'locks', { value: undefined });"
    )
    phone.sign_in()
    key = phone.close(next(contents))
    other = phone.open(phone.tab())
    for page in (phone.page, other):
        phone.do("engine.send();", page=page)

    phone.until("status => status.unsent === 0 && !status.sending")

    assert phone.records()[key]["state"] == "sent"
    assert office.count([key]) == {key: 1}
    phone.context.close()


def test_connected_but_useless_network_does_not_count_as_sent(mentor, contents):
    portal(mentor)
    key = mentor.close(next(contents))

    mentor.send()

    assert mentor.records()[key]["state"] == "waiting"
    assert mentor.do("return engine.status();")["reachable"] is False
    mentor.context.unroute("**/api/field/**")
    assert mentor.send()[key]["state"] == "sent"


def test_answer_that_does_not_echo_the_record_is_not_believed(mentor, contents):
    told = {"id": "another", "sha256": "0" * 64, "state": "accepted", "reason": "", "receipt": ""}
    mentor.context.route(
        "**/api/field/records/**", lambda route: route.fulfill(status=200, json=told)
    )
    key = mentor.close(next(contents))

    mentor.send()

    assert mentor.records()[key]["state"] == "waiting"


def test_enketo_1180_one_stuck_record_blocks_nobody_and_can_be_removed(mentor, contents):
    stuck = mentor.save(next(contents))
    mentor.context.route(
        f"**/api/field/records/*/{stuck}/", lambda route: route.fulfill(status=500, body="broken")
    )
    mentor.do("await engine.close(given);", stuck)
    later = [mentor.close(next(contents)) for _n in range(2)]

    records = mentor.send()

    assert [records[key]["state"] for key in [stuck, *later]] == ["waiting", "sent", "sent"]
    mentor.page.locator(f"[data-id='{stuck}'] .button-danger").click()
    expect(mentor.page.locator(f"[data-id='{stuck}']")).to_have_count(0)
    assert mentor.do("return engine.status();")["unsent"] == 0


def test_cht_11306_refused_record_does_not_count_as_unsent_and_says_why(mentor):
    key = mentor.do("return engine.post('observation.unheard', 'Unheard of', { n: 1 });")

    mentor.until("status => status.unsent === 0 && !status.sending")

    record = mentor.records()[key]
    assert record["state"] == "refused"
    assert record["reason"] != ""
    card = mentor.page.locator(f"[data-id='{key}']")
    expect(card).to_contain_text(record["reason"])
    expect(mentor.page.locator("#field-unsent")).to_have_text("All sent")
    assert mentor.do("return engine.outbox.body(given);", key) != ""


def test_sending_starts_by_itself_once_the_server_is_back(mentor, office, contents):
    with office.away():
        key = mentor.close(next(contents))
        mentor.until("status => status.reachable === false && !status.sending")

    expect(mentor.page.locator("#field-unsent")).to_have_text("All sent", timeout=30_000)

    assert mentor.records()[key]["state"] == "sent"


def test_alert_goes_on_its_own_while_the_session_is_a_draft(mentor):
    draft = mentor.save({"n": 1})
    key = mentor.do("return engine.post('observation.alert', 'Alert', { n: 1 });")

    mentor.until("status => status.unsent === 0 && !status.sending")

    assert mentor.records()[key]["state"] in ("held", "refused", "sent")
    assert [one["id"] for one in mentor.do("return engine.drafts.list();")] == [draft]
