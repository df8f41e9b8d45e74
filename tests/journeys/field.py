"""A phone in the field: a browser whose server can go away and come back."""

import json
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.site import Person, Site, free_port, wait_until_healthy
from tools.processes import Together

KIND = "observation.session"
ENGINE = "/static/js/field/engine.js"
# What is waited for in the page must end: the browser's driver waits for ever.
LATE = "new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), 30000))"
# What a mentor may record: sessions of her own room, a day apart, so that none is a second one.
CONTENTS = """
import json
from datetime import timedelta
from django.utils import timezone
from organisations.models import Post, Unit, User
from tests.factories import field
mentor = User.objects.get(email={email!r})
room = Unit.objects.filter(path__startswith=mentor.posts.first().unit.path, kind="room").first()
caregiver = Post.objects.filter(unit=room, role="caregiver").first().user
today = timezone.localdate()
print(json.dumps([
    field.session(room, caregiver, observed_on=str(today - timedelta(days=day)))
    for day in {days}
]))
"""


class Office:
    """A server on the data of ``site``, under an address of its own that it keeps."""

    def __init__(self, site: Site, folder: Path):
        self.site, self.folder, self.port = site, folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.stack = ExitStack()
        self.environ: dict[str, str] = {}

    def start(self) -> None:
        programs = self.stack.enter_context(Together())
        bind = ["--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4"]
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", *bind, "--no-control-socket"]
        environ = self.site.environ | self.environ
        programs.start("office", command, self.folder / "office.log", **environ)
        wait_until_healthy(programs, self.url, self.folder)

    def stop(self) -> None:
        self.stack.close()

    @contextmanager
    def away(self):
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def with_settings(self, **environ: str):
        """The same server, restarted with other settings while the block lasts."""
        self.stop()
        self.environ = environ
        self.start()
        try:
            yield
        finally:
            self.stop()
            self.environ = {}
            self.start()

    def contents(self, days: range) -> list[dict]:
        """Sessions that the server accepts from the mentor, one for each of so many days ago."""
        code = CONTENTS.format(email=self.site.people["mentor"].email, days=days)
        return json.loads(self.site.manage("shell", "--verbosity=0", f"--command={code}"))

    def count(self, ids: list[str]) -> dict[str, int]:
        """How many deliveries the server keeps of each of ``ids``."""
        code = (
            "import json\nfrom fieldwork.models import Delivery\n"
            f"print(json.dumps([str(r) for r in Delivery.objects.filter(record__in={ids!r})"
            ".values_list('record', flat=True)]))"
        )
        found = json.loads(self.site.manage("shell", "--verbosity=0", f"--command={code}"))
        return {key: found.count(key) for key in ids}


class Phone:
    """A browser of its own, at the page under /campo/."""

    def __init__(self, browser: Browser, office: Office):
        self._begin(
            browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB"), office
        )

    @classmethod
    def of(cls, context: BrowserContext, office: Office) -> "Phone":
        """A phone whose browser keeps a folder of its own, so that it can be started again."""
        phone = cls.__new__(cls)
        phone._begin(context, office)
        return phone

    def _begin(self, context: BrowserContext, office: Office) -> None:
        self.context, self.office = context, office
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def open(self, page: Page | None = None, at: str = "") -> Page:
        page = page or self.page
        page.goto(f"{self.office.url}/campo/{at}")
        expect(page.locator("main h1").first).to_be_visible()
        return page

    def reload(self) -> None:
        self.page.reload()
        expect(self.page.locator("main h1").first).to_be_visible()

    def sign_in(self, who: str = "mentor") -> None:
        """Sign in as the page says, and wait until the phone knows who it is."""
        person: Person = self.office.site.people[who]
        self.context.clear_cookies()
        page = self.page
        page.goto(f"{self.office.url}/cuenta/login/?next=/campo/")
        page.fill("input[name=login]", person.email)
        page.fill("input[name=password]", person.password)
        page.locator("form:has(input[name=password]) [type=submit]").first.click()
        page.wait_for_url("**/campo/")
        self.until("status => status.signedIn === true && !status.sending")
        page.evaluate(f"Promise.race([navigator.serviceWorker.ready.then(() => true), {LATE}])")

    def do(self, code: str, given: Any = None, page: Page | None = None) -> Any:
        """What ``code`` returns, with ``engine`` and ``given`` at hand."""
        return (page or self.page).evaluate(
            f"async (given) => {{ const {{ open }} = await import('{ENGINE}');"
            f" const engine = await open(); {code} }}",
            given,
        )

    def wrong(self, code: str, given: Any = None, page: Page | None = None) -> str:
        """The code of the error that ``code`` ends with."""
        return self.do(
            f"try {{ {code} }} catch (error) {{ return error.code ?? String(error); }}", given, page
        )

    def until(self, condition: str, page: Page | None = None) -> dict:
        """The engine's status once ``condition`` holds of it."""
        return self.do(
            "return Promise.race([new Promise((resolve) => engine.onchange((status) => "
            f"{{ if (({condition})(status)) resolve(status); }})), {LATE}]);",
            page=page,
        )

    def save(self, content: Any, key: str = "", title: str = "A visit", page=None) -> str:
        return self.do(
            "const id = given.id || crypto.randomUUID();"
            f"await engine.drafts.save(id, '{KIND}', given.title, given.content); return id;",
            {"id": key, "title": title, "content": content},
            page,
        )

    def close(self, content: Any, title: str = "A visit") -> str:
        """A closed record; its id."""
        return self.do("return engine.close(given);", self.save(content, title=title))

    def records(self) -> dict[str, dict]:
        return {one["id"]: one for one in self.do("return engine.outbox.list();")}

    def send(self) -> dict[str, dict]:
        self.do("await engine.send();")
        return self.records()

    def stored(self) -> str:
        """All that the browser keeps of the page, as far as it can be written down."""
        return self.page.evaluate(
            """async () => {
              const db = await new Promise((resolve) => {
                const asked = indexedDB.open("field");
                asked.onsuccess = () => resolve(asked.result);
              });
              const text = (bytes) => new TextDecoder("latin1").decode(bytes);
              const plain = (key, value) =>
                value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? text(value) : value;
              const rows = await Promise.all([...db.objectStoreNames].map((name) =>
                new Promise((resolve) => {
                  const asked = db.transaction(name).objectStore(name).getAll();
                  asked.onsuccess = () => resolve([name, asked.result]);
                })));
              db.close();
              return JSON.stringify(rows, plain);
            }"""
        )
