"""What surrounds the records on a phone: starting cold, other people, other tabs, full storage."""

import datetime
import json

import pytest
from playwright.sync_api import expect

from tests.files import ROOT
from tests.journeys import axe
from tests.journeys.conftest import FLAGS
from tests.journeys.field import KIND, Office, Phone

pytestmark = pytest.mark.journey

SCHEMAS = sorted(
    (ROOT / "tests" / "fieldwork" / "schemas").glob("*.json"), key=lambda it: int(it.stem)
)
PASSPHRASE = "cuatro gallinas cantan"
# Makes the database of an earlier release as it was, key and all, before any of our code runs.
FILL = """async ({ version, stores }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const real = async (value) => {
    if (value === null || typeof value !== "object") return value;
    if (value.$key) return crypto.subtle.importKey("raw", bytes(value.$key), "AES-GCM", false, ["encrypt", "decrypt"]);
    if (value.$buffer) return bytes(value.$buffer).buffer;
    if (value.$bytes) return bytes(value.$bytes);
    const pairs = await Promise.all(Object.entries(value).map(async ([key, one]) => [key, await real(one)]));
    return Object.fromEntries(pairs);
  };
  const rows = {};
  for (const [name, store] of Object.entries(stores)) rows[name] = await Promise.all(store.rows.map(real));
  const db = await new Promise((resolve) => {
    const asked = indexedDB.open("field", version);
    asked.onupgradeneeded = () => {
      for (const [name, { keyPath, indexes }] of Object.entries(stores)) {
        const made = asked.result.createObjectStore(name, keyPath ? { keyPath } : undefined);
        for (const index of indexes) made.createIndex(index.name, index.keyPath);
      }
    };
    asked.onsuccess = () => resolve(asked.result);
  });
  const writing = db.transaction(Object.keys(stores), "readwrite");
  for (const [name, all] of Object.entries(rows)) {
    for (const { key, value } of all) writing.objectStore(name).put(value, key);
  }
  await new Promise((resolve) => { writing.oncomplete = resolve; });
  db.close();
}"""


@pytest.fixture(scope="module")
def office(site, tmp_path_factory):
    one = Office(site, tmp_path_factory.mktemp("office"))
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def contents(office):
    return iter(office.contents(20))


@pytest.fixture
def phone(browser, office):
    one = Phone(browser, office)
    yield one
    one.context.close()


@pytest.fixture
def mentor(phone):
    phone.sign_in()
    return phone


def waiting(phone, office, content, title="Visit to the yellow room") -> str:
    """A record that waits, on a page that is no longer open."""
    with office.away():
        id = phone.close(content, title)
        phone.page.goto("about:blank")
    return id


def test_cold_start_without_a_network_after_one_visit(playwright, chromium, office, tmp_path):
    def started():
        return playwright.chromium.launch_persistent_context(
            tmp_path / "browser", executable_path=chromium, args=FLAGS, locale="en-GB"
        )

    first = Phone.of(started(), office)
    first.sign_in()
    first.context.close()
    with office.away():
        second = Phone.of(started(), office)
        second.open()
        expect(second.page.locator("header .person")).to_be_visible()
        id = second.save({"n": 1})
        second.open(at="#/observation")
        expect(second.page.locator("#field-unsent")).to_have_text("All sent")
        kept = second.do("return engine.drafts.get(given);", id)
        second.context.close()

    assert kept["content"] == {"n": 1}


def test_cache_holds_nothing_of_anybody(mentor):
    mentor.reload()

    kept = mentor.page.evaluate(
        "async () => { const all = []; for (const name of await caches.keys())"
        " for (const one of await (await caches.open(name)).keys()) all.push(new URL(one.url).pathname);"
        " return all; }"
    )

    assert "/campo/" in kept
    assert [path for path in kept if not path.startswith(("/static/", "/campo/"))] == []


def test_nothing_that_was_recorded_can_be_read_on_the_disk(mentor, office):
    mentor.save({"note": "sang with the group"}, title="Yellow room")
    with office.away():
        mentor.close({"note": "sang with the group"}, "Yellow room")
        stored = mentor.stored()

    assert '"waiting"' in stored
    assert ("Yellow" in stored, "sang" in stored) == (False, False)


def test_second_person_neither_sees_nor_sends_what_the_first_one_recorded(mentor, office, contents):
    id = waiting(mentor, office, next(contents))

    mentor.sign_in("zonal")
    mentor.send()

    assert mentor.records() == {}
    assert mentor.do("return engine.drafts.list();") == []
    assert mentor.do("return engine.status();")["others"] == 1
    expect(mentor.page.locator("#field-notices")).to_contain_text(
        "Another person has 1 unsent record"
    )
    expect(mentor.page.locator("body")).not_to_contain_text("yellow room")
    assert office.count([id]) == {id: 0}
    mentor.sign_in("mentor")
    expect(mentor.page.locator(f"[data-id='{id}']")).to_have_attribute("data-state", "sent")


