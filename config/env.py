"""Settings from the environment; a missing one says how to set it."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def required(name: str, how: str) -> str:
    """Return the variable ``name``; where it is missing, stop with the sentence ``how``."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"The setting {name} is missing. {how}")
    return value


def sqlite(path: Path) -> dict:
    """A tuned SQLite database: readers beside one writer, and writers that wait their turn."""
    return {
        "ENGINE": "config.sqlite",
        "NAME": path,
        # Opening it anew reads the whole schema: milliseconds of every request.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # A deferred transaction that turns into a writer fails at once with "database is
            # locked", whatever the time-out; an immediate one waits for its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                "PRAGMA synchronous=NORMAL;"
                "PRAGMA mmap_size=134217728;"
                "PRAGMA cache_size=-65536;"
            ),
        },
    }


def database() -> dict:
    """PostgreSQL (or another) from DATABASE_URL, else SQLite in ``var/``."""
    if env.str("DATABASE_URL", default=""):
        return env.db("DATABASE_URL") | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    directory = Path(env.str("TRENZA_VAR", default=str(BASE_DIR / "var")))
    directory.mkdir(parents=True, exist_ok=True)
    return sqlite(directory / "trenza.sqlite3")
