"""Commands of the project in processes of their own, as a benchmark runs them."""

import os
import subprocess
import sys
from pathlib import Path

from tests.files import ROOT


def environ(folder: Path, database_url: str = "") -> dict[str, str]:
    """The environment of a site whose files lie in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": database_url,
        "TRENZA_VAR": str(folder),
        "TRENZA_LOG_LEVEL": "ERROR",
    }


def run(env: dict[str, str], *arguments: str) -> str:
    """What ``python *arguments`` prints; it must end well."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