def test_form_of_the_first_person_saves_nothing_for_the_second(mentor, office):
    id = mentor.save({"n": 1})
    other = mentor.page
    mentor.page = mentor.tab()
    mentor.sign_in("zonal")

    assert (
        mentor.wrong(f"await engine.drafts.save(given, '{KIND}', 't', {{}});", id, other)
        == "other_person"
    )


def test_signed_out_meanwhile_she_signs_in_and_it_goes(mentor, contents):
    mentor.context.clear_cookies()
    id = mentor.close(next(contents))
    mentor.send()
    assert mentor.records()[id]["state"] == "waiting"
    expect(mentor.page.locator("#field-notices a")).to_have_attribute(
        "href", "/cuenta/login/?next=/campo/"
    )

    mentor.sign_in()

    expect(mentor.page.locator(f"[data-id='{id}']")).to_have_attribute("data-state", "sent")


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
    id = mentor.save({"n": 1})
    other = mentor.open(mentor.tab())
    mentor.do("return engine.drafts.get(given);", id, other)
    mentor.save({"n": 2}, id)

    told = mentor.wrong(f"await engine.drafts.save(given, '{KIND}', 't', {{ n: 3 }});", id, other)

    assert told == "elsewhere"
    assert mentor.do("return engine.drafts.get(given);", id)["content"] == {"n": 2}
    assert mentor.do("return engine.drafts.get(given);", id, other)["content"] == {"n": 2}


def test_record_closed_in_one_tab_is_seen_in_the_other(mentor, office):
    other = mentor.open(mentor.tab())

    with office.away():
        id = mentor.close({"n": 1})
        expect(other.locator("#field-unsent")).to_have_text("1 not sent")

    assert (
        mentor.wrong(f"await engine.drafts.save(given, '{KIND}', 't', {{}});", id, other)
        == "closed"
    )


def quota(phone, size: int | None) -> None:
    given = {"origin": phone.office.url} | ({"quotaSize": size} if size is not None else {})
    phone.context.new_cdp_session(phone.page).send("Storage.overrideQuotaForOrigin", given)


def test_full_phone_is_told_plainly_and_what_was_typed_is_kept(mentor):
    id = mentor.save({"text": "before"})
    quota(mentor, 1)

    told = mentor.wrong(
        f"await engine.drafts.save(given, '{KIND}', 'Long', {{ text: 'x'.repeat(3e6) }});", id
    )

    assert told == "full"
    expect(mentor.page.get_by_role("alert")).to_contain_text("this phone is full")
    quota(mentor, None)
    mentor.until("status => status.unsaved === 0")
    assert len(mentor.do("return engine.drafts.get(given);", id)["content"]["text"]) == 3_000_000


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
        id = mentor.close(content, "Yellow room")
        draft = mentor.save({"n": 1}, title="Blue room")
        file = mentor.do(
            "const blob = await engine.backup(null, given); return blob.text();", PASSPHRASE
        )
        body = mentor.do("return engine.outbox.body(given);", id)
        mentor.page.goto("about:blank")
    other = Phone(browser, office)
    other.sign_in()
    restore = "return engine.restore(new Blob([given[0]]), given[1]);"

    assert ("Yellow" in file, "Blue" in file) == (False, False)
    assert other.wrong(restore, [file, "four hens cackle"]) == "passphrase_wrong"
    assert other.wrong(restore, ["{}", PASSPHRASE]) == "no_backup"
    assert other.wrong("await engine.backup(null, given);", "short") == "passphrase_short"
    assert other.do(restore, [file, PASSPHRASE]) == {"restored": 2, "skipped": 0}
    assert other.do(restore, [file, PASSPHRASE]) == {"restored": 0, "skipped": 2}
    assert other.do("return engine.drafts.get(given);", draft)["content"] == {"n": 1}
    other.until("status => status.unsent === 0 && !status.sending")
    assert other.records()[id]["state"] == "sent"
    # The first phone comes back too: the same bytes, counted once.
    mentor.open()
    mentor.until("status => status.unsent === 0 && !status.sending")
    assert (mentor.records()[id]["state"], office.count([id])) == ("sent", {id: 1})
    assert json.loads(body)["content"] == content
    other.sign_in("zonal")
    assert other.wrong(restore, [file, PASSPHRASE]) == "other_person"
    other.context.close()


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda file: file.stem)
def test_database_of_each_released_schema_loses_nothing(phone, schema):
    dump = json.loads(schema.read_text(encoding="utf-8"))
    expected = dump["expected"]
    phone.page.goto(f"{phone.office.url}/healthz")
    phone.page.evaluate(FILL, {"version": dump["version"], "stores": dump["stores"]})

    phone.open()

    get = "return Promise.all(given.map(async (id) => { const one = await engine.drafts.get(id);"
    drafts = [one["id"] for one in expected["drafts"]]
    found = phone.do(get + " return { id, title: one.title, content: one.content }; }));", drafts)
    records = phone.records()
    assert phone.do("return engine.person.id;") == expected["person"]
    assert found == expected["drafts"]
    assert [{key: records[one["id"]][key] for key in one} for one in expected["records"]] == expected["records"]  # fmt: skip
    assert {id: phone.do("return engine.outbox.body(given);", id) for id in expected["bodies"]} == expected["bodies"]  # fmt: skip


