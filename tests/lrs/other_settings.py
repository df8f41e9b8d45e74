"""Of the record stores in processes of their own: as in tests, with writers that queue."""

from config.settings.test import *  # noqa: F403 — a settings module is its base plus what differs
from config.settings.test import DATABASES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "config.sqlite"  # the tests' own is one connection's alone
# Tasks are for workers, and the tests start those by hand.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
