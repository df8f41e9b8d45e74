"""Pictures beside records: bare, small, and sent in pieces that are never sent twice."""

import dataclasses
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.field import KIND, Phone
from tests.journeys.recording import Observer

pytestmark = pytest.mark.journey

# A picture of noise, which no compression makes small.
NOISE = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 900 });
  const drawn = canvas.getContext("2d").createImageData(1200, 900);
  for (let at = 0; at < drawn.data.length; at += 65536) {
    crypto.getRandomValues(drawn.data.subarray(at, at + 65536));
  }
  for (let at = 3; at < drawn.data.length; at += 4) drawn.data[at] = 255;
  canvas.getContext("2d").putImageData(drawn, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}"""


def test_picture_is_shrunk_and_says_nothing_of_place_and_device(phone):
    phone.open()
    told = phone.page.evaluate(
        """async () => {
          const { shrink } = await import("/static/js/field/attachments.js");
          const canvas = document.createElement("canvas");
          Object.assign(canvas, { width: 2400, height: 1200 });
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


# A draft that refers to a picture, both kept at once.
TAKE = f"""
const {{ sha256, put }} = await engine.attachments.make(await ({NOISE})());
const picture = {{ sha256, shows: "The corner", agreed_by: "The director", no_child: true }};
const id = crypto.randomUUID();
const content = {{ ...given, pictures: [picture] }};
await engine.drafts.saveWith(put, {{ id, kind: "{KIND}", title: "A visit", content }});
return {{ id, sha256, size: (await engine.attachments.data(sha256)).byteLength }};
"""
KEPT = "return engine.outbox.pictures(engine.person.id);"
BLOBS = "**/api/field/blobs/**"


@pytest.fixture
def allowed(office):
    with office.with_settings(TRENZA_FIELD_ATTACHMENTS="yes"):
        yield office


@pytest.fixture
def taker(allowed, phone) -> Phone:
    """The mentor's phone, where pictures are taken."""
    phone.sign_in()
    return phone


def offsets(phone: Phone) -> list[int]:
    """Where the pieces begin that are sent from now on."""
    sent: list[int] = []
    phone.context.on(
        "request",
        lambda asked: (
            sent.append(int(asked.headers["upload-offset"])) if asked.method == "PATCH" else None
        ),
    )
    return sent


def test_pictures_are_off_unless_the_programme_wants_them(mentor):
    told = mentor.wrong(f"await engine.attachments.make(await ({NOISE})());")

    assert told == "attachments_off"


def test_collect_7356_picture_goes_on_where_the_network_left_it(taker, contents):
    sent = offsets(taker)
    made = taker.do(TAKE, next(contents))
    # The network goes after two pieces.
    taker.context.route(BLOBS, lambda to: to.abort() if len(sent) > 2 else to.continue_())
    taker.do("await engine.close(given);", made["id"])
    taker.send()
    assert taker.records()[made["id"]]["state"] == "sent"
    expect(taker.page.locator("#field-unsent")).to_have_text("1 picture not sent")
    taker.context.unroute(BLOBS)
    lost = sent.pop()

    taker.reload()
    taker.until("status => status.signedIn && !status.sending")
    taker.send()

    assert sent == list(range(0, made["size"], 128 * 1024))
    assert lost in sent
    assert taker.do(KEPT) == []
    expect(taker.page.locator("#field-unsent")).to_have_text("All sent")


def test_picture_leaves_the_phone_neither_before_its_record_nor_with_a_discarded_draft(
    taker, contents
):
    sent = offsets(taker)
    made = taker.do(TAKE, next(contents))
    taker.send()
    kept = taker.do(KEPT)

    taker.open()
    taker.page.locator(f"[data-id='{made['id']}'] .button-danger").click()
    expect(taker.page.locator(f"[data-id='{made['id']}']")).to_have_count(0)
    taker.send()

    assert (kept, taker.do(KEPT), sent) == ([made["sha256"]], [], [])


def test_signing_out_with_a_picture_unsent_asks_and_it_goes_when_she_is_back(taker, contents):
    taker.context.route(BLOBS, lambda route: route.abort())
    made = taker.do(TAKE, next(contents))
    taker.do("await engine.close(given); await engine.send();", made["id"])
    asked = taker.wrong("await engine.signOut();")
    taker.page.get_by_role("button", name="Sign out").click()
    expect(taker.page.locator("main")).to_contain_text("1 picture of what is sent stays locked")
    taker.page.locator("main").get_by_role("button", name="Sign out", exact=True).click()
    taker.until("status => status.signedIn === false")
    taker.context.unroute(BLOBS)

    taker.sign_in()
    taker.send()

    assert (asked, taker.do(KEPT)) == ("unsent", [])


def test_backup_brings_pictures_to_another_phone(browser, taker, contents):
    taker.context.route("**/api/field/**", lambda route: route.abort())
    made, draft = taker.do(TAKE, next(contents)), taker.do(TAKE, {"n": 1})
    taker.do("await engine.close(given);", made["id"])
    passphrase = "four hens cackle loudly"
    file = taker.do("return (await engine.backup(null, given)).text();", passphrase)
    other = Phone(browser, taker.office)
    other.sign_in()

    told = other.do("return engine.restore(new Blob([given[0]]), given[1]);", [file, passphrase])
    other.send()

    assert told == {"restored": 2, "skipped": 0}
    assert other.records()[made["id"]]["state"] == "sent"
    assert other.do("return engine.status();")["pictures"] == 0
    assert other.do(KEPT) == [draft["sha256"]]
    other.context.close()


def test_picture_that_cannot_be_read_says_so(taker):
    told = taker.wrong("await engine.attachments.make(new Blob(['no picture']));")

    assert told == "picture"


@pytest.fixture
def observer(browser, allowed):
    """Makes an observer at the server that takes pictures in."""
    contexts = []

    def visit(language, viewport, **options) -> Visitor:
        locale = {"es": "es-MX", "en": "en-GB"}[language]
        contexts.append(browser.new_context(viewport=viewport, locale=locale, **options))
        cookie = {"name": "django_language", "value": language, "url": allowed.url}
        contexts[-1].add_cookies([cookie])
        at = dataclasses.replace(allowed.site, url=allowed.url)
        return Visitor(contexts[-1].new_page(), at, language)

    yield lambda language: Observer(visit, language, PHONE)
    for context in contexts:
        context.close()


def noise() -> bytes:
    out = BytesIO()
    Image.effect_noise((1200, 900), 90).convert("RGB").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(("language", "row"), [("es", 1), ("en", 3)])
def test_picture_is_taken_with_consent_and_shown_with_its_session(observer, language, row):
    her = observer(language)
    page = her.page
    her.arrive()
    page.clock.fast_forward("03:00:00")
    her.begin(row)
    for moment, end in (("feeding", "End the cycle"), ("free play", "End the cycle and review")):
        her.to_items(moment)
        her.answer_all(2)
        her.wait(16)
        her.press(end)
    file = {"name": "corner.png", "mimeType": "image/png", "buffer": noise()}
    page.get_by_label(her.say("Take or choose a picture")).set_input_files(file)
    expect(her.heading("Picture %(n)s", n=1)).to_be_visible()

    # Without consent it does not close.
    her.press("Close the session")
    consent = her.say(
        "Picture %(n)s: say what it shows and who agreed, and confirm that no child can be "
        "recognised. If you cannot, remove it.",
        n=1,
    )
    expect(page.locator("main")).to_contain_text(consent)
    her.check()
    page.get_by_label(her.say("What it shows")).fill("The reading corner")
    page.wait_for_timeout(100)
    page.reload()
    expect(page.locator("canvas.picture")).to_be_visible()
    expect(page.get_by_label(her.say("What it shows"))).to_have_value("The reading corner")
    page.get_by_label(her.say("Who agreed that it is taken and kept")).fill("The director")
    her.choose(
        her.say("No child can be recognised in it, nor anybody who did not agree."),
        role="checkbox",
    )
    her.check()
    page.context.route(BLOBS, lambda route: route.abort())
    her.close()
    sent = her.send()
    assert (sent["state"], sent["reason"]) == ("sent", "")
    at = f"/observacion/{sent['id']}/"
    site = Visitor(page.context.new_page(), her.visitor.site, language)
    site.go(at)
    site.reads("It has not arrived yet: it is still on the observer’s phone and comes by itself.")
    site.check()

    page.context.unroute(BLOBS)
    page.evaluate(
        "import('/static/js/field/engine.js').then((it) => it.open()).then((it) => it.send())"
    )
    expect(page.locator("#field-unsent")).to_have_text(her.say("All sent"))

    site.go(at)
    shown = site.page.get_by_role("img", name="The reading corner")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 1200)
    site.check()
