"""`make test`: every check there is, one after the other, and a summary of all of them.

`python3 -m tools.check lint types` runs the named stages alone.
"""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tools import environment, postgres
from tools.processes import Ended, raise_when_asked_to_end
from tools.say import ROOT, VAR, Trouble, stop_with

REPORTS = VAR / "reports"
PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
PARALLEL = ["-n", "2", "--no-migrations"]
BENCH = [*PYTEST, "-s", "-m", "bench"]
WITHOUT_BROWSER = "not journey and not bench and not chaos"
# What production needs beside its own safe defaults; none of it is secret.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "TRENZA_SECRET_KEY": "long-enough-and-varied-enough-for-the-check-0123456789-abcdef",
    "TRENZA_HOSTS": "trenza.example",
    "EMAIL_URL": "smtp+tls://trenza:secret@mail.example:587",
}


class StageFailedError(Exception):
    """A command of the stage ended with another status than 0; its output has been shown."""


@dataclass
class Stage:
    """What became of a stage."""

    name: str
    seconds: float = 0.0
    verdict: str = "ok"
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)

    def run(self, *arguments: str, **environ: str) -> None:
        """Run `.venv`'s Python with ``arguments``; output is shown as it comes."""
        done = subprocess.run(
            [environment.PYTHON, *arguments],
            cwd=ROOT,
            env=os.environ | environ,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise StageFailedError

    def pytest(self, *arguments: str, **environ: str) -> None:
        """Run pytest and count from its report."""
        report = REPORTS / f"{self.name}.xml"
        report.unlink(missing_ok=True)
        try:
            self.run(*PYTEST, f"--junitxml={report}", *arguments, **environ)
        finally:
            if report.exists():
                self._count(ET.parse(report).getroot())  # noqa: S314 — pytest wrote it a moment ago

    def _count(self, report: ET.Element) -> None:
        for case in report.iter("testcase"):
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
            elif skipped is not None:
                self.skipped.append(f"{case.get('name')}: {skipped.get('message')}")
            else:
                self.passed += 1


def lint(stage: Stage) -> None:
    stage.run("-m", "ruff", "check", ".")
    stage.run("-m", "ruff", "format", "--check", ".")


def types(stage: Stage) -> None:
    stage.run("-m", "mypy", ".")


def layers(stage: Stage) -> None:
    stage.run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")


def catalogues(stage: Stage) -> None:
    install_or_skip(stage, "xgettext", "gettext", "the comparison with a fresh extraction")
    stage.run("manage.py", "compile_messages", "--force", **in_memory())
    stage.run("manage.py", "check_catalogues", **in_memory())


def deployment(stage: Stage) -> None:
    """Django's own checks, at their strictest, with the settings of production."""
    stage.run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    stage.run("manage.py", "makemigrations", "--check", "--dry-run", **in_memory())


def sqlite(stage: Stage) -> None:
    other_clients(stage)
    stage.pytest(*PARALLEL, "-m", WITHOUT_BROWSER, **in_memory())


def postgresql(stage: Stage) -> None:
    """What asks for rows; the rest ran with the other database and would say the same."""
    with postgres.server() as url:
        stage.pytest(*PARALLEL, "-m", f"database and {WITHOUT_BROWSER}", DATABASE_URL=url)


def migrations(stage: Stage) -> None:
    """Every migration from the first, on PostgreSQL; the journeys do the same on SQLite."""
    with postgres.server() as url:
        settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        stage.run("manage.py", "migrate", "-v", "0", "--no-input", **settings)
        stage.run("manage.py", "migrate", "--check", **settings)
        stage.run("manage.py", "check", "--database", "default", **settings)


def journeys(stage: Stage) -> None:
    if a_browser(stage, "the journeys in a real browser"):
        # Each of the two has a site and a browser of its own; a file's journeys stay together.
        together = ["-n", "2", "--dist", "loadfile"]
        stage.pytest("-m", "journey", *together, "tests/journeys", **in_memory())


def chaos(stage: Stage) -> None:
    """Break networks, tabs, browsers and servers while somebody records; CHAOS_RUNS times."""
    if a_browser(stage, "the recorder under fire"):
        stage.pytest("-m", "chaos", "tests/journeys/chaos", **in_memory())


def bench(stage: Stage) -> None:
    """Measure the pages; told apart from the tests, since a busy machine is no defect."""
    stage.run(*BENCH, "tests/benchmarks/test_pages.py", **in_memory())


def bench_field(stage: Stage) -> None:
    """Five hundred phones that send at once, on SQLite and on PostgreSQL."""
    stage.run(*BENCH, "tests/benchmarks/test_field_load.py", **in_memory())


def bench_lrs(stage: Stage) -> None:
    """The record store at 100,000 statements, and at a million with BENCH_LRS_MILLION=1."""
    stage.run(*BENCH, "tests/benchmarks/test_lrs.py", **in_memory())


def bench_measurement(stage: Stage) -> None:
    """Time the statistics beside R and NumPy, and the validity report of a country."""
    stage.run(*BENCH, "tests/benchmarks/measurement", **in_memory())


STAGES: dict[str, Callable[[Stage], None]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        lint,
        types,
        layers,
        catalogues,
        deployment,
        sqlite,
        postgresql,
        migrations,
        journeys,
        chaos,
        bench,
        bench_field,
        bench_lrs,
        bench_measurement,
    )
}
TESTS = [name for name in STAGES if name != "chaos" and not name.startswith("bench")]


