"""A site, a phone's browser and the network between them, each of which can die and come back."""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page, Playwright

from tests.files import ROOT
from tests.journeys.chaos import network
from tests.journeys.chaos.network import Network
from tests.journeys.conftest import FLAGS, PHONE
from tests.journeys.site import START_UP, Person, free_port, manage, people, settings

OBSERVER = "mentor"
PUBLISH = """
from observation.actions import instruments
from observation.enums import InstrumentKind
scale = {"code": "S", "kind": "ordinal", "minimum": 0, "maximum": 3}
item = {"domain": "D", "scale": "S", "kind": "scored", "weight": 1}
content = {
    "rules": {"minimum_cycles": 1, "moments_asked": False, "routine_and_play": False},
    "domains": [{"code": "D", "name": {"es": "Breve", "en": "Brief"}}],
    "scales": [scale, {"code": "P", "kind": "presence", "minimum": 0, "maximum": 1}],
    "items": [item | {"code": f"B{n}", "text": {"es": f"Paso {n}", "en": f"Step {n}"}}
              for n in (1, 2, 3)]
             + [item | {"code": "A1", "kind": "alert", "scale": "P",
                        "text": {"es": "Alerta", "en": "Alert"}}],
}
instruments.publish(version=instruments.store(
    content=content, code="breve", kind=InstrumentKind.CHECKLIST,
    name={"es": "Breve", "en": "Brief"}))
"""


@dataclass(frozen=True)
class Template:
    """A prepared database with a brief instrument, copied for each run."""

    folder: Path
    person: Person


def prepare(demonstration: Path, folder: Path) -> Template:
    """The small demonstration and the brief instrument, in ``folder``."""
    shutil.copytree(demonstration, folder)
    environ = settings(folder)
    manage(environ, "shell", "--verbosity=0", f"--command={PUBLISH}")
    return Template(folder, people(manage(environ, "demo", "--sign-ins"))[OBSERVER])


class Server:
    """gunicorn on the database of one run."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it unless it runs, and wait until it answers."""
        if self.process is not None and self.process.poll() is None:
            return
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--threads", "4"]
        with (self.folder / "web.log").open("a") as out:
            self.process = subprocess.Popen(
                [*command, "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"],
                cwd=ROOT,
                env=os.environ | settings(self.folder),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        until = time.monotonic() + START_UP
        while time.monotonic() < until:
            with contextlib.suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "web.log").read_text()[-3000:])

    def kill(self) -> None:
        """As a power cut does."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def rows(self, query: str) -> list[tuple]:
        """What stands in the database."""
        with contextlib.closing(sqlite3.connect(self.folder / "trenza.sqlite3")) as database:
            return database.execute(query).fetchall()


class Phone:
    """A browser with a profile of its own, which outlives it."""

    def __init__(self, playwright: Playwright, chromium: str, folder: Path):
        self.playwright, self.chromium, self.folder = playwright, chromium, folder
        self.context: BrowserContext | None = None

    def page(self) -> Page:
        """The open page; a new one, or a new browser, where the last has gone."""
        try:
            open_pages = [page for page in self.context.pages if not page.is_closed()]
            return open_pages[-1] if open_pages else self.context.new_page()
        except (AttributeError, Error):
            self.launch()
            return self.context.new_page()

    def launch(self) -> None:
        self.kill()
        for lock in self.folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=self.chromium,
            args=FLAGS,
            viewport=PHONE,
            locale="en-GB",
            timezone_id=timezone.get_default_timezone_name(),
        )
        self.context.set_default_timeout(5000)
        self.context.on("dialog", lambda dialog: dialog.accept())

    def kill(self) -> None:
        """Kill each process of the browser at once."""
        for process in psutil.process_iter(["cmdline"]):
            if f"--user-data-dir={self.folder}" in (process.info["cmdline"] or []):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
        if self.context is not None:
            with contextlib.suppress(Error):
                self.context.close()
            self.context = None


@dataclass
class World:
    """Everything of one run; ``rng`` decides what breaks."""

    server: Server
    phone: Phone
    network: Network
    person: Person
    rng: random.Random

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.network.port}"

    def heal(self) -> None:
        """Everything works again."""
        self.network.down = self.network.bad = False
        self.server.start()

    def calamity(self) -> str:
        """Break something, or mend something broken; what it was."""
        what = self.rng.choice(["down", "bad", "up", "tab", "browser", "server", "twin"])
        if what in {"down", "bad", "up"}:
            self.network.down, self.network.bad = what == "down", what == "bad"
        elif what == "tab":
            self.phone.page().close()
        elif what == "browser":
            self.phone.kill()
        elif what == "server":
            self.server.kill()
            if self.rng.random() < 0.7:
                self.server.start()
        else:
            with contextlib.suppress(Error):
                self.phone.context.new_page().goto(f"{self.url}/campo/", timeout=3000)
        return what


@contextlib.contextmanager
def at(template: Template, folder: Path, seed: int, playwright, chromium) -> Iterator[World]:
    """The world of the run ``seed`` while the block lasts."""
    rng = random.Random(seed)  # noqa: S311 — it decides what breaks, nothing secret
    shutil.copytree(template.folder, folder / "site")
    server = Server(folder / "site")
    phone = Phone(playwright, chromium, folder / "phone")
    with network.running(server.port, free_port()) as between:
        between.rng = random.Random(rng.random())  # noqa: S311 — likewise
        world = World(server, phone, between, template.person, rng)
        try:
            server.start()
            yield world
        finally:
            phone.kill()
            server.kill()
