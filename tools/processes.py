"""Programs that run together and end together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from tools.say import ROOT

PR_SET_PDEATHSIG = 1


class Ended(BaseException):
    """Somebody asked this program to end: Ctrl-C, SIGTERM, or the terminal was closed."""


def raise_when_asked_to_end() -> None:
    """Turn the signals that ask for the end into ``Ended``."""

    def end(number: int, frame: FrameType | None) -> None:
        # A second Ctrl-C must not cut the tidying short.
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        raise Ended(signal.Signals(number).name)

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, end)


def _end_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent dies, even by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Together:
    """Started programs by name, each in a process group of its own, ended when the block ends."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen] = {}
        self.patience = 8.0  # seconds that they have for ending by themselves

    def __enter__(self) -> "Together":
        return self

    def start(
        self, name: str, command: Sequence[str | Path], log: Path, **environment: str
    ) -> None:
        """Start ``command``; what it prints goes to ``log``."""
        with log.open("w", encoding="utf-8") as out:
            self.running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                # The terminal's Ctrl-C then reaches this program alone, which ends the others.
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 — nothing here has threads
            )

    def ended(self) -> str | None:
        """The name of a program that has ended by itself, if any."""
        return next((name for name, one in self.running.items() if one.poll() is not None), None)

    def __exit__(self, *trouble: object) -> None:
        for one in self.running.values():
            _signal_group(one, signal.SIGTERM)
        until = time.monotonic() + self.patience
        for one in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.wait(max(0.1, until - time.monotonic()))
            _signal_group(one, signal.SIGKILL)
            one.wait()


def _signal_group(one: subprocess.Popen, number: signal.Signals) -> None:
    # A group outlives its leader: workers of a server that died are still in it.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(one.pid, number)