def in_memory() -> dict[str, str]:
    """Settings of the tests on SQLite, whatever database the person works with elsewhere."""
    return {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings.test"}


def a_browser(stage: Stage, what: str) -> bool:
    """Whether there is a browser for ``what``, installed if need be and allowed."""
    shell = "chromium-headless-shell"
    return bool(shutil.which("chromium")) or install_or_skip(stage, shell, shell, what)


def other_clients(stage: Stage) -> None:
    """Install the JavaScript clients that speak to the record store; without them tests skip."""
    what = "the clients of the record store in JavaScript"
    if install_or_skip(stage, "npm", "npm", what):
        try:
            environment.npm_install(ROOT / "tests" / "lrs" / "clients")
        except Trouble as trouble:
            print(f"SKIPPED {what}: {trouble}")


def install_or_skip(stage: Stage, program: str, package: str, what: str) -> bool:
    """Whether ``program`` is there, installed from Debian's ``package`` if need be and allowed."""
    if not shutil.which(program):
        try:
            environment.apt_install(package)
        except Trouble as trouble:
            stage.skipped.append(f"{what}: {trouble}")
            print(f"SKIPPED {what}: {trouble}")
    return bool(shutil.which(program))


@contextmanager
def timed(stage: Stage) -> Iterator[None]:
    """Give ``stage`` its seconds and verdict; its failure is no reason to stop the others."""
    print(f"\n━━ {stage.name}", flush=True)
    started = time.monotonic()
    try:
        yield
    except StageFailedError:
        stage.verdict = "FAILED"
    except Trouble as trouble:
        stage.verdict = "FAILED"
        print(f"✗ {trouble}")
    except Ended:
        stage.verdict = "STOPPED"
        raise
    finally:
        stage.seconds = time.monotonic() - started


def summary(stages: list[Stage]) -> str:
    """A line per stage, what was skipped and why, and the sum over the pytest runs."""
    lines = ["", "━━ summary"]
    for stage in stages:
        counts = f"{stage.passed} passed, {stage.failed} failed" if stage.passed else ""
        lines.append(
            f"{stage.verdict:<7} {stage.name:<17} {stage.seconds:6.1f} s  {counts}".rstrip()
        )
    skipped = {f"SKIPPED {reason}" for stage in stages for reason in stage.skipped}
    passed, failed = (
        sum(getattr(stage, what) for stage in stages) for what in ("passed", "failed")
    )
    return "\n".join([*lines, *sorted(skipped), f"{passed} passed, {failed} failed"])


def main(names: list[str]) -> int:
    """Run the stages ``names`` (all tests if none); 1 where one failed."""
    raise_when_asked_to_end()
    stages: list[Stage] = []
    try:
        environment.check_place()
        environment.prepare("requirements-dev.lock")
        REPORTS.mkdir(parents=True, exist_ok=True)
        for name in names or TESTS:
            stage = Stage(name)
            stages.append(stage)
            with timed(stage):
                STAGES[name](stage)
    except Trouble as trouble:
        stop_with(trouble)
    except Ended as ended:
        print(f"\nStopped by {ended}; what had run:")
        print(summary(stages))
        return 130
    print(summary(stages), flush=True)
    return int(any(stage.verdict == "FAILED" for stage in stages))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
