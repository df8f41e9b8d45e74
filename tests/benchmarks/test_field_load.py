"""Five hundred phones that send a session of sixty items at the same moment, over loopback.

Run by `make bench-field`, never by the tests. It fails where a record is lost or altered, or where
the server answers 5xx; the times are printed, since a busy machine is no defect.
"""

import asyncio
import hashlib
import json
import os
import socket
import statistics
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.benchmarks.commands import environ, run
from tests.benchmarks.phones import ITEMS, PHONES
from tools import postgres
from tools.processes import Together

pytestmark = pytest.mark.bench
PATIENCE = 300  # seconds for one answer
DOOR = 25  # phones that ask who is signed in, at once, before all send
WORKERS = ["--workers", "2", "--threads", "4", "--preload"]


def shell(verb: str, file: Path) -> list[str]:
    code = f"from tests.benchmarks import phones; phones.{verb}('{file}')"
    return ["manage.py", "shell", "--no-imports", "-c", code]


async def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str):
    """One request on a connection of its own: status, headers as one text, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = {"Host": f"127.0.0.1:{port}", "Connection": "close", "Accept": "application/json"}
    sent |= {"Content-Length": str(len(body))} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    head, _blank, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode(), body


async def token(port: int, phone: dict, door: asyncio.Semaphore) -> dict[str, str]:
    """The headers with which this phone sends."""
    async with door:
        session = f"sessionid={phone['cookie']}"
        status, head, body = await ask(port, "GET", "/api/field/me/", Cookie=session)
    assert status == 200, body
    cookies = [
        line.split(": ")[1].split(";")[0] for line in head.splitlines() if "csrftoken" in line
    ]
    return {
        "Cookie": "; ".join([session, *cookies]),
        "X-CSRFToken": json.loads(body)["csrf"],
        "Content-Type": "application/json",
        "X-Content-SHA256": hashlib.sha256(phone["body"].encode()).hexdigest(),
    }


async def send(port: int, phone: dict, headers: dict[str, str]) -> tuple[float, int]:
    started = time.perf_counter()
    path = f"/api/field/records/observation.session/{phone['id']}/"
    status, _head, _body = await ask(port, "PUT", path, phone["body"].encode(), **headers)
    return time.perf_counter() - started, status


async def storm(port: int, phones: list[dict]) -> tuple[float, list[tuple[float, int]]]:
    door = asyncio.Semaphore(DOOR)
    headers = await asyncio.gather(*(token(port, phone, door) for phone in phones))
    started = time.perf_counter()
    answers = await asyncio.gather(
        *(send(port, phone, head) for phone, head in zip(phones, headers, strict=True))
    )
    return time.perf_counter() - started, answers


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port: int) -> None:
    for _try in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("The server does not answer.")


def measured(folder: Path, database_url: str = "") -> str:
    """Send all at once; a line with the figures. Fails where something is lost."""
    env = environ(folder, database_url)
    file, port = folder / "phones.json", free_port()
    run(env, "manage.py", "migrate", "-v", "0", "--no-input")
    run(env, *shell("prepare", file))
    phones = json.loads(file.read_text())
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", *WORKERS, "--bind"]
    with Together() as programs:
        programs.start("web", [*gunicorn, f"127.0.0.1:{port}"], folder / "web.log", **env)
        wait_for(port)
        load = os.getloadavg()[0]
        seconds, answers = asyncio.run(storm(port, phones))
        again, repeated = asyncio.run(storm(port, phones[:50] * 2))
    found = json.loads(run(env, *shell("compare", file)).splitlines()[-1])
    assert {status for _took, status in answers} == {201}, found
    assert {status for _took, status in repeated} == {200}
    whole = {"sent", "kept", "deliveries", "same", "accepted", "sessions"}
    assert {name: found[name] for name in whole} == dict.fromkeys(whole, PHONES), found
    took = sorted(took for took, _status in answers)
    p95 = statistics.quantiles(took, n=20)[-1]
    size = statistics.median(len(phone["body"]) for phone in phones)
    return (
        f"{PHONES} phones, {ITEMS} items in two cycles ({size / 1000:.1f} kB): "
        f"{seconds:.1f} s, {PHONES / seconds:.0f} sessions/s, p50 {statistics.median(took):.1f} s, "
        f"p95 {p95:.1f} s, slowest {took[-1]:.1f} s; 100 repeats {again:.1f} s; nothing lost "
        f"({os.cpu_count()} cores, load {load:.1f} before)"
    )


def test_field_load_on_sqlite(tmp_path):
    print("\nSQLite:", measured(tmp_path / "sqlite"))  # noqa: T201 — figures for the person who measures


def test_field_load_on_postgresql(tmp_path):
    with postgres.server() as url:
        print("\nPostgreSQL:", measured(tmp_path / "pg", url))  # noqa: T201 — likewise
