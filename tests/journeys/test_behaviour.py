"""What only a browser can tell: themes, scripts, passkeys under the content security policy."""

from dataclasses import replace

import pytest

from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_public_pages_are_sound_in_both_themes(visit, language, theme, viewport):
    visitor = visit(language, viewport, color_scheme=theme)

    for path in ("/galeria/", "/cuenta/login/", "/cuenta/signup/", "/sin-conexion/"):
        visitor.go(path)
        visitor.check()


def test_form_pressed_twice_is_sent_once(visit):
    page = visit().go("/cuenta/login/")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else 0)
    page.fill("input[name=login]", "nobody@trenza.example")
    page.fill("input[name=password]", "wrong")

    with page.expect_navigation():
        page.locator("form:has(input[name=password])").evaluate(
            "form => { form.requestSubmit(); form.requestSubmit(); }"
        )

    assert len(sent) == 1


def test_leaving_a_changed_form_asks_first(visit):
    visitor = visit()
    visitor.sign_in("mentor")
    page = visitor.go("/mi-perfil/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("form[data-dirty-form] input[type=text]").first.press_sequentially("x")

    page.goto(visitor.site.url + "/inicio/")

    assert asked == ["beforeunload"]


def test_passkey_is_saved_and_signs_in_under_the_content_policy(visit):
    visitor = visit()
    # A passkey belongs to a name: browsers refuse it for a bare address.
    visitor.site = replace(visitor.site, url=visitor.site.url.replace("127.0.0.1", "localhost"))
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    options |= {"automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    # Somebody of her own: whoever has a key is asked for it from then on, in every journey.
    somebody = visitor.site.open_account("posts__role='director', posts__unit__code__endswith='2'")
    visitor.sign_in(somebody)
    page = visitor.go("/cuenta/reauthenticate/")
    page.fill("input[name=password]", somebody.password)
    page.locator("form:has(input[name=password]) [type=submit]").first.click()
    page.wait_for_load_state()
    visitor.go("/cuenta/2fa/webauthn/add/")
    visitor.check()
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.context.clear_cookies()
    visitor.go("/cuenta/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/inicio/")

    visitor.check()


def test_phone_keeps_one_row_of_header_and_the_tools_in_the_menu_without_scripts(visit):
    visitor = visit("es", java_script_enabled=False)
    page = visitor.sign_in("mentor")
    header = page.locator("header.site-header")
    target = 44  # px
    assert header.bounding_box()["height"] < 2 * target
    assert not header.get_by_text(visitor.say("Sign out")).is_visible()

    header.locator("summary:visible").click()
    with page.expect_navigation():
        page.get_by_role("button", name=visitor.say("Sign out")).click()

    assert header.get_by_text(visitor.say("Sign in")).is_visible()


@pytest.mark.parametrize("path", ["/mentoria/", "/observacion/", "/aprender/avance/"])
def test_phone_shows_each_cell_of_a_table_without_scrolling_sideways(visit, path):
    visitor = visit("es", PHONE)
    visitor.sign_in("mentor")

    page = visitor.go(path)

    cells = page.locator("main [role=cell]:visible")
    assert cells.count() > 0
    edges = cells.evaluate_all("all => all.map((cell) => cell.getBoundingClientRect().right)")
    assert max(edges) <= PHONE["width"]
    assert cells.evaluate_all("all => all.filter((it) => it.scrollWidth > it.clientWidth)") == []
