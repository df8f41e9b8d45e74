"""Other record stores for tests: real ones in processes of their own, and one that misbehaves."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import psycopg
from django.conf import settings
from django.db import connection

from tests.files import ROOT
from tests.lrs.serve import KEY, SECRET


@contextmanager
def database(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a new database of the kind that the tests run with."""
    name = f"other_{uuid.uuid4().hex[:8]}"
    if connection.vendor == "sqlite":
        yield {"DATABASE_URL": "", "TRENZA_VAR": str(folder / name)}
        return
    at = settings.DATABASES["default"]
    with psycopg.connect(
        host=at["HOST"], user=at["USER"], dbname="postgres", autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": f"postgres://{at['USER']}@/{at['HOST']}/{name}"}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class OtherStore:
    """A record store of ours, with its database and its files, in a process of its own."""

    folder: Path
    database: dict[str, str]
    forward_to: str = ""
    port: int = 0
    process: subprocess.Popen | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/xapi/"

    @property
    def environ(self) -> dict[str, str]:
        return os.environ | {
            **self.database,
            "DJANGO_SETTINGS_MODULE": "tests.lrs.other_settings",
            "TRENZA_LOG_LEVEL": "ERROR",
            "TRENZA_XAPI_BLOBS": str(self.folder / "blobs"),
            "TRENZA_IMPORT_SECRET": SECRET,
            "FORWARD_TO": self.forward_to,
        }

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", self.port))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "tests.lrs.serve", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline() == "ready\n"

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def command(self, *arguments: str) -> subprocess.Popen:
        """``manage.py`` on the database of this store."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        process = self.command(*arguments)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
        return said

    def ask(self, method: str, address: str = "", version: str = "1.0.3", **content):
        headers = {"X-Experience-API-Version": version} | content.pop("headers", {})
        url = f"{self.endpoint}statements{address}"
        return httpx.request(
            method, url, auth=(KEY, SECRET), headers=headers, timeout=60, **content
        )

    def put(self, statements: list[dict]) -> None:
        answer = self.ask("POST", json=statements)
        assert answer.status_code == 200, answer.text

    def all(self) -> list[dict]:
        """Every statement that it gives, oldest first."""
        found, address = [], "?ascending=true&limit=500"
        while address:
            answer = self.ask("GET", address)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["statements"]
            address = page["more"].removeprefix("/xapi/statements")
        return found


def killed(process: subprocess.Popen) -> None:
    """End it as a power cut would."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


Behaviour = Callable[["Asked"], tuple[int, dict[str, str], bytes] | None]


@dataclass
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def statements(self) -> list[dict]:
        return json.loads(self.body)

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.statements]


@dataclass
class Misbehaving:
    """A server that answers as ``behave`` says; None cuts the connection."""

    behave: Behaviour
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def posts(self) -> list[Asked]:
        return [one for one in self.asked if one.method == "POST"]


def took(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    """As a store that behaves."""
    return 200, {"Content-Type": "application/json"}, json.dumps(asked.ids).encode()


@contextmanager
def misbehaving(behave: Behaviour = took) -> Iterator[tuple[Misbehaving, str]]:
    """A server, and its endpoint."""
    state = Misbehaving(behave)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, dict(self.headers), body)
            state.asked.append(asked)
            answer = state.behave(asked)
            if answer is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815 — as its base calls it

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state, f"http://127.0.0.1:{server.server_port}/xapi/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def waited_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until ``condition`` holds."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.02)
