"""The environment `.venv`: made, filled from a lock file, and made again when broken."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.say import LOGS, ROOT, VAR, Trouble, step, tail

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Which lock files were installed, by hash: the same hash again means nothing to do.
STAMP = VENV / "installed.json"
# Stands while pip works; found at the start, it tells of an install that was cut short.
UNFINISHED = VENV / "unfinished"
GIGABYTE = 1024**3


def check_place(needed: float = 2.0) -> None:
    """Refuse a folder that cannot be written to, or a disk with too little room (in GB)."""
    probe = VAR / ".probe"
    try:
        LOGS.mkdir(parents=True, exist_ok=True)
        probe.write_text("x", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        raise Trouble(
            f"Nothing can be written below {ROOT} ({error.strerror}). "
            "Copy the project to a folder of your own, or make room there, and try again."
        ) from error
    free = shutil.disk_usage(ROOT).free / GIGABYTE
    if not STAMP.exists() and free < needed:
        raise Trouble(
            f"The disk that holds {ROOT} has {free:.1f} GB free; {needed:.0f} GB are needed. "
            "Make room, or copy the project to another disk, and try again."
        )


def run_logged(command: Sequence[str | Path], log: Path, why: str, **options) -> None:
    """Run ``command``, output to ``log``; where it fails, say ``why`` and show the log's end."""
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            check=False,
            **options,
        )
    if done.returncode:
        raise Trouble(f"{why} The end of {log.relative_to(ROOT)}:\n{tail(log)}")


def prepare(lock: str = "requirements.lock") -> None:
    """Make `.venv` and install ``lock`` into it, unless that has been done already."""
    if not _usable():
        with step("Making the environment .venv"):
            _make()
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    installed = json.loads(STAMP.read_text(encoding="utf-8")) if STAMP.exists() else {}
    if installed.get(lock) == digest:
        return
    with step(f"Installing the {_count(lock)} packages of {lock} (this is the long one)"):
        UNFINISHED.touch()
        _install(lock)
        STAMP.write_text(json.dumps(installed | {lock: digest}), encoding="utf-8")
        UNFINISHED.unlink()


def _count(lock: str) -> int:
    return sum("==" in line for line in (ROOT / lock).read_text(encoding="utf-8").splitlines())


def _usable() -> bool:
    """Whether `.venv` is whole and of this Python's version."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    ask = "import sys, pip; print(sys.version_info[:2])"
    answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == str(sys.version_info[:2])


def _make() -> None:
    # Debian ships Python without the module that fills a new environment with pip.
    if subprocess.run(
        [sys.executable, "-c", "import ensurepip"], capture_output=True, check=False
    ).returncode:
        apt_install(f"python3.{sys.version_info.minor}-venv", "python3-venv")
    run_logged(
        [sys.executable, "-m", "venv", "--clear", VENV],
        LOGS / "venv.log",
        "The environment .venv could not be made.",
    )


def _install(lock: str) -> None:
    run_logged(
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--require-hashes",
            "--disable-pip-version-check",
            "-r",
            lock,
        ],
        LOGS / "pip.log",
        "The packages could not be installed; is there a network, and room on the disk? "
        "Try again: what was fetched is kept.",
    )


def npm_install(folder: Path) -> None:
    """Install what ``folder`` locks into its ``node_modules``, unless that is done already."""
    lock, done = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        run_logged(
            ["npm", "ci", "--prefix", folder],
            LOGS / "npm.log",
            f"The packages of {folder.relative_to(ROOT)} could not be installed.",
        )


def apt_install(*choices: str) -> None:
    """Install the first of Debian's packages ``choices`` that exists; only root may."""
    wanted = choices[-1]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(
            f"Debian's package {wanted} is missing, and only root may install it. "
            f"Run: sudo apt-get install {wanted} — then try again."
        )
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    log = LOGS / "apt.log"
    install = ["apt-get", "install", "-y", "--no-install-recommends"]
    run_logged(["apt-get", "update"], log, "apt-get update failed.", env=environment)
    for choice in choices:
        try:
            run_logged(
                [*install, choice], log, f"apt-get install {choice} failed.", env=environment
            )
        except Trouble:
            if choice == wanted:
                raise
        else:
            return
