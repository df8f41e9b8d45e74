"""Tests: fast hashing, mail in memory, tasks run by the test itself."""

from config.settings.base import *  # noqa: F403 — a settings module is its base plus what differs
from config.settings.base import DATABASES, STORAGES

if DATABASES["default"]["ENGINE"] == "config.sqlite":
    # In memory nobody queues, and pytest-django keeps SQLite there by the name of this engine.
    DATABASES["default"]["ENGINE"] = "django.db.backends.sqlite3"
DEBUG = False
SECRET_KEY = "only for tests"  # noqa: S105 — it guards nothing
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
FIELD_ATTACHMENTS = True  # off in a new installation, where tests say so
IN_MEMORY = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
STORAGES = STORAGES | {"field": IN_MEMORY, "xapi": IN_MEMORY}
APPEND_ONLY_TRIGGERS = False  # SQLite's flush deletes rows; the test of the triggers installs them
WHITENOISE_AUTOREFRESH = True
