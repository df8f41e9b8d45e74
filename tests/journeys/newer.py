"""Settings of the next release, as a phone sees it: a static file has other content."""

from config.env import env
from config.settings.dev import *  # noqa: F403 — a settings module is its base plus what differs
from config.settings.dev import STATICFILES_DIRS

STATICFILES_DIRS = [env.str("TRENZA_TEST_STATIC"), *STATICFILES_DIRS]
