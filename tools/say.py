"""What these programs tell a person: steps with seconds, and one clear sentence on trouble."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOGS = VAR / "logs"


class Trouble(Exception):  # noqa: N818 — what a person should read, not what broke
    """Something a person must mend; its text says what and how."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print ``title`` now and the seconds it took when it is done."""
    started = time.monotonic()
    print(f"· {title} …", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print("not done", flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def tail(log: Path, lines: int = 15) -> str:
    """The last ``lines`` of a log file, indented."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def stop_with(trouble: Trouble) -> None:
    """End the program with the sentence of ``trouble``."""
    sys.exit(f"\n✗ {trouble}")
