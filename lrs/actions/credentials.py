"""Clients of the record store."""

import hashlib
import hmac
import secrets
import time

from django.db import transaction
from django.utils import timezone

from core import audit
from lrs.enums import Scope
from lrs.models import Credential

# For so long a process goes by what it read: a client taken back elsewhere is let in no longer.
BRIEFLY = 10.0  # seconds
MOST = 1000
_read: dict[tuple[str, str], tuple[float, Credential]] = {}
_heard: dict[str, float] = {}


def hashed(secret: str) -> str:
    """SHA-256 in hexadecimal. Secrets are 256 random bits: nothing to guess, no salt needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue(
    *, name: str, by=None, scopes: tuple[Scope, ...] = (Scope.ALL,)
) -> tuple[Credential, str]:
    """Make a client called ``name``; return it with its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    credential = Credential.objects.create(
        name=name, key=secrets.token_hex(16), secret_hash=hashed(secret), scopes=sorted(scopes)
    )
    audit.record("credentials.issue", credential, by=by, detail={"scopes": credential.scopes})
    return credential, secret


@transaction.atomic
def revoke(*, credential: Credential, by=None) -> Credential:
    """Let the client in no more; what it stored stays."""
    credential.revoked_at = timezone.now()
    credential.save(update_fields=["revoked_at"])
    audit.record("credentials.revoke", credential, by=by)
    _read.clear()
    return credential


def recognise(*, key: str, secret: str) -> Credential | None:
    """The client with this key and secret that is not revoked."""
    asked = key, hashed(secret)
    until, known = _read.get(asked, (0.0, None))
    if time.monotonic() < until:
        return known
    credential = Credential.objects.filter(key=key, revoked_at__isnull=True).first()
    secret_hash = credential.secret_hash if credential else hashed("")
    # Compared also where there is no such key, so that the time taken tells nothing.
    if not hmac.compare_digest(secret_hash, asked[1]) or credential is None:
        return None
    if len(_read) >= MOST:
        _read.clear()
    _read[asked] = time.monotonic() + BRIEFLY, credential
    return credential


def heard(*, credential: Credential, version: str) -> None:
    """Remember that the client spoke ``version`` of xAPI; rarely written where it changes often."""
    if credential.speaks == version:
        return
    credential.speaks = version
    if time.monotonic() > _heard.get(credential.key, 0.0):
        _heard[credential.key] = time.monotonic() + BRIEFLY
        Credential.objects.filter(pk=credential.pk).update(speaks=version)
