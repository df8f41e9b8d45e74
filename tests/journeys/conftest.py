"""A real browser on a real server with the demonstration country."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.files import ROOT
from tests.journeys import axe
from tests.journeys.site import Site, running

FLAGS = [
    "--no-sandbox",  # root, as in continuous integration, has no other way
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
SCREENSHOTS = ROOT / "var" / "screenshots"
# The browser's own complaint about an answer that the journey asked for on purpose.
EXPECTED = re.compile(r"the server responded with a status of (400|403|404|409|413)")


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium, on Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def site(chromium, tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
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

    def __init__(self, page: Page, site: Site):
        self.page, self.site = page, site
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("console", self._heard)
        page.on("requestfailed", self._failed)

    def _heard(self, message) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.troubles.append(f"{message.type} on {self.page.url}: {message.text}")

    def _failed(self, request) -> None:
        # A page that is left before its pictures came is no trouble.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"{request.url}: {request.failure}")

    def go(self, path: str, status: int = 200) -> Page:
        """Open ``path`` and expect ``status``."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status} instead of {status}"
        return self.page

    def sign_in(self, role: str) -> Page:
        """Sign in as the demonstration's person for ``role``."""
        person = self.site.people[role]
        page = self.go("/cuenta/login/")
        page.fill("input[name=login]", person.email)
        page.fill("input[name=password]", person.password)
        page.locator("form:has(input[name=password]) [type=submit]").first.click()
        page.wait_for_url("**/inicio/")
        return page

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
        return Visitor(context.new_page(), site)

    yield visitor
    with pictures(request, contexts):
        for context in contexts:
            context.close()


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
