"""`make demo`: from a fresh clone to a running demonstration country, and to its end."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tools import environment
from tools.processes import Ended, Together, raise_when_asked_to_end
from tools.say import LOGS, ROOT, Trouble, step, stop_with, tail

HOST = "127.0.0.1"
WEB_OPTIONS = [
    "--preload",
    "--workers",
    "2",
    "--threads",
    "2",
    "--graceful-timeout",
    "1",
    "--no-control-socket",
]
START_UP = 90  # seconds that the web server has for its first answer


def read_port(given: str) -> int:
    """The port to listen on, or the sentence that says what is wrong with ``given``."""
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        raise Trouble(f"PORT={given} is no port. Choose a number such as: make demo PORT=8001")
    port = int(given)
    with socket.socket() as probe:
        # As the web server does: an address that only waits for its old connections is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise Trouble(
                f"Only root may use port {port}. Choose a higher one: make demo PORT=8001"
            ) from error
        except OSError as error:
            raise Trouble(
                f"Port {port} is taken, perhaps by a demonstration that is still running. "
                f"End that one, or choose another port: make demo PORT={port + 1}"
            ) from error
    return port


def settle(port: int) -> None:
    """Name to every program that starts below what this one decided."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        # Whatever database the person works with elsewhere: the demonstration has its own.
        "DATABASE_URL": "",
        "TRENZA_VAR": str(ROOT / "var"),
        "TRENZA_MEDIA": str(ROOT / "var" / "media"),
        "TRENZA_SNAPSHOTS": str(ROOT / "var" / "snapshots"),
        "TRENZA_EXPORTS": str(ROOT / "var" / "exports"),
        "TRENZA_ENGINE": "local",
        "TRENZA_URL": f"http://{HOST}:{port}",
        "PYTHONUNBUFFERED": "1",
    }


def prepare() -> None:
    """Migrate, compile messages and load the demonstration; it prints its own steps."""
    log = LOGS / "prepare.log"
    with log.open("w", encoding="utf-8") as err:
        done = subprocess.run(
            [environment.PYTHON, "manage.py", "prepare", "--scale", "small", "--seed", "1"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stderr=err,
            check=False,
        )
    if done.returncode:
        raise Trouble(
            f"The demonstration could not be prepared. The end of {log.relative_to(ROOT)}:\n"
            f"{tail(log)}\n  If the data below var/ are of another version: make clean, then again."
        )


def start(programs: Together, port: int) -> None:
    """Start web and worker."""
    python = str(environment.PYTHON)
    programs.start(
        "web",
        [python, "-m", "gunicorn", "config.wsgi", *WEB_OPTIONS, "--bind", f"{HOST}:{port}"],
        LOGS / "web.log",
    )
    programs.start(
        "worker", [python, "manage.py", "db_worker", "--queue-name", "*"], LOGS / "worker.log"
    )


def check_alive(programs: Together) -> None:
    """Complain where web or worker has ended by itself."""
    if name := programs.ended():
        status = programs.running[name].returncode
        log = LOGS / f"{name}.log"
        raise Trouble(
            f"The {name} process ended by itself (status {status}), so all is ended. "
            f"The end of {log.relative_to(ROOT)}:\n{tail(log)}"
        )


def wait_until_healthy(programs: Together, port: int) -> None:
    """Return once /healthz answers."""
    until = time.monotonic() + START_UP
    while time.monotonic() < until:
        check_alive(programs)
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
                if json.load(answer) == {"status": "ok"}:
                    return
        except (OSError, urllib.error.URLError, ValueError):
            time.sleep(0.2)
    raise Trouble(f"The web server gave no answer in {START_UP} s; see {LOGS / 'web.log'}.")


def sign_ins() -> str:
    """One sign-in per role, as the demonstration's own command prints them."""
    command = [str(environment.PYTHON), "manage.py", "demo", "--sign-ins"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"The sign-ins could not be read:\n{done.stderr}")
    return done.stdout.rstrip()


def main() -> None:
    raise_when_asked_to_end()
    started = time.monotonic()
    try:
        port = read_port(os.environ.get("PORT") or "8000")
        environment.check_place()
        environment.prepare()
        settle(port)
        prepare()
        with Together() as programs:
            with step("Starting web and worker"):
                start(programs, port)
                people = sign_ins()
                wait_until_healthy(programs, port)
            print(f"\nTrenza is ready after {time.monotonic() - started:.0f} s:")
            print(f"\n    http://{HOST}:{port}/\n\n{people}\n")
            print("E-mails that it would send, and errors: var/logs/web.log")
            print("Ctrl-C ends it.", flush=True)
            while True:
                check_alive(programs)
                time.sleep(0.5)
    except Ended:
        print("\nEnded: web and worker are stopped; the data stay in var/.", flush=True)
        sys.exit(0)
    except Trouble as trouble:
        stop_with(trouble)


if __name__ == "__main__":
    main()
