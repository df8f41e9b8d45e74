"""A real browser on a real server with the demonstration country."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.files import ROOT
from tests.journeys import axe
from tests.journeys.field import Office, Phone
from tests.journeys.site import Person, Site, manage, running, settings

FLAGS = [
    "--no-sandbox",  # root, as in continuous integration, has no other way
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The shell first: without the browser's own windows the same pages cost half the time.
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser"]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
SCREENSHOTS = ROOT / "var" / "screenshots"
# The browser's own complaint about an answer that the journey asked for on purpose.
EXPECTED = re.compile(r"the server responded with a status of (400|403|404|409|413|429)")


@pytest.fixture(scope="session")
def chromium() -> str:
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium, on Debian: apt-get install chromium")


@pytest.fixture(scope="session")
def demonstration(chromium, tmp_path_factory) -> Path:
    """The data of the small demonstration, to be copied: making them takes half a minute."""
    folder = tmp_path_factory.mktemp("demonstration")
    manage(settings(folder), "prepare", "--scale", "small", "--seed", "1")
    return folder


@pytest.fixture(scope="session")
def site(demonstration, tmp_path_factory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("sites") / "site"
    shutil.copytree(demonstration, folder)
    with running(folder) as one:
        yield one


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="session")
def browser(playwright, chromium) -> Iterator[Browser]:
    one = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield one
    one.close()


class Visitor:
    """A page with the address of the site before it, and what went wrong on it behind it."""

    def __init__(self, page: Page, site: Site, language: str = "es"):
        self.page, self.site, self.language = page, site, language
        self.troubles: list[str] = []
        self.expected = EXPECTED
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("console", self._heard)
        page.on("requestfailed", self._failed)

    def _heard(self, message) -> None:
        if message.type in ("error", "warning") and not self.expected.search(message.text):
            self.troubles.append(f"{message.type} on {self.page.url}: {message.text}")

    def _failed(self, request) -> None:
        # A page that is left before its pictures came is no trouble.
        if request.failure != "net::ERR_ABORTED" and not self.expected.search(request.failure):
            self.troubles.append(f"{request.url}: {request.failure}")

    def go(self, path: str, status: int = 200) -> Page:
        """Open ``path`` and expect ``status``."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status} instead of {status}"
        return self.page

    def sign_in(self, who: str | Person) -> Page:
        """Sign in as ``who``, or as the demonstration's person for a role."""
        page = self.go("/cuenta/login/")
        self.give_password(self.site.people[who] if isinstance(who, str) else who)
        page.wait_for_url("**/inicio/")
        return page

    def give_password(self, person: Person) -> None:
        """Fill in and send the sign-in page that is open."""
        self.page.fill("input[name=login]", person.email)
        self.page.fill("input[name=password]", person.password)
        self.page.locator("form:has(input[name=password]) [type=submit]").first.click()

    # ---- as a person reads and presses: by what stands there in her language

    def say(self, text: str, plural: str = "", count: int = 0, /, **values) -> str:
        """``text`` as the site says it in the visitor's language."""
        with translation.override(self.language):
            found = (
                translation.ngettext(text, plural, count) if plural else translation.gettext(text)
            )
        return found % values if values else found

    def press(self, text: str, within: Locator | None = None, **values) -> Page:
        """Press the button called ``text``; the page that follows must be sound."""
        return self._click("button", text, within, values)

    def follow(self, text: str, within: Locator | None = None, **values) -> Page:
        """Follow the first link called ``text``; the page that follows must be sound."""
        return self._click("link", text, within, values)

    def _click(self, role, text: str, within: Locator | None, values: dict) -> Page:
        name = self.say(text, **values)
        target = (within or self.page.locator("body")).get_by_role(role, name=name, exact=True)
        with self.page.expect_navigation():
            target.first.click()
        self.check()
        return self.page

    def field(self, label: str, within: Locator | None = None, **values) -> Locator:
        """The field labelled ``label``, with or without the word “optional” behind."""
        said = re.escape(self.say(label, **values))
        name = re.compile(rf"^\s*{said}\s*(\(.*)?$")
        return (within or self.page.locator("main")).get_by_label(name)

    def reads(self, text: str, within: Locator | None = None, **values) -> None:
        """``text`` stands on the page, in the visitor's language."""
        where = within or self.page.locator("body")
        expect(where).to_contain_text(self.say(text, **values))

    def fetch(self, path: str) -> bytes:
        """What a link that downloads gives to who is signed in."""
        answer = self.page.request.get(self.site.url + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer.body()

    def attach(self, label: str, file: Path) -> None:
        self.field(label).set_input_files(file)

    def check(self) -> None:
        """The page as shown: axe finds nothing, nothing sticks out sideways, nothing broke."""
        where = f"{self.page.url} at {self.page.viewport_size}"
        found = axe.violations(self.page)
        assert found == [], f"{where}:\n" + "\n".join(found)
        over = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0, f"{where} is {over} px too wide"
        assert self.troubles == [], where


@pytest.fixture
def visit(
    browser: Browser, site: Site, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """``visit(language="es", viewport=PHONE)`` opens a browser of its own for one person."""
    contexts: list[BrowserContext] = []

    def visitor(language: str = "es", viewport: dict = PHONE, **options) -> Visitor:
        context = browser.new_context(
            viewport=viewport, locale={"es": "es-MX", "en": "en-GB"}[language], **options
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        contexts.append(context)
        return Visitor(context.new_page(), site, language)

    yield visitor
    with pictures(request, contexts):
        for context in contexts:
            context.close()


@pytest.fixture(scope="session")
def office(site, tmp_path_factory) -> Iterator[Office]:
    """The site behind a server of its own, which can go away and come back."""
    one = Office(site, tmp_path_factory.mktemp("office"))
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="session")
def contents(office) -> Iterator[dict]:
    """Contents of sessions that the server accepts from the mentor, each to be used once."""
    return iter(office.contents(range(100, 160)))


@pytest.fixture
def phone(browser, office) -> Iterator[Phone]:
    """A phone that nobody has used."""
    one = Phone(browser, office)
    yield one
    one.context.close()


@pytest.fixture
def mentor(phone) -> Phone:
    """A phone at whose page the mentor has signed in."""
    phone.sign_in()
    return phone


@contextmanager
def pictures(request: pytest.FixtureRequest, contexts: list[BrowserContext]) -> Iterator[None]:
    """Keep a picture of each open page where the test has failed."""
    if getattr(request.node, "failed", False):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name)
        for number, context in enumerate(contexts):
            for page in context.pages:
                page.screenshot(path=SCREENSHOTS / f"{name}-{number}.png", full_page=True)
    yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report
