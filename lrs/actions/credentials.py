"""Clients of the record store."""

import hashlib
import hmac
import secrets

from django.db import transaction
from django.utils import timezone

from core import audit
from lrs.models import Credential


def hashed(secret: str) -> str:
    """SHA-256 in hexadecimal. Secrets are 256 random bits: nothing to guess, no salt needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue(
    *, name: str, by=None, can_read: bool = True, can_write: bool = True
) -> tuple[Credential, str]:
    """Make a client called ``name``; return it with its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    credential = Credential.objects.create(
        name=name,
        key=secrets.token_hex(16),
        secret_hash=hashed(secret),
        can_read=can_read,
        can_write=can_write,
    )
    audit.record("credentials.issue", credential, by=by)
    return credential, secret


@transaction.atomic
def revoke(*, credential: Credential, by=None) -> Credential:
    """Let the client in no more; what it stored stays."""
    credential.revoked_at = timezone.now()
    credential.save(update_fields=["revoked_at"])
    audit.record("credentials.revoke", credential, by=by)
    return credential


def recognise(*, key: str, secret: str) -> Credential | None:
    """The client with this key and secret that is not revoked."""
    credential = Credential.objects.filter(key=key, revoked_at__isnull=True).first()
    known = credential.secret_hash if credential else hashed("")
    # Compared also where there is no such key, so that the time taken tells nothing.
    if hmac.compare_digest(known, hashed(secret)) and credential:
        return credential
    return None
