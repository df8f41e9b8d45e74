"""Beyond one machine: everything secret comes from the environment."""

from config.env import required
from config.settings.base import *  # noqa: F403 — a settings module is its base plus what differs
from config.settings.base import STORAGES_BASE, env

DEBUG = False
SECRET_KEY = required(
    "TRENZA_SECRET_KEY",
    "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
)
# What the secrets before it signed stays good until they are taken off this list.
SECRET_KEY_FALLBACKS = env.list("TRENZA_OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = required("TRENZA_HOSTS", "Give the host names, separated by commas.").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# A place on the browsers' preload list is hard to undo: whoever owns the domain decides.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
# Those who see many people's records; caregivers share phones, and many have but one.
SECOND_STEP_ROLES = env.list(
    "TRENZA_SECOND_STEP_ROLES", default=["national", "regional", "evaluator", "protection"]
)
# By these names a browser takes a cookie from this very host alone, over https.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"

STORAGES = STORAGES_BASE | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
required(
    "EMAIL_URL",
    "Codes to sign in are sent by mail. Give the server, such as smtp+tls://user:password@host:587",
)
vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("TRENZA_MAIL_FROM", default=f"trenza@{ALLOWED_HOSTS[0]}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# How many proxies in front add to X-Forwarded-For. With too few counted, everybody shares the
# proxy's address, and one person's wrong passwords lock out all.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRENZA_PROXIES", default=1)

# Shared by all web processes: allauth counts attempts in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "trenza_cache",
    }
}
