import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.files import ROOT
from tools.processes import Together

# Starts a program that has a child of its own, tells both numbers, and waits to be ended.
PROGRAM = """
import sys, time
from pathlib import Path
from tools.processes import Ended, Together, raise_when_asked_to_end

raise_when_asked_to_end()
try:
    with Together() as programs:
        programs.start("one", ["sh", "-c", "sleep 300 & echo $!; wait"], Path(sys.argv[1]))
        print(programs.running["one"].pid, flush=True)
        time.sleep(300)
except Ended as ended:
    print(ended, flush=True)
"""


def gone(*numbers: int, within: float = 5.0) -> bool:
    """Whether all these processes have ended."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(alive(number) for number in numbers):
            return True
        time.sleep(0.05)
    return False


def alive(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def child_in(log) -> int:
    """The number that the shell wrote to ``log`` of the child that it started."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if text := log.read_text().strip() if log.exists() else "":
            return int(text)
        time.sleep(0.05)
    raise AssertionError("the shell started nothing")


def test_together_ends_programs_and_their_children(tmp_path):
    log = tmp_path / "log"

    with Together() as programs:
        programs.start("one", ["sh", "-c", "sleep 300 & echo $!; wait"], log)
        child = child_in(log)
        shell = programs.running["one"].pid
        assert alive(shell)
        assert alive(child)

    assert gone(shell, child)


def test_together_ends_a_program_that_does_not_listen(tmp_path):
    log = tmp_path / "log"
    deaf = "import signal, os; signal.signal(15, signal.SIG_IGN); print(os.getpid(), flush=True)"

    with Together() as programs:
        programs.patience = 0.2
        programs.start("deaf", [sys.executable, "-c", f"{deaf}\nsignal.pause()"], log)
        number = child_in(log)

    assert gone(number)


def test_together_names_a_program_that_ended_by_itself(tmp_path):
    with Together() as programs:
        programs.start("short", ["true"], tmp_path / "log")
        programs.running["short"].wait()

        assert programs.ended() == "short"


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_program_asked_to_end_leaves_nothing_behind(asked, tmp_path):
    with started(tmp_path) as program:
        shell, child = int(program.stdout.readline()), child_in(tmp_path / "log")
        program.send_signal(asked)
        said, _nothing = program.communicate(timeout=20)

    assert said.strip() == asked.name
    assert gone(shell, child)


def test_program_killed_outright_takes_what_it_started_with_it(tmp_path):
    with started(tmp_path) as program:
        shell = int(program.stdout.readline())
        program.kill()
        program.communicate(timeout=20)

    assert gone(shell)


def started(folder) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, folder / "log"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
