"""A running Trenza of its own for the journeys: fresh database, real server, and its end."""

import base64
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.files import ROOT
from tools.processes import Together

START_UP = 90  # seconds


@dataclass(frozen=True)
class Person:
    email: str
    password: str


@dataclass(frozen=True)
class Site:
    """Where it listens, its environment (for commands beside it), and a person per role."""

    url: str
    environ: dict[str, str]
    people: dict[str, Person]

    def manage(self, *arguments: str) -> str:
        """Run a management command on the site's database; its output."""
        return manage(self.environ, *arguments)

    def refuses(self, *arguments: str) -> str:
        """What a management command says that must not succeed."""
        try:
            told = self.manage(*arguments)
        except RuntimeError as error:
            return str(error)
        raise AssertionError(f"manage.py {' '.join(arguments)} succeeded:\n{told}")

    def client(self, name: str) -> dict[str, str]:
        """Headers with which a new client called ``name`` speaks to the record store."""
        return client_headers(self.manage("lrs_credential", name))

    def open_account(self, chosen: str) -> Person:
        """Give a password to the first person whom ``chosen``, a filter of users, finds."""
        password = self.people["caregiver"].password
        email = self.manage(
            "shell",
            "--verbosity=0",
            f"--command=from organisations.models import User\n"
            f"user = User.objects.filter({chosen}).order_by('pk').first()\n"
            f"user.set_password({password!r})\n"
            f"user.save()\n"
            f"print(user.email)",
        )
        return Person(email.strip(), password)


def manage(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def people(printed: str) -> dict[str, Person]:
    """A person per role from what ``demo --sign-ins`` prints: role, e-mail, password a line."""
    found = re.findall(r"^\s*(\w+)\b.*?(\S+@\S+)\s+(\S+)\s*$", printed, re.MULTILINE)
    return {role: Person(email, password) for role, email, password in found}


def client_headers(printed: str, version: str = "1.0.3") -> dict[str, str]:
    """What the client sends with each request whose key and secret ``lrs_credential`` printed."""
    found = dict(line.split(maxsplit=1) for line in printed.splitlines()[:2])
    pair = base64.b64encode(f"{found['key']}:{found['secret']}".encode()).decode()
    return {"Authorization": f"Basic {pair}", "X-Experience-API-Version": version}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings(folder: Path) -> dict[str, str]:
    """The environment of a site with its data in ``folder``."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": "",
        "TRENZA_VAR": str(folder),
        "TRENZA_MEDIA": str(folder / "media"),
        "TRENZA_SNAPSHOTS": str(folder / "snapshots"),
        "TRENZA_EXPORTS": str(folder / "exports"),
        "TRENZA_ENGINE": "local",
    }


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """A site on the prepared data in ``folder``, while the block lasts."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environ = settings(folder) | {"TRENZA_URL": url}
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    with Together() as programs:
        programs.start(
            "web",
            [*command, "--workers", "1", "--threads", "4", "--no-control-socket"],
            folder / "web.log",
            **environ,
        )
        programs.start(
            "worker",
            [sys.executable, "manage.py", "db_worker", "--queue-name", "*"],
            folder / "worker.log",
            **environ,
        )
        wait_until_healthy(programs, url, folder)
        yield Site(url, environ, people(manage(environ, "demo", "--sign-ins")))


def wait_until_healthy(programs: Together, url: str, folder: Path) -> None:
    until = time.monotonic() + START_UP
    while time.monotonic() < until and not programs.ended():
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise RuntimeError(f"The site did not start:\n{(folder / 'web.log').read_text()[-3000:]}")
