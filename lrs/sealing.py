"""Secrets that must be read again, to be sent to others, and where they may be sent.

They are encrypted with a key of the settings': a copy of the database alone opens no other store.
"""

import base64
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Unreadable(Exception):  # noqa: N818 — says what the secret is
    """It was sealed with another SECRET_KEY."""


def seal(secret: str) -> bytes:
    return _fernet().encrypt(secret.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """What was sealed. Raises ``Unreadable``."""
    try:
        return _fernet().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise Unreadable from None


def _fernet() -> MultiFernet:
    """Seals with the key of today and reads with those before it."""
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret_key: str | bytes) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lrs.sealing")
    return Fernet(base64.urlsafe_b64encode(derived.derive(force_bytes(secret_key))))


def check_address(value: str) -> None:
    """Refuse an address to which a secret must not go. Raises ``ValidationError``."""
    try:
        parts = urlsplit(value)
        local = settings.DEBUG or (parts.hostname or "") in LOOPBACK
    except ValueError:
        raise ValidationError(_("This is no address.")) from None
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise ValidationError(_("The address must begin with https://."))
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValidationError(
            _("Give the address alone, without a name, a password, “?” or “#” in it.")
        )
    if not local:
        URLValidator(schemes=["https"])(value)
