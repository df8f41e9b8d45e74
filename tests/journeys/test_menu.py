"""Each role opens every entry of her menu: on a phone and a desktop, in Spanish and in English."""

import pytest
from playwright.sync_api import expect

from organisations.roles import ROLES
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.journey


def menu(page) -> list[str]:
    """Addresses of the entries of the main menu."""
    links = page.locator("header nav a[href]")
    found = [links.nth(number).get_attribute("href") for number in range(links.count())]
    return sorted({path for path in found if path.startswith("/")})


def test_demonstration_has_a_person_for_each_role(site):
    assert set(site.people) == set(ROLES)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_menu_of_each_role_leads_to_pages_without_a_flaw(role, language, visit):
    visitor = visit(language)
    page = visitor.sign_in(role)

    entries = menu(page)
    assert "/inicio/" in entries
    for path in entries:
        visitor.go(path)
        # The page for phones draws itself a moment later, in the language of who uses it.
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_have_count(1)
        for viewport in (PHONE, DESKTOP):
            page.set_viewport_size(viewport)
            visitor.check()


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", ["/", "/cuenta/login/", "/galeria/", "/cuenta/password/reset/"])
def test_public_page_is_without_a_flaw(path, language, visit):
    visitor = visit(language)
    page = visitor.go(path)

    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        visitor.check()


def test_page_that_is_not_there_says_what_to_do(visit):
    visitor = visit("es")
    visitor.go("/no-existe/", status=404)
    visitor.check()


@pytest.mark.parametrize("role", ["national", "caregiver"])
def test_pages_without_javascript_still_lead_on(role, visit):
    visitor = visit("es", java_script_enabled=False)
    page = visitor.sign_in(role)

    for path in menu(page):
        visitor.go(path)
        assert page.locator("h1").count() == 1, path
