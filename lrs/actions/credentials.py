"""Clients of the record store."""

import datetime
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from lrs.enums import Scope
from lrs.models import Credential

# For so long a process goes by what it read: a client taken back elsewhere is let in no longer.
BRIEFLY = 10.0  # seconds
MOST = 1000
SELDOM = datetime.timedelta(hours=1)  # how often it is written that a client was here
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
def change_scopes(*, credential: Credential, scopes: Iterable[Scope], by=None) -> Credential:
    """Let the client do other things, from ``BRIEFLY`` later on; what it has is nothing new."""
    if credential.revoked_at:
        raise Refusal(_("This client is revoked. Issue a new key."))
    before, after = credential.scopes, sorted(set(scopes))
    if not after:
        raise Refusal(_("Choose what the client may do, or revoke it."))
    if before != after:
        credential.scopes = after
        credential.save(update_fields=["scopes"])
        detail = {"before": before, "after": after}
        audit.record("credentials.change_scopes", credential, by=by, detail=detail)
        _read.clear()
    return credential


@transaction.atomic
def revoke(*, credential: Credential, by=None) -> Credential:
    """Let the client in no more; what it stored stays. A second time changes nothing."""
    standing = Credential.objects.filter(pk=credential.pk, revoked_at=None)
    if standing.update(revoked_at=timezone.now()):
        audit.record("credentials.revoke", credential, by=by)
    credential.refresh_from_db()
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
    _note_use(credential)
    return credential


def _note_use(credential: Credential) -> None:
    """That the client was here: to the hour, else reading would write each time."""
    now = timezone.now()
    if credential.last_used_at is None or credential.last_used_at < now - SELDOM:
        Credential.objects.filter(pk=credential.pk).update(last_used_at=now)


def heard(*, credential: Credential, version: str) -> None:
    """Remember that the client spoke ``version`` of xAPI; rarely written where it changes often."""
    if credential.speaks == version:
        return
    credential.speaks = version
    if time.monotonic() > _heard.get(credential.key, 0.0):
        _heard[credential.key] = time.monotonic() + BRIEFLY
        Credential.objects.filter(pk=credential.pk).update(speaks=version)