def test_each_schema_has_its_database(phone):
    phone.open()

    version = phone.page.evaluate("import('/static/js/field/schema.js').then((it) => it.VERSION)")

    assert [int(file.stem) for file in SCHEMAS] == list(range(1, version + 1))


def test_enketo_986_new_version_waits_while_a_form_is_open(mentor, office, tmp_path):
    caches = "caches.keys()"
    before = mentor.page.evaluate(caches)
    mentor.open(at="#/observation")
    newer = tmp_path / "css" / "field.css"
    newer.parent.mkdir()
    newer.write_text((ROOT / "static/css/field.css").read_text() + "\n/* newer */\n")
    office.stop()
    office.environ = {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.newer",
        "TRENZA_TEST_STATIC": str(tmp_path),
    }
    office.start()
    try:
        css = "fetch('/static/css/field.css').then((it) => it.text()).then((it) => it.includes('newer'))"
        mentor.page.evaluate("navigator.serviceWorker.ready.then((it) => it.update())")
        expect(mentor.page.locator("#field-notices")).to_contain_text(
            "It starts once no form is open"
        )
        with office.away():
            kept = mentor.page.evaluate(css)
            mentor.page.evaluate("import('/static/js/field/backup.js').then(() => true)")
        mentor.page.locator(".brand").click()
        with mentor.page.expect_navigation():
            mentor.page.get_by_role("button", name="Use it now").click()
        expect(mentor.page.locator("main h1").first).to_be_visible()

        assert (kept, mentor.page.evaluate(css)) == (False, True)
        after = mentor.page.evaluate(caches)
        assert (after[0], len(after)) == (before[0], 2)
    finally:
        office.stop()
        office.environ = {}
        office.start()


def test_picture_is_shrunk_and_says_nothing_of_place_and_device(phone):
    phone.open()
    told = phone.page.evaluate(
        """async () => {
          const { shrink } = await import("/static/js/field/attachments.js");
          const canvas = Object.assign(document.createElement("canvas"), { width: 2400, height: 1200 });
          canvas.getContext("2d").fillRect(0, 0, 1200, 1200);
          const plain = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
          const bytes = new Uint8Array(await plain.arrayBuffer());
          const note = new TextEncoder().encode("Exif\\0\\0GPS 19.4 N 99.1 W");
          const exif = Uint8Array.from([0xff, 0xe1, 0, note.length + 2, ...note]);
          const taken = new Blob([bytes.slice(0, 2), exif, bytes.slice(2)], { type: "image/jpeg" });
          const shrunk = await shrink(taken);
          const size = await createImageBitmap(shrunk);
          const said = async (blob) => (await blob.text()).includes("GPS");
          return [await said(taken), await said(shrunk), size.width, size.height, shrunk.type];
        }"""
    )

    assert told == [True, False, 1600, 800, "image/jpeg"]


@pytest.mark.parametrize("width", [360, 180, 1280])
def test_page_is_sound_for_everybody(mentor, width):
    mentor.save({"n": 1}, title="A draft")
    mentor.close({"n": 1}, "Held")
    mentor.do("return engine.post('observation.unheard', 'Refused', { n: 1 });")
    mentor.until("status => status.unsent === 0 && !status.sending")
    mentor.page.set_viewport_size({"width": width, "height": 740})
    mentor.page.locator("summary").last.click()

    assert axe.violations(mentor.page) == []
    assert mentor.page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_language_is_chosen_on_the_phone_and_kept(mentor, office):
    with office.away():
        mentor.page.get_by_role("button", name="Español").click()
        expect(mentor.page.locator("html")).to_have_attribute("lang", "es")
        mentor.reload()
        expect(mentor.page.locator("html")).to_have_attribute("lang", "es")


def test_phone_can_install_the_page(mentor):
    session = mentor.context.new_cdp_session(mentor.page)

    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
