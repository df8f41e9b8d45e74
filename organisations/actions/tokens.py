"""Keys with which programs read in a person's name."""

import datetime
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.refusals import Refusal
from organisations import scopes as known_scopes
from organisations.models import AccessToken, User

PREFIX = "trenza_"  # so that a secret that strays into a file is known for what it is
MOST = 20  # valid ones of a person at a time
LONGEST = datetime.timedelta(days=365)


def hashed(secret: str) -> str:
    """SHA-256 in hexadecimal. Secrets are 256 random bits: nothing to guess, no salt needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make(
    *, name: str, scopes: list[str], expires_on: datetime.date, by: User
) -> tuple[AccessToken, str]:
    """Make a token of ``by``; return it with its secret, which is kept nowhere."""
    today = timezone.localdate()
    if not today <= expires_on <= today + LONGEST:
        raise Refusal(_("A key lasts a year at most. Choose a day between today and then."))
    if not scopes or set(scopes) - {name for name, _sentence in known_scopes.choices()}:
        raise Refusal(_("Choose what the program may read."))
    # Two at once: the second waits here and counts the first one's.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if by.access_tokens.valid().count() >= MOST:
        raise Refusal(
            ngettext(
                "You have %(most)s key already. Revoke one that is no longer needed.",
                "You have %(most)s keys already. Revoke one that is no longer needed.",
                MOST,
            )
            % {"most": MOST}
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        user=by,
        name=name,
        secret_hash=hashed(secret),
        scopes=sorted(scopes),
        expires_on=expires_on,
    )
    detail = {"scopes": token.scopes, "expires_on": str(expires_on)}
    audit.record("tokens.make", token, by=by, detail=detail)
    return token, secret


@transaction.atomic
def revoke(*, token: AccessToken, by: User) -> AccessToken:
    """Let nobody in with it any more; a second time changes nothing."""
    revoked = AccessToken.objects.filter(pk=token.pk, revoked_at=None)
    if revoked.update(revoked_at=timezone.now()):
        audit.record("tokens.revoke", token, by=by)
    token.refresh_from_db()
    return token


def recognise(secret: str) -> AccessToken | None:
    """The valid token with this secret; the first use of a day is put on record."""
    if not secret.startswith(PREFIX):
        return None
    found = AccessToken.objects.valid().filter(secret_hash=hashed(secret))
    token = found.select_related("user").first()
    if token is not None:
        _note_use(token)
    return token


@transaction.atomic
def _note_use(token: AccessToken) -> None:
    today = timezone.localdate()
    # Not each request: that would write as often as programs read.
    first = AccessToken.objects.filter(pk=token.pk).exclude(last_used_on=today)
    if token.last_used_on != today and first.update(last_used_on=today):
        audit.record("tokens.use", token, by=token.user, detail={"scopes": token.scopes})
