"""One machine, nothing to install: development and `make demo`."""

from config.settings.base import *  # noqa: F403 — a settings module is its base plus what differs
from config.settings.base import env

DEBUG = env.bool("TRENZA_DEBUG", default=False)
SECRET_KEY = env.str("TRENZA_SECRET_KEY", default="insecure: for one machine on loopback only")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# Served straight from static/: a fresh clone needs no collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Passkeys want https, save on this one machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
