"""How long each page takes on the national demonstration, and whether queries grow with rows.

Run by `make bench`, never by the tests: a busy machine is no defect. It prints a table and fails
only where a page breaks, or where it asks more queries of the country than of a few rooms.
"""

import json
import sys
from pathlib import Path

import pytest

from tests.benchmarks.commands import environ, run
from tools import postgres

pytestmark = pytest.mark.bench
TARGET = 300  # milliseconds at the median
HERE = Path(__file__).parent


def measure(folder: Path, scale: str, database_url: str = "") -> dict[str, dict]:
    """Load the demonstration at ``scale`` and measure each page in a process of its own."""
    env = environ(folder, database_url)
    run(env, "manage.py", "prepare", "--scale", scale, "--seed", "1")
    return json.loads(run(env, "-m", "tests.benchmarks.pages").splitlines()[-1])


def table(title: str, few: dict[str, dict], many: dict[str, dict]) -> str:
    lines = [
        f"\n{title}",
        f"{'page':<44} {'median ms':>10} {'queries':>8} {'small':>6}  {'status':>6}",
    ]
    for path, page in sorted(many.items(), key=lambda item: -item[1]["median"]):
        slow = " slower than the target" if page["median"] > TARGET else ""
        small = few.get(path, {}).get("queries", "–")
        lines.append(
            f"{path:<44} {page['median']:>10.0f} {page['queries']:>8} {small!s:>6}"
            f"  {page['status']:>6}{slow}"
        )
    return "\n".join(lines)


def report(name: str, folder: Path, urls: tuple[str, str]) -> None:
    few, many = (
        measure(folder / scale, scale, url)
        for scale, url in zip(("small", "national"), urls, strict=True)
    )
    sys.stdout.write(
        table(f"{name}, national coordinator, national demonstration", few, many) + "\n"
    )
    grown = {
        path: (few[path]["queries"], many[path]["queries"])
        for path in many
        if path in few and many[path]["queries"] > few[path]["queries"]
    }

    assert {page["status"] for page in many.values()} == {200}
    assert grown == {}


def test_pages_on_sqlite(tmp_path):
    report("SQLite", tmp_path, ("", ""))


def test_pages_on_postgresql(tmp_path):
    with postgres.server() as few, postgres.server() as many:
        report("PostgreSQL", tmp_path, (few, many))
