"""The page under /campo/: it starts cold, is updated when nobody works, and is sound for all."""

import json

import pytest
from playwright.sync_api import expect

from tests.journeys import axe
from tests.journeys.conftest import FLAGS
from tests.journeys.field import Phone

pytestmark = pytest.mark.journey


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
        key = second.save({"n": 1})
        second.open(at="#/observation")
        expect(second.page.locator("#field-unsent")).to_have_text("All sent")
        kept = second.do("return engine.drafts.get(given);", key)
        second.context.close()

    assert kept["content"] == {"n": 1}


def test_cache_holds_nothing_of_anybody(mentor):
    mentor.reload()

    kept = mentor.page.evaluate(
        """async () => {
          const kept = (await caches.keys()).map(async (name) => (await caches.open(name)).keys());
          return (await Promise.all(kept)).flat().map((one) => new URL(one.url).pathname);
        }"""
    )

    assert "/campo/" in kept
    assert [path for path in kept if not path.startswith(("/static/", "/campo/"))] == []


def test_enketo_986_new_version_waits_while_a_form_is_open(mentor, office, tmp_path):
    caches = "caches.keys()"
    before = mentor.page.evaluate(caches)
    mentor.open(at="#/observation")
    css = "fetch('/static/css/field.css').then((it) => it.text())"
    old = mentor.page.evaluate(css)
    newer = tmp_path / "css" / "field.css"
    newer.parent.mkdir()
    newer.write_text(old + "/* newer */\n")
    settings = "tests.journeys.newer"
    with office.with_settings(DJANGO_SETTINGS_MODULE=settings, TRENZA_TEST_STATIC=str(tmp_path)):
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

        assert (kept, mentor.page.evaluate(css)) == (old, old + "/* newer */\n")
        after = mentor.page.evaluate(caches)
        assert (after[0], len(after)) == (before[0], 2)


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


def test_what_was_wrong_is_told_until_the_next_try(mentor):
    page = mentor.page
    page.get_by_role("heading", name="Backup").click()
    page.get_by_label("Passphrase").fill("short")
    save = page.get_by_role("button", name="Save a backup", exact=True)

    save.click()
    expect(page.get_by_role("alert")).to_have_count(1)
    page.get_by_label("Passphrase").fill("four hens cackle loudly")
    with page.expect_download():
        save.click()

    expect(page.get_by_role("alert")).to_have_count(0)


def sign_out_on_a_page(phone):
    phone.page.goto(f"{phone.office.url}/mi-perfil/")
    phone.page.locator(".menu-narrow > summary").click()
    phone.page.get_by_role("button", name="Sign out").click()


def test_signing_out_on_any_page_empties_the_recorder(mentor, office):
    sign_out_on_a_page(mentor)
    mentor.page.wait_for_url(f"{office.url}/en/")

    with office.away():
        mentor.open()
        expect(mentor.page.locator("#field-notices")).to_contain_text("Sign in once")
        expect(mentor.page.locator("header .person")).to_have_count(0)
        kept = dict(json.loads(mentor.stored()))

    assert (kept["agenda"], kept["people"]) == ([], [])


def test_signing_out_on_any_page_asks_about_what_is_not_sent(mentor, office):
    mentor.page.route("**/api/field/records/**", lambda route: route.abort())
    mentor.close({"n": 1}, "Not sent")

    sign_out_on_a_page(mentor)

    mentor.page.wait_for_url(f"{office.url}/campo/#/sign-out")
    expect(mentor.page.locator("legend")).to_have_text("Not sent")
    mentor.page.get_by_role("radio").nth(1).check()
    mentor.page.locator(".button-danger").click()
    mentor.page.wait_for_url(f"{office.url}/campo/#/")
    mentor.page.goto(f"{office.url}/mi-perfil/")
    assert "/cuenta/login/" in mentor.page.url
